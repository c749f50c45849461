"""Everything that guards the project: `python3 manage.py test [pytest arguments]`."""

import subprocess
import sys
from pathlib import Path

from django.core.management.base import BaseCommand

ROOT = Path(__file__).resolve().parents[3]
CHECKS = [
    ("formatting", ["ruff", "format", "--check", "."]),
    ("lint", ["ruff", "check", "."]),
    ("types", ["mypy", "config", "programmes", "diagnosis", "design", "evaluation"]),
    ("import contracts", ["importlinter.cli", "lint-imports"]),
]

# A file stays on one worker, so that what it builds once is built once; the order of
# the files is that of tests/conftest.py.
BY_FILE = ["--dist", "loadfile", "--no-loadscope-reorder"]
AT_ONCE = ["-n", "2", *BY_FILE]


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand the arguments on to pytest; with any, the static checks are skipped.

        Slow checks for a release run only where `-m` asks for them.
        """
        given = argv[2:]
        failed = (
            [] if given else [name for name, call in CHECKS if self.fails(name, call)]
        )
        chosen = [] if "-m" in given else ["-m", "not release"]
        spread = BY_FILE if "-n" in given and "--dist" not in given else []
        if self.fails("tests", ["pytest", *chosen, *spread, *(given or AT_ONCE)]):
            failed.append("tests")
        if failed:
            sys.stderr.write(f"Failed: {', '.join(failed)}.\n")
        sys.exit(1 if failed else 0)

    def fails(self, name: str, call: list[str]) -> bool:
        sys.stdout.write(f"— {name}\n")
        sys.stdout.flush()
        module, *arguments = call
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(command, cwd=ROOT, check=False).returncode != 0
