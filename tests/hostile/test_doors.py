"""What surrounds every page: headers, cookies, forged requests, ended sessions."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from programmes.kit.pages import csv_answer
from programmes.services.people import set_active
from tests.addresses import addresses, patterns
from tests.headers import complaints
from tests.stage import Stage, changes, rolled_back
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]


def is_api(name: str) -> bool:
    return bool(dict(patterns())[name].callback.access.api)


@pytest.fixture(scope="module")
def forger(stage: Stage) -> Iterator[Client]:
    """The browser of the lead, led here by another site: it has no token to show."""
    with rolled_back():
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.force_login(stage.world.lead)
        yield client


@pytest.mark.parametrize("name", addresses())
class TestEachAnswer:
    def test_has_the_headers(self, name: str, stage: Stage) -> None:
        """Without a sign-in; tests/test_pages.py looks at what the lead gets."""
        answer = stage.ask("anonymous", stage.paths[name])

        assert not complaints(answer.headers)

    def test_is_not_changed_by_a_forged_post(
        self, name: str, stage: Stage, forger: Client
    ) -> None:
        if is_api(name):
            pytest.skip("tokens are no cookies; sessions are tested below")
        if name == "verify":
            pytest.skip("knows nobody and keeps nothing; anybody may ask")
        before = changes()

        answer = forger.post(stage.paths[name], {"x": "y"})

        assert answer.status_code in (403, 404, 405), answer.status_code
        assert changes() == before


class TestForgedPost:
    def test_says_how_to_mend_it(self, stage: Stage) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(stage.world.lead)

        answer = client.post("/settings/", {"name": "x"})

        page = answer.content.decode()
        assert answer.status_code == 403
        assert "Traceback" not in page
        assert "DEBUG" not in page
        assert 'class="' in page

    def test_of_a_session_is_refused_by_the_api(self, stage: Stage) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(stage.world.lead)

        answer = client.post(
            "/api/v1/measurement-batches",
            '{"programme": "o2c", "rows": [{}]}',
            content_type="application/json",
        )

        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/problem+json"


class TestCookies:
    def test_cannot_be_read_by_scripts(self, stage: Stage) -> None:
        client = Client()
        client.get("/accounts/login/")
        data = {"login": stage.world.lead.email, "password": PASSWORD}

        with rolled_back():
            answer = client.post("/accounts/login/", data)

        assert answer.status_code == 302
        for cookie in answer.cookies.values():
            if cookie.key == "messages":
                continue
            assert cookie["httponly"], cookie.key
            assert cookie["samesite"] == "Lax", cookie.key


class TestSignIn:
    def test_is_slowed_down(self, stage: Stage) -> None:
        cache.clear()
        client = Client(raise_request_exception=False)
        data = {"login": stage.world.lead.email, "password": "wrong"}

        answers = [client.post("/accounts/login/", data) for _ in range(12)]
        cache.clear()

        assert {one.status_code for one in answers} <= {200, 422, 429}
        last = answers[-1]
        assert last.status_code == 429 or "Too many" in last.content.decode()

    def test_tells_nobody_who_has_an_account(self, stage: Stage) -> None:
        pages = []
        for email in (stage.world.lead.email, "nobody@nowhere.example"):
            cache.clear()
            client = Client()
            data = {"login": email, "password": "wrong"}
            answer = client.post("/accounts/login/", data)
            pages.append(answer.context["form"].errors.as_text())

        assert pages[0] == pages[1]

    @pytest.mark.parametrize("text", ["\0", "\udcff", "x" * 100_000, "<script>", "%"])
    def test_answers_hostile_text(self, text: str, stage: Stage) -> None:
        cache.clear()
        client = Client(raise_request_exception=False)
        sent = text.encode("utf-8", "surrogateescape").decode("latin-1")

        for path in ("login/", "password/reset/"):
            answer = client.post(
                f"/accounts/{path}", {"login": sent, "email": sent, "password": sent}
            )
            assert answer.status_code in (200, 302, 422)
            assert "<script>alert" not in answer.content.decode()

    @pytest.mark.parametrize(
        "where", ["//evil.example", "https://evil.example", "javascript:x"]
    )
    def test_leads_nowhere_else(self, where: str, stage: Stage) -> None:
        cache.clear()
        data = {"login": stage.world.lead.email, "password": PASSWORD, "next": where}

        with rolled_back():
            answer = Client().post("/accounts/login/", data)

        assert answer.status_code == 302
        assert answer["Location"] == "/"

    def test_cannot_be_made_by_oneself(self) -> None:
        answer = Client().post("/accounts/signup/", {"email": "a@b.example"})

        assert answer.status_code in (200, 403)
        assert "closed" in answer.content.decode().lower()


class TestSession:
    def test_ends_when_the_person_leaves(self, stage: Stage) -> None:
        world = stage.world
        with rolled_back():
            client = Client()
            client.force_login(world.member)
            assert client.get("/work/").status_code == 200
            set_active(
                by=world.admin,
                person=world.person("member"),
                is_active=False,
                now=world.now,
            )

            answers = [
                client.get(path)
                for path in ("/", "/work/", f"/p/{world.programme.code}/", "/settings/")
            ]

        assert {one.status_code for one in answers} == {302}
        assert {one["Location"].split("?")[0] for one in answers} == {
            "/accounts/login/"
        }

    def test_says_why_it_ended(self, stage: Stage) -> None:
        world = stage.world
        with rolled_back():
            client = Client()
            client.force_login(world.member)
            person = world.person("member")
            set_active(by=world.admin, person=person, is_active=False, now=world.now)

            page = client.get("/work/", follow=True)

        assert "Your access has ended" in page.content.decode()


class TestDemoPages:
    def test_are_absent_elsewhere(self) -> None:
        code = (
            "import django; django.setup()\n"
            "from django.urls import resolve, Resolver404\n"
            "try: resolve('/dev/mail/')\nexcept Resolver404: print('absent')"
        )

        done = run_production([sys.executable, "-c", code])

        assert done.stdout.strip() == "absent", done.stderr[-500:]


class TestDeployment:
    def test_has_no_warning(self) -> None:
        command = [sys.executable, "manage.py", "--no-bootstrap", "check", "--deploy"]

        done = run_production([*command, "--fail-level", "WARNING"])

        assert done.returncode == 0, done.stderr[-2000:]


def run_production(command: list[str]) -> Any:
    given = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MELIORA_", "DJANGO_"))
    }
    given |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DJANGO_SECRET_KEY": "k3" + "zQ9-xW_" * 10,
        "MELIORA_HOSTS": "meliora.example",
    }
    return subprocess.run(
        command, cwd=ROOT, env=given, capture_output=True, text=True, check=False
    )


class TestFileNames:
    @pytest.mark.parametrize("name", ["a\r\nSet-Cookie: x=1", 'a"; x="', "ü\u202e", ""])
    def test_cannot_break_the_header(self, name: str) -> None:
        answer = csv_answer(name, ["a"], [])

        said = answer["Content-Disposition"]
        assert "\r" not in said
        assert "\n" not in said
        assert said.replace('\\"', "").count('"') in (0, 2)
