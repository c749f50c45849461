"""The command people call in their scripts: one JSON value, or one sentence."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.core.management import call_command

from config.management.commands.analyse_log import Command

ROOT = Path(__file__).resolve().parents[3]
TRACE = (
    '<trace><string key="concept:name" value=""/><event>'
    '<string key="concept:name" value="a &amp;\n b"/>'
    '<date key="time:timestamp" value="2025-01-31T08:00:00Z"/></event></trace>'
)


@pytest.fixture(autouse=True)
def _configured():
    if not settings.configured:
        settings.configure()
        django.setup()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("key;was;when\n1;A;1.2.26 8:00\n1;B;2.2.26 8:00\n")
    return path


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command(Command(), *map(str, arguments), stdout=out, stderr=err)
    return json.loads(out.getvalue()), err.getvalue()


class TestAnalyseLog:
    def test_prints_one_json_value(self, path):
        answer, said = run(
            path, "--case", "key", "--activity", "was", "--timestamp", "when", "--json"
        )

        assert said == ""
        assert answer["case_duration_s"]["max"] == 86400
        assert set(answer) == {
            "cases", "events", "activities", "variants", "dfg", "start", "end",
            "variant_counts", "case_duration_s", "rework", "bad_rows",
        }  # fmt: skip

    def test_takes_a_format(self, path):
        named = ("--case", "key", "--activity", "was", "--timestamp", "when")

        answer, _ = run(path, *named, "--timestamp-format", "m.d.yy H:MM")

        assert answer["case_duration_s"]["max"] == 31 * 86400

    def test_says_one_sentence_and_ends_with_two(self, path, capsys):
        with pytest.raises(SystemExit) as ended:
            run(path, "--case", "none", "--activity", "was", "--timestamp", "when")

        assert ended.value.code == 2

    @pytest.mark.parametrize("kind", ["csv", "xes"])
    def test_starts_without_settings_models_and_pandas(self, path, tmp_path, kind):
        script = (
            "import sys; from config.launch import launch; launch(sys.argv); "
            "sys.stderr.write(str({'programmes.models', 'pandas'} & set(sys.modules)))"
        )
        named = ["--case", "key", "--activity", "was", "--timestamp", "when"]
        if kind == "xes":
            path, named = tmp_path / "log.xes", []
            path.write_text(f"<log>{TRACE}{TRACE}</log>")

        done = subprocess.run(
            [sys.executable, "-c", script, "analyse_log", path, *named],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        )

        assert json.loads(done.stdout)["events"] == 2
        assert done.stderr == "set()"
