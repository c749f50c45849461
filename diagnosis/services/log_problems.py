"""A problem that an event log shows, reported with its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from diagnosis.models import EventLog, LogEvidence, Problem
from diagnosis.services.problems import save_problem
from programmes.models import Account


@dataclass(frozen=True)
class Shown:
    """What a log shows, in a sentence and in figures as they are printed."""

    text: str
    figures: Sequence[tuple[str, str]]
    filters: Sequence[str]


def report_from_log(
    *, by: Account, log: EventLog, record: Problem, shown: Shown, now: datetime
) -> Problem:
    """Report a problem, and keep what the log showed of it when it was reported.

    :raises NotAllowed, UnderReview, Invalid: as for save_problem.
    """
    with transaction.atomic():
        problem = save_problem(by=by, record=record, now=now, act="problem.create")
        LogEvidence.objects.create(
            problem=problem,
            log=log,
            text=shown.text[:500],
            figures=[list(pair) for pair in shown.figures],
            filters=list(shown.filters),
            taken_at=now,
            taken_by=by,
        )
    return problem
