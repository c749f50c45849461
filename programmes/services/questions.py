"""Questions of staff: asked in the app or by a personal link, answered, published."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from programmes.events import announce, records_changed
from programmes.models import Account, Person, Programme, StaffQuestion
from programmes.permissions import require
from programmes.phases import Phase
from programmes.services.records import Invalid, save_record

LATE_DAYS = 10
MOST_A_DAY = 10


def ask_question(
    *,
    by: Account,
    person: Person | None,
    programme: Programme,
    text: str,
    now: datetime,
) -> StaffQuestion:
    """Ask as somebody with a role in the programme.

    :raises NotAllowed: no role.
    :raises Invalid: no text.
    """
    require(by, "question.ask", programme)
    return asked(programme, person, text, now, by)


def ask_by_link(
    *, person: Person, programme: Programme, text: str, now: datetime
) -> StaffQuestion:
    """Ask by a personal link.

    :raises Invalid: no text, or too many questions today.
    """
    today = StaffQuestion.objects.of(programme).filter(
        person=person, asked_on=now.date()
    )
    if today.count() >= MOST_A_DAY:
        raise Invalid(_("These are enough questions for today. Please come back."))
    return asked(programme, person, text, now, None)


def asked(
    programme: Programme,
    person: Person | None,
    text: str,
    now: datetime,
    by: Account | None,
) -> StaffQuestion:
    """A new question. A gate in review does not keep staff from asking."""
    said = " ".join(text.split())
    if not said:
        raise Invalid(_("Please write your question."), {"text": _("Say something.")})
    question = StaffQuestion(
        programme=programme,
        text=said[:500],
        asked_on=now.date(),
        asked_by=person.name if person else str(by),
        person=person,
        unit_id=person.unit_id if person else None,
        created_at=now,
        updated_at=now,
        created_by=by,
    )
    question.stamp(by, now)
    question.save()
    announce(records_changed, programme_id=programme.pk, phases=(int(Phase.KICK_OFF),))
    return question


def save_question(
    *,
    by: Account,
    record: StaffQuestion,
    now: datetime,
    version: int | None = None,
    act: str = "",
    reason: str = "",
) -> StaffQuestion:
    """Save a question; what has an answer carries its day, what has none is not told.

    :raises Invalid: published without an answer.
    """
    has_answer = bool(record.answer.strip())
    if record.is_published and not has_answer:
        said = _("Answer the question before you publish it.")
        raise Invalid(said, {"is_published": said})
    if has_answer and record.answered_on is None:
        record.answered_on = now.date()
    if not has_answer:
        record.answered_on = None
    return save_record(
        by=by, record=record, now=now, version=version, act=act, reason=reason
    )


def days_open(question: StaffQuestion, today: date) -> int | None:
    """How long a question waits for its answer; None once it has one."""
    if question.answered_on is not None:
        return None
    return max((today - question.asked_on).days, 0)


def published(programme: Programme) -> Any:
    """Questions and answers for all staff, the newest answer first."""
    rows = StaffQuestion.objects.of(programme).filter(is_published=True)
    return rows.order_by("-answered_on", "-pk")
