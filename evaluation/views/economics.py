"""Phase 7: costs and benefits, what they are worth, and their confirmation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from evaluation.charts import cash_chart
from evaluation.forms.scorecard import CostBenefitForm
from evaluation.models import CostBenefit
from evaluation.scoring import economics_of, setup_of
from evaluation.services.economics import confirm_economics
from evaluation.views.scorecard import tabs
from programmes.access import MelioraRequest, access
from programmes.kit.charts import DataTable
from programmes.kit.errors import Refusal
from programmes.kit.formats import money
from programmes.kit.pages import Column, Filter
from programmes.phases import Phase
from programmes.views.register import Register, add_register


def with_names(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("indicator", "unit", "confirmed_by")


def worth_of(request: MelioraRequest) -> dict[str, Any]:
    """The figures above the list."""
    programme = request.programme
    setup = setup_of(programme)
    lines = list(CostBenefit.objects.of(programme).order_by("pk"))
    worth = economics_of(lines, float(setup.rate) / 100)
    waiting = [one for one in lines if one.actual is not None and not one.is_confirmed]
    rows = [
        (year, money(plan, programme.currency), money(came, programme.currency))
        for year, plan, came in zip(
            worth.years, worth.planned, worth.actual, strict=True
        )
    ]
    return {
        "worth": worth,
        "rate": setup.rate,
        "share": worth.confirmed / worth.benefit if worth.benefit else None,
        "waiting": len(waiting),
        "may_confirm": request.grants.may("economics.confirm") and bool(waiting),
        "cash": cash_chart(worth.years, worth.planned, worth.actual),
        "cash_table": DataTable((_("Year"), _("Planned"), _("Actual")), rows),
        "tabs": tabs(request, "economics-list"),
    }


ECONOMICS = add_register(
    Register(
        slug="economics",
        phase=Phase.EVALUATION,
        model=CostBenefit,
        title=gettext_lazy("Costs and benefits"),
        one=gettext_lazy("cost or benefit"),
        empty=gettext_lazy("What the programme cost and brought, year by year."),
        icon="coins",
        columns=[
            Column("title", gettext_lazy("What"), order="title"),
            Column(
                "kind",
                gettext_lazy("Kind"),
                kind="choice",
                order="kind",
                tones={"benefit": "positive", "cost": "neutral"},
            ),
            Column("year", gettext_lazy("Year"), order="year"),
            Column("plan", gettext_lazy("Planned"), kind="money", order="plan"),
            Column("actual", gettext_lazy("Actual"), kind="money", order="actual"),
            Column("basis", gettext_lazy("Evidence"), kind="choice", order="basis"),
            Column("indicator", gettext_lazy("Indicator"), order="indicator__name"),
            Column("is_confirmed", gettext_lazy("Confirmed"), kind="flag"),
        ],
        form=CostBenefitForm,
        rows=with_names,
        search=["title", "period"],
        filters=[
            Filter(
                "kind", gettext_lazy("Kind"), lambda: CostBenefit.Kind.choices, "kind"
            )
        ],
        sort="year",
        list_template="evaluation/economics/list.html",
        list_context=worth_of,
    )
)
REGISTERS = [ECONOMICS]


@access("economics.confirm")
@require_POST
def confirm(request: MelioraRequest, code: str) -> HttpResponse:
    """The controller confirms every line that has an actual amount."""
    rows = CostBenefit.objects.of(request.programme).exclude(actual=None)
    try:
        done = confirm_economics(
            by=request.user,
            programme=request.programme,
            lines=list(rows),
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("%(n)s line confirmed.", "%(n)s lines confirmed.", done)
        messages.success(request, said % {"n": done})
    return HttpResponseRedirect(ECONOMICS.url("list", request.programme))


urlpatterns = [
    path("p/<slug:code>/economics/confirm/", confirm, name="economics-confirm"),
]
