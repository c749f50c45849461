"""Words for what a log is doubted for, and for what an import leaves out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from programmes.kit.formats import number

LONGEST_NAME = 40


def short(text: str) -> str:
    """A name for a chip or a sentence, cut where it is long."""
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


WEEKDAYS = [
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
]
DOUBTS = {
    "unread": gettext_lazy("Rows that cannot be read"),
    "missing": gettext_lazy("Events without a value"),
    "order": gettext_lazy("Events that stand before an earlier one"),
    "negative": gettext_lazy("Events that end before they start"),
    "single": gettext_lazy("Cases of a single event"),
    "open": gettext_lazy("Cases without an end"),
    "duplicate": gettext_lazy("Events that are there twice"),
}
REMEDIES = {
    "unread": gettext_lazy("They are left out. Correct them and import the file anew."),
    "missing": gettext_lazy(
        "Times and paths are right; shares by this column are not."
    ),
    "order": gettext_lazy("Sorted by time at import; nothing is to be done."),
    "negative": gettext_lazy("Their working time does not count. Leave the cases out."),
    "single": gettext_lazy("They have no throughput time. Leave them out."),
    "open": gettext_lazy("They count as open, and are left out of times."),
    "duplicate": gettext_lazy("They count as rework. Leave the repeats out."),
}
UNITS = {
    "rows": gettext_lazy("of rows"),
    "events": gettext_lazy("of events"),
    "cases": gettext_lazy("of cases"),
}
CHIPS = {
    "order": gettext_lazy("with events out of order"),
    "negative": gettext_lazy("with an end before its start"),
    "single": gettext_lazy("of a single event"),
    "open": gettext_lazy("without an end"),
    "duplicate": gettext_lazy("with events twice"),
}
LEFT_OUT = {
    "duplicates": gettext_lazy("events that are there twice"),
    "faulty": gettext_lazy("cases with errors"),
    "single": gettext_lazy("cases of a single event"),
}
FIGURES = {
    "cases": gettext_lazy("Cases"),
    "events": gettext_lazy("Events"),
    "activities": gettext_lazy("Activities"),
    "variants": gettext_lazy("Variants"),
    "open_cases": gettext_lazy("Open cases"),
    "median_s": gettext_lazy("Median throughput time"),
    "mean_s": gettext_lazy("Mean throughput time"),
    "p90_s": gettext_lazy("Throughput time of nine in ten"),
    "rework_case_share": gettext_lazy("Cases with rework"),
    "rework_event_share": gettext_lazy("Events that are rework"),
}


FINE = 100
"""Sums from here on are told without decimals."""


def money(value: float | None) -> str:
    """A sum in the currency of the log, which its file does not say."""
    return number(value, 0 if value is None or abs(value) >= FINE else 2)
