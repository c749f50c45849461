"""Event logs: the file, the import, what ends a case."""

from __future__ import annotations

import gzip
import os
from datetime import timedelta

import pytest
from django.utils import timezone

from diagnosis import tasks
from diagnosis.models import EventLog
from diagnosis.models.logs import FOLDER
from diagnosis.services import lenses
from diagnosis.services.log_feeds import NotReady
from diagnosis.services.logs import (
    KEPT,
    AlreadyImported,
    BadLog,
    set_closing,
    start_import,
    sweep_logs,
)
from programmes import jobs
from programmes.kit.errors import NotAllowed
from programmes.models import Activity, Job
from programmes.services.records import Invalid, delete_record, restore_record
from tests.diagnosis.fill import LOG, MAPPING, import_now, receive
from tests.diagnosis.log_ready import folders
from tests.world import NOW

XES = """<?xml version="1.0"?><log><trace><string key="concept:name" value="1"/>
<event><string key="concept:name" value="§Receive"/>
<date key="time:timestamp" value="2025-11-03T08:00:00+00:00"/></event>
<event><string key="concept:name" value="§Ship"/>
<date key="time:timestamp" value="2025-11-04T08:00:00+00:00"/></event>
</trace></log>"""


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


class TestReceiveLog:
    def test_keeps_the_file_and_its_digest(self, world) -> None:
        log = receive(world)

        assert log.source.read_text() == LOG
        assert (log.state, log.bytes) == ("uploaded", len(LOG.encode()))
        assert len(log.sha256) == 64

    def test_takes_the_name_of_the_file(self, world) -> None:
        log = receive(world, name="", file_name="../../§etc/§orders.csv")

        assert (log.name, log.file_name) == ("§orders", "§orders.csv")

    def test_is_for_the_lead(self, world) -> None:
        log = receive(world)

        for name in ("owner", "member", "viewer", "sponsor", "stranger"):
            account = world.accounts[name]
            with pytest.raises(NotAllowed):
                start_import(by=account, log=log, mapping=MAPPING, now=NOW)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"   \n\n",
            b"%PDF-1.7 ...",
            b"PK\x03\x04rest",
            b"one column\n1\n2\n",
            b"a;b;c\n",
            b"\x1f\x8bbroken",
            b'<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "b">]><log/>',
        ],
    )
    def test_refuses_what_is_no_log_and_keeps_nothing(
        self, world, media, content
    ) -> None:
        with pytest.raises(BadLog) as refusal:
            receive(world, text=content.decode("latin-1"))

        assert "\n" not in str(refusal.value)
        assert not str(refusal.value).startswith("source")
        assert not EventLog.objects.exists()
        assert folders(media) == []

    def test_refuses_a_bomb(self, world, media) -> None:
        from diagnosis.services.logs import receive_log

        bomb = gzip.compress(b"a,b,c\n" + b"0,0,0\n" * 6_000_000)

        with pytest.raises(BadLog, match="unpacks to more than"):
            receive_log(
                by=world.lead,
                programme=world.programme,
                name="§Bomb",
                file_name="§bomb.csv.gz",
                chunks=[bomb],
                now=NOW,
            )

        assert folders(media) == []

    def test_refuses_what_is_too_large(self, world, media, settings) -> None:
        settings.LARGEST_UPLOAD = 10

        with pytest.raises(BadLog, match="at most"):
            receive(world)

        assert folders(media) == []


class TestStartImport:
    def test_imports_in_a_job(self, world) -> None:
        log = import_now(world, receive(world))

        assert (log.state, log.cases, log.events, log.activities) == ("ready", 3, 9, 3)
        assert log.first_at
        assert log.first_at.date().isoformat() == "2025-11-03"
        job = Job.objects.get()
        assert (job.state, job.result["url"]) == ("done", f"/p/o2c/logs/{log.pk}/")
        assert Activity.objects.filter(verb="imported").count() == 1

    def test_rings_after_the_commit(self, world, commit) -> None:
        log = receive(world)

        with commit():
            start_import(by=world.lead, log=log, mapping=MAPPING, now=NOW)

        log.refresh_from_db()
        assert log.is_ready

    def test_reads_xes_without_a_mapping(self, world) -> None:
        log = import_now(world, receive(world, text=XES, file_name="§o.xes"), {})

        assert (log.state, log.cases, log.events) == ("ready", 1, 2)

    def test_refuses_a_second_time(self, world) -> None:
        log = import_now(world, receive(world))

        with pytest.raises(AlreadyImported):
            start_import(by=world.lead, log=log, mapping=MAPPING, now=NOW)

    def test_refuses_while_a_job_is_at_it(self, world) -> None:
        log = receive(world)
        start_import(by=world.lead, log=log, mapping=MAPPING, now=NOW)

        with pytest.raises(AlreadyImported):
            start_import(by=world.lead, log=log, mapping=MAPPING, now=NOW)

    def test_refuses_half_a_mapping(self, world) -> None:
        log = receive(world)

        with pytest.raises(Invalid):
            start_import(by=world.lead, log=log, mapping={"case": "§Order"}, now=NOW)

        assert not Job.objects.exists()


