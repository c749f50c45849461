"""Making a survey, opening and closing it, and its page for the makers."""

from __future__ import annotations

import pytest

from diagnosis.models import Question, Survey
from diagnosis.services.surveys import (
    MOST_QUESTIONS,
    NotInThatState,
    QuestionsFixed,
    close_survey,
    delete_question,
    launch_survey,
    move_question,
    questions_of,
    reopen_survey,
    save_question,
    save_survey,
)
from programmes.kit.errors import NotAllowed
from programmes.services.records import Invalid
from tests.diagnosis.survey_rows import fill_survey
from tests.world import NOW

HOSTILE = "§<img src=x onerror=alert(1)>"


def ask(world, survey, **values):
    given = {"kind": "scale", "text": "§More?"} | values
    question = Question(programme=world.programme, survey=survey, **given)
    return save_question(by=world.lead, record=question, now=NOW)


def texts(survey):
    return [one.text for one in questions_of(survey)]


class TestSaveQuestion:
    def test_comes_last(self, world):
        survey = fill_survey(world)

        ask(world, survey)

        assert texts(survey)[-1] == "§More?"

    @pytest.mark.parametrize(
        ("kind", "options"),
        [("choice", "§One"), ("choice", "§x\n" * 13), ("scale", "§Bad\n§Good")],
    )
    def test_refuses_options_that_do_not_fit(self, world, kind, options):
        survey = fill_survey(world)

        with pytest.raises(Invalid):
            ask(world, survey, kind=kind, options=options)

    def test_ends_at_forty(self, world):
        survey = fill_survey(world)
        for _number in range(MOST_QUESTIONS - 4):
            ask(world, survey)

        with pytest.raises(Invalid):
            ask(world, survey)

    def test_is_not_for_members(self, world):
        question = questions_of(fill_survey(world)).first()

        with pytest.raises(NotAllowed):
            save_question(by=world.member, record=question, now=NOW)

    def test_is_refused_after_the_launch(self, world):
        survey = fill_survey(world)
        question = questions_of(survey).first()
        launch_survey(by=world.lead, survey=survey, now=NOW)

        with pytest.raises(QuestionsFixed):
            save_question(by=world.lead, record=question, now=NOW)
        with pytest.raises(QuestionsFixed):
            delete_question(by=world.lead, question=question, now=NOW)
        with pytest.raises(QuestionsFixed):
            move_question(by=world.lead, question=question, up=False, now=NOW)


class TestMoveQuestion:
    def test_changes_places(self, world):
        survey = fill_survey(world)
        before = texts(survey)
        second = questions_of(survey)[1]

        move_question(by=world.lead, question=second, up=True, now=NOW)

        assert texts(survey) == [before[1], before[0], *before[2:]]

    def test_does_nothing_at_the_end(self, world):
        survey = fill_survey(world)
        before = texts(survey)

        move_question(
            by=world.lead, question=questions_of(survey).last(), up=False, now=NOW
        )

        assert texts(survey) == before

    def test_closes_the_gap_of_a_deleted_one(self, world):
        survey = fill_survey(world)
        _first, second, third, fourth = questions_of(survey)
        delete_question(by=world.lead, question=second, now=NOW)

        move_question(by=world.lead, question=fourth, up=True, now=NOW)

        assert texts(survey)[1:] == [fourth.text, third.text]


class TestTurnSurvey:
    def test_needs_a_question(self, world):
        survey = Survey(programme=world.programme, title="§Bare", population=9)
        save_survey(by=world.lead, record=survey, now=NOW)

        with pytest.raises(Invalid):
            launch_survey(by=world.lead, survey=survey, now=NOW)

    def test_goes_round_and_counts_rounds(self, world):
        survey = launch_survey(by=world.lead, survey=fill_survey(world), now=NOW)
        closed = close_survey(by=world.lead, survey=survey, now=NOW)

        again = reopen_survey(by=world.lead, survey=closed, now=NOW)

        assert (closed.closed_at, again.state, again.round) == (NOW, "open", 2)
        assert again.version == 4

    def test_refuses_what_does_not_follow(self, world):
        survey = fill_survey(world)

        for change in (close_survey, reopen_survey):
            with pytest.raises(NotInThatState):
                change(by=world.lead, survey=survey, now=NOW)
        launch_survey(by=world.lead, survey=survey, now=NOW)
        with pytest.raises(NotInThatState):
            launch_survey(by=world.lead, survey=survey, now=NOW)

    @pytest.mark.parametrize("change", [launch_survey, close_survey, reopen_survey])
    def test_is_for_the_lead(self, world, change):
        with pytest.raises(NotAllowed):
            change(by=world.sponsor, survey=fill_survey(world), now=NOW)


