"""The API under hostile bodies: problem+json with a sentence, nothing half stored."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from programmes.maths import catalogue
from programmes.models import ApiToken, Measurement, MeasurementBatch
from programmes.services.tokens import create_token
from tests.stage import Stage, rolled_back

pytestmark = pytest.mark.django_db

URL = "/api/v1/measurement-batches"
DEEP = 10_000


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def objects(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


BODIES = {
    "empty": "",
    "no JSON": "<xml/>",
    "a number": "1",
    "null": "null",
    "a list": "[]",
    "lists in lists": nested(DEEP),
    "objects in objects": objects(DEEP),
    "rows in lists": f'{{"programme": "o2c", "rows": {nested(DEEP)}}}',
    "a value in lists": '{"programme":"o2c","rows":[{"series":"a","at":"2026-01-01",'
    f'"value":{nested(900)}}}]}}',
    "rows no list": '{"programme": "o2c", "rows": {}}',
    "rows of nothing": '{"programme": "o2c", "rows": []}',
    "programme a list": '{"programme": ["o2c"], "rows": [{}]}',
    "programme null byte": '{"programme": "o2c\\u0000", "rows": [{}]}',
    "programme surrogate": '{"programme": "\\ud800", "rows": [{}]}',
    "NaN": '{"programme": "o2c", "rows": [{"series": "s", "value": NaN}]}',
    "other's programme": '{"programme": "far-o2c", "rows": [{}]}',
    "not UTF-8": b"\xff\xfe\x00{",
    "digits": '{"programme": "o2c", "rows": [' + "9" * 100_000 + "]}",
}
GOOD = {"series": "", "at": "2026-01-31", "value": "1"}
ROWS: dict[str, Any] = {
    "no object": 1,
    "null": None,
    "nothing": {},
    "huge value": {**GOOD, "value": 10**40},
    "exponent": {**GOOD, "value": "1e999999999"},
    "tiny": {**GOOD, "value": "1e-999999999"},
    "not a number": {**GOOD, "value": "NaN"},
    "list as value": {**GOOD, "value": [1]},
    "year 0": {**GOOD, "at": "0000-01-01"},
    "year 1 with offset": {**GOOD, "at": "0001-01-01T00:00:00+23:59"},
    "year 9999": {**GOOD, "at": "9999-12-31T23:59:59-23:59"},
    "31.02.": {**GOOD, "at": "2026-02-31"},
    "no date": {**GOOD, "at": {"a": 1}},
    "hour 25": {**GOOD, "at": "2026-01-01T25:00:00Z"},
    "null byte": {**GOOD, "note": "a\0"},
    "surrogate note": {**GOOD, "note": "\ud800"},
    "surrogate key": {**GOOD, "key": "\udfff"},
    "surrogate series": {**GOOD, "series": "\ud800"},
    "surrogate day": {**GOOD, "at": "\ud800"},
    "surrogate value": {**GOOD, "value": "\ud800"},
    "version text": {**GOOD, "version": "2"},
    "version huge": {**GOOD, "version": 10**30},
    "version float": {**GOOD, "version": 1.5},
    "note a list": {**GOOD, "note": ["a"]},
    "note long": {**GOOD, "note": "x" * 1_000_000},
}
TYPES = ("text/plain", "application/xml", "multipart/form-data", "x", "", "a/b;c=\xff")


@pytest.fixture(scope="module")
def header(stage: Stage) -> dict[str, str]:
    world = stage.world
    _token, secret = create_token(
        by=world.admin,
        enterprise=world.enterprise,
        name="§Feeder",
        scopes=list(ApiToken.Scope.values),
        expires_on=timezone.localdate() + timedelta(days=30),
        now=timezone.now(),
    )
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def post(stage: Stage, header: dict[str, str], body: Any, **more: Any) -> Any:
    client = stage.clients["anonymous"]
    kind = more.pop("content_type", "application/json")
    with rolled_back():
        return client.post(more.pop("url", URL), body, content_type=kind, **header)


def assert_problem(answer: Any) -> None:
    assert 400 <= answer.status_code < 500, answer.status_code
    assert answer["Content-Type"].startswith("application/problem+json")
    said = json.loads(answer.content)
    assert said["detail"]
    assert "Traceback" not in said["detail"]
    assert len(answer.content) < 20_000


class TestMeasurements:
    @pytest.mark.parametrize("name", BODIES)
    def test_refuse_a_hostile_body(self, name: str, stage: Stage, header: Any) -> None:
        before = MeasurementBatch.objects.count()

        answer = post(stage, header, BODIES[name])

        if name in ("NaN", "digits", "a value in lists") and answer.status_code == 200:
            assert answer.json()["accepted"] == 0
        else:
            assert_problem(answer)
        assert MeasurementBatch.objects.count() == before

    @pytest.mark.parametrize("name", ROWS)
    def test_refuse_a_hostile_row(self, name: str, stage: Stage, header: Any) -> None:
        world = stage.world
        row = ROWS[name]
        if isinstance(row, dict) and row.get("series") == "":
            from programmes.models import Indicator

            row = {**row, "series": Indicator.objects.of(world.programme)[0].code}
        body = json.dumps({"programme": world.programme.code, "rows": [row]})
        before = Measurement.objects.count()

        answer = post(stage, header, body)

        assert answer.status_code in (200, 400), answer.content[:300]
        if answer.status_code == 200:
            said = answer.json()
            assert said["rejected"] or name == "tiny", said
        assert Measurement.objects.count() == before

    @pytest.mark.parametrize("kind", TYPES)
    def test_refuse_other_content(self, kind: str, stage: Stage, header: Any) -> None:
        answer = post(stage, header, "{}", content_type=kind)

        assert_problem(answer)

    @pytest.mark.parametrize("verb", ["get", "put", "patch", "delete", "trace"])
    def test_refuse_other_verbs(self, verb: str, stage: Stage, header: Any) -> None:
        answer = getattr(stage.clients["anonymous"], verb)(URL, **header)

        assert answer.status_code == 405

    @pytest.mark.parametrize("key", ["", "x" * 10_000, "\xff", "' OR 1=1"])
    def test_take_any_idempotency_key(
        self, key: str, stage: Stage, header: Any
    ) -> None:
        body = json.dumps({"programme": "o2c", "rows": [GOOD]})

        answer = post(stage, {**header, "HTTP_IDEMPOTENCY_KEY": key}, body)

        assert answer.status_code < 500

    @pytest.mark.parametrize(
        "word", ["", "Bearer", "Bearer ", "Bearer \xff", "Bearer a b c", "Basic x:y"]
    )
    def test_ask_for_a_token(self, word: str, stage: Stage) -> None:
        answer = post(stage, {"HTTP_AUTHORIZATION": word}, "{}")

        assert answer.status_code in (401, 403)
        assert_problem(answer)


HOSTILE_INPUTS: dict[str, Any] = {
    "null": None,
    "text": "x",
    "huge": 10**400,
    "negative": -1e99,
    "nothing": [],
    "lists": [[[[]]]],
    "table": {"": {"": ""}},
    "surrogate": "\ud800",
    "null byte": "\0",
    "many": [1e99] * 1000,
    "true": True,
}


class TestMethods:
    @pytest.mark.parametrize("key", [one.key for one in catalogue.methods()])
    def test_answer_hostile_inputs(self, key: str, stage: Stage, header: Any) -> None:
        method = catalogue.get(key)
        wrong = []
        for parameter in method.parameters:
            for label, value in HOSTILE_INPUTS.items():
                body = json.dumps({**method.example, parameter.name: value})
                answer = post(stage, header, body, url=f"/api/v1/methods/{key}")
                if answer.status_code not in (200, 400, 422):
                    wrong.append((parameter.name, label, answer.status_code))

        assert not wrong

    @pytest.mark.parametrize("body", ["[]", nested(DEEP), objects(DEEP), "1", ""])
    def test_refuse_other_bodies(self, body: str, stage: Stage, header: Any) -> None:
        assert_problem(post(stage, header, body, url="/api/v1/methods/finance.npv"))

    @pytest.mark.parametrize("key", ["x", "%00", "\u202e", "a" * 5000])
    def test_say_that_there_is_none(self, key: str, stage: Stage, header: Any) -> None:
        answer = post(stage, header, "{}", url=f"/api/v1/methods/{key}")

        assert answer.status_code == 404

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", "NaN", nested(2000), '{"a": 1e999}', "\0", "{}{}"]
    )
    def test_page_answers_hostile_inputs(self, text: str, stage: Stage) -> None:
        answer = stage.clients["lead"].get("/methods/finance.npv/", {"inputs": text})

        assert answer.status_code in (200, 422)
