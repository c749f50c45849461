"""How long the steps of a process take, and wait, as a log tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from diagnosis.mining.lenses import Log


@dataclass(frozen=True)
class StepTime:
    """Medians in seconds; None where the log has no start times of the step.

    `work_s` lies between start and end of an activity; `wait_s` between the end of the
    activity before, if it is of another step, and the start.
    """

    step: str
    events: int
    work_s: float | None
    wait_s: float | None


def step_times(log: Log, steps: Mapping[str, str]) -> list[StepTime]:
    """Median work and wait of each step; `steps` says which step an activity is.

    Waits are told only where starts are known: what lies between two ends is no wait.
    """
    if not steps:
        return []
    named = list(steps.items())
    events = log.events.filter(log.events["activity"].isin(list(steps)))
    done = events.mutate(step=_step(events["activity"], named))
    counted = done.group_by("step").agg(
        events=done.count(),
        timed=done["work_s"].count(),
        work_s=done["work_s"].median(),
    )
    arriving = log.events.filter(log.events["next_activity"].isin(list(steps)))
    arriving = arriving.mutate(
        step=_step(arriving["next_activity"], named),
        before=_step(arriving["activity"], named, "\x1f"),
    )
    arriving = arriving.filter(arriving["step"] != arriving["before"])
    waited = arriving.group_by("step").agg(wait_s=arriving["wait_s"].median())
    waits = {row["step"]: row["wait_s"] for row in log.rows(waited)}
    return [
        StepTime(
            row["step"],
            row["events"],
            row["work_s"],
            waits.get(row["step"]) if row["timed"] else None,
        )
        for row in sorted(log.rows(counted), key=lambda row: str(row["step"]))
    ]


def _step(column: Any, named: list[tuple[str, str]], other: str = "") -> Any:
    return column.cases(*named, else_=other)