class TestSaveSurvey:
    def test_keeps_the_audience_after_the_launch(self, world):
        survey = launch_survey(by=world.lead, survey=fill_survey(world), now=NOW)
        survey.audience = "staff"

        with pytest.raises(QuestionsFixed):
            save_survey(by=world.lead, record=survey, now=NOW)

    def test_closes_after_it_opens(self, world):
        survey = fill_survey(world)
        survey.opens_on, survey.closes_on = NOW.date(), NOW.date().replace(day=1)

        with pytest.raises(Invalid):
            save_survey(by=world.lead, record=survey, now=NOW)


class TestSurveyPage:
    def test_shows_hostile_text_as_text(self, world, sign_in):
        survey = fill_survey(world)
        ask(world, survey, text=HOSTILE, hint=HOSTILE)

        url = f"/p/o2c/surveys/{survey.pk}/"
        html = sign_in(world.lead).get(url).content.decode()

        assert "<img src=x" not in html
        assert "&lt;img src=x" in html

    def test_adds_moves_deletes_and_launches(self, world, sign_in):
        survey = fill_survey(world)
        client = sign_in(world.lead)
        base = f"/p/o2c/surveys/{survey.pk}/"
        first = questions_of(survey).first()

        client.post(f"{base}questions/new/", {"kind": "scale", "text": "§New"})
        client.post(f"{base}questions/{first.pk}/move/", {"to": "down"})
        client.post(f"{base}questions/{first.pk}/delete/")
        client.post(f"{base}turn/", {"to": "launch"})

        survey.refresh_from_db()
        assert texts(survey)[-1] == "§New"
        assert first.text not in texts(survey)
        assert survey.state == "open"

    def test_says_why_a_question_is_refused(self, world, sign_in):
        survey = fill_survey(world)

        response = sign_in(world.lead).post(
            f"/p/o2c/surveys/{survey.pk}/questions/new/",
            {"kind": "choice", "text": "§Which?", "options": "§One"},
        )

        assert response.status_code == 422
        assert "Give 2 to 12 options" in response.content.decode()

    def test_opens_an_empty_form_for_another(self, world, sign_in):
        survey = fill_survey(world)
        url = f"/p/o2c/surveys/{survey.pk}/questions/new/"

        response = sign_in(world.lead).post(
            url, {"kind": "text", "text": "§New", "add_another": "1"}
        )

        assert response.headers["Location"] == url

    def test_refuses_an_unknown_turn(self, world, sign_in):
        survey = fill_survey(world)

        sign_in(world.lead).post(f"/p/o2c/surveys/{survey.pk}/turn/", {"to": "§"})

        survey.refresh_from_db()
        assert survey.state == "draft"

    def test_shows_a_refusal(self, world, sign_in):
        survey = fill_survey(world)

        response = sign_in(world.lead).post(
            f"/p/o2c/surveys/{survey.pk}/turn/", {"to": "close"}, follow=True
        )

        assert "Only an open survey can be closed." in response.content.decode()

    def test_costs_the_same_with_more_questions(
        self, world, sign_in, django_assert_max_num_queries
    ):
        survey = fill_survey(world)
        for _number in range(20):
            ask(world, survey)
        client = sign_in(world.lead)

        with django_assert_max_num_queries(12):
            client.get(f"/p/o2c/surveys/{survey.pk}/")
