"""Start the services once for a test run; xdist workers inherit the addresses.

The databases of the tests are copies of one that has all tables already.

Loaded by `-p` because pytest-django reads the settings before any conftest.py. Tests
below tests/maths need no database, so a run of only those starts nothing.
"""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.services import local_services
from config.test_template import made_template

ROOT = Path(__file__).resolve().parents[1]
_stack = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> None:
    os.environ.setdefault("MELIORA_LOCAL", "1")
    named = [one for one in args if os.path.exists(ROOT / one.split("::")[0])]
    if named and all(one.startswith("tests/maths") for one in named):
        os.environ.setdefault("DATABASE_URL", "postgres://unused@/unused?host=/nowhere")
        os.environ.setdefault("REDIS_URL", "unix:///nowhere/valkey.sock")
        return
    home = ROOT / "var" / "test"
    is_ours = "DATABASE_URL" not in os.environ
    _stack.enter_context(local_services(home, durable=False))
    if is_ours:
        os.environ["MELIORA_TEST_TEMPLATE"] = made_template(home)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _stack.close()
