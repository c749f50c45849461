"""Making a survey: its questions, opening and closing it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from diagnosis.models import Question, Survey
from diagnosis.models.surveys import MOST_OPTIONS
from programmes.events import announce, records_changed
from programmes.kit.errors import Refusal
from programmes.models import Account
from programmes.permissions import require
from programmes.services import activity
from programmes.services.records import (
    Invalid,
    delete_record,
    refuse_under_review,
    save_record,
)

MOST_QUESTIONS = 40
SCALE_POINTS = 5


class QuestionsFixed(Refusal):
    """The survey was launched, so its questions stay as they are."""

    code = "questions-fixed"


class NotInThatState(Refusal):
    """The survey cannot do this from the state it is in."""

    code = "wrong-state"


def address(survey: Survey) -> str:
    return f"/p/{survey.programme.code}/surveys/{survey.pk}/"


def save_survey(*, by: Account | None, record: Survey, **more: Any) -> Survey:
    """Create or change a survey; whom it asks is fixed once it was launched.

    :raises QuestionsFixed: the audience changed after the launch.
    :raises NotAllowed, UnderReview, Conflict, Invalid: as for save_record.
    """
    if record.pk is not None:
        stored = Survey.objects.get(pk=record.pk)
        if not stored.is_draft and stored.audience != record.audience:
            raise QuestionsFixed(
                _("The survey was launched: its audience stays."),
                {"audience": _("This stays as it was at the launch.")},
            )
    return save_record(by=by, record=record, **more)


def save_question(
    *,
    by: Account,
    record: Question,
    now: datetime,
    version: int | None = None,
    act: str = "",
) -> Question:
    """Add a question at the end, or change one.

    :raises QuestionsFixed: the survey was launched.
    :raises Invalid: options that do not fit the kind, or too many questions.
    :raises NotAllowed, UnderReview, Conflict: as for save_record.
    """
    require(by, "survey.edit", record.survey.programme)
    with transaction.atomic():
        survey = draft(record.survey)
        check_options(record)
        if record.pk is None:
            others = list(questions_of(survey).values_list("position", flat=True))
            if len(others) >= MOST_QUESTIONS:
                raise Invalid(_("Forty questions are the most."))
            record.position = max(others, default=0) + 1
        return save_record(
            by=by, record=record, now=now, version=version, act=act, url=address(survey)
        )


def check_options(question: Question) -> None:
    """:raises Invalid: the options do not fit the kind of question."""
    count = len(question.labels)
    said = ""
    if question.kind == Question.Kind.CHOICE and not 2 <= count <= MOST_OPTIONS:
        said = _("Give 2 to 12 options, one a line.")
    elif question.kind == Question.Kind.SCALE and count not in (0, SCALE_POINTS):
        said = _("Give five words from worst to best, one a line, or none.")
    if said:
        raise Invalid(said, {"options": said})


def questions_of(survey: Survey) -> Any:
    """The questions in their order."""
    rows = Question.objects.of(survey.programme).filter(survey=survey)
    return rows.order_by("position", "pk")


def draft(survey: Survey) -> Survey:
    """Lock the survey.

    :raises QuestionsFixed: it was launched.
    """
    locked = lock(survey)
    if not locked.is_draft:
        raise QuestionsFixed(
            _("The survey was launched, so its questions stay as they are.")
        )
    return locked


def lock(survey: Survey) -> Survey:
    rows = Survey.objects.select_for_update(of=("self",)).select_related("programme")
    found: Survey = rows.get(pk=survey.pk)
    return found


def delete_question(*, by: Account, question: Question, now: datetime) -> None:
    """:raises NotAllowed, QuestionsFixed, UnderReview: as for save_question."""
    require(by, "survey.edit", question.programme)
    with transaction.atomic():
        draft(question.survey)
        delete_record(by=by, record=question, now=now)


def move_question(*, by: Account, question: Question, up: bool, now: datetime) -> None:
    """Change places with the question before or after it; at the end: nothing.

    :raises NotAllowed, QuestionsFixed, UnderReview: as for save_question.
    """
    require(by, "survey.edit", question.programme)
    with transaction.atomic():
        rows = list(questions_of(draft(question.survey)))
        here = next((n for n, one in enumerate(rows) if one.pk == question.pk), 0)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(rows):
            return
        rows[here], rows[there] = rows[there], rows[here]
        for position, one in enumerate(rows, start=1):
            if one.position != position:
                one.position = position
                save_record(by=by, record=one, now=now)


def launch_survey(*, by: Account, survey: Survey, now: datetime) -> Survey:
    """Open the link. Questions, audience and thresholds are fixed from here on.

    :raises NotInThatState: launched already.
    :raises Invalid: no question yet.
    :raises NotAllowed, UnderReview: as for save_record.
    """
    require(by, "survey.edit", survey.programme)
    with transaction.atomic():
        locked = lock(survey)
        if not locked.is_draft:
            raise NotInThatState(_("The survey was launched already."))
        if not questions_of(locked).exists():
            raise Invalid(_("Write at least one question first."))
        locked.state, locked.launched_at = Survey.State.OPEN, now
        return turn(by, "launched", locked, now)


def close_survey(*, by: Account, survey: Survey, now: datetime) -> Survey:
    """Take no more answers; from now on the results are shown.

    :raises NotInThatState: it is not open.
    :raises NotAllowed, UnderReview: as for save_record.
    """
    require(by, "survey.edit", survey.programme)
    with transaction.atomic():
        locked = lock(survey)
        if locked.state != Survey.State.OPEN:
            raise NotInThatState(_("Only an open survey can be closed."))
        locked.state, locked.closed_at = Survey.State.CLOSED, now
        return turn(by, "closed", locked, now)


def reopen_survey(*, by: Account, survey: Survey, now: datetime) -> Survey:
    """Take answers again, as a new round that counts when it is large enough.

    :raises NotInThatState: it is not closed.
    :raises NotAllowed, UnderReview: as for save_record.
    """
    require(by, "survey.edit", survey.programme)
    with transaction.atomic():
        locked = lock(survey)
        if not locked.is_closed:
            raise NotInThatState(_("Only a closed survey can be reopened."))
        locked.state, locked.closed_at = Survey.State.OPEN, None
        locked.round += 1
        return turn(by, "reopened", locked, now)


def turn(by: Account, verb: str, survey: Survey, now: datetime) -> Survey:
    """Store the new state as a new version, and tell of it."""
    refuse_under_review(survey.programme, survey.evidence_of)
    survey.version += 1
    survey.updated_at = now
    survey.stamp(by, now)
    survey.save()
    activity.record(
        by=by,
        verb=verb,
        kind=survey._meta.label_lower,
        label=str(survey),
        programme=survey.programme,
        now=now,
        url=address(survey),
    )
    announce(
        records_changed,
        programme_id=survey.programme_id,
        phases=tuple(int(one) for one in survey.evidence_of),
    )
    return survey
