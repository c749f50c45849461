"""What a survey says: counted answers, and nothing that points to a few people.

Thresholds are applied here, where the rows are read, so that no page, file or report
can go round them. Nothing but the number of responses is told before the survey is
closed; a round of late answers below the threshold is left out altogether.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef
from django.db.models.functions import JSONObject

from diagnosis.maths.satisfaction import (
    NetPromoterScore,
    TopTwoBoxes,
    csat_top2,
    margin_fpc,
    nps,
    sample_size,
)
from diagnosis.models.surveys import (
    Answer,
    Question,
    Response,
    Survey,
    SurveyQuerySet,
)

ACCEPTED_MARGIN = 0.10
MOST_TEXTS = 200


@dataclass(frozen=True)
class Option:
    """One possible answer, how often it was given, and its share."""

    value: int
    label: str
    count: int
    share: float


@dataclass(frozen=True)
class QuestionResult:
    """The answers to one question; empty where they are too few to be shown."""

    question: Question
    n: int
    is_suppressed: bool
    options: tuple[Option, ...] = ()
    csat: TopTwoBoxes | None = None
    nps: NetPromoterScore | None = None
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class SurveyResults:
    """How many answered, whether that is enough, and what they say."""

    survey: Survey
    n: int
    needed: int
    margin: float | None
    is_shown: bool
    questions: tuple[QuestionResult, ...] = ()

    @property
    def is_enough(self) -> bool:
        return self.n >= self.needed

    @property
    def share(self) -> float:
        return self.n / self.survey.population if self.survey.population else 0.0


def counted_rounds(survey: Survey) -> dict[int, int]:
    """Responses by round, without rounds that are too small to be anonymous."""
    rows = (
        Response.objects.filter(survey=survey)
        .values_list("round")
        .annotate(n=Count("pk"))
    )
    return {number: n for number, n in rows.order_by("round") if counts(survey, n)}


def counts(survey: Survey, n: int) -> bool:
    """A round of n responses is large enough, or may still become so."""
    return n >= survey.fewest_answers or not survey.is_closed


def with_rounds(surveys: SurveyQuerySet) -> SurveyQuerySet:
    """Surveys with `round_sizes`: how many responses each of their rounds has."""
    sizes = (
        Response.objects.filter(survey=OuterRef("pk"))
        .values("survey", "round")
        .annotate(n=Count("pk"))
    )
    found: SurveyQuerySet = surveys.annotate(
        round_sizes=ArraySubquery(sizes.values("n"))
    )
    return found


def counted_answers(survey: Any) -> int:
    """The responses that count, of a survey that was read by `with_rounds`."""
    return sum(n for n in survey.round_sizes if counts(survey, n))


def needed_answers(population: int, margin: float = ACCEPTED_MARGIN) -> int:
    """Answers for ±10 points at 95 %, corrected for the finite population.

    :param margin: another accepted margin, as a share.
    """
    return sample_size(margin, max(population, 1)).n


def results_of(survey: Survey) -> SurveyResults:
    """Two queries, whatever the number of questions and answers."""
    rounds = counted_rounds(survey)
    n = sum(rounds.values())
    population = max(survey.population, n, 1)
    is_shown = survey.is_closed and n >= survey.fewest_answers
    return SurveyResults(
        survey=survey,
        n=n,
        needed=needed_answers(survey.population),
        margin=margin_fpc(n, population).margin,
        is_shown=is_shown,
        questions=tuple(question_results(survey, list(rounds))) if is_shown else (),
    )


def question_results(survey: Survey, rounds: list[int]) -> list[QuestionResult]:
    answers = Answer.objects.filter(
        question=OuterRef("pk"), response__survey=survey, response__round__in=rounds
    )
    tally = answers.exclude(value=None).values("value").annotate(n=Count("pk"))
    # In alphabetical order: the order of arrival is nobody's business.
    texts = answers.filter(value=None).order_by("text")
    questions: Any = Question.objects.filter(survey=survey, deleted_at=None)
    questions = questions.annotate(
        tally=ArraySubquery(
            tally.values(pair=JSONObject(value="value", n=Count("pk")))
        ),
        texts=ArraySubquery(texts.values("text")),
    )
    return [
        text_result(survey, one, one.texts)
        if one.kind == Question.Kind.TEXT
        else choice_result(
            survey, one, {pair["value"]: pair["n"] for pair in one.tally}
        )
        for one in questions.order_by("position", "pk")
    ]


def text_result(survey: Survey, question: Question, texts: list[str]) -> QuestionResult:
    if len(texts) < survey.fewest_texts:
        return QuestionResult(question, len(texts), is_suppressed=True)
    return QuestionResult(
        question, len(texts), is_suppressed=False, texts=tuple(texts[:MOST_TEXTS])
    )


def choice_result(
    survey: Survey, question: Question, counts: dict[int, int]
) -> QuestionResult:
    n = sum(counts.values())
    if n < survey.fewest_answers:
        return QuestionResult(question, n, is_suppressed=True)
    options = tuple(
        Option(value, label, counts.get(value, 0), counts.get(value, 0) / n)
        for value, label in question.choices
    )
    by_value = [one.count for one in options]
    return QuestionResult(
        question,
        n,
        is_suppressed=False,
        options=options,
        csat=satisfaction(by_value) if question.kind == Question.Kind.SCALE else None,
        nps=nps(counts=by_value) if question.kind == Question.Kind.NPS else None,
    )


def satisfaction(counts: list[int]) -> TopTwoBoxes:
    """The method takes single answers; they are written out from the counts."""
    return csat_top2([grade for grade, n in enumerate(counts, 1) for _ in range(n)])
