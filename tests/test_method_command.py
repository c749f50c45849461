"""The command that runs a method or the reference cases."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "maths" / "cases.json"


def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "--no-bootstrap", "method", *arguments],
        input=given,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )


class TestMethodCommand:
    def test_prints_one_json_value_and_nothing_else(self) -> None:
        done = run("finance.irr", given='{"cashflows": [-100, 0, 121]}')

        assert done.returncode == 0
        assert json.loads(done.stdout)["irr"] == pytest.approx(0.1)
        assert done.stderr == ""

    @pytest.mark.parametrize(
        ("arguments", "given", "sentence"),
        [
            (["finance.npv"], "nope", "The input is not valid JSON: "),
            (["finance.npv"], '{"cashflows": [1]}', "rate: this input is missing."),
            (["no.such"], "{}", "There is no method called 'no.such'."),
            (["--cases", "no.such.file"], "", "The file of cases cannot be read: "),
        ],
    )
    def test_refuses_in_one_sentence(
        self, arguments: list[str], given: str, sentence: str
    ) -> None:
        done = run(*arguments, given=given)

        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith(sentence)
        assert len(done.stderr.splitlines()) == 1

    def test_ends_with_the_count_of_the_cases(self) -> None:
        done = run("--cases", str(CASES))

        assert done.returncode == 0
        assert " passed, 0 failed, " in done.stdout.splitlines()[-1]

    def test_names_the_cases_that_fail(self, tmp_path: Path) -> None:
        case = {
            "id": "off",
            "method": "finance.npv",
            "inputs": {"rate": 0, "cashflows": [1, 2]},
            "expected": {"npv": 4},
            "tolerance": 0,
        }
        path = tmp_path / "cases.json"
        path.write_text(json.dumps({"cases": [case]}))

        done = run("--cases", str(path))

        assert done.returncode == 1
        assert done.stdout.splitlines() == [
            "off (finance.npv): result.npv is 3.0, expected 4",
            "0 passed, 1 failed, 0 not implemented",
        ]

    def test_lists_the_methods_of_every_phase(self) -> None:
        listed = run("--list").stdout

        for key in ("finance.npv", "problem.rpn", "mcdm.wsm", "spc.rules"):
            assert f"{key}  " in listed
