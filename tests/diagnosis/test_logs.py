"""Event logs: the file, the import, the pages, the values of indicators."""

from __future__ import annotations

import gzip
import os
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from diagnosis import tasks
from diagnosis.models import EventLog
from diagnosis.models.logs import FOLDER
from diagnosis.services import lenses
from diagnosis.services.logs import (
    KEPT,
    AlreadyImported,
    BadLog,
    NotReady,
    feed_indicator,
    set_closing,
    start_import,
    sweep_logs,
)
from programmes import jobs
from programmes.kit.errors import NotAllowed
from programmes.models import Activity, Indicator, Job, Measurement
from programmes.services.records import Invalid, delete_record, restore_record
from tests.diagnosis.fill import LOG, MAPPING, describe, import_now, receive
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


def folders(media) -> list[str]:
    root = media / FOLDER
    return [one.name for one in root.iterdir()] if root.is_dir() else []


def indicator(world, code: str = "days") -> Indicator:
    return world.save(
        Indicator, code=code, name="§Days", owner=world.person("owner"), unit="§d"
    )


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


class TestFeedIndicator:
    def test_records_complete_months(self, world) -> None:
        log = import_now(world, receive(world))
        measured = indicator(world)

        result = feed_indicator(
            by=world.owner,
            log=log,
            indicator=measured,
            measure="cases_completed",
            now=NOW,
        )

        rows = Measurement.objects.filter(indicator=measured).order_by("at")
        assert [(one.at.date().isoformat(), one.value) for one in rows] == [
            ("2025-11-30", Decimal(1)),
            ("2025-12-31", Decimal(2)),
        ]
        assert {one.source for one in rows} == {"log"}
        assert (result.accepted, rows[0].note) == (2, log.name)

    def test_leaves_out_the_month_in_which_the_log_breaks_off(self, world) -> None:
        text = LOG.replace("2025-12-30", "2025-12-20")
        log = import_now(world, receive(world, text=text))
        measured = indicator(world)

        feed_indicator(
            by=world.lead,
            log=log,
            indicator=measured,
            measure="median_throughput_days",
            now=NOW,
        )

        assert Measurement.objects.filter(indicator=measured).count() == 1

    def test_twice_changes_nothing(self, world) -> None:
        log = import_now(world, receive(world))
        given = {
            "by": world.lead,
            "log": log,
            "indicator": indicator(world),
            "measure": "rework_share",
            "now": NOW,
        }
        feed_indicator(**given)

        again = feed_indicator(**given)

        assert (again.accepted, again.unchanged) == (0, 2)

    def test_refuses(self, world) -> None:
        ready, waiting = import_now(world, receive(world)), receive(world)
        given = {"indicator": indicator(world), "now": NOW}

        with pytest.raises(NotAllowed):
            feed_indicator(by=world.member, log=ready, measure="rework_share", **given)
        with pytest.raises(NotReady):
            feed_indicator(by=world.lead, log=waiting, measure="rework_share", **given)
        for measure in ("§nothing", "cost_per_case"):
            with pytest.raises(Invalid):
                feed_indicator(by=world.lead, log=ready, measure=measure, **given)


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


