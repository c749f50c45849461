"""What imports and deletions leave behind is found and cleared."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from diagnosis import tasks
from diagnosis.models import EventLog
from diagnosis.models.logs import FOLDER
from diagnosis.services.log_sweeps import KEPT, sweep_logs
from diagnosis.services.logs import start_import
from programmes.models import Job
from programmes.services.records import delete_record, restore_record
from tests.diagnosis.fill import MAPPING, import_now, receive
from tests.diagnosis.log_ready import folders
from tests.world import NOW


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


class TestSweepStopped:
    def stopped(self, world, state: str, error: str = "") -> EventLog:
        """A log whose worker was killed in the middle, and whose job is over."""
        log = receive(world)
        start_import(by=world.lead, log=log, mapping=MAPPING, now=NOW)
        (log.folder / ".partial-x").mkdir()
        Job.objects.update(
            state=state, error=error, finished_at=timezone.now() - timedelta(minutes=2)
        )
        tasks.sweep_stopped()
        log.refresh_from_db()
        return log

    def test_gives_a_cancelled_log_back_and_clears_its_folder(self, world) -> None:
        log = self.stopped(world, "cancelled")

        assert (log.state, log.error) == ("uploaded", "")
        assert [one.name for one in log.folder.iterdir()] == ["source"]
        assert import_now(world, log).is_ready

    def test_says_why_a_job_was_given_up(self, world) -> None:
        log = self.stopped(world, "failed", "§It failed 5 times")

        assert (log.state, log.error) == ("failed", "§It failed 5 times")

    def test_leaves_what_runs(self, world) -> None:
        assert self.stopped(world, "running").state == "importing"


class TestSweepLogs:
    def test_removes_the_files_of_logs_deleted_long_ago(self, world) -> None:
        log, other = receive(world), receive(world)
        delete_record(by=world.lead, record=log, now=NOW)

        early, late = NOW + KEPT, NOW + KEPT + timedelta(days=1)

        assert (sweep_logs(early), sweep_logs(late)) == (0, 1)
        assert not log.folder.exists()
        assert other.folder.exists()
        assert sweep_logs(late) == 0

    def test_removes_strays_of_yesterday(self, world, media) -> None:
        stray, fresh = media / FOLDER / "stray", media / FOLDER / "fresh"
        for one in (stray, fresh):
            one.mkdir(parents=True)
        old = timezone.now().timestamp() - 2 * 86_400
        os.utime(stray, (old, old))

        tasks.sweep_logs()

        assert folders(media) == ["fresh"]

    def test_finds_nothing_where_nothing_is(self, db) -> None:
        assert sweep_logs(NOW) == 0

    def test_leaves_what_was_restored(self, world) -> None:
        log = receive(world)
        delete_record(by=world.lead, record=log, now=NOW)

        restore_record(by=world.lead, record=log, now=NOW)

        assert sweep_logs(NOW + 2 * KEPT) == 0
        assert log.folder.exists()
