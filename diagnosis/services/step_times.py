"""Times of an event log into the table of steps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from diagnosis.answers import answer
from diagnosis.foreseen import Foreseen
from diagnosis.mining.lenses import Log
from diagnosis.mining.spelling import read_filter
from diagnosis.mining.step_times import StepTime, step_times
from diagnosis.models import EventLog, Process, Step
from diagnosis.services.processes import StepRow, save_steps, steps_of
from programmes.models import Account
from programmes.services.records import Invalid

CENT = Decimal("0.01")
MINUTE = Decimal(60)
TIMED = (Step.Kind.TASK, Step.Kind.DECISION)


@dataclass(frozen=True)
class Offer:
    """The times of one step, in minutes: as they are and as the log has them."""

    step: Step
    events: int
    work: Decimal | None
    wait: Decimal | None

    @property
    def is_new(self) -> bool:
        """The log has a time that the table does not have."""
        step = self.step
        return (self.work is not None and self.work != step.work_minutes) or (
            self.wait is not None and self.wait != step.wait_minutes
        )


def offers(log: EventLog, found: Foreseen, filters: Sequence[str] = ()) -> list[Offer]:
    """What the log says of each step that it has times of.

    :raises LogError: a filter names an attribute that the log does not have.
    """
    chosen = sorted(filters)
    steps = dict(found.model.steps)

    def ask(whole: Log) -> list[dict[str, object]]:
        opened = whole.where([read_filter(one) for one in chosen])
        return [asdict(one) for one in step_times(opened, steps)]

    rows = answer(log, "step-times", ask, filters=chosen, steps=sorted(steps.items()))
    told = {one["step"]: StepTime(**one) for one in rows}
    return [
        Offer(one, time.events, minutes(time.work_s), minutes(time.wait_s))
        for one in found.steps
        if one.kind in TIMED and (time := told.get(one.key))
        if time.work_s is not None
    ]


def minutes(seconds: float | None) -> Decimal | None:
    if seconds is None:
        return None
    return (Decimal(str(seconds)) / MINUTE).quantize(CENT, ROUND_HALF_UP)


def take_times(
    *,
    by: Account,
    process: Process,
    told: Sequence[Offer],
    keys: Collection[str],
    now: datetime,
    version: int | None = None,
    reason: str = "",
) -> Process:
    """Write the times of the chosen steps into the table; the rest stays as it is.

    :raises Invalid: no step is chosen.
    :raises NotAllowed, UnderReview, Conflict, ReasonNeeded: as for save_steps.
    """
    new = {one.step.key: one for one in told if one.step.key in keys}
    if not new:
        raise Invalid(_("Choose at least one step."))
    rows = []
    for step in steps_of(process):
        row = as_row(step)
        if step.key in new:
            offer = new[step.key]
            row = replace(
                row,
                work_minutes=row.work_minutes if offer.work is None else offer.work,
                wait_minutes=row.wait_minutes if offer.wait is None else offer.wait,
            )
        rows.append(row)
    return save_steps(
        by=by, process=process, rows=rows, now=now, version=version, reason=reason
    )


def undo_times(
    *,
    by: Account,
    process: Process,
    was: Mapping[str, tuple[Decimal | None, Decimal | None]],
    version: int,
    now: datetime,
) -> Process:
    """Give the steps the work and wait back that they had before `take_times`.

    :param was: work and wait by the key of the step.
    :param version: of the process right after the times were taken.
    :raises Conflict: the steps were changed since; they cannot be undone whole.
    :raises NotAllowed, UnderReview, ReasonNeeded: as for save_steps.
    """
    rows = [as_row(one) for one in steps_of(process)]
    rows = [
        replace(row, work_minutes=was[row.key][0], wait_minutes=was[row.key][1])
        if row.key in was
        else row
        for row in rows
    ]
    reason = _("Undo of step times from a log")
    return save_steps(
        by=by, process=process, rows=rows, now=now, version=version, reason=reason
    )


def as_row(step: Step) -> StepRow:
    names = StepRow.__dataclass_fields__
    return StepRow(**{name: getattr(step, name) for name in names})
