"""What is not as it should be: kinds to filter by, and the list of the portfolio."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation.charts import PATTERNS
from evaluation.views.progress import quiet_words
from evaluation.views.standing import Standing, behind
from programmes.models import Programme

# What is not as it should be, by weight.
EXCEPTIONS: dict[str, Any] = {
    "undecided": gettext_lazy("Decision overdue"),
    "condition": gettext_lazy("Condition overdue"),
    "forecast": gettext_lazy("Outside tolerance"),
    "changed": gettext_lazy("Changed since approval"),
    "stalled": gettext_lazy("Stalled"),
}


def kinds_of(found: Standing, today: date) -> list[str]:
    """Keys of EXCEPTIONS that hold, the most serious first."""
    if found.programme_state in (Programme.State.STOPPED, Programme.State.CLOSED):
        return []
    holds = {
        "undecided": found.is_undecided(today),
        "condition": bool(found.conditions_late),
        "forecast": bool(found.beyond),
        "changed": bool(found.flagged),
        "stalled": found.is_stalled(today),
    }
    return [name for name in EXCEPTIONS if holds[name]]


def exceptions_of(standings: list[Standing], today: date) -> list[dict[str, Any]]:
    """What is not as it should be, the most serious first."""
    return [
        *(signal_of(one) for one in standings if one.signals),
        *(undecided_of(one, today) for one in standings if one.is_undecided(today)),
        *(condition_of(one) for one in standings if one.conditions_late),
        *(return_of(one) for one in standings if one.is_returned),
        *(delay_of(one, today) for one in standings if one.days_late(today)),
        *(stalled_of(one, today) for one in standings if one.is_stalled(today)),
        *(tasks_of(one) for one in standings if one.late),
    ]


def signal_of(one: Standing) -> dict[str, Any]:
    words = ngettext(
        "%(n)s open signal in the process monitor",
        "%(n)s open signals in the process monitor",
        one.signals,
    )
    return {
        "title": f"{one.signal_name}: {PATTERNS[one.signal_pattern]}",
        "text": f"{one.name} · {words % {'n': one.signals}}",
        "icon": "triangle-alert",
        "tone": "critical",
        "href": f"/p/{one.code}/monitor/",
        "on": one.signal_at,
    }


def return_of(one: Standing) -> dict[str, Any]:
    return {
        "title": _("%(programme)s was returned at gate %(number)s")
        % {"programme": one.name, "number": one.phase},
        "text": one.last_reason,
        "icon": "undo-2",
        "tone": "attention",
        "href": f"/p/{one.code}/gates/{one.phase}/",
    }


def delay_of(one: Standing, today: date) -> dict[str, Any]:
    return {
        "title": _("Gate %(number)s of %(programme)s is late")
        % {"programme": one.name, "number": one.phase},
        "text": behind(one.days_late(today)),
        "icon": "clock",
        "tone": "attention",
        "href": f"/p/{one.code}/gates/{one.phase}/",
        "on": one.planned_on,
    }


def tasks_of(one: Standing) -> dict[str, Any]:
    words = ngettext("%(n)s task is late", "%(n)s tasks are late", one.late)
    return {
        "title": f"{one.name}: {words % {'n': one.late}}",
        "text": one.late_title,
        "icon": "clock",
        "tone": "attention",
        "href": f"/p/{one.code}/tasks/?sort=due_on",
    }


def undecided_of(one: Standing, today: date) -> dict[str, Any]:
    days = (today - one.review_due).days if one.review_due else 0
    said = ngettext(
        "The panel is %(days)s day over its time",
        "The panel is %(days)s days over its time",
        days,
    )
    return {
        "title": _("Gate %(number)s of %(programme)s waits for its decision")
        % {"programme": one.name, "number": one.phase},
        "text": said % {"days": days},
        "icon": "clock",
        "tone": "critical",
        "href": f"/p/{one.code}/gates/{one.phase}/",
        "on": one.review_due,
    }


def condition_of(one: Standing) -> dict[str, Any]:
    words = ngettext(
        "%(n)s condition is overdue",
        "%(n)s conditions are overdue",
        one.conditions_late,
    )
    return {
        "title": f"{one.name}: {words % {'n': one.conditions_late}}",
        "text": _("The next gate asks for it."),
        "icon": "triangle-alert",
        "tone": "critical",
        "href": f"/p/{one.code}/tasks/?sort=due_on",
    }


def stalled_of(one: Standing, today: date) -> dict[str, Any]:
    return {
        "title": _("%(programme)s is stalled") % {"programme": one.name},
        "text": quiet_words(one, today),
        "icon": "hourglass",
        "tone": "attention",
        "href": f"/p/{one.code}/",
        "on": one.moved_at,
    }
