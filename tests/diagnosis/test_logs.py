"""Event logs: the file, the import, what ends a case."""

from __future__ import annotations

import gzip

import pytest

from diagnosis.models import EventLog
from diagnosis.services import lenses
from diagnosis.services.log_feeds import NotReady
from diagnosis.services.logs import (
    AlreadyImported,
    BadLog,
    set_closing,
    start_import,
)
from programmes import jobs
from programmes.kit.errors import NotAllowed
from programmes.models import Activity, Job
from programmes.services.records import Invalid
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


class TestWrongFiles:
    """What the engine refuses is told at the file, or in the job; no row is left."""

    HALF = {
        "§open.csv": LOG + '4;"§Ship;2025-12-01 08:00\n5;§Ship;2025-12-01 08:00\n\n',
        "§web.csv": "<!doctype html><p>§Sign in</p>",
        "§cut.xes": XES[:-60],
    }

    @pytest.mark.parametrize("name", HALF)
    def test_are_refused_with_their_name_and_leave_nothing(
        self, world, media, name
    ) -> None:
        with pytest.raises(BadLog) as refusal:
            receive(world, text=self.HALF[name], file_name=name)

        assert str(refusal.value).startswith(name)
        assert (folders(media), EventLog.objects.count()) == ([], 0)

    def test_fail_in_the_job_where_only_the_whole_file_tells(self, world) -> None:
        log = receive(world, text=LOG.replace("2025", "when 2025"))

        log = import_now(world, log)

        assert (log.state, log.cases, log.events) == ("failed", 0, 0)
        assert log.error.count(".") == 1
        assert [one.name for one in log.folder.iterdir()] == ["source"]


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

        monkeypatch.setattr("diagnosis.answers.open_store", shut)

        assert lenses.everything(log) == first

    def test_answer_ahead_for_large_logs(self, world, sign_in, monkeypatch) -> None:
        monkeypatch.setattr("diagnosis.services.log_ahead.LARGE", 1)
        log = import_now(world, receive(world))

        def shut(*_args):
            raise AssertionError("the log was opened")

        monkeypatch.setattr("diagnosis.answers.open_store", shut)

        assert sign_in(world.lead).get(f"/p/o2c/logs/{log.pk}/").status_code == 200

    def test_import_even_if_nothing_can_be_answered_ahead(
        self, world, monkeypatch, caplog
    ) -> None:
        def fail(*_args):
            raise MemoryError

        monkeypatch.setattr("diagnosis.services.log_ahead.LARGE", 1)
        monkeypatch.setattr("diagnosis.services.log_ahead.lenses.everything", fail)

        assert import_now(world, receive(world)).is_ready
        assert "nothing answered ahead" in caplog.text

    def test_draw_the_map_once_for_each_choice(self, world, monkeypatch) -> None:
        log = import_now(world, receive(world))
        chart = lenses.chart_of(lenses.everything(log)["map"])

        time = lenses.picture(log, chart, "all", "time")
        frequency = lenses.picture(log, chart, "all", "frequency")

        assert time != frequency
        assert lenses.picture(log, chart, "all", "time") == time
        slowest = lenses.slowest(chart)[0]
        assert (slowest["source"], slowest["target"]) == (
            "§Check",
            "§Ship",
        )
