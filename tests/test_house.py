"""The habits of the house that no linter knows."""

from __future__ import annotations

import ast
import os
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
APPS = ("config", "programmes", "diagnosis", "design", "evaluation")
MOST_LINES, MOST_FUNCTION = 400, 60
FORBIDDEN = {
    "selectors.py",
    "utils.py",
    "helpers.py",
    "managers.py",
    "constants.py",
    "signals.py",
    "mixins.py",
    "exceptions.py",
}
SERVICES = {"web", "worker", "beat", "postgres", "redis"}
SECRET = re.compile(r"(SECRET|PASSWORD|TOKEN|KEY)", re.IGNORECASE)
PRODUCTION = {
    "DJANGO_SECRET_KEY": string.ascii_letters + string.digits,
    "DATABASE_URL": "postgres://meliora@db/meliora",
    "REDIS_URL": "redis://redis:6379/0",
    "MELIORA_HOSTS": "meliora.example",
    "MELIORA_ORIGINS": "https://meliora.example",
    "MELIORA_URL": "https://meliora.example",
    "MELIORA_DEMO": "0",
    "MELIORA_LOCAL": "0",
}


def sources(*folders: str) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    )


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


class TestFiles:
    @pytest.mark.parametrize("name", names(sources(*APPS, "tests")))
    def test_are_short(self, name: str) -> None:
        lines = (ROOT / name).read_text(encoding="utf-8").count("\n")

        assert lines <= MOST_LINES

    def test_have_names_that_say_what_is_inside(self) -> None:
        assert [n for n in names(sources(*APPS)) if Path(n).name in FORBIDDEN] == []

    @pytest.mark.parametrize("name", names(sources(*APPS)))
    def test_have_short_functions(self, name: str) -> None:
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))

        long = [
            f"{node.name}: {length}"
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (length := (node.end_lineno or 0) - node.lineno + 1) > MOST_FUNCTION
        ]

        assert long == []

    def test_mark_html_as_safe_in_the_kit_only(self) -> None:
        marked = [
            name
            for name in names(sources(*APPS))
            if re.search(r"\bmark_safe\(", (ROOT / name).read_text(encoding="utf-8"))
            and not name.startswith(("programmes/kit/", "programmes/templatetags/"))
        ]

        assert marked == []

    def test_keep_money_out_of_floats(self) -> None:
        money = re.compile(
            r"(amount|price|money|planned|committed|actual|benefit\w*|cost\w*)"
            r"\s*=\s*models\.FloatField"
        )

        found = [
            name
            for name in names(sources(*APPS))
            if money.search((ROOT / name).read_text(encoding="utf-8"))
        ]

        assert found == []


class TestTemplates:
    @pytest.mark.parametrize("name", names(templates()))
    def test_hold_no_script_style_or_unescaped_text(self, name: str) -> None:
        text = (ROOT / name).read_text(encoding="utf-8")
        styles = [
            style
            for style in re.findall(r'style="([^"]*)"', text)
            if not style.startswith(("--", "{"))
        ]
        scripts = [
            tag
            for tag in re.findall(r"<script\b[^>]*>", text)
            if "src=" not in tag and "application/json" not in tag
        ]

        assert "|safe" not in text
        assert "autoescape off" not in text
        assert styles == []
        assert scripts == []
        assert re.findall(r"<style\b", text) == [] or name.startswith(
            "templates/reports/"
        )
        assert re.findall(r"\son[a-z]+=\"", text) == []
        assert "hx-on" not in text

    def test_use_classes_that_the_style_sheets_know(self) -> None:
        css = " ".join(
            path.read_text(encoding="utf-8")
            for path in (ROOT / "static" / "css").glob("*.css")
        )
        known = set(re.findall(r"\.([a-zA-Z][\w-]*)", css))
        unknown = {
            (one, str(path.relative_to(ROOT)))
            for path in templates()
            if "reports" not in path.parts
            for one in classes(path.read_text(encoding="utf-8"))
            if one not in known
        }

        assert sorted(unknown) == []


def classes(text: str) -> set[str]:
    bare = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "\x00", text, flags=re.DOTALL)
    return {
        one
        for attribute in re.findall(r'class="([^"]*)"', bare)
        for one in attribute.split()
        if "\x00" not in one
    }


