"""What the measures of event logs are called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MEASURE_WORDS: dict[str, Any] = {
    "cases_completed": gettext_lazy("Cases completed"),
    "median_throughput_days": gettext_lazy("Median throughput time, days"),
    "mean_throughput_days": gettext_lazy("Mean throughput time, days"),
    "p90_throughput_days": gettext_lazy("Throughput time of nine in ten, days"),
    "rework_share": gettext_lazy("Share of cases with rework"),
    "rework_event_share": gettext_lazy("Share of events that are rework"),
    "events_per_case": gettext_lazy("Events per case"),
    "cost_per_case": gettext_lazy("Cost per case"),
    "activity_share": gettext_lazy("Share of cases with an activity"),
    "activity_work_hours": gettext_lazy("Median work of an activity, hours"),
    "edge_share": gettext_lazy("Share of cases with a succession"),
    "edge_wait_hours": gettext_lazy("Median time between two activities, hours"),
    "path_share": gettext_lazy("Share of cases on a path"),
    "conforming_share": gettext_lazy("Share of cases as the process foresees"),
    "move_fitness": gettext_lazy("Share of moves as the process foresees"),
}
LONGEST = 60


def measure_said(measure: str, about: Sequence[str] = ()) -> str:
    """ "Share of cases with a succession: Check → Ship" """
    words = str(MEASURE_WORDS[measure])
    if not about:
        return words
    names = [one if len(one) <= LONGEST else f"{one[:LONGEST]}…" for one in about]
    return _("%(measure)s: %(about)s") % {"measure": words, "about": " → ".join(names)}
