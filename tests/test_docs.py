"""What a person must know stands in the documents, and nothing there is invented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import reverse

from programmes.gating import criteria
from programmes.phases import Phase
from tests.addresses import patterns

ROOT = Path(__file__).resolve().parents[1]
READ = re.compile(
    r"(?:flag|number|required|environ(?:\.get|\.setdefault|\.pop)?|env\.\w+)"
    r"[(\[]\s*\"([A-Z][A-Z_]+)\""
)
NOT_OURS = {"HOME", "PATH", "VIRTUAL_ENV", "TMPDIR", "USER"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings_read() -> list[str]:
    """Variables of the environment that the code reads."""
    apps = ("config", "programmes", "diagnosis", "design", "evaluation")
    found: set[str] = set()
    for app in apps:
        for path in (ROOT / app).rglob("*.py"):
            found |= set(READ.findall(path.read_text(encoding="utf-8")))
    return sorted(found - NOT_OURS)


class TestSettings:
    def test_are_found_in_the_code(self) -> None:
        assert {"DJANGO_SECRET_KEY", "MELIORA_HOSTS"} <= set(settings_read())

    @pytest.mark.parametrize("name", settings_read())
    def test_are_described(self, name: str) -> None:
        assert f"| `{name}` |" in text("docs/settings.md")

    def test_described_are_read(self) -> None:
        described = re.findall(r"^\| `([A-Z_]+)` \|", text("docs/settings.md"), re.M)
        code = "".join(
            path.read_text(encoding="utf-8")
            for folder in ("config", "tests", "programmes", ".")
            for path in (ROOT / folder).glob("*.py")
        )

        assert [name for name in described if name not in code] == []


class TestGates:
    @pytest.mark.parametrize("phase", list(Phase))
    def test_criteria_are_described(self, phase: Phase) -> None:
        """`manage.py gates > docs/gates.md` writes the page anew."""
        page = text("docs/gates.md")

        assert [
            one.code
            for one in criteria(phase)
            if f"| {one.code} | {one.title} |" not in page
        ] == []

    def test_described_criteria_exist(self) -> None:
        codes = {one.code for phase in Phase for one in criteria(phase)}
        described = set(re.findall(r"^\| (G\d\.\w+) \|", text("docs/gates.md"), re.M))

        assert described <= codes


class TestApi:
    def test_every_endpoint_is_in_the_schema(self, world, sign_in) -> None:  # type: ignore[no-untyped-def]
        schema = sign_in(world.lead).get(reverse("api-schema")).json()
        known = set(schema["paths"])

        ours = [
            "/api/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(one.pattern))
            for _name, one in patterns()
            if getattr(getattr(one.callback, "access", None), "api", False)
        ]
        assert ours
        assert [path for path in ours if path not in known] == []

    def test_every_operation_says_what_it_does(self, world, sign_in) -> None:  # type: ignore[no-untyped-def]
        schema = sign_in(world.lead).get(reverse("api-schema")).json()

        silent = [
            path
            for path, operations in schema["paths"].items()
            for one in operations.values()
            if not (one.get("summary") or one.get("description"))
        ]
        assert silent == []


class TestReadme:
    def test_names_commands_that_exist(self) -> None:
        named = set(re.findall(r"manage\.py (\w+)", text("README.md")))

        assert named
        assert named - set(get_commands()) == set()

    def test_links_files_that_exist(self) -> None:
        named = set(re.findall(r"`(docs/[\w./-]+)`", text("README.md")))

        assert [name for name in named if not (ROOT / name).exists()] == []
