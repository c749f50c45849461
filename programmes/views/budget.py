"""Phase 1: the budget with its entries and tranches, and the first benefit range."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from programmes import charts
from programmes.access import MelioraRequest, access
from programmes.forms.budget import (
    BudgetEntryForm,
    BudgetLineForm,
    EstimateForm,
    TrancheForm,
)
from programmes.kit import formats
from programmes.kit.charts import DataTable
from programmes.kit.errors import Refusal, Text
from programmes.kit.pages import Column, Filter
from programmes.kit.together import together
from programmes.maths.budget import Standing, standing
from programmes.models import BudgetEntry, BudgetLine, Estimate, Programme, Tranche
from programmes.phases import Phase
from programmes.services import budget as services
from programmes.views.benefits import worth_of
from programmes.views.mandate import with_people
from programmes.views.register import Register, add_register

MOST_WAITING = 100
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Money:
    """The budget of a programme as it is loaded for a page; one query."""

    lines: list[BudgetLine]
    tranches: list[Tranche]
    estimate: Estimate
    waiting: list[BudgetEntry]

    @property
    def standing(self) -> Standing:
        return standing_of(self.lines, self.estimate.contingency or NOTHING)


def loaded(programme: Programme) -> Money:
    rows: dict[str, Any] = together(
        programme,
        lines=BudgetLine.objects.of(programme).order_by("phase", "pk"),
        tranches=Tranche.objects.of(programme).order_by("gate"),
        estimate=Estimate.objects.filter(programme=programme),
        waiting=services.waiting(programme).select_related("line"),
    )
    [estimate] = rows.pop("estimate")
    return Money(estimate=estimate, **rows)


def standing_of(lines: Sequence[BudgetLine], reserve: Decimal = NOTHING) -> Standing:
    rows = [
        {"planned": one.planned, "committed": one.committed, "actual": one.actual}
        for one in lines
    ]
    return standing(rows, reserve)


def parts(
    lines: Sequence[BudgetLine], key: Callable[[BudgetLine], Any], words: Any
) -> list[dict[str, Any]]:
    """The lines grouped, each group with its sums, in the order of the keys."""
    groups: dict[Any, list[BudgetLine]] = {}
    for one in lines:
        groups.setdefault(key(one), []).append(one)
    return [
        {"label": words(value), "sums": standing_of(groups[value])}
        for value in sorted(groups, key=lambda one: (one in (None, ""), one))
    ]


def phase_words(value: int | None) -> str:
    return f"{value} {Phase(value).label}" if value else _("No phase")


def category_words(value: str) -> str:
    return str(BudgetLine.Category(value).label) if value else _("No category")


def budget_context(request: MelioraRequest) -> dict[str, Any]:
    """What the page of the budget shows above the list of its lines."""
    found = loaded(request.programme)
    currency = request.programme.currency
    phases = parts(found.lines, lambda one: one.phase, phase_words)
    return {
        "money": found,
        "sums": found.standing,
        "finding": finding(found, currency),
        "phases": phases,
        "categories": parts(found.lines, lambda one: one.category, category_words),
        "tranches": released(found, request.programme.phase),
        "in_tranches": sum((one.amount for one in found.tranches), NOTHING),
        "released": sum(
            (one.amount for one in found.tranches if one.released_at), NOTHING
        ),
        "may_edit": request.grants.may("budget.edit"),
        **picture(phases, currency),
    }


def finding(found: Money, currency: str) -> dict[str, Text]:
    """The budget in one heading and one sentence."""
    sums = found.standing
    if sums.overrun and sums.contingency_left < 0:
        over = formats.money_short(-sums.contingency_left, currency)
        title = _("The forecast is %(over)s above budget and contingency")
        text = _("Move money between lines, or ask for more at the next gate.")
        return {"tone": "critical", "title": title % {"over": over}, "text": text}
    if sums.overrun:
        over = formats.money_short(sums.overrun, currency)
        left = formats.money_short(sums.contingency_left, currency)
        title = _("Lines over their plan take %(over)s of the contingency")
        text = _("%(left)s of it is left.") % {"left": left}
        return {"tone": "attention", "title": title % {"over": over}, "text": text}
    released = sum((one.amount for one in found.tranches if one.released_at), NOTHING)
    if found.tranches and sums.actual > released:
        over = formats.money_short(sums.actual - float(released), currency)
        title = _("%(over)s more is paid than the gates have released")
        text = _("A gate releases its tranche when it passes.")
        return {"tone": "attention", "title": title % {"over": over}, "text": text}
    return {}


def released(found: Money, phase: int) -> list[dict[str, Any]]:
    """The tranches with their share, and what is released up to each."""
    whole = sum((one.amount for one in found.tranches), NOTHING)
    rows, total = [], NOTHING
    for one in found.tranches:
        total += one.amount
        rows.append(
            {
                "row": one,
                "share": one.amount / whole if whole else None,
                "total": total,
                "is_late": one.released_at is None and one.gate < phase,
            }
        )
    return rows


def picture(phases: Sequence[dict[str, Any]], currency: str) -> dict[str, Any]:
    """Planned, ordered and paid money of each phase."""
    if not phases:
        return {}
    rows = [
        charts.MoneyBar(
            one["label"],
            one["sums"].planned,
            max(one["sums"].committed, one["sums"].actual),
            one["sums"].actual,
        )
        for one in phases
    ]
    head = (_("Phase"), _("Planned"), _("Ordered or paid"), _("Paid"))
    cells = [
        (
            one.label,
            *(
                formats.money(value, currency, places=0)
                for value in (one.planned, one.used, one.paid)
            ),
        )
        for one in rows
    ]
    return {"chart": charts.money_bars(rows), "chart_table": DataTable(head, cells)}


BUDGET = add_register(
    Register(
        slug="budget",
        phase=Phase.MASTER_PLAN,
        model=BudgetLine,
        title=gettext_lazy("Budget"),
        one=gettext_lazy("budget line"),
        empty=gettext_lazy("What the programme costs, by phase and category."),
        icon="wallet",
        columns=[
            Column("title", gettext_lazy("What for"), order="title"),
            Column("phase", gettext_lazy("Phase"), kind="choice", order="phase"),
            Column(
                "category", gettext_lazy("Category"), kind="choice", order="category"
            ),
            Column("planned", gettext_lazy("Planned"), kind="money", order="planned"),
            Column(
                "committed", gettext_lazy("Ordered"), kind="money", order="committed"
            ),
            Column("actual", gettext_lazy("Paid"), kind="money", order="actual"),
            Column("currency", gettext_lazy("Other currency"), order="currency"),
        ],
        form=BudgetLineForm,
        can_import=True,
        search=["title"],
        filters=[
            Filter("phase", gettext_lazy("Phase"), lambda: Phase.choices, "phase"),
            Filter(
                "category",
                gettext_lazy("Category"),
                lambda: BudgetLine.Category.choices,
                "category",
            ),
        ],
        sort="phase",
        list_template="programmes/budget/budget.html",
        list_context=budget_context,
        detail="programmes/budget/line.html",
        detail_context=lambda request, record: {
            "entries": record.entries.filter(deleted_at=None).order_by(
                "-booked_on", "-pk"
            ),
            "currency": record.currency or request.programme.currency,
        },
    )
)
ENTRIES = add_register(
    Register(
        slug="budget-entries",
        phase=Phase.MASTER_PLAN,
        model=BudgetEntry,
        title=gettext_lazy("Orders and payments"),
        one=gettext_lazy("budget entry"),
        empty=gettext_lazy("What was ordered and paid, each with its document."),
        icon="receipt",
        columns=[
            Column("document", gettext_lazy("Document"), order="document", value=str),
            Column("booked_on", gettext_lazy("Date"), kind="date", order="booked_on"),
            Column("line", gettext_lazy("Budget line"), order="line__title"),
            Column("kind", gettext_lazy("Kind"), kind="choice", order="kind"),
            Column(
                "home_amount", gettext_lazy("Amount"), kind="money", order="home_amount"
            ),
            Column("is_confirmed", gettext_lazy("Confirmed"), kind="flag"),
            Column("note", gettext_lazy("Note")),
        ],
        form=BudgetEntryForm,
        rows=with_people("line", "programme__enterprise"),
        search=["document", "note", "line__title"],
        filters=[
            Filter(
                "kind", gettext_lazy("Kind"), lambda: BudgetEntry.Kind.choices, "kind"
            ),
            Filter(
                "phase", gettext_lazy("Phase"), lambda: Phase.choices, "line__phase"
            ),
        ],
        sort="-booked_on",
        save=services.save_entry,
        can_delete=False,
        list_template="programmes/budget/entries.html",
        list_context=lambda request: {
            "waiting": services.waiting(request.programme).select_related("line")[
                :MOST_WAITING
            ],
            "may_confirm": request.grants.may("budget.confirm"),
        },
    )
)
TRANCHES = add_register(
    Register(
        slug="tranches",
        phase=Phase.MASTER_PLAN,
        model=Tranche,
        title=gettext_lazy("Tranches"),
        one=gettext_lazy("tranche"),
        empty=gettext_lazy("How much of the budget each gate releases."),
        icon="coins",
        columns=[
            Column("gate", gettext_lazy("Gate"), order="gate"),
            Column("amount", gettext_lazy("Amount"), kind="money", order="amount"),
            Column(
                "released_at",
                gettext_lazy("Released"),
                kind="date",
                order="released_at",
            ),
        ],
        form=TrancheForm,
        sort="gate",
    )
)
ESTIMATE = add_register(
    Register(
        slug="benefit-range",
        phase=Phase.MASTER_PLAN,
        model=Estimate,
        title=gettext_lazy("Benefit range"),
        one=gettext_lazy("benefit range"),
        icon="trending-up",
        columns=[
            Column("benefit_likely", gettext_lazy("Likely, a year"), kind="money"),
            Column("benefit_low", gettext_lazy("Low"), kind="money"),
            Column("benefit_high", gettext_lazy("High"), kind="money"),
            Column("contingency", gettext_lazy("Contingency"), kind="money"),
        ],
        form=EstimateForm,
        rows=with_people("owner", "programme__enterprise"),
        detail="programmes/budget/benefits.html",
        detail_context=lambda request, record: worth_of(record),
        can_add=False,
        can_delete=False,
    )
)
REGISTERS = [BUDGET, ENTRIES, TRANCHES, ESTIMATE]


@access("budget.confirm")
@require_POST
def confirm(request: MelioraRequest, code: str) -> HttpResponse:
    """The controller confirms the chosen payments."""
    keys = [int(one) for one in request.POST.getlist("entry") if one.isdecimal()]
    try:
        count = services.confirm_entries(
            by=request.user,
            programme=request.programme,
            keys=keys,
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("%(n)s payment confirmed.", "%(n)s payments confirmed.", count)
        messages.success(request, said % {"n": count})
    return HttpResponseRedirect(ENTRIES.url("list", request.programme))


urlpatterns = [
    path("p/<slug:code>/budget-entries/confirm/", confirm, name="budget-confirm")
]