class TestLogPages:
    def upload(self, client, content: bytes, name: str = "§orders.csv"):
        file = SimpleUploadedFile(name, content)
        return client.post("/p/o2c/logs/upload/", {"file": file, "name": "§Log"})

    def test_lead_from_the_file_to_the_map(self, world, sign_in, commit) -> None:
        client = sign_in(world.lead)

        answer = self.upload(client, LOG.encode())
        log = EventLog.objects.get()
        assert answer["Location"] == f"/p/o2c/logs/{log.pk}/columns/"
        page = client.get(answer["Location"])
        assert page.context["form"]["case"].value() == "§Order"
        with commit():
            given = {**MAPPING, "timezone": "UTC"}
            answer = client.post(answer["Location"], given)
        text = client.get(answer["Location"]).content.decode()
        for words in ("Ready", "§Check", "How work really flows", "<svg", "Map as"):
            assert words in text

    def test_take_xes_without_asking(self, world, sign_in, commit) -> None:
        with commit():
            answer = self.upload(sign_in(world.lead), XES.encode(), "§o.xes")

        log = EventLog.objects.get()
        assert answer["Location"] == f"/p/o2c/logs/{log.pk}/"
        assert log.is_ready

    @pytest.mark.parametrize(
        ("content", "words"),
        [(b"", "is empty"), (b"%PDF-1.7", "neither CSV nor XES")],
    )
    def test_refuse_at_the_field(self, world, sign_in, content, words) -> None:
        answer = self.upload(sign_in(world.lead), content)

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not EventLog.objects.exists()

    def test_refuse_what_is_too_large(self, world, sign_in, settings) -> None:
        settings.LARGEST_UPLOAD = 10

        answer = self.upload(sign_in(world.lead), LOG.encode())

        assert "at most" in answer.content.decode()

    def test_check_the_columns(self, world, sign_in) -> None:
        log = receive(world)
        client = sign_in(world.lead)
        url = f"/p/o2c/logs/{log.pk}/columns/"
        same = {**MAPPING, "case": "§Activity", "timezone": "UTC"}

        for given in (same, {**MAPPING, "timezone": "§Mars"}, {"timezone": "UTC"}):
            assert client.post(url, given).status_code == 422
        look = client.post(url, {"look": "1", "timestamp_format": "yyyy-MM-dd HH:mm"})
        assert look.status_code == 422 or look.status_code == 200
        assert not Job.objects.exists()

    def test_say_how_many_dates_do_not_parse(self, world, sign_in) -> None:
        log = receive(world, text=LOG + "9;§Ship;someday\n")

        text = sign_in(world.lead).get(f"/p/o2c/logs/{log.pk}/columns/")

        assert "row 11: “someday”" in text.content.decode()

    def test_go_from_the_columns_of_a_ready_log_to_the_log(
        self, world, sign_in
    ) -> None:
        log = import_now(world, receive(world))

        answer = sign_in(world.lead).get(f"/p/o2c/logs/{log.pk}/columns/")

        assert answer["Location"] == f"/p/o2c/logs/{log.pk}/"

    def test_tell_when_the_file_is_gone(self, world, sign_in) -> None:
        log = receive(world)
        log.source.unlink()

        answer = sign_in(world.lead).get(f"/p/o2c/logs/{log.pk}/columns/")

        assert answer["Location"] == f"/p/o2c/logs/{log.pk}/"

    def test_show_progress_failure_and_a_second_try(
        self, world, sign_in, commit
    ) -> None:
        log = receive(world)
        client = sign_in(world.lead)
        url = f"/p/o2c/logs/{log.pk}/"
        start_import(
            by=world.lead, log=log, mapping={**MAPPING, "case": "§No"}, now=NOW
        )

        assert 'role="progressbar"' in client.get(url).content.decode()
        jobs.run(log.job_id or 0)
        text = client.get(url).content.decode()
        assert "There is no column “§No”" in text
        EventLog.objects.filter(pk=log.pk).update(mapping=MAPPING)
        with commit():
            client.post(f"{url}import/")
        assert "How work really flows" in client.get(url).content.decode()
        client.post(f"{url}import/")
        assert EventLog.objects.get().is_ready

    @pytest.mark.parametrize("level", ["main", "80", "all", "§"])
    @pytest.mark.parametrize("measure", ["time", "frequency", "§"])
    def test_switch_the_map(self, world, sign_in, level, measure) -> None:
        log = import_now(world, receive(world))

        answer = sign_in(world.viewer).get(
            f"/p/o2c/logs/{log.pk}/", {"level": level, "measure": measure}
        )

        assert answer.status_code == 200
        assert answer.content.decode().count('aria-current="true"') == 2

    def test_escape_what_stands_in_the_log(self, world, sign_in) -> None:
        text = LOG.replace("§Check", "<script>alert(1)</script><b onload=x>&amp;")
        log = import_now(world, receive(world, text=text))

        answer = sign_in(world.lead).get(f"/p/o2c/logs/{log.pk}/?level=all")

        assert answer.status_code == 200
        text = answer.content.decode()
        assert "<script>alert" not in text
        assert "<b onload" not in text

    def test_feed_an_indicator(self, world, sign_in) -> None:
        log = import_now(world, receive(world))
        measured = indicator(world)
        client = sign_in(world.owner)
        url = f"/p/o2c/logs/{log.pk}/indicator/"

        client.post(url, {"measure": "rework_share", "indicator": measured.pk})
        client.post(url, {"measure": "cost_per_case", "indicator": measured.pk})
        client.post(url, {"measure": "§"})

        assert Measurement.objects.count() == 2

    def test_save_what_ends_a_case(self, world, sign_in) -> None:
        log, waiting = import_now(world, receive(world)), receive(world)
        client = sign_in(world.lead)

        client.post(f"/p/o2c/logs/{log.pk}/closing/", {"closing": ["§Ship"]})
        client.post(f"/p/o2c/logs/{waiting.pk}/closing/", {"closing": ["§Ship"]})

        log.refresh_from_db()
        assert log.closing == ["§Ship"]
        assert "1 still open" in client.get(f"/p/o2c/logs/{log.pk}/").content.decode()

    def test_delete_and_undo(self, world, sign_in) -> None:
        log = import_now(world, receive(world))
        client = sign_in(world.lead)

        client.post(f"/p/o2c/logs/{log.pk}/delete/")
        assert client.get(f"/p/o2c/logs/{log.pk}/").status_code == 404
        client.post(f"/p/o2c/logs/{log.pk}/restore/")

        assert client.get(f"/p/o2c/logs/{log.pk}/").status_code == 200

    def test_stand_on_the_page_of_the_phase(self, world, sign_in) -> None:
        client = sign_in(world.lead)

        before = client.get("/p/o2c/phases/3/").content.decode()
        import_now(world, receive(world, process=describe(world)))
        after = client.get("/p/o2c/phases/3/").content.decode()

        assert before.count("nothing yet") > after.count("nothing yet")
        assert "1 imported" in after
        assert "0 of 1 confirmed" in after

    def test_refuse_to_import_a_second_time(self, world, sign_in) -> None:
        log = receive(world)
        start_import(by=world.lead, log=log, mapping=MAPPING, now=NOW)

        answer = sign_in(world.lead).post(
            f"/p/o2c/logs/{log.pk}/columns/", {**MAPPING, "timezone": "UTC"}
        )

        assert answer.status_code == 422

    def test_ask_few_queries(
        self, world, sign_in, django_assert_max_num_queries
    ) -> None:
        log = import_now(world, receive(world, process=describe(world)))
        client = sign_in(world.lead)

        # Thirteen are those of the door and the frame of every page.
        with django_assert_max_num_queries(18):
            client.get(f"/p/o2c/logs/{log.pk}/")
        with django_assert_max_num_queries(18):
            client.get("/p/o2c/logs/")

    def test_are_closed_to_others(self, world, sign_in) -> None:
        log = receive(world)

        assert sign_in(world.member).get("/p/o2c/logs/upload/").status_code == 403
        stranger = sign_in(world.stranger)
        assert stranger.get(f"/p/o2c/logs/{log.pk}/").status_code == 404


class TestRealLogs:
    def bring(self, world, shared, name: str, mapping):
        from diagnosis.services.logs import receive_log

        path = shared / "data" / "logs" / name
        if not path.is_file():
            pytest.skip("the log is not given")
        with path.open("rb") as file:
            log = receive_log(
                by=world.lead,
                programme=world.programme,
                name="§Real",
                file_name=name,
                chunks=iter(lambda: file.read(65536), b""),
                now=NOW,
            )
        return import_now(world, log, mapping)

    def test_a_call_centre_is_read_as_guessed(self, world, shared) -> None:
        log = self.bring(world, shared, "callcenter_example.csv", {})

        assert (log.state, log.cases, log.events) == ("ready", 3885, 7548)

    @pytest.mark.release
    def test_half_a_million_fines_are_read(self, world, shared, sign_in) -> None:
        log = self.bring(world, shared, "road_traffic_fines.xes.gz", {})

        assert (log.state, log.cases, log.events) == ("ready", 150_370, 561_470)
        page = sign_in(world.lead).get(f"/p/o2c/logs/{log.pk}/")
        assert page.status_code == 200
