"""What the first benefit range is worth: payback and return, low, likely and high."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from programmes.kit import formats
from programmes.maths.budget import BenefitRange
from programmes.models import BudgetLine, Estimate

NOTHING = Decimal(0)


def worth_of(estimate: Estimate) -> dict[str, Any]:
    """The range with its figures, for the page of the estimate; one query."""
    lines = BudgetLine.objects.of(estimate.programme)
    planned = lines.aggregate(whole=Sum("planned"))["whole"] or NOTHING
    found = estimate.worth(planned)
    if found is None:
        return {"cost": planned + (estimate.contingency or NOTHING)}
    rows = [
        (_("Low"), estimate.benefit_low, found.low),
        (_("Likely"), estimate.benefit_likely, found.likely),
        (_("High"), estimate.benefit_high, found.high),
    ]
    return {
        "cost": planned + (estimate.contingency or NOTHING),
        "range": [
            {
                "label": label,
                "benefit": benefit,
                "payback": one.payback_years,
                "roi": one.roi,
            }
            for label, benefit, one in rows
        ],
        "finding": said(found, estimate.horizon_years),
    }


def said(found: BenefitRange, years: int) -> str:
    """The range in one sentence."""
    soon, late = found.high.payback_years, found.low.payback_years
    if soon is None:
        return _("The benefit never pays the cost back")
    if late is None:
        return _("Pays back after %(soon)s years at best, never at worst") % {
            "soon": formats.number(soon, 1)
        }
    return _("Pays back after %(soon)s to %(late)s years") % {
        "soon": formats.number(soon, 1),
        "late": formats.number(late, 1),
    }
