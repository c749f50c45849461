"""Phase 8: the process monitor with its control charts and signals."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Max, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation.charts import PATTERNS, control_chart
from evaluation.forms.monitoring import CloseSignalForm, LimitChangeForm
from evaluation.maths.watch import PATTERNS as RULE_SETS
from evaluation.maths.watch import Watched
from evaluation.models import CorrectiveAction, IndicatorStatus, LimitChange, Signal
from evaluation.scoring import number as plain
from evaluation.services import monitoring
from programmes.access import MelioraRequest, access
from programmes.kit.charts import DataTable
from programmes.kit.errors import Text
from programmes.kit.formats import day, number, quantity, scaled, unit_said
from programmes.kit.pages import Column
from programmes.models import Indicator
from programmes.permissions import who_may
from programmes.phases import Phase
from programmes.views.register import Register, add_register
from programmes.views.workspace import Tile, add_tile

RULE_NAMES: dict[str, Text] = {
    "wheeler": gettext_lazy("Wheeler, three rules"),
    "western_electric": gettext_lazy("Western Electric, four rules"),
    "nelson": gettext_lazy("Nelson, eight rules"),
}
LOOKS: dict[str, tuple[str, str]] = {
    "few": ("neutral", "minus"),
    "stable": ("neutral", "minus"),
    "better": ("positive", "trending-up"),
    "signal": ("critical", "triangle-alert"),
}
LIMITS = add_register(
    Register(
        slug="limit-changes",
        phase=Phase.IMPROVEMENT,
        model=LimitChange,
        title=gettext_lazy("Changes of the process"),
        one=gettext_lazy("change of the process"),
        empty=gettext_lazy("Where a control chart starts new limits, and why."),
        icon="git-commit-horizontal",
        columns=[
            Column("reason", gettext_lazy("What changed"), order="reason"),
            Column("indicator", gettext_lazy("Indicator"), order="indicator__name"),
            Column("starts_on", gettext_lazy("From"), kind="date", order="starts_on"),
        ],
        form=LimitChangeForm,
        rows=lambda rows: rows.select_related("indicator"),
        search=["reason", "indicator__name"],
        sort="starts_on",
        in_workspace=False,
    )
)


REGISTERS = [LIMITS]


def open_signals(programme: Any) -> Text:
    n = Signal.objects.of(programme).still_open().count()
    return ngettext("%(n)s open signal", "%(n)s open signals", n) % {"n": n}


add_tile(
    Tile(
        Phase.IMPROVEMENT,
        gettext_lazy("Process monitor"),
        "activity",
        "monitor",
        state=open_signals,
        first=True,
    )
)


@access("programme.read")
def monitor(request: MelioraRequest, code: str) -> HttpResponse:
    """All indicators; the chart is that of the one that needs a look first."""
    rows = Indicator.objects.of(request.programme).select_related("status", "owner")
    is_open = Q(signals__closed_at=None)
    rows = rows.annotate(opened_at=Max("signals__opened_at", filter=is_open))
    worst = rows.order_by(F("opened_at").desc(nulls_last=True), "pk")
    return page(request, worst.first())


@access("programme.read")
def monitor_one(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    rows = Indicator.objects.of(request.programme).select_related("owner")
    return page(request, get_object_or_404(rows, pk=pk))


def page(request: MelioraRequest, chosen: Indicator | None) -> HttpResponse:
    programme = request.programme
    states = IndicatorStatus.objects.filter(
        programme=programme, indicator__deleted_at=None
    )
    found = list(states.select_related("indicator").order_by("indicator__pk"))
    signals = Signal.objects.of(programme).still_open()
    context: dict[str, Any] = {
        "states": [state_row(one) for one in found],
        "open_count": signals.count(),
        "chosen": chosen,
        "crumbs": [
            {"label": programme.name, "href": f"/p/{programme.code}/"},
            {
                "label": Phase.IMPROVEMENT.label,
                "href": f"/p/{programme.code}/phases/8/",
            },
            {"label": _("Process monitor")},
        ],
        "nav": "phase8",
    }
    if chosen:
        context |= chart_of(request, chosen) | signal_of(request, chosen)
    return render(request, "evaluation/monitor/monitor.html", context)


def state_row(state: IndicatorStatus) -> dict[str, Any]:
    tone, icon = LOOKS[state.chart]
    if state.chart == "stable" and state.rag == "red":
        tone = "attention"
    note: Text = PATTERNS[state.pattern] if state.pattern else state.get_rag_display()
    return {
        "state": state,
        "tone": tone,
        "icon": icon,
        "note": note,
        "value": brief(state.value, state.indicator.unit),
        "unit": unit_said(state.indicator.unit),
    }


def brief(value: Any, unit: str = "") -> str:
    """Few digits for a tile: what is large needs no decimals."""
    value = scaled(value, unit)
    size = abs(value or 0)
    return number(value, 0 if size >= 1000 else 1 if size >= 100 else 2)


def rule_set_of(request: MelioraRequest) -> Any:
    chosen = request.GET.get("rules", "wheeler")
    return chosen if chosen in RULE_SETS else "wheeler"


def chart_of(request: MelioraRequest, indicator: Indicator) -> dict[str, Any]:
    series = monitoring.series_of([indicator])[indicator.pk]
    changes = list(
        LimitChange.objects.of(request.programme)
        .filter(indicator=indicator)
        .order_by("starts_on")
    )
    rule_set = rule_set_of(request)
    watched = monitoring.watched_of(indicator, series, changes, rule_set)
    unit, target = indicator.unit, plain(indicator.target)
    spec = control_chart(
        series.moments,
        series.floats,
        watched,
        target,
        unit,
        [(one.starts_on.isoformat(), one.reason) for one in changes],
    )
    return {
        "points": len(series.values),
        "total": series.count,
        "spec": spec,
        "table": data_table(indicator, series, watched),
        "finding": finding(indicator, series, watched),
        "stage": watched.last.stage if watched.last else "",
        "stretch": watched.last,
        "target": target,
        "rule_set": rule_set,
        "rule_sets": RULE_NAMES.items(),
        "changes": changes,
        "may_change": request.grants.may("indicator.edit", indicator),
        "change_url": LIMITS.url("new", request.programme)
        + f"?indicator={indicator.pk}",
    }


def data_table(
    indicator: Indicator, series: monitoring.Series, watched: Watched
) -> DataTable:
    rows = []
    for at in range(len(series.values) - 1, -1, -1):
        flag = watched.flag_at(at)
        why = PATTERNS[flag.pattern] if flag else ""
        value = scaled(series.values[at], indicator.unit)
        rows.append((day(series.moments[at].date()), number(value), why))
    head = (_("Day"), unit_said(indicator.unit) or _("Value"), _("Pattern"))
    return DataTable(head, rows)


def finding(indicator: Indicator, series: monitoring.Series, watched: Watched) -> str:
    """What the chart says, as a sentence."""
    if not series.values or watched.last is None:
        return _("%(name)s has no values yet") % {"name": indicator.name}
    mean = quantity(watched.last.center, indicator.unit, 2)
    words = {"name": indicator.name, "mean": mean}
    if watched.last.stage == "run":
        return _("%(name)s has too few values for limits yet") % words
    newest = watched.newest
    if newest is None:
        return _("%(name)s is stable around %(mean)s") % words
    words["what"] = str(PATTERNS[newest.pattern])
    if newest.is_good:
        return _("%(name)s is improving: %(what)s") % words
    return _("%(name)s shows a signal: %(what)s") % words


def signal_of(request: MelioraRequest, indicator: Indicator) -> dict[str, Any]:
    rows = Signal.objects.filter(indicator=indicator).order_by("-opened_at", "-pk")
    signals = list(rows[:8])
    signal = next((one for one in signals if one.is_open), None)
    actions = CorrectiveAction.objects.of(request.programme).filter(
        signal__indicator=indicator
    )
    found = list(actions.select_related("owner", "work_item").order_by("-pk"))
    action = next((one for one in found if signal and one.signal_id == signal.pk), None)
    return {
        "signal": signal,
        "what": PATTERNS[signal.pattern] if signal else "",
        "action": action,
        "steps": steps_of(signal, action),
        "past": [
            {"signal": one, "what": PATTERNS[one.pattern]}
            for one in signals
            if not one.is_open
        ],
        "past_actions": [one for one in found if one is not action],
        "may_act": request.grants.may("action.edit", indicator),
        "who_acts": who_may("action.edit"),
        "close_form": CloseSignalForm(),
    }


def steps_of(
    signal: Signal | None, action: CorrectiveAction | None
) -> list[dict[str, Any]]:
    """How far the open signal is on its way."""
    if signal is None:
        return []
    done = bool(action and action.work_item.state == "done")
    reached = [
        (_("Signal seen"), True),
        (_("Cause found"), bool(action and action.cause.strip())),
        (_("Acting"), done),
        (_("Checking effect"), done and action.effect != "open" if action else False),
        (_("Closed"), False),
    ]
    current = next(at for at, (_label, is_done) in enumerate(reached) if not is_done)
    return [
        {"label": label, "done": is_done and at < current, "current": at == current}
        for at, (label, is_done) in enumerate(reached)
    ]


BASE = "p/<slug:code>/monitor/"
urlpatterns = [
    path(BASE, monitor, name="monitor"),
    path(f"{BASE}<int:pk>/", monitor_one, name="monitor-one"),
]
