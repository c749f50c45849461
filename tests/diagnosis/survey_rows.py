"""Rows of phase 3 for the page tests."""

from __future__ import annotations

from typing import Any

from diagnosis.models import (
    Cause,
    Evidence,
    Factor,
    Problem,
    Question,
    Survey,
    SwotItem,
)
from diagnosis.services.surveys import launch_survey, save_question, save_survey
from programmes.models import ScopeItem
from tests.world import NOW, World


def fill(world: World) -> None:
    """One row of each kind of environment, surveys and problems."""
    world.save(
        Factor,
        dimension="legal",
        text="§New rules",
        impact=-3,
        likelihood=4,
        source="§Law",
    )
    world.save(SwotItem, field="strength", text="§Skilled", source="§HR")
    fill_survey(world)
    launch_survey(by=world.lead, survey=fill_survey(world), now=NOW)
    process = ScopeItem.objects.of(world.programme).filter(kind="process").first()
    problem = world.save(
        Problem,
        title="§Orders wait",
        process=process,
        category="§Waiting",
        severity=5,
        occurrence=5,
        detection=5,
        state="placed",
    )
    cause = world.save(Cause, problem=problem, text="§Two people check")
    world.save(Evidence, cause=cause, kind="data", text="§Log of May")


def fill_survey(world: World) -> Survey:
    """A draft with one question of each kind."""
    survey = Survey(programme=world.programme, title="§How are we?", population=100)
    save_survey(by=world.lead, record=survey, now=NOW)
    for kind, options in (
        ("scale", ""),
        ("nps", ""),
        ("choice", "§Red\n§Blue"),
        ("text", ""),
    ):
        question = Question(
            programme=world.programme,
            survey=survey,
            kind=kind,
            text=f"§About {kind}",
            options=options,
            required=kind != "text",
        )
        save_question(by=world.lead, record=question, now=NOW)
    return survey


def survey_row(parameter: str, world: Any) -> Any:
    """The draft, or one of its questions."""
    survey = Survey.objects.of(world.programme).order_by("pk").first()
    if parameter == "question":
        questions = Question.objects.filter(survey=survey).order_by("pk")
        return questions.values_list("pk", flat=True)[0]
    return survey.pk


def open_link(parameter: str, world: Any) -> Any:
    """The token of the survey that was launched."""
    return Survey.objects.of(world.programme).get(state="open").token


def problem_row(parameter: str, world: Any) -> Any:
    return Problem.objects.of(world.programme).order_by("pk").first().pk


ROWS = {
    **dict.fromkeys(
        (
            "survey-question-new",
            "survey-question-edit",
            "survey-question-move",
            "survey-question-delete",
            "survey-turn",
            "survey-import",
            "survey-results",
            "survey-results-export",
        ),
        survey_row,
    ),
    "problems-merge": problem_row,
    "survey-answer": open_link,
    "survey-thanks": open_link,
}
