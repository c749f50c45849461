"""kill -9 of the worker in the middle of an import: it resumes and leaves no trace."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from diagnosis.models import EventLog
from diagnosis.services import logs
from programmes import jobs, tasks
from programmes.models import Job
from tests.faults.test_worker import start_worker, until
from tests.faults.test_worker import workers as workers_fixture
from tests.world import World

workers = workers_fixture
ROWS, MOST_SECONDS = 600_000, 90
MAPPING = {"case": "case", "activity": "activity", "timestamp": "time"}

pytestmark = pytest.mark.django_db(transaction=True)


def large_log(world: World) -> EventLog:
    lines = ["case,activity,time\n"]
    lines += [
        f"c{number % 90_000},step {number % 7},2025-01-{1 + number % 28:02d} 08:00:00\n"
        for number in range(ROWS)
    ]
    log = logs.receive_log(
        by=world.lead,
        programme=world.programme,
        name="§Large",
        file_name="large.csv",
        chunks=["".join(lines).encode()],
        now=world.now,
    )
    logs.start_import(by=world.lead, log=log, mapping=MAPPING, now=world.now)
    return log


def is_at_it(log: EventLog) -> bool:
    """The import writes, and is not finished."""
    return any(log.folder.glob(".partial-*/stage/rows-0.parquet"))


class TestKilledImport:
    def test_is_taken_up_and_leaves_nothing_behind(
        self,
        world: World,
        tmp_path: Path,
        settings,
        workers: list[subprocess.Popen[bytes]],
    ) -> None:
        settings.MEDIA_ROOT = tmp_path / "media"
        jobs.on_ring(tasks.ring_celery)
        log = large_log(world)
        workers.append(start_worker(tmp_path))
        assert until(lambda: is_at_it(log), MOST_SECONDS), "the import did not start"

        os.killpg(workers[0].pid, signal.SIGKILL)
        workers[0].wait()
        left = [one.name for one in log.folder.iterdir()]
        log.refresh_from_db()
        assert (log.state, len(left)) == ("importing", 2)
        workers.append(start_worker(tmp_path))

        done = Job.objects.filter(pk=log.job_id, state=Job.State.DONE)
        assert until(done.exists, MOST_SECONDS)
        log.refresh_from_db()
        assert (log.state, log.events) == ("ready", ROWS)
        assert sorted(one.name for one in log.folder.iterdir()) == ["source", "store"]
        assert done.get().attempts == 2