class TestTests:
    @pytest.mark.parametrize("name", names(sources("tests")))
    def test_assert_something(self, name: str) -> None:
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))

        helpers = {
            node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
            and any(isinstance(inner, ast.Assert) for inner in ast.walk(node))
        }
        silent = [
            node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
            and node.name.startswith("test_")
            and not any(checks(inner, helpers) for inner in ast.walk(node))
        ]

        assert silent == []


def checks(node: ast.AST, helpers: set[str]) -> bool:
    """An assertion, or a call of one that a helper makes."""
    if isinstance(node, ast.Assert):
        return True
    if isinstance(node, ast.Call):
        called = node.func
        name = getattr(called, "attr", getattr(called, "id", ""))
        return name in helpers | {
            "django_assert_max_num_queries",
            "django_assert_num_queries",
            "raises",
            "fail",
            "expect",
            "fromstring",
        } or (name.startswith(("assert", "check", "to_have")))
    return False


class TestGates:
    def test_codes_are_unique_and_each_phase_has_a_must(self) -> None:
        from programmes.gating import Kind, criteria
        from programmes.phases import Phase

        found = [one for phase in Phase for one in criteria(phase)]

        codes = [one.code for one in found]
        assert len(codes) == len(set(codes))
        for phase in Phase:
            assert any(one.kind is Kind.MUST for one in criteria(phase)), phase


class TestContracts:
    def test_imports_follow_the_arrow_of_time(self) -> None:
        done = run([sys.executable, "-c", LINT])

        assert done.returncode == 0, done.stdout[-3000:]

    def test_migrations_are_complete(self) -> None:
        done = run(
            [sys.executable, "manage.py", "--no-bootstrap", "makemigrations", "--check"]
        )

        assert done.returncode == 0, done.stdout + done.stderr

    def test_production_settings_pass_the_check(self) -> None:
        done = run(
            [
                *(sys.executable, "manage.py", "--no-bootstrap", "check", "--deploy"),
                *("--fail-level", "WARNING"),
            ],
            PRODUCTION,
        )

        assert done.returncode == 0, done.stdout + done.stderr
        assert "no issues" in done.stdout + done.stderr

    @pytest.mark.parametrize("name", ["DJANGO_SECRET_KEY"])
    def test_production_refuses_to_start_without_secrets(self, name: str) -> None:
        without = {key: value for key, value in PRODUCTION.items() if key != name}

        done = run([sys.executable, "manage.py", "--no-bootstrap", "check"], without)

        assert done.returncode == 2
        assert name in done.stderr


LINT = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"


def run(
    command: list[str], env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run in the project's folder; `env` replaces what our tests set."""
    around = dict(os.environ)
    if env is not None:
        for name in ("DJANGO_SECRET_KEY", "DJANGO_ALLOW_ASYNC_UNSAFE"):
            around.pop(name, None)
        around.update(env)
        around["DJANGO_SETTINGS_MODULE"] = "config.settings"
    return subprocess.run(
        command, cwd=ROOT, env=around, capture_output=True, text=True, check=False
    )


class TestCompose:
    @pytest.fixture
    def compose(self) -> dict[str, dict[str, object]]:
        text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
        found: dict[str, dict[str, object]] = yaml.safe_load(text)["services"]
        return found

    def test_has_the_five_services_and_a_step_of_its_own_for_migrations(
        self, compose: dict[str, dict[str, object]]
    ) -> None:
        assert set(compose) >= SERVICES
        steps = [name for name, one in compose.items() if "migrate" in str(one)]
        assert [name for name in steps if name not in SERVICES]

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_each_is_watched(
        self, name: str, compose: dict[str, dict[str, object]]
    ) -> None:
        assert "healthcheck" in compose[name]

    def test_holds_no_secret(self, compose: dict[str, dict[str, object]]) -> None:
        literal = [
            (name, key)
            for name, one in compose.items()
            for key, value in pairs(one.get("environment"))
            if SECRET.search(key)
            and value
            and not str(value).startswith("$")
            and not key.endswith("_FILE")
        ]

        assert literal == []

    def test_runs_as_nobody_special(self) -> None:
        text = (ROOT / "Dockerfile").read_text(encoding="utf-8")

        users = re.findall(r"^USER\s+(\S+)", text, flags=re.MULTILINE)
        assert users
        assert users[-1] not in {"root", "0"}


def pairs(environment: object) -> list[tuple[str, object]]:
    if isinstance(environment, dict):
        return list(environment.items())
    if isinstance(environment, list):
        return [tuple(str(one).split("=", 1)) for one in environment if "=" in str(one)]  # type: ignore[misc]
    return []
