"""Training: places in sessions, who came, the quiz, and the certificate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.mail import get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programmes import jobs
from programmes.events import announce, records_changed
from programmes.kit import pdf
from programmes.kit.errors import Refusal
from programmes.models import (
    Account,
    Course,
    Participation,
    PersonalLink,
    QuizQuestion,
    TrainingSession,
)
from programmes.permissions import require
from programmes.phases import Phase
from programmes.services.documents import MARK, STYLES, static
from programmes.services.personal_links import letter, new_link
from programmes.services.reach import Reach, in_order, staff_in_scope
from programmes.services.records import Invalid, save_record

MAIL = "kickoff.mail_quiz"
MOST_ATTEMPTS = 5


class NoPlace(Refusal):
    """The session is full."""

    code = "no-place"


class NobodyToAsk(Refusal):
    """There is no quiz, or nobody whose result is open."""

    code = "nobody-to-ask"


class QuizOver(Refusal):
    """The quiz is passed already, or was taken too often."""

    code = "quiz-over"


class NoCertificate(Refusal):
    """The training is not done, or its quiz not passed."""

    code = "no-certificate"


# --- who takes part ---------------------------------------------------------------


def add_target_group(*, by: Account, course: Course, now: datetime) -> int:
    """Put all staff of the units in scope on the list; returns how many are new.

    :raises NotAllowed, UnderReview: as for save_record.
    """
    require(by, course.act, course.programme, course)
    there = course.participations.filter(deleted_at=None).values("person")
    people = list(staff_in_scope(course.programme).exclude(pk__in=there))
    with transaction.atomic():
        for person in people:
            row = Participation(
                programme=course.programme, course=course, person=person
            )
            save_record(by=by, record=row, now=now)
    return len(people)


def save_participation(
    *,
    by: Account,
    record: Participation,
    now: datetime,
    version: int | None = None,
    act: str = "",
    reason: str = "",
) -> Participation:
    """Save a participant; the session they chose must have a place left.

    :raises NoPlace: the session is full.
    :raises Invalid: the session is of another training.
    """
    with transaction.atomic():
        if record.session_id is not None:
            session = TrainingSession.objects.select_for_update().get(
                pk=record.session_id
            )
            if session.course_id != record.course_id:
                said = _("This session is of another training.")
                raise Invalid(said, {"session": said})
            taken = session.enrolled.filter(deleted_at=None).exclude(pk=record.pk)
            if taken.count() >= session.capacity:
                said = _("This session is full.")
                raise NoPlace(said, {"session": said})
        return save_record(
            by=by, record=record, now=now, version=version, act=act, reason=reason
        )


def take_part(
    *, by: Account, session: TrainingSession, came: Iterable[int], now: datetime
) -> int:
    """Who of the enrolled came to the session; returns how many rows changed.

    :param came: keys of the participants who came; the others are not done.
    :raises NotAllowed, UnderReview: as for save_record.
    """
    require(by, session.act, session.programme, session)
    there, changed = set(came), 0
    with transaction.atomic():
        for row in session.enrolled.filter(deleted_at=None).order_by("pk"):
            done_on = session.held_on if row.pk in there else None
            if row.done_on != done_on:
                row.done_on = done_on
                save_record(by=by, record=row, now=now)
                changed += 1
    return changed


# --- the quiz ---------------------------------------------------------------------


def quiz_of(course: Course) -> list[QuizQuestion]:
    return list(course.quiz.filter(deleted_at=None).order_by("position", "pk"))


def open_results(course: Course) -> list[Participation]:
    """Participants who can be mailed and have not passed yet."""
    rows = course.participations.filter(
        deleted_at=None, person__is_active=True, attempts__lt=MOST_ATTEMPTS
    )
    found = rows.exclude(person__email="").select_related("person").order_by("pk")
    return [one for one in found if one.score is None or one.score < course.pass_mark]


def invite_to_quiz(*, by: Account, course: Course, now: datetime) -> int:
    """Mail a personal link to the quiz to all whose result is open.

    :raises NotAllowed: neither lead nor champion.
    :raises NobodyToAsk: there is no question, or nobody to ask.
    """
    require(by, course.act, course.programme, course)
    if not quiz_of(course):
        raise NobodyToAsk(_("Write the questions of the quiz first."))
    found = open_results(course)
    if not found:
        raise NobodyToAsk(_("Nobody who can be mailed has the quiz before them."))
    payload = {"course": course.pk, "language": get_language() or "en"}
    jobs.enqueue(
        MAIL, payload, programme=course.programme, by=by, key=f"quiz-{course.pk}"
    )
    return len(found)


def mail_quiz(*, course: Course, now: datetime) -> int:
    """Mail the links. A second run mails a second link to the same quiz."""
    text = _("A short quiz on the training “%(title)s” waits for you:")
    told = {"title": course.title}
    letters = []
    for one in open_results(course):
        link = new_link(
            programme=course.programme, person=one.person, course=course, now=now
        )
        letters.append(letter(one.person, course.title, text % told, link))
    get_connection().send_messages(letters)
    return len(letters)


def participation_of(link: PersonalLink) -> Participation | None:
    rows = Participation.objects.filter(
        course=link.course, person=link.person, deleted_at=None
    )
    found: Participation | None = rows.select_related("course").first()
    return found


def take_quiz(
    *, link: PersonalLink, answers: Mapping[int, int], now: datetime
) -> Participation:
    """Score the answers; the best score stays.

    :param answers: key of the question -> place of the chosen answer, from 1.
    :raises Invalid: not every question is answered by one of its choices.
    :raises QuizOver: passed already, or taken too often.
    """
    rows = Participation.objects.select_for_update().filter(
        course=link.course, person=link.person, deleted_at=None
    )
    with transaction.atomic():
        row: Participation | None = rows.first()
        if row is None or link.course is None:
            raise QuizOver(_("You are not on the list of this training any more."))
        questions = quiz_of(link.course)
        if has_passed(row, link.course) or row.attempts >= MOST_ATTEMPTS:
            raise QuizOver(_("This quiz is over for you."))
        for one in questions:
            if not 1 <= answers.get(one.pk, 0) <= len(one.options):
                raise Invalid(_("Please answer every question."))
        right = sum(answers[one.pk] == one.right for one in questions)
        score = round(100 * right / len(questions)) if questions else 0
        row.score = max(score, row.score or 0)
        row.attempts += 1
        row.version += 1
        row.updated_at = now
        row.stamp(None, now, "quiz")
        row.save(
            update_fields=["score", "attempts", "version", "updated_at"],
        )
        announce(
            records_changed,
            programme_id=row.programme_id,
            phases=(int(Phase.KICK_OFF),),
        )
    return row


def has_passed(row: Participation, course: Course) -> bool:
    return row.score is not None and row.score >= course.pass_mark


# --- certificate ------------------------------------------------------------------


def certificate(*, participation: Participation, asks_quiz: bool) -> bytes:
    """The certificate of a training as PDF.

    :param asks_quiz: the training has a quiz, which must be passed.
    :raises NoCertificate: not done, or the quiz not passed.
    :raises PdfFailed: with the reason.
    """
    course = participation.course
    if participation.done_on is None:
        raise NoCertificate(_("The training is not done yet."))
    if asks_quiz and not has_passed(participation, course):
        raise NoCertificate(_("The quiz is not passed yet."))
    html = render_to_string(
        "reports/certificate.html",
        {
            "participation": participation,
            "course": course,
            "person": participation.person,
            "programme": course.programme,
            "styles": STYLES,
            "language": get_language() or "en",
        },
    )
    assets: dict[str, bytes | str] = {name: static(name) for name in (*STYLES, MARK)}
    assets[pdf.FONT] = pdf.font()
    return pdf.render(
        html,
        assets,
        made_at=participation.updated_at,
        identifier=f"certificate-{participation.pk}-{participation.version}",
    ).pdf


# --- coverage ---------------------------------------------------------------------


def coverage(rows: Iterable[Participation]) -> list[Reach]:
    """Trained people and scores per unit, from participants with their people."""
    found: dict[int | None, Reach] = {}
    for row in rows:
        unit = row.person.unit
        one = found.setdefault(unit.pk if unit else None, Reach(unit))
        one.of += 1
        one.done += row.done_on is not None
        if row.score is not None:
            one.scores = (*one.scores, row.score)
    return in_order(found.values())
