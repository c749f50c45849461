"""The API: tokens, batches, methods, errors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from programmes.models import ApiToken, Indicator, Measurement
from programmes.services.tokens import BadTerm, create_token, revoke_token
from tests.world import NOW

URL = "/api/v1/measurement-batches"


@pytest.fixture
def secret(world) -> str:
    world.save(Indicator, code="cycle", name="§Cycle time")
    _token, secret = create_token(
        by=world.admin,
        enterprise=world.enterprise,
        name="§ERP",
        scopes=[ApiToken.Scope.MEASUREMENTS],
        expires_on=timezone.now().date() + timedelta(days=30),
        now=timezone.now(),
    )
    return secret


def post(secret: str, body: Any, url: str = URL, **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return Client().post(
        url,
        body,
        content_type="application/json",
        headers={**headers, **more.pop("headers", {})},
        **more,
    )


def batch(*values: str, programme: str = "o2c") -> dict[str, Any]:
    rows = [
        {"series": "cycle", "at": f"2026-01-{n:02}", "value": value}
        for n, value in enumerate(values, start=1)
    ]
    return {"programme": programme, "rows": rows}


class TestMeasurementBatches:
    def test_stores_by_token(self, world, secret) -> None:
        response = post(secret, batch("8.6", "x"))

        assert response.status_code == 200
        assert response.json()["accepted"] == 1
        assert response.json()["errors"][0]["pointer"] == "/rows/1/value"
        assert ApiToken.objects.get().last_used_at

    def test_is_idempotent_by_key(self, world, secret) -> None:
        headers = {"Idempotency-Key": "a"}

        first = post(secret, batch("8.6"), headers=headers)
        again = post(secret, batch("8.6"), headers=headers)
        other = post(secret, batch("9"), headers=headers)

        assert again.json() == first.json()
        assert other.status_code == 422
        assert other.json()["type"].endswith("#key-reused")
        assert Measurement.objects.count() == 1

    def test_atomic_stores_nothing(self, world, secret) -> None:
        response = post(secret, batch("8.6", "x"), url=f"{URL}?atomic=true")

        assert response.status_code == 422
        assert response.headers["Content-Type"] == "application/problem+json"
        assert not Measurement.objects.exists()

    def test_never_reaches_another_enterprise(self, world, secret) -> None:
        response = post(secret, batch("1", programme="other"))

        assert response.status_code == 404

    def test_stays_within_its_programme(self, world, secret) -> None:
        ApiToken.objects.update(programme=world.other_programme)

        assert post(secret, batch("1")).status_code == 404

    @pytest.mark.parametrize("body", [[], {}, {"programme": 1, "rows": []}, "x"])
    def test_refuses_other_shapes(self, world, secret, body) -> None:
        response = post(secret, body)

        assert response.status_code == 400
        assert response.json()["status"] == 400

    def test_refuses_broken_json(self, world, secret) -> None:
        assert post(secret, "{").status_code == 400

    def test_works_for_a_person_with_a_session(self, world, secret, sign_in) -> None:
        response = sign_in(world.lead).post(
            URL, batch("8.6"), content_type="application/json"
        )
        denied = sign_in(world.viewer).post(
            URL, batch("8.6"), content_type="application/json"
        )

        assert (response.status_code, denied.status_code) == (200, 403)


class TestTokens:
    @pytest.mark.parametrize("bad", ["", "mel_x", "mel_a_b", "Basic x"])
    def test_unknown_ones_are_refused_alike(self, world, secret, bad) -> None:
        response = post(bad, batch("1"))

        assert response.status_code in (401, 403)

    def test_a_wrong_secret_is_refused(self, world, secret) -> None:
        response = post(secret[:-1] + "x", batch("1"))

        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"

    def test_revoked_and_expired_ones_end(self, world, secret) -> None:
        token = ApiToken.objects.get()
        ApiToken.objects.update(expires_on=NOW.date() - timedelta(days=900))
        assert post(secret, batch("1")).status_code == 401
        ApiToken.objects.update(expires_on=timezone.now().date())
        assert post(secret, batch("1")).status_code == 200

        revoke_token(by=world.admin, token=token, now=timezone.now())
        revoke_token(by=world.admin, token=token, now=timezone.now())

        assert post(secret, batch("1")).status_code == 401

    def test_only_a_hash_is_stored(self, world, secret) -> None:
        stored = ApiToken.objects.get()

        assert secret.rsplit("_", 1)[1] not in str(stored.__dict__)

    def test_scopes_bind(self, world, secret) -> None:
        ApiToken.objects.update(scopes=["methods:run"])

        assert post(secret, batch("1")).status_code == 403

    @pytest.mark.parametrize("days", [0, -1, 400])
    def test_must_end_within_a_year(self, world, days) -> None:
        with pytest.raises(BadTerm):
            create_token(
                by=world.admin,
                enterprise=world.enterprise,
                name="§X",
                scopes=["kpi:write"],
                expires_on=NOW.date() + timedelta(days=days),
                now=NOW,
            )

    def test_must_have_a_scope(self, world) -> None:
        with pytest.raises(BadTerm):
            create_token(
                by=world.admin,
                enterprise=world.enterprise,
                name="§X",
                scopes=[],
                expires_on=NOW.date() + timedelta(days=9),
                now=NOW,
            )


class TestMethods:
    def test_runs_a_method(self, world, secret) -> None:
        ApiToken.objects.update(scopes=["methods:run"])

        response = post(
            secret,
            {"rate": 0.1, "flows": [-100, 60, 60]},
            url="/api/v1/methods/finance.npv",
        )

        assert response.status_code in (200, 400)

    def test_names_bad_input(self, world, secret) -> None:
        ApiToken.objects.update(scopes=["methods:run"])

        response = post(secret, {"nonsense": 1}, url="/api/v1/methods/finance.npv")

        assert response.status_code == 400
        assert "nonsense" in response.json()["detail"]

    def test_refuses_unknown_keys_and_shapes(self, world, secret) -> None:
        ApiToken.objects.update(scopes=["methods:run"])

        assert post(secret, {}, url="/api/v1/methods/no.such").status_code == 404
        assert post(secret, [], url="/api/v1/methods/finance.npv").status_code == 400
