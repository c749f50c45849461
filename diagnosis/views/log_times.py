"""Waiting and working in a log, open cases, and what slow cases have."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis import log_charts
from diagnosis.mining.spelling import DAY, LONGEST_CASE_DAYS, spell
from diagnosis.models import EventLog
from diagnosis.services import log_lenses
from diagnosis.views import log_frame
from diagnosis.views.log_filters import query_of
from programmes.access import MelioraRequest, access
from programmes.kit.formats import duration, number, percent
from programmes.kit.given import whole

HOUR = 3_600.0
UNITS = ("month", "week")
CLOCKS = ("clock", "work")
SHOWN = 40
TOLD = 3
LAST_HOUR = 23


def chosen(request: MelioraRequest) -> dict[str, str]:
    """Clock or working time, the hour at which work begins, week or month."""
    clock, unit = request.GET.get("time", ""), request.GET.get("by", "")
    begins = whole(request.GET, "from", log_lenses.USUAL_BEGIN)
    return {
        "time": clock if clock in CLOCKS else CLOCKS[0],
        "from": str(min(begins, LAST_HOUR)),
        "by": unit if unit in UNITS else UNITS[0],
    }


def ask_times(
    request: MelioraRequest, pk: int, given: dict[str, str]
) -> log_frame.Asked:
    def lens(log: EventLog, texts: list[str]) -> dict[str, Any]:
        week = None
        if given["time"] == "work":
            week = log_lenses.week_of(request.programme, log, int(given["from"]))
        return {
            "times": log_lenses.times(log, texts, week),
            "open": log_lenses.open_cases(log, texts, given["by"]),
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
    most = max((sums(one)["before"] for one in found["activities"]), default=0) or 1
    rows = [time_row(one, most, given) for one in found["activities"]]
    context = {
        "rows": rows,
        "worst": next((one for one in rows if one["before"]), None),
        "has_starts": found["work_s"] > 0 or any(one["timed"] for one in rows),
        "figures": time_figures(found, periods, given),
        "given": given,
        "clocks": switch(asked, given, "time"),
        "units": switch(asked, given, "by"),
        "open": log_charts.open_chart(periods, given["by"]),
        "open_table": log_charts.open_table(periods, given["by"]),
        "has_periods": len(periods) > 1,
        "hours_per_day": request.programme.enterprise.hours_per_day,
        "begins": range(LAST_HOUR + 1),
    }
    return log_frame.page(request, asked, "log-times", context, given)


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
    if periods:
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


@access("export")
def times_export(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """The times of the activities as CSV, in seconds."""
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
    return log_frame.table_file(request, asked.log, _("times"), head, rows)


def threshold(request: MelioraRequest) -> float | None:
    """Days from which a case is slow; None where none are named."""
    try:
        days = float(request.GET.get("days", "").replace(",", "."))
    except ValueError:
        return None
    return days if 0 < days <= LONGEST_CASE_DAYS else None


def ask_contrast(request: MelioraRequest, pk: int) -> log_frame.Asked:
    days = threshold(request)
    limit = None if days is None else days * DAY
    return log_frame.ask(
        request, pk, lambda log, texts: log_lenses.slow_and_fast(log, texts, limit)
    )


@access("programme.read")
def contrast(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """What slow cases have and fast ones do not."""
    asked = ask_contrast(request, pk)
    found, days = asked.found, threshold(request)
    shown = found["differences"][:SHOWN]
    context = {
        "rows": [difference_row(asked, one) for one in shown],
        "total": len(found["differences"]),
        "found": found,
        "days": days,
        "first": [sentence(one) for one in telling(shown)],
        "left_out": ", ".join(found["left_out"]),
    }
    kept = {} if days is None else {"days": f"{days:g}"}
    return log_frame.page(request, asked, "log-contrast", context, kept)


def telling(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The three largest, what can be acted on before plain counts of events."""
    return sorted(shown, key=lambda one: one["kind"] == "count")[:TOLD]


def odds(one: dict[str, Any]) -> str:
    """The odds ratio and its interval, with digits that tell."""
    ratio, low, high = (
        number(value, 2 if value < 10 else 0)
        for value in (one["odds_ratio"], one["low"], one["high"])
    )
    return f"{ratio} ({low}–{high})"


def difference_row(asked: log_frame.Asked, one: dict[str, Any]) -> dict[str, Any]:
    is_share = one["odds_ratio"] is not None
    say = (lambda share: percent(share, 1)) if is_share else rounded
    text = filter_text(one)
    return {
        **one,
        "label": label(one),
        "sentence": sentence(one),
        "slow": say(one["slow"]),
        "fast": say(one["fast"]),
        "is_share": is_share,
        "odds": odds(one) if is_share else "",
        "size": abs(one["effect"]),
        "side": "slow" if one["effect"] > 0 else "fast",
        "href": "?" + query_of([*asked.texts, text]) if text else "",
    }


def rounded(value: float) -> str:
    return number(round(value, 2))


def label(one: dict[str, Any]) -> str:
    """What slow and fast cases differ in."""
    said = {
        "activity": "%(name)s",
        "repeated": _("%(name)s twice or more"),
        "resource": _("done by %(value)s"),
        "attribute": "%(name)s = %(value)s",
        "number": "%(name)s",
        "count": _("Events of the case")
        if one["name"] == "events"
        else _("Repeated steps"),
    }
    words: str = said[one["kind"]] % {"name": one["name"], "value": one["value"]}
    return words


def sentence(one: dict[str, Any]) -> str:
    """The difference as a sentence."""
    name = label(one)
    if one["odds_ratio"] is None:
        words = {
            "name": name,
            "slow": rounded(one["slow"]),
            "fast": rounded(one["fast"]),
        }
        said = _(
            "%(name)s: the median is %(slow)s in slow cases, %(fast)s in fast ones."
        )
        return said % words
    slow, fast = percent(one["slow"]), percent(one["fast"])
    said = _("%(name)s: in %(slow)s of slow cases, in %(fast)s of fast ones.")
    return said % {"name": name, "slow": slow, "fast": fast}


def filter_text(one: dict[str, Any]) -> str:
    """The filter that keeps the cases that have it; none for numbers."""
    if one["kind"] == "activity":
        return spell("activity", one["name"], True)
    if one["kind"] == "attribute":
        return spell("attribute", one["name"], one["value"], True)
    if one["kind"] == "resource":
        return spell("attribute", "resource", one["value"], True)
    return ""


@access("export")
def contrast_export(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """The differences as CSV."""
    asked = ask_contrast(request, pk)
    head = [
        gettext_lazy("What"),
        gettext_lazy("Slow cases"),
        gettext_lazy("Fast cases"),
        gettext_lazy("Cliff's delta"),
        gettext_lazy("Odds ratio"),
        gettext_lazy("from"),
        gettext_lazy("to"),
        gettext_lazy("Cramér's V"),
    ]
    names = ("slow", "fast", "effect", "odds_ratio", "low", "high", "cramers_v")
    rows = (
        [label(one), *(one[name] for name in names)]
        for one in asked.found["differences"]
    )
    return log_frame.table_file(request, asked.log, _("slow and fast"), head, rows)


BASE = "p/<slug:code>/logs/<int:pk>/"
urlpatterns = [
    path(f"{BASE}times/", times, name="log-times"),
    path(f"{BASE}times.csv", times_export, name="log-times-export"),
    path(f"{BASE}slow-and-fast/", contrast, name="log-contrast"),
    path(f"{BASE}slow-and-fast.csv", contrast_export, name="log-contrast-export"),
]
