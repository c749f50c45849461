"""PostgreSQL and Valkey have many users; the last one stops them, dead or alive."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from config.services import Services, accepts

ROOT = Path(__file__).resolve().parents[2]
USER = """
import sys
from pathlib import Path
from config.services import local_services

with local_services(Path(sys.argv[1]), durable=False):
    print("up", flush=True)
    sys.stdin.read()
"""


def use(home: Path) -> subprocess.Popen[str]:
    """Start a user of the services and wait until they are up for it."""
    around = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL")
    }
    user = subprocess.Popen(
        [sys.executable, "-c", USER, str(home)],
        cwd=ROOT,
        env=around,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert user.stdout
    assert user.stdout.readline() == "up\n"
    return user


def leave(user: subprocess.Popen[str]) -> None:
    user.communicate(timeout=40)


def running(home: Path) -> list[bool]:
    services = Services(home)
    return [accepts(services.postgres_socket), accepts(services.valkey_socket)]


class TestServices:
    def test_the_last_of_two_users_stops_them(self, tmp_path: Path) -> None:
        first, second = use(tmp_path), use(tmp_path)

        leave(first)
        while_one_is_left = running(tmp_path)
        leave(second)

        assert while_one_is_left == [True, True]
        assert running(tmp_path) == [False, False]

    def test_a_killed_starter_leaves_them_to_the_next(self, tmp_path: Path) -> None:
        killed = use(tmp_path)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        time.sleep(0.2)
        orphans = running(tmp_path)

        leave(use(tmp_path))

        assert orphans == [True, True]
        assert running(tmp_path) == [False, False]
