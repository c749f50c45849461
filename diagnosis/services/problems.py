"""Problems: their state follows from what is known; twins are merged."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from diagnosis.models import Problem
from programmes.kit.errors import Refusal
from programmes.models import Account
from programmes.permissions import require
from programmes.services.records import save_record


class CannotMerge(Refusal):
    """These two problems cannot become one."""

    code = "cannot-merge"


def save_problem(*, by: Account | None, record: Problem, **more: Any) -> Problem:
    """Report or change a problem: rated with three ratings, placed when also located.

    :raises NotAllowed, UnderReview, Conflict, Invalid: as for save_record.
    """
    if record.state != Problem.State.MERGED:
        record.state = state_of(record)
    stored: Problem = save_record(by=by, record=record, **more)
    return stored


def state_of(problem: Problem) -> Problem.State:
    if not problem.is_rated:
        return Problem.State.REPORTED
    return Problem.State.PLACED if problem.is_placed else Problem.State.RATED


def merge_problem(
    *, by: Account, problem: Problem, into: Problem, now: datetime
) -> Problem:
    """The problem is the same as another one; it no longer counts by itself.

    :raises CannotMerge: itself, of another programme, or that one is merged too.
    :raises NotAllowed, UnderReview: as for save_record.
    """
    require(by, "problem.edit", problem.programme, problem)
    with transaction.atomic():
        rows = Problem.objects.of(problem.programme).select_for_update(of=("self",))
        found = {
            one.pk: one
            for one in rows.filter(pk__in=[problem.pk, into.pk]).order_by("pk")
        }
        one, other = found.get(problem.pk), found.get(into.pk)
        if one is None or other is None or one is other:
            raise CannotMerge(_("Choose another problem of this programme."))
        if other.state == Problem.State.MERGED or one.merged.exists():
            raise CannotMerge(_("One of the two is part of a merger already."))
        one.state, one.merged_into = Problem.State.MERGED, other
        stored: Problem = save_record(by=by, record=one, now=now)
        return stored


def separate_problem(*, by: Account, problem: Problem, now: datetime) -> Problem:
    """Take a merger back: the problem counts by itself again.

    :raises NotAllowed, UnderReview: as for save_record.
    """
    require(by, "problem.edit", problem.programme, problem)
    problem.merged_into = None
    problem.state = state_of(problem)
    stored: Problem = save_record(by=by, record=problem, now=now)
    return stored
