"""What the programme cost and brought: flows, present value, return, payback."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.models import CostBenefit
from evaluation.scoring import Economics, economics_of, setup_of
from programmes.kit import formats
from programmes.models import Programme
from programmes.reports import (
    Block,
    Cell,
    Figure,
    Figures,
    Note,
    Section,
    Table,
    table,
    words,
)


def economics(programme: Programme, as_of: datetime) -> Section | None:
    """Two queries: lines and setup."""
    lines = list(
        CostBenefit.objects.of(programme)
        .select_related("indicator")
        .order_by("kind", "year", "pk")
    )
    if not lines:
        return None
    rate = float(setup_of(programme).rate) / 100
    found = economics_of(lines, rate)
    currency = programme.currency
    blocks: list[Block] = [
        figures(found, currency),
        flow_table(found, currency),
        line_table(lines, currency),
    ]
    lead = _("At %(rate)s interest the programme is worth %(npv)s today.") % {
        "rate": formats.percent(rate, 1),
        "npv": formats.money_short(found.npv, currency),
    }
    said = _(
        "Flows at the ends of years, the first one now; actual amounts where known, "
        "else planned ones, as of %(day)s."
    ) % {"day": formats.day(as_of)}
    notes = (
        Note(said, "finance.npv"),
        Note(_("The rate at which the flows are worth nothing."), "finance.irr"),
        Note(_("Interpolated inside the year of recovery."), "finance.payback"),
    )
    return Section("economics", _("Costs and benefits"), lead, tuple(blocks), notes)


def figures(found: Economics, currency: str) -> Figures:
    years = None if found.payback is None else found.payback
    return Figures(
        (
            Figure(
                _("Net present value"),
                formats.money_short(found.npv, currency),
                _("planned %(npv)s")
                % {"npv": formats.money_short(found.planned_npv, currency)},
            ),
            Figure(_("Internal rate of return"), formats.percent(found.irr, 1), ""),
            Figure(_("Payback"), formats.number(years, 1), _("years")),
            Figure(
                _("Confirmed benefit"),
                formats.money_short(found.confirmed, currency),
                _("of %(all)s") % {"all": formats.money_short(found.benefit, currency)},
            ),
        )
    )


def flow_table(found: Economics, currency: str) -> Table:
    head = [_("Year"), _("Planned flow"), _("Actual flow")]
    rows = [
        (
            str(year),
            formats.money(planned, currency, places=0),
            formats.money(actual, currency, places=0),
        )
        for year, planned, actual in zip(
            found.years, found.planned, found.actual, strict=True
        )
    ]
    return table(head, rows, title=_("Flows by year"), numbers=[1, 2])


def line_table(lines: list[CostBenefit], currency: str) -> Table:
    head = [
        _("What"),
        _("Kind"),
        _("Year"),
        _("Planned"),
        _("Actual"),
        _("Evidence"),
        _("Controller"),
    ]
    rows = [
        (
            one.title,
            one.get_kind_display(),
            str(one.year),
            formats.money(one.plan, currency, places=0),
            formats.money(one.actual, currency, places=0),
            words(one.get_basis_display()),
            Cell(_("Confirmed"), tone="positive") if one.is_confirmed else words(None),
        )
        for one in lines
    ]
    return table(head, rows, title=_("Line by line"), numbers=[3, 4])
