"""The open survey link under attack: nobody is known, so anybody may come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from diagnosis.models import Answer, Question, Response, Survey
from tests.hostile.values import MARKUP
from tests.stage import Stage, rolled_back

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def calm() -> Any:
    """Each test is the first caller of its minute."""
    cache.clear()


@pytest.fixture
def survey(stage: Stage) -> Any:
    """An open survey, whatever the day of the test."""
    with rolled_back():
        rows = Survey.objects.of(stage.world.programme).exclude(state="draft")
        today = timezone.localdate()
        rows.update(opens_on=None, closes_on=today + timedelta(days=9))
        yield rows.first()


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def filled(client: Client, survey: Survey) -> dict[str, Any]:
    """Good answers with the one-time number of a fresh form."""
    form = client.get(f"/s/{survey.token}/").context["form"]
    data: dict[str, Any] = {"nonce": form["nonce"].value()}
    for one in Question.objects.filter(survey=survey, deleted_at=None):
        data[f"q{one.pk}"] = one.choices[0][0] if one.choices else "§Fine"
    return data


def field(survey: Survey, kind: str) -> str:
    return f"q{Question.objects.filter(survey=survey, kind=kind)[0].pk}"


class TestAnswer:
    def test_good_ones_are_taken(self, survey: Survey, client: Client) -> None:
        answer = client.post(f"/s/{survey.token}/", filled(client, survey))

        assert answer.status_code == 302
        assert Response.objects.filter(survey=survey).count() == 1

    @pytest.mark.parametrize("kind", ["scale", "nps", "choice"])
    @pytest.mark.parametrize(
        "value", ["999", "-1", "NaN", "\0", "1.5", "9" * 5000, MARKUP, "__class__"]
    )
    def test_out_of_range_is_refused(
        self, kind: str, value: str, survey: Survey, client: Client
    ) -> None:
        data = filled(client, survey) | {field(survey, kind): value}

        answer = client.post(f"/s/{survey.token}/", data)

        assert answer.status_code == 422
        assert MARKUP not in answer.content.decode()
        assert not Response.objects.filter(survey=survey).exists()

    @pytest.mark.parametrize("text", ["\0", "x" * 5000])
    def test_text_that_cannot_be_stored_is_refused(
        self, text: str, survey: Survey, client: Client
    ) -> None:
        data = filled(client, survey) | {field(survey, "text"): text}

        answer = client.post(f"/s/{survey.token}/", data)

        assert answer.status_code == 422
        assert not Answer.objects.filter(response__survey=survey).exists()

    def test_unknown_questions_are_left_out(
        self, survey: Survey, client: Client, stage: Stage
    ) -> None:
        foreign = Question.objects.filter(programme=stage.far.programme)[0]
        data = filled(client, survey) | {f"q{foreign.pk}": "1", "q0": "1", "qx": "\0"}

        answer = client.post(f"/s/{survey.token}/", data)

        assert answer.status_code == 302
        assert not Answer.objects.filter(question=foreign).exists()

    def test_twice_is_stored_once(self, survey: Survey, client: Client) -> None:
        data = filled(client, survey)

        answers = [client.post(f"/s/{survey.token}/", data) for _ in range(3)]

        assert {one.status_code for one in answers} == {302}
        assert Response.objects.filter(survey=survey).count() == 1

    @pytest.mark.parametrize("nonce", ["", "x", "x:y", "\0", "a" * 10_000])
    def test_made_up_numbers_are_refused(
        self, nonce: str, survey: Survey, client: Client
    ) -> None:
        data = filled(client, survey) | {"nonce": nonce}

        answer = client.post(f"/s/{survey.token}/", data)

        assert answer.status_code == 422
        assert "reload" in answer.content.decode() or "load the page" in (
            answer.content.decode()
        )

    def test_the_number_of_another_survey_is_refused(
        self, survey: Survey, client: Client, stage: Stage
    ) -> None:
        rows = Survey.objects.of(stage.far.programme).exclude(state="draft")
        rows.update(opens_on=None, closes_on=None)
        theirs = filled(client, rows[0])["nonce"]
        data = filled(client, survey) | {"nonce": theirs}

        answer = client.post(f"/s/{survey.token}/", data)

        assert answer.status_code == 422

    def test_a_large_body_is_refused(self, survey: Survey, client: Client) -> None:
        data = filled(client, survey) | {field(survey, "text"): "x" * 70_000}

        answer = client.post(f"/s/{survey.token}/", data)

        assert answer.status_code == 413
        assert "shorten" in answer.content.decode()

    def test_without_the_forms_cookie_is_refused(self, survey: Survey) -> None:
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)

        answer = client.post(f"/s/{survey.token}/", {"q1": "1"})

        assert answer.status_code in (302, 403, 422)
        assert not Response.objects.filter(survey=survey).exists()

    def test_leaves_no_session(self, survey: Survey, client: Client) -> None:
        client.post(f"/s/{survey.token}/", filled(client, survey))

        assert "sessionid" not in client.cookies


class TestLink:
    @pytest.mark.parametrize("token", ["x", "a" * 5000, "-", "__class__", "0"])
    def test_wrong_ones_lead_nowhere(self, token: str, client: Client) -> None:
        for path in (f"/s/{token}/", f"/s/{token}/thanks/"):
            cache.clear()
            answer = client.get(path)
            assert answer.status_code == 404

    def test_of_a_draft_leads_nowhere(self, stage: Stage, client: Client) -> None:
        draft = Survey.objects.of(stage.world.programme).filter(state="draft").first()
        token = draft.token if draft else ""

        answer = client.get(f"/s/{token or 'none'}/")

        assert answer.status_code in (404, 410)

    def test_of_a_closed_one_takes_nothing(
        self, survey: Survey, client: Client
    ) -> None:
        data = filled(client, survey)
        yesterday = timezone.localdate() - timedelta(days=1)
        Survey.objects.filter(pk=survey.pk).update(closes_on=yesterday)

        answer = client.post(f"/s/{survey.token}/", data)

        assert answer.status_code == 410
        assert not Response.objects.filter(survey=survey).exists()

    def test_is_slowed_down(self, survey: Survey, client: Client) -> None:
        statuses = [client.get("/s/guess/").status_code for _ in range(40)]

        assert statuses[0] == 404
        assert statuses[-1] == 429
