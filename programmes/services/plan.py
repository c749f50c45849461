"""The phase plan in working days: its calendar, moving it, and undoing a move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from programmes.kit import holidays
from programmes.kit.errors import Refusal
from programmes.maths.calendars import Calendar, Change, Rescheduled, Span, moved
from programmes.models import Account, PhasePlan, PlanMove, Programme, WorkCalendar
from programmes.permissions import require
from programmes.phases import Phase
from programmes.services.records import save_record

# Working days that phases usually take, for the first proposal of a plan.
USUAL_DAYS = {
    Phase.MASTER_PLAN: 25,
    Phase.KICK_OFF: 20,
    Phase.DIAGNOSIS: 55,
    Phase.DESIGN: 40,
    Phase.SUPPORT: 30,
    Phase.IMPLEMENTATION: 100,
    Phase.EVALUATION: 30,
    Phase.IMPROVEMENT: 100,
}
# Holidays are known for so many years after the last date of the plan.
YEARS_AHEAD = 3
MOST_YEARS = 60
DATES = ("starts_on", "ends_on", "gate_on")


class NothingMoves(Refusal):
    """The plan stays as it is."""

    code = "nothing-moves"
    status = 422


class MovedSince(Refusal):
    """The plan is no longer what the move left."""

    code = "moved-since"


# --- reading ----------------------------------------------------------------------


def calendar_of(programme: Programme) -> WorkCalendar:
    """The calendar of the programme, or an unsaved one without holidays."""
    found = WorkCalendar.objects.of(programme).first()
    return found or WorkCalendar(programme=programme)


def free_days(row: WorkCalendar, rows: Sequence[PhasePlan]) -> dict[date, str]:
    """The holidays in the years of the plan and a few more."""
    days = [day for one in rows for name in DATES if (day := getattr(one, name))]
    if not days:
        return {}
    first = min(days).year
    last = min(max(days).year + YEARS_AHEAD, first + MOST_YEARS)
    years = range(first, last + 1)
    return holidays.free_days(row.country, row.region, years)


def working_days(row: WorkCalendar, rows: Sequence[PhasePlan]) -> Calendar:
    """What counts and walks along the working days of the programme."""
    return Calendar(list(free_days(row, rows)), holidays.weekend(row.country))


def span_of(row: PhasePlan) -> Span:
    return Span(str(row.phase), row.starts_on, row.ends_on, row.gate_on)


def replanned(
    rows: Sequence[PhasePlan], wanted: Mapping[int, Change], known: Calendar
) -> Rescheduled:
    """The plan after the changes, before anything is saved."""
    changes = {str(phase): one for phase, one in wanted.items()}
    return moved([span_of(one) for one in rows], changes, known)


def proposal(rows: Sequence[PhasePlan], begin: date, known: Calendar) -> Any:
    """Changes that give every phase its usual length, one after the other."""
    wanted: dict[int, Change] = {}
    start = known.on_or_after(begin)
    for row in rows:
        days = USUAL_DAYS[Phase(row.phase)]
        ends = known.end(start, days)
        wanted[row.phase] = Change(start, days, ends)
        start = known.step(ends, 1)
    return wanted


# --- changing ---------------------------------------------------------------------


def move_plan(
    *,
    by: Account,
    programme: Programme,
    wanted: Mapping[int, Change],
    now: datetime,
    reason: str = "",
    seen: str | None = None,
) -> PlanMove:
    """Change phases; the later ones follow and keep their lengths and gaps.

    :param seen: `versions_of` the rows that the person had before them.
    :raises NotAllowed: not the lead.
    :raises UnderReview: gate 1 is in review.
    :raises NothingMoves: all dates stay as they are.
    :raises MovedSince: somebody changed the plan since it was read.
    """
    require(by, "plan.edit", programme)
    with transaction.atomic():
        rows = locked(programme)
        if seen is not None and seen != versions_of(rows):
            raise MovedSince(
                _("Somebody changed the plan meanwhile. Look at it again.")
            )
        before = [facts(one) for one in rows]
        found = replanned(rows, wanted, working_days(calendar_of(programme), rows))
        if not found.moved:
            raise NothingMoves(_("No date changes."))
        for row, span in zip(rows, found.rows, strict=True):
            if span != span_of(row):
                row.starts_on, row.ends_on, row.gate_on = (
                    span.starts,
                    span.ends,
                    span.gate,
                )
                save_record(by=by, record=row, now=now, reason=reason)
        move = PlanMove(programme=programme, before=before)
        move.after = [facts(one) for one in rows]
        return save_record(by=by, record=move, now=now, reason=reason)


def undo_move(*, by: Account, move: PlanMove, now: datetime) -> None:
    """Put all dates back as they were before the move; twice does no harm.

    :raises NotAllowed: not the lead.
    :raises UnderReview: gate 1 is in review.
    :raises MovedSince: a date was changed after the move.
    """
    programme = move.programme
    require(by, "plan.edit", programme)
    with transaction.atomic():
        rows = locked(programme)
        move = PlanMove.objects.select_for_update().get(pk=move.pk)
        if move.undone_at:
            return
        if [facts(one) for one in rows] != move.after:
            raise MovedSince(
                _("The plan was changed after this, so it cannot be undone whole.")
            )
        reason = _("Undo of a change of the plan")
        for row, old in zip(rows, move.before, strict=True):
            if facts(row) != old:
                for name in DATES:
                    setattr(row, name, read_day(old[name]))
                save_record(by=by, record=row, now=now, reason=reason)
        move.undone_at = now
        save_record(by=by, record=move, now=now, reason=reason)


def locked(programme: Programme) -> list[PhasePlan]:
    rows = PhasePlan.objects.select_for_update(of=("self",)).of(programme)
    return list(rows.select_related("programme__enterprise").order_by("phase"))


def versions_of(rows: Sequence[PhasePlan]) -> str:
    return ",".join(f"{one.phase}:{one.version}" for one in rows)


def facts(row: PhasePlan) -> dict[str, Any]:
    """The dates of a phase as JSON."""
    days = {name: getattr(row, name) for name in DATES}
    written = {name: day.isoformat() if day else None for name, day in days.items()}
    return {"phase": int(row.phase), **written}


def read_day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
