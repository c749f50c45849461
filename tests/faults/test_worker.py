"""A killed worker loses no job and doubles none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from programmes import jobs, tasks
from programmes.models import Job, WorkItem
from tests.faults.worker import KIND
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
JOBS, MOST_SECONDS = 20, 60

pytestmark = pytest.mark.django_db(transaction=True)


def start_worker(folder: Path) -> subprocess.Popen[bytes]:
    """A worker with beat on the database of the tests, in a session of its own."""
    database = connection.settings_dict
    around = {
        **os.environ,
        "DATABASE_URL": f"postgres://meliora@/{database['NAME']}"
        f"?host={database['OPTIONS'].get('host', database['HOST'])}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "MELIORA_JOB_LEASE": "3",
        "MELIORA_VAR": str(folder),
        "MELIORA_MEDIA": str(folder / "media"),
    }
    celery = [sys.executable, "-m", "celery", "-A", "tests.faults.worker"]
    options = ["worker", "-B", "-c", "2", "-s", str(folder / "beat"), "-l", "ERROR"]
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(
            [*celery, *options],
            cwd=ROOT,
            env=around,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for one in started:
        if one.poll() is None:
            os.killpg(one.pid, signal.SIGKILL)
        one.wait()


def until(met: object, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if met():  # type: ignore[operator]
            return True
        time.sleep(0.2)
    return False


def done() -> int:
    return Job.objects.filter(kind=KIND, state=Job.State.DONE).count()


class TestKilledWorker:
    def test_all_jobs_are_done_once(
        self,
        world: World,
        tmp_path: Path,
        workers: list[subprocess.Popen[bytes]],
    ) -> None:
        jobs.on_ring(tasks.ring_celery)
        ids = {
            jobs.enqueue(KIND, {}, programme=world.programme, by=world.lead).pk
            for _ in range(JOBS)
        }
        workers.append(start_worker(tmp_path))
        assert until(lambda: done() >= 3, MOST_SECONDS), "the worker did not start"

        os.killpg(workers[0].pid, signal.SIGKILL)
        left = JOBS - done()
        began = time.monotonic()
        workers.append(start_worker(tmp_path))

        assert left > 0
        assert until(lambda: done() == JOBS, MOST_SECONDS)
        assert time.monotonic() - began < MOST_SECONDS
        traces = Counter(
            WorkItem.objects.filter(title__startswith="§job").values_list(
                "title", flat=True
            )
        )
        assert traces == Counter(f"§job {one}" for one in ids)