class TestImportInJob:
    @pytest.mark.parametrize(
        "change",
        [{"case": "§Missing"}, {"timestamp": "§Activity"}, {"timezone": "§Nowhere"}],
    )
    def test_fails_in_one_sentence_and_keeps_no_store(self, world, change) -> None:
        log = import_now(world, receive(world), {**MAPPING, **change})

        assert log.state == "failed"
        assert log.error
        assert "\n" not in log.error
        assert Job.objects.get().error == log.error
        assert [one.name for one in log.folder.iterdir()] == ["source"]

    def test_can_be_tried_again_after_a_failure(self, world) -> None:
        log = import_now(world, receive(world), {**MAPPING, "case": "§Missing"})

        log = import_now(world, log)

        assert (log.state, log.error) == ("ready", "")

    def test_leaves_nothing_behind_when_cancelled(self, world, monkeypatch) -> None:
        log = receive(world)

        def stop(*_args):
            raise jobs.Cancelled

        monkeypatch.setattr("programmes.jobs.progress", stop)
        log = import_now(world, log)

        assert (log.state, Job.objects.get().state) == ("uploaded", "cancelled")
        assert [one.name for one in log.folder.iterdir()] == ["source"]

    def test_takes_up_a_store_that_a_killed_worker_finished(self, world) -> None:
        log = import_now(world, receive(world))
        EventLog.objects.filter(pk=log.pk).update(state="importing", cases=0)
        job = jobs.enqueue(
            "diagnosis.import_log", {"log": log.pk}, programme=world.programme
        )

        jobs.run(job.pk)

        log.refresh_from_db()
        assert (log.state, log.cases) == ("ready", 3)

    def test_lists_bad_rows_and_imports_the_rest(self, world) -> None:
        text = LOG + "9;§Ship;someday\n"

        log = import_now(world, receive(world, text=text))

        assert (log.events, log.quality["bad_rows_total"]) == (9, 1)
        assert log.quality["bad_rows"][0]["value"] == "someday"


class TestSetClosing:
    def test_counts_open_cases(self, world) -> None:
        log = import_now(world, receive(world))

        set_closing(by=world.lead, log=log, activities=["§Ship", "§No"], now=NOW)

        assert log.closing == ["§Ship"]
        assert lenses.everything(log)["overview"]["open_cases"] == 1

    def test_refuses_others_and_logs_that_wait(self, world) -> None:
        log = receive(world)

        with pytest.raises(NotAllowed):
            set_closing(by=world.owner, log=log, activities=[], now=NOW)
        with pytest.raises(NotReady):
            set_closing(by=world.lead, log=log, activities=[], now=NOW)


class TestLenses:
    def test_answer_from_the_cache(self, world, monkeypatch) -> None:
        log = import_now(world, receive(world))
        first = lenses.everything(log)

        def shut(*_args):
            raise AssertionError("the log was opened again")

        monkeypatch.setattr("diagnosis.services.lenses.open_log", shut)

        assert lenses.everything(log) == first

    def test_draw_the_map_once_for_each_choice(self, world, monkeypatch) -> None:
        log = import_now(world, receive(world))
        chart = lenses.chart_of(lenses.everything(log)["map"])

        time = lenses.picture(log, chart, "all", "time")
        frequency = lenses.picture(log, chart, "all", "frequency")

        assert time != frequency
        assert lenses.picture(log, chart, "all", "time") == time
        slowest = lenses.slowest(chart)
        assert slowest
        assert (slowest["source"], slowest["target"]) == (
            "§Check",
            "§Ship",
        )


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
