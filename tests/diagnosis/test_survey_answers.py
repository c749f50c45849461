"""Answering a survey: the service and the open link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as NoCache

from diagnosis.models import Answer, Response
from diagnosis.services.survey_answers import (
    SurveyClosed,
    record_response,
)
from diagnosis.services.surveys import (
    launch_survey,
    questions_of,
)
from programmes.services.records import Invalid
from tests.diagnosis.survey_ready import answer, close, filled, given
from tests.diagnosis.survey_rows import fill_survey
from tests.world import NOW

HOSTILE = "§<svg onload=alert(1)>"


@pytest.fixture(autouse=True)
def fresh_minute():
    """Each test counts its requests from nothing."""
    cache.clear()


@pytest.fixture
def survey(world):
    return launch_survey(by=world.lead, survey=fill_survey(world), now=NOW)


class TestRecordResponse:
    def test_keeps_the_day_and_no_more(self, world, survey):
        answer(survey, text="§Nice")

        response = Response.objects.get()

        assert response.answered_on == NOW.date()
        assert {one.name for one in Response._meta.get_fields()} == {
            "answers",
            "id",
            "survey",
            "round",
            "answered_on",
            "source",
            "nonce",
        }

    def test_stores_the_same_form_once(self, world, survey):
        again = {"survey": survey, "answers": given(survey), "nonce": "n", "now": NOW}

        results = [record_response(**again), record_response(**again)]

        assert results == [True, False]
        assert Answer.objects.count() == 3

    @pytest.mark.parametrize(
        "values", [{"scale": 6}, {"scale": ""}, {"choice": 3}, {"text": "§" * 2001}]
    )
    def test_refuses_what_cannot_be_answered(self, world, survey, values):
        with pytest.raises(Invalid):
            answer(survey, **values)

        assert not Response.objects.exists()

    def test_refuses_an_empty_form(self, world):
        draft = fill_survey(world)
        questions_of(draft).update(required=False)
        survey = launch_survey(by=world.lead, survey=draft, now=NOW)

        with pytest.raises(Invalid):
            record_response(survey=survey, answers={}, nonce="n", now=NOW)

    def test_refuses_outside_of_its_days(self, world, survey):
        survey.closes_on = NOW.date() - timedelta(days=1)
        survey.save()

        with pytest.raises(SurveyClosed):
            answer(survey)


class TestOpenLink:
    def test_takes_one_plain_form(self, world, survey):
        client = Client()

        response = client.post(f"/s/{survey.token}/", filled(client, survey))

        assert response.headers["Location"] == f"/s/{survey.token}/thanks/"
        assert "Thank you" in client.get(response.headers["Location"]).content.decode()
        assert Response.objects.count() == 1
        assert "sessionid" not in client.cookies

    def test_stores_a_form_sent_twice_once(self, world, survey):
        client = Client()
        fields = filled(client, survey)

        codes = [
            client.post(f"/s/{survey.token}/", fields).status_code for _n in range(2)
        ]

        assert codes == [302, 302]
        assert Response.objects.count() == 1

    def test_refuses_a_made_up_form_number(self, world, survey):
        client = Client()
        fields = filled(client, survey) | {"nonce": "§made:up"}

        response = client.post(f"/s/{survey.token}/", fields)

        assert response.status_code == 422
        assert not Response.objects.exists()

    def test_keeps_what_was_answered_when_something_is_missing(self, world, survey):
        client = Client()
        fields = filled(client, survey, scale="", text=HOSTILE)

        response = client.post(f"/s/{survey.token}/", fields)

        html = response.content.decode()
        assert response.status_code == 422
        assert "Please answer this question." in html
        assert "&lt;svg onload" in html
        assert "<svg onload" not in html

    def test_weighs_little(self, world, survey):
        assert len(Client().get(f"/s/{survey.token}/").content) < 30_000

    def test_is_never_cached(self, world, survey):
        response = Client().get(f"/s/{survey.token}/")

        assert "no-store" in response.headers["Cache-Control"]

    def test_says_that_it_is_closed(self, world, survey):
        client = Client()
        fields = filled(client, survey)
        close(world, survey)

        response = client.post(f"/s/{survey.token}/", fields)

        assert response.status_code == 410
        assert "takes no answers" in response.content.decode()
        assert not Response.objects.exists()

    def test_leads_nowhere_when_wrong_or_a_draft_or_deleted(self, world, survey):
        from programmes.services.records import delete_record

        draft = fill_survey(world)
        delete_record(by=world.lead, record=survey, now=NOW)
        client = Client()
        paths = [
            "/s/AAAAAAAAAAAAAAAAAAAAAA/",
            f"/s/{draft.token}/",
            f"/s/{survey.token}/",
            f"/s/{draft.token}/thanks/",
        ]

        answers = [client.get(one) for one in paths]

        assert {one.status_code for one in answers} == {404}
        assert len({one.content for one in answers}) == 1

    def test_refuses_a_large_body(self, world, survey):
        client = Client()
        fields = filled(client, survey, text="§" * 70_000)

        assert client.post(f"/s/{survey.token}/", fields).status_code == 413

    def test_slows_one_address_down_and_not_another(
        self, world, survey, within_a_minute
    ):
        client = Client()

        codes = [client.get(f"/s/{survey.token}/").status_code for _n in range(31)]
        elsewhere = client.get(f"/s/{survey.token}/", REMOTE_ADDR="192.0.2.9")

        assert codes[:30] == [200] * 30
        assert codes[30] == 429
        assert elsewhere.status_code == 200

    def test_lets_nobody_through_without_the_cache(self, world, survey, monkeypatch):
        def fail(*_args, **_more):
            raise NoCache

        monkeypatch.setattr(cache, "add", fail)

        assert Client().get(f"/s/{survey.token}/").status_code == 429

    def test_believes_the_proxy_only_when_there_is_one(self, settings, rf):
        from programmes.kit.callers import caller

        request = rf.get("/", headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.7"})
        plain = caller(request)
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

        assert (plain, caller(request)) == ("127.0.0.1", "192.0.2.7")
