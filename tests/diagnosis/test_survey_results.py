"""The results of a survey: what they say and hide, answers from a file, gate 3."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from diagnosis.models import Response
from diagnosis.models.survey_results import results_of
from diagnosis.services.survey_answers import (
    RowsRejected,
    import_responses,
)
from diagnosis.services.surveys import (
    NotInThatState,
    launch_survey,
    questions_of,
    reopen_survey,
)
from programmes.kit.errors import NotAllowed
from programmes.services.records import Invalid
from tests.diagnosis.survey_ready import answer, close
from tests.diagnosis.survey_rows import fill_survey
from tests.diagnosis.test_environment import assessed
from tests.world import NOW

HOSTILE = "§<svg onload=alert(1)>"
HEAD = "q1,q2,q3,q4\n"


@pytest.fixture(autouse=True)
def fresh_minute():
    """Each test counts its requests from nothing."""
    cache.clear()


@pytest.fixture
def survey(world):
    return launch_survey(by=world.lead, survey=fill_survey(world), now=NOW)


class TestResults:
    def test_are_hidden_while_it_is_open(self, world, survey):
        answer(survey, 6)

        found = results_of(survey)

        assert (found.n, found.is_shown, found.questions) == (6, False, ())

    def test_are_suppressed_under_five(self, world, survey):
        answer(survey, 4)

        found = results_of(close(world, survey))

        assert (found.n, found.is_shown, found.questions) == (0, False, ())

    def test_count_from_five_on(self, world, survey):
        answer(survey, 3, scale=5, nps=10)
        answer(survey, 2, start=3, scale=2, nps=0)

        scale, nps, choice, text = results_of(close(world, survey)).questions

        assert scale.csat.csat_pct == 60
        assert nps.nps.nps == pytest.approx(20)
        assert [one.count for one in choice.options] == [5, 0]
        assert text.is_suppressed

    def test_show_texts_from_ten_on_in_no_order_of_arrival(self, world, survey):
        for number in range(10):
            answer(survey, 1, start=number, text=f"§{9 - number}")

        text = results_of(close(world, survey)).questions[3]

        assert text.texts == tuple(f"§{n}" for n in range(10))

    def test_leave_out_a_few_late_answers(self, world, survey):
        answer(survey, 5)
        again = reopen_survey(by=world.lead, survey=close(world, survey), now=NOW)
        answer(again, 1, start=5, scale=1)

        found = results_of(close(world, again))

        assert found.n == 5
        assert found.questions[0].options[0].count == 0

    def test_suppress_an_optional_question_few_answered(self, world):
        draft = fill_survey(world)
        questions_of(draft).update(required=False)
        survey = launch_survey(by=world.lead, survey=draft, now=NOW)
        answer(survey, 4)
        answer(survey, 1, start=4, scale="")

        scale, nps, *_rest = results_of(close(world, survey)).questions

        assert scale.is_suppressed
        assert scale.options == ()
        assert nps.n == 5


class TestResultsPage:
    def test_shows_figures_with_their_methods_and_no_markup_of_answers(
        self, world, survey, sign_in
    ):
        answer(survey, 10, text=HOSTILE)
        close(world, survey)

        url = f"/p/o2c/surveys/{survey.pk}/results/"
        html = sign_in(world.viewer).get(url).content.decode()

        assert "/methods/survey.csat_top2/" in html
        assert "&lt;svg onload" in html
        assert "<svg onload" not in html

    @pytest.mark.parametrize("count", [0, 4])
    def test_says_that_there_are_too_few(self, world, survey, sign_in, count):
        answer(survey, count)
        close(world, survey)

        url = f"/p/o2c/surveys/{survey.pk}/results/"
        html = sign_in(world.lead).get(url).content.decode()

        assert "Fewer than 5 people answered" in html
        assert "95% interval" not in html

    def test_exports_counts_and_guards_against_formulas(self, world, survey, sign_in):
        answer(survey, 10, text="=§1+1")
        close(world, survey)

        url = f"/p/o2c/surveys/{survey.pk}/results/export.csv"
        text = sign_in(world.lead).get(url).content.decode()

        assert "§About scale,Scale from 1 to 5,1,0,0.0,100.0" in text
        assert "§About scale,Scale from 1 to 5,4,10,1.0," in text
        assert "'=§1+1" in text

    def test_exports_no_row_of_what_is_suppressed(self, world, survey, sign_in):
        answer(survey, 5, text="§Secret")
        close(world, survey)

        url = f"/p/o2c/surveys/{survey.pk}/results/export.csv"
        text = sign_in(world.lead).get(url).content.decode()

        assert "§Secret" not in text
        assert "too few answers" in text


class TestImportResponses:
    def rows(self, count=5):
        return (HEAD + "4,9,§Red,\n" * count).encode()

    def bring(self, world, survey, content, by="lead"):
        return import_responses(
            by=world.accounts[by], survey=survey, content=content, now=NOW
        )

    def test_stores_rows_once(self, world, survey):
        first = self.bring(world, survey, self.rows())
        second = self.bring(world, survey, self.rows())

        assert (first.stored, second.stored, second.known) == (5, 0, 5)
        assert set(Response.objects.values_list("source", flat=True)) == {"file"}

    def test_makes_a_round_of_its_own_after_the_close(self, world, survey):
        answer(survey, 5)
        closed = close(world, survey)

        self.bring(world, closed, self.rows(6))

        closed.refresh_from_db()
        assert (closed.round, results_of(closed).n) == (2, 11)

    def test_takes_the_day_of_each_row(self, world, survey):
        content = "day;q1;q2;q3;q4\n" + "2026-02-01;4;9;1;§Yes\n" * 5

        self.bring(world, survey, content.encode())

        assert {str(one.answered_on) for one in Response.objects.all()} == {
            "2026-02-01"
        }

    def test_names_each_wrong_value_and_stores_nothing(self, world, survey):
        content = "day,q1,q2,q3,q4\n§,9,9,§Red,\n2026-02-01,4,,§Green,\n"

        with pytest.raises(RowsRejected) as refusal:
            self.bring(world, survey, content.encode())

        places = [(one["line"], one["column"]) for one in refusal.value.errors]
        assert places == [(2, "day"), (2, "q1"), (3, "q2"), (3, "q3")]
        assert not Response.objects.exists()

    @pytest.mark.parametrize(
        "content",
        [b"", b"q1,q2\n4,9\n", b"\0\0\0", b"x" * (5 * 1024 * 1024 + 1)],
        ids=["empty", "no column", "binary", "large"],
    )
    def test_refuses_other_files(self, world, survey, content):
        with pytest.raises(Invalid):
            self.bring(world, survey, content)

    def test_refuses_an_endless_cell(self, world, survey):
        content = HEAD + "4,9,§Red," + "x" * 200_000 + "\n"

        with pytest.raises(Invalid):
            self.bring(world, survey, content.encode())

    def test_refuses_too_many_rows(self, world, survey, monkeypatch):
        monkeypatch.setattr("diagnosis.services.survey_answers.MOST_ROWS", 5)

        with pytest.raises(Invalid):
            self.bring(world, survey, self.rows(6))

    def test_refuses_fewer_than_may_be_shown(self, world, survey):
        with pytest.raises(Invalid):
            self.bring(world, survey, self.rows(4))

    def test_refuses_a_draft(self, world):
        with pytest.raises(NotInThatState):
            self.bring(world, fill_survey(world), self.rows())

    def test_is_for_the_lead(self, world, survey):
        with pytest.raises(NotAllowed):
            self.bring(world, survey, self.rows(), by="member")

    def test_shows_the_errors_on_the_page(self, world, survey, sign_in):
        from django.core.files.uploadedfile import SimpleUploadedFile

        client = sign_in(world.lead)
        url = f"/p/o2c/surveys/{survey.pk}/import/"
        wrong = SimpleUploadedFile("a.csv", HEAD.encode() + b"6,9,1,\n")
        short = SimpleUploadedFile("b.csv", self.rows(2))
        good = SimpleUploadedFile("c.csv", self.rows())

        answers = [client.post(url, {"file": one}) for one in (wrong, short, good)]

        assert [one.status_code for one in answers] == [422, 422, 302]
        assert "1 value is wrong" in answers[0].content.decode()


class TestGate3SurveyCriterion:
    def test_passes_when_enough_answered_and_it_is_closed(self, world, survey):
        answer(survey, 50)
        close(world, survey)

        found = assessed(world, "G3.A2")

        assert (found.result, found.done, found.of) == ("pass", 50, 50)

    def test_fails_while_it_is_open(self, world, survey):
        answer(survey, 50)

        assert assessed(world, "G3.A2").result == "fail"

    def test_fails_with_too_few_and_leads_there(self, world, survey):
        answer(survey, 49)
        close(world, survey)

        found = assessed(world, "G3.A2")

        assert found.result == "fail"
        assert found.links[0].url == f"/p/o2c/surveys/{survey.pk}/"

    def test_fails_without_a_survey(self, world):
        assert assessed(world, "G3.A2").links[0].url == "/p/o2c/surveys/new/"

    def test_mark_holds_no_count(self, world, survey):
        before = assessed(world, "G3.A2").mark
        answer(survey, 3)

        assert assessed(world, "G3.A2").mark == before
