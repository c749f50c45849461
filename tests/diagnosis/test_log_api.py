"""Event logs by API: rights, wrong files, repeated keys, versions, limits."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from diagnosis.models import EventLog
from diagnosis.services import log_intake
from programmes import jobs
from programmes.models import ApiToken, Job
from programmes.services.tokens import create_token
from tests.diagnosis.fill import LOG, MAPPING, import_now, receive
from tests.diagnosis.log_ready import folders
from tests.diagnosis.test_log_versions import MORE, NEWER

URL = "/api/v1/event-logs"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def token(world, *scopes: str, **more: Any) -> str:
    _token, secret = create_token(
        by=world.admin,
        enterprise=world.enterprise,
        name="§ERP",
        scopes=scopes or [ApiToken.Scope.LOGS],
        expires_on=timezone.now().date() + timedelta(days=30),
        now=timezone.now(),
        **more,
    )
    return secret


@pytest.fixture
def secret(world) -> str:
    return token(world)


def send(secret: str, text: str | bytes = LOG, url: str = URL, **values: Any) -> Any:
    headers = {"Authorization": f"Bearer {secret}"}
    if "key" in values:
        headers["Idempotency-Key"] = values.pop("key")
    content = text.encode() if isinstance(text, str) else text
    name = values.pop("file_name", "§orders.csv")
    body = {"programme": "o2c", "file": SimpleUploadedFile(name, content), **values}
    return Client().post(url, body, headers=headers)


def read(secret: str, url: str = URL) -> Any:
    return Client().get(url, headers={"Authorization": f"Bearer {secret}"})


class TestSendLog:
    def test_is_imported_in_a_job(self, world, secret) -> None:
        answer = send(secret, mapping=json.dumps(MAPPING), name="§Orders")

        sent = answer.json()
        assert (answer.status_code, sent["state"], sent["name"]) == (
            202,
            "importing",
            "§Orders",
        )
        jobs.run(Job.objects.get().pk)
        log = read(secret, answer["Location"]).json()
        assert (log["state"], log["events"], log["cases"]) == ("ready", 9, 3)
        assert [one["id"] for one in read(secret).json()] == [sent["id"]]
        assert read(secret, f"{URL}?programme=no-such").json() == []

    def test_guesses_columns_that_are_not_said(self, world, secret) -> None:
        send(secret)

        assert EventLog.objects.get().mapping["case"] == "§Order"

    def test_with_a_known_key_gives_the_same_log(self, world, secret) -> None:
        first = send(secret, key="run-1")

        again = send(secret, key="run-1")
        other = send(secret, NEWER, key="run-1")

        assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
        assert (other.status_code, other.json()["title"]) == (422, "key reused")
        assert EventLog.objects.count() == 1

    @pytest.mark.parametrize(
        ("text", "values", "words"),
        [
            ("", {}, "is empty"),
            (b"%PDF-1.7", {}, "neither CSV nor XES"),
            ("a,b\n1,2\n", {}, "No column looks like"),
            (
                LOG,
                {"mapping": json.dumps({**MAPPING, "case": "§No"})},
                "no column “§No”",
            ),
            (LOG, {"mapping": '{"case": "§Order"}'}, "lacks the activity"),
            (LOG, {"mapping": '{"what": "§Order"}'}, "There is no “what”"),
            (LOG, {"mapping": json.dumps({**MAPPING, "case": [1]})}, "by its text"),
            (LOG, {"mapping": "[1]"}, "an object"),
            (LOG, {"mapping": "[" * 3000}, "an object"),
        ],
    )  # fmt: skip
    def test_refuses_in_a_sentence_and_keeps_nothing(
        self, world, secret, media, text, values, words
    ) -> None:
        answer = send(secret, text, **values)

        assert answer.status_code in (400, 422)
        assert answer["Content-Type"] == "application/problem+json"
        assert words in answer.json()["detail"]
        assert (folders(media), EventLog.objects.count()) == ([], 0)

    def test_refuses_what_is_too_large_or_lacks_its_file(
        self, world, secret, settings
    ) -> None:
        settings.LARGEST_UPLOAD = 10

        assert send(secret).status_code == 422
        lacking = Client().post(
            URL, {"programme": "o2c"}, headers={"Authorization": f"Bearer {secret}"}
        )
        assert lacking.status_code == 400
        as_json = Client().post(
            URL,
            {"programme": "o2c"},
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )
        assert as_json.status_code == 415

    def test_refuses_more_while_enough_wait(self, world, secret, monkeypatch) -> None:
        monkeypatch.setattr(log_intake, "MOST_WAITING", 1)
        send(secret)

        answer = send(secret, NEWER)

        assert (answer.status_code, EventLog.objects.count()) == (429, 1)


class TestFurtherFiles:
    def test_make_versions(self, world, secret) -> None:
        log = import_now(world, receive(world))

        more = send(secret, MORE, f"{URL}/{log.pk}/events", key="b")
        again = send(secret, MORE, f"{URL}/{log.pk}/events", key="b")
        jobs.run(Job.objects.latest("pk").pk)
        newer = send(secret, NEWER, f"{URL}/{log.pk}/versions")
        jobs.run(Job.objects.latest("pk").pk)

        assert (more.status_code, again.status_code, newer.status_code) == (
            202,
            200,
            202,
        )
        added = read(secret, more["Location"]).json()
        assert (added["version"], added["events"]) == (2, 10)
        assert added["left_out"] == {"duplicates": 1}
        replaced = read(secret, newer["Location"]).json()
        assert (replaced["version"], replaced["events"]) == (3, 11)

    def test_are_refused_with_other_columns(self, world, secret) -> None:
        log = import_now(world, receive(world))

        answer = send(secret, "a,b\n1,2\n", f"{URL}/{log.pk}/events")

        assert answer.status_code == 422
        assert "has other columns" in answer.json()["detail"]

    def test_wait_until_the_log_is_imported(self, world, secret) -> None:
        log = receive(world)

        answer = send(secret, MORE, f"{URL}/{log.pk}/events")

        assert (answer.status_code, answer.json()["title"]) == (409, "log not ready")


class TestRights:
    def test_need_the_scope(self, world) -> None:
        secret = token(world, "kpi:write")
        log = receive(world)

        answers = [
            send(secret),
            send(secret, url=f"{URL}/{log.pk}/events"),
            read(secret),
            read(secret, f"{URL}/{log.pk}"),
        ]

        assert {one.status_code for one in answers} == {403}
        assert EventLog.objects.count() == 1

    def test_end_at_the_wall(self, world) -> None:
        secret = token(world, programme=world.other_programme)
        log = receive(world)

        assert send(secret).status_code == 404
        assert send(secret, url=f"{URL}/{log.pk}/versions").status_code == 404
        assert read(secret, f"{URL}/{log.pk}").status_code == 404
        assert read(secret).json() == []

    def test_of_people_are_those_of_their_roles(self, world, sign_in) -> None:
        import_now(world, receive(world))
        given = {"programme": "o2c"}

        member, lead = sign_in(world.member), sign_in(world.lead)
        refused = member.post(
            URL, {**given, "file": SimpleUploadedFile("a.csv", LOG.encode())}
        )
        listed = member.get(URL)
        taken = lead.post(
            URL, {**given, "file": SimpleUploadedFile("a.csv", LOG.encode())}
        )

        assert (refused.status_code, taken.status_code) == (403, 202)
        assert len(listed.json()) == 1
