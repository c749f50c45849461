"""Waiting and working in a log, open cases, and what slow cases have."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis import log_charts, log_findings
from diagnosis.forms.log_week import GIVEN, WeekForm, read_week
from diagnosis.models import EventLog
from diagnosis.services import lenses, log_lenses
from diagnosis.views import log_frame
from diagnosis.views.log_filters import query_of
from programmes.access import MelioraRequest, access
from programmes.kit.formats import duration, number, percent
from programmes.kit.sheets import Sheet

HOUR = 3_600.0
UNITS = ("month", "week")
CLOCKS = ("clock", "work")
MOST_ROWS = 24
MOST_LETTERS = 480
"""Of the names of the activities that are shown, so that their page stays light."""


def chosen(request: MelioraRequest) -> dict[str, str]:
    """Clock or working time, week or month, and the hours of work that are named."""
    clock, unit = request.GET.get("time", ""), request.GET.get("by", "")
    named = {name: request.GET.get(name, "")[:10] for name in GIVEN}
    named["day"] = "".join(request.GET.getlist("day"))[:10]
    return {
        "time": clock if clock in CLOCKS else CLOCKS[0],
        "by": unit if unit in UNITS else UNITS[0],
        **{name: value for name, value in named.items() if value},
    }


def week_asked(request: MelioraRequest) -> tuple[WeekForm, log_lenses.Shifts]:
    """The form of the hours of work, and those that count: its own, else the usual."""
    usual = log_lenses.usual_shifts(request.programme)
    form = read_week(request.GET, usual)
    return form, form.shifts() if form.is_valid() else usual


def ask_times(
    request: MelioraRequest, pk: int, given: dict[str, str]
) -> log_frame.Asked:
    def lens(log: EventLog, texts: list[str]) -> dict[str, Any]:
        week = None
        if given["time"] == "work":
            shifts = week_asked(request)[1]
            week = log_lenses.week_of(request.programme, log, shifts)
        return {
            "times": log_lenses.times(log, texts, week),
            "open": log_lenses.open_cases(log, texts, given["by"]),
            "whole": lenses.everything(log, texts),
        }

    return log_frame.ask(request, pk, lens)


def length(seconds: float | None, given: dict[str, str]) -> str:
    """A time; working time in hours, for its days are no days."""
    if given["time"] == "clock" or seconds is None or seconds < HOUR:
        return duration(seconds)
    hours = seconds / HOUR
    return f"{number(hours, 1 if hours < 100 else 0)}\xa0{_('h')}"


@access("programme.read")
def times(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Waiting against working, and how many cases are open."""
    given = chosen(request)
    asked = ask_times(request, pk, given)
    found, periods = asked.found["times"], asked.found["open"]
    before = [sums(one)["before"] for one in found["activities"]]
    most = max(before, default=0) or 1
    rows = [time_row(one, most, given) for one in found["activities"]]
    worst = next((one for one in rows if one["before"] and one["bar"] == 1), None)
    context = {
        "rows": rows[: shown_of([one["activity"] for one in rows])],
        "total": len(rows),
        "says": log_findings.times(worst, most / (sum(before) or 1)) if rows else "",
        "has_starts": found["work_s"] > 0 or any(one["timed"] for one in rows),
        "figures": time_figures(found, periods, given),
        "given": given,
        "week": week_asked(request)[0],
        "usual": query_of(asked.texts, time="work", by=given["by"]),
        "zone": request.programme.enterprise.timezone,
        "clocks": switch(asked, given, "time"),
        "units": switch(asked, given, "by"),
        **open_picture(periods, given["by"]),
        **durations_picture(asked.found["whole"]),
    }
    return log_frame.page(request, asked, "log-times", context, given)


def shown_of(names: list[str]) -> int:
    """How many rows the page has room for: fewer where names are long."""
    room, many = MOST_LETTERS, 0
    for name in names[:MOST_ROWS]:
        room -= len(name)
        many += room >= 0
    return max(many, 5)


def open_picture(periods: list[dict[str, Any]], unit: str) -> dict[str, Any]:
    """The open cases over time, and the cases begun and completed."""
    joined, size = log_charts.grouped(periods, unit)
    return {
        "open": log_charts.open_chart(joined, unit),
        "open_table": log_charts.open_table(joined, unit),
        "flow": log_charts.flow_chart(joined, unit),
        "step": log_charts.span_said(unit, size),
        "has_periods": len(joined) > 1,
    }


