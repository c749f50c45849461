"""Taking answers: from the open link, and from a file of answers given elsewhere."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from diagnosis.models import Answer, Question, Response, Survey
from diagnosis.models.surveys import LONGEST_TEXT
from diagnosis.services.surveys import NotInThatState, lock, questions_of, turn
from programmes.kit.errors import Refusal
from programmes.models import Account
from programmes.permissions import require
from programmes.services.measurement_files import LARGEST_BYTES, decode
from programmes.services.records import Invalid

MOST_ROWS = 5000
Given = Mapping[int, int | str]


class SurveyClosed(Refusal):
    """The survey takes no answers now."""

    code = "survey-closed"


class RowsRejected(Refusal):
    """Rows of a file are wrong; `errors` has line, column and detail of each."""

    code = "rows-rejected"
    status = 422

    def __init__(self, message: str, errors: list[dict[str, Any]]) -> None:
        super().__init__(message)
        self.errors = errors


@dataclass(frozen=True)
class Imported:
    """How many rows were stored, and how many had been stored before."""

    stored: int
    known: int


def record_response(
    *, survey: Survey, answers: Mapping[int, Any], nonce: str, now: datetime
) -> bool:
    """Store one filled-in form by nobody in particular.

    :param answers: key of the question -> what was answered.
    :param nonce: of the form; sending the same form twice stores it once.
    :returns: whether it was stored now (False: it was there already).
    :raises SurveyClosed: it takes no answers now.
    :raises Invalid: an answer is missing or not one of the choices.
    """
    try:
        with transaction.atomic():
            locked = lock(survey)
            if locked.deleted_at or not locked.takes_answers(now.date()):
                raise SurveyClosed(_("This survey takes no answers now."))
            questions = list(questions_of(locked))
            given = check_answers(questions, answers)
            response = Response.objects.create(
                survey=locked,
                round=locked.round,
                answered_on=now.date(),
                nonce=nonce[:64],
            )
            Answer.objects.bulk_create(rows_of(response, given))
    except IntegrityError:
        return False
    return True


def check_answers(questions: list[Question], answers: Mapping[int, Any]) -> Given:
    """The answers as they are stored.

    :raises Invalid: naming the questions by their key.
    """
    given: dict[int, int | str] = {}
    wrong: dict[str, str] = {}
    for one in questions:
        try:
            value = read_answer(one, answers.get(one.pk))
        except ValueError as error:
            wrong[str(one.pk)] = str(error)
        else:
            if value is not None:
                given[one.pk] = value
    if wrong:
        raise Invalid(next(iter(wrong.values())), wrong)
    if not given:
        raise Invalid(_("Answer at least one question."))
    return given


def read_answer(question: Question, raw: Any) -> int | str | None:
    """One answer as it is stored; None where an optional one is left out.

    :raises ValueError: in words for the person.
    """
    text = str("" if raw is None else raw).replace("\0", "").strip()
    if not text:
        if question.required:
            raise ValueError(_("Please answer this question."))
        return None
    if question.kind == Question.Kind.TEXT:
        if len(text) > LONGEST_TEXT:
            raise ValueError(_("Please write 2000 characters at most."))
        return text
    for value, label in question.choices:
        if text in (str(value), label):
            return value
    raise ValueError(_("Please choose one of the answers."))


def rows_of(response: Response, given: Given) -> list[Answer]:
    return [
        Answer(response=response, question_id=question, text=value)
        if isinstance(value, str)
        else Answer(response=response, question_id=question, value=value)
        for question, value in given.items()
    ]


def import_responses(
    *, by: Account, survey: Survey, content: bytes, now: datetime
) -> Imported:
    """Answers that were collected elsewhere, from a CSV; all rows or none.

    The columns are q1, q2 and so on (the numbers of the questions), and optionally
    `day`. The same file twice does no harm.

    :raises NotAllowed: not one who edits surveys.
    :raises NotInThatState: the survey was not launched yet.
    :raises Invalid: not a file of answers, or fewer rows than may be shown.
    :raises RowsRejected: with the errors of all rows.
    """
    require(by, "survey.edit", survey.programme)
    with transaction.atomic():
        locked = lock(survey)
        if locked.is_draft:
            raise NotInThatState(_("Launch the survey before you import answers."))
        questions = list(questions_of(locked))
        rows = read_rows(questions, content, now.date())
        digest = hashlib.sha256(content).hexdigest()[:40]
        known = Response.objects.filter(survey=locked, nonce__startswith=f"{digest}-")
        if count := known.count():
            return Imported(0, count)
        if len(rows) < locked.fewest_answers:
            raise Invalid(
                _("Import at least %(n)s answers at once: fewer could be recognised.")
                % {"n": locked.fewest_answers}
            )
        if locked.is_closed:
            locked.round += 1
        store_rows(locked, rows, digest)
        turn(by, "imported", locked, now)
    return Imported(len(rows), 0)


def store_rows(survey: Survey, rows: list[tuple[date, Given]], digest: str) -> None:
    responses = [
        Response(
            survey=survey,
            round=survey.round,
            answered_on=day,
            source=Response.Source.FILE,
            nonce=f"{digest}-{number}",
        )
        for number, (day, _given) in enumerate(rows)
    ]
    Response.objects.bulk_create(responses)
    Answer.objects.bulk_create(
        row
        for response, (_day, given) in zip(responses, rows, strict=True)
        for row in rows_of(response, given)
    )


def read_rows(
    questions: list[Question], content: bytes, today: date
) -> list[tuple[date, Given]]:
    """:raises Invalid, RowsRejected: as for import_responses."""
    if len(content) > LARGEST_BYTES:
        raise Invalid(_("The file is larger than 5 MB; split it."))
    text = decode(content).lstrip()
    if not text:
        raise Invalid(_("The file is empty."))
    delimiter = max(",;\t", key=text.splitlines()[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    head = [(one or "").strip().lower() for one in reader.fieldnames or []]
    check_head(head, len(questions))
    reader.fieldnames = head
    rows: list[tuple[date, Given]] = []
    errors: list[dict[str, Any]] = []
    try:
        for line in reader:
            read_line(questions, line, reader.line_num, today, rows, errors)
            if len(rows) > MOST_ROWS:
                raise Invalid(
                    _("More than %(most)s rows; split the file.") % {"most": MOST_ROWS}
                )
    except csv.Error as error:
        raise Invalid(
            _("Line %(line)s cannot be read: %(error)s.")
            % {"line": reader.line_num, "error": error}
        ) from None
    if errors:
        raise RowsRejected(_("Nothing was stored: some rows are wrong."), errors)
    return rows


def check_head(head: list[str], count: int) -> None:
    """:raises Invalid: a question has no column."""
    missing = [f"q{n}" for n in range(1, count + 1) if f"q{n}" not in head]
    if missing:
        raise Invalid(
            _("Line 1: the column %(names)s is missing. Found: %(found)s.")
            % {"names": ", ".join(missing), "found": ", ".join(head)[:300] or "—"}
        )


def read_line(
    questions: list[Question],
    line: dict[str, Any],
    number: int,
    today: date,
    rows: list[tuple[date, Given]],
    errors: list[dict[str, Any]],
) -> None:
    """Add one line to the rows, or what is wrong with it to the errors."""
    day, before = today, len(errors)
    if said := (line.get("day") or "").strip():
        try:
            day = date.fromisoformat(said)
        except ValueError:
            detail = _("Write the day as 2026-03-31.")
            errors.append({"line": number, "column": "day", "detail": detail})
    given: dict[int, int | str] = {}
    for position, question in enumerate(questions, start=1):
        column = f"q{position}"
        try:
            value = read_answer(question, line.get(column))
        except ValueError as error:
            errors.append({"line": number, "column": column, "detail": str(error)})
        else:
            if value is not None:
                given[question.pk] = value
    if len(errors) == before and given:
        rows.append((day, given))