def durations_picture(found: dict[str, Any]) -> dict[str, Any]:
    """How long the cases take."""
    bins = found["durations"]
    return {
        "durations": log_charts.durations_chart(bins),
        "durations_table": log_charts.durations_table(bins),
        "has_durations": sum(one["cases"] > 0 for one in bins) > 1,
    }


def sums(one: dict[str, Any]) -> dict[str, float]:
    return {key: (one[key] or {}).get("sum_s", 0.0) for key in ("work", "before")}


def time_row(one: dict[str, Any], most: float, given: dict[str, str]) -> dict[str, Any]:
    """The times of an activity in words."""
    row: dict[str, Any] = {**one, "bar": sums(one)["before"] / most}
    for key in ("work", "before"):
        held = one[key]
        row[key] = held and {
            name: length(held[f"{name}_s"], given) for name in ("median", "p90", "sum")
        }
    return row


def time_figures(
    found: dict[str, Any], periods: list[dict[str, Any]], given: dict[str, str]
) -> list[tuple[str, str, str]]:
    """Label, value and note of the cards; only what the log can tell."""
    cards = []
    if found["work_share"] is not None:
        note = _("of working and waiting")
        cards.append((_("Working time"), percent(found["work_share"], 1), note))
    if found["wait_s"]:
        value = length(found["wait_s"], given)
        cards.append((_("Waiting, all cases"), value, _("where starts are known")))
    if found["transition_s"]:
        value = length(found["transition_s"], given)
        note = _("between two events, work included")
        cards.append((_("Transition time, all cases"), value, note))
    if found["cases"]:
        note = _("nine in ten within %(time)s")
        note %= {"time": length(found["cases"]["p90_s"], given)}
        value = length(found["cases"]["median_s"], given)
        cards.append((_("Median case, working time"), value, note))
    if len(periods) > 1:
        most = max(one["open"] for one in periods)
        cards.append((_("Most cases open"), number(most), _("at the end of a period")))
    return cards


def switch(
    asked: log_frame.Asked, given: dict[str, str], name: str
) -> list[dict[str, Any]]:
    """The links of a segmented control; all other choices stay."""
    words = {
        "clock": _("Clock time"),
        "work": _("Working time"),
        "month": _("By month"),
        "week": _("By week"),
    }
    return [
        {
            "label": words[one],
            "href": "?" + query_of(asked.texts, **{**given, name: one}),
            "is_now": one == given[name],
        }
        for one in (CLOCKS if name == "time" else UNITS)
    ]


def time_tables(request: MelioraRequest, pk: int) -> log_frame.Tables:
    """The times of the activities in seconds, and what the charts show."""
    asked = ask_times(request, pk, chosen(request))
    head = [
        gettext_lazy("Activity"),
        gettext_lazy("Events"),
        gettext_lazy("With a start"),
        gettext_lazy("Working, median seconds"),
        gettext_lazy("Working, p90 seconds"),
        gettext_lazy("Working, sum of seconds"),
        gettext_lazy("Before it"),
        gettext_lazy("Before, median seconds"),
        gettext_lazy("Before, p90 seconds"),
        gettext_lazy("Before, sum of seconds"),
    ]
    names = ("median_s", "p90_s", "sum_s")
    rows = (
        [
            one["activity"],
            one["events"],
            one["timed"],
            *((one["work"] or {}).get(name) for name in names),
            _("waiting") if one["is_wait"] else _("transition"),
            *((one["before"] or {}).get(name) for name in names),
        ]
        for one in asked.found["times"]["activities"]
    )
    sheets = [Sheet(_("Times"), head, rows), *series_sheets(asked.found)]
    return log_frame.Tables(asked.log, _("times"), sheets)


def series_sheets(found: dict[str, Any]) -> list[Sheet]:
    """What the charts show, by period, and by throughput time."""
    whole = found["whole"]
    return [
        Sheet(
            _("Open cases"),
            [_("From"), _("Begun"), _("Completed"), _("Open at the end")],
            columns(found["open"], "start", "arrived", "left", "open"),
        ),
        Sheet(
            _("Throughput time"),
            [_("From, seconds"), _("To, seconds"), _("Cases")],
            columns(whole["durations"], "from_s", "to_s", "cases"),
        ),
    ]


def columns(rows: list[dict[str, Any]], *names: str) -> list[list[Any]]:
    return [[one[name] for name in names] for one in rows]


BASE = "p/<slug:code>/logs/<int:pk>/"
urlpatterns = [
    path(f"{BASE}times/", times, name="log-times"),
    *log_frame.export_paths(f"{BASE}times", "log-times", time_tables),
]
