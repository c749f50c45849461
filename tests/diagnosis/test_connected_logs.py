"""Logs in a database of the enterprise: by name, for one enterprise, read only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from diagnosis import tasks
from diagnosis.mining.place import Connection
from diagnosis.models import EventLog, LogFeed
from diagnosis.reports.log import event_logs
from diagnosis.services import lenses
from diagnosis.services.connected_logs import connect_log, refresh_log, refresh_old
from diagnosis.services.log_feeds import Choice, feed_indicator
from diagnosis.services.log_sweeps import KEPT, sweep_logs, sweep_stopped
from diagnosis.services.log_versions import (
    Connected,
    add_version,
    append_events,
    clean_log,
    drop_activities,
)
from diagnosis.services.logs import AlreadyImported, remembered, start_import
from diagnosis.stores import NoConnection, StoreSilent, connections_of, meta_of
from programmes import jobs
from programmes.kit.errors import NotAllowed
from programmes.models import Job, Programme
from programmes.services.records import Invalid, delete_record
from tests.diagnosis.connected_ready import (
    FURTHER,
    REFRESH,
    add,
    again,
    done,
    erp,
    log,
    media,
    offered,
    silenced,
)
from tests.diagnosis.fill import import_now, receive
from tests.diagnosis.log_ready import folders, indicator
from tests.diagnosis.mining.raw_tables import READER, run
from tests.world import NOW

__all__ = ["erp", "log", "media", "offered"]


class TestConnectLog:
    def test_counts_what_the_tables_hold(self, world: Any, log: EventLog) -> None:
        assert (log.state, log.error, log.name) == ("ready", "", "§Orders")
        assert (log.events, log.activities) == (300, 4)
        assert log.cases == lenses.everything(log)["overview"]["cases"]
        assert log.read_at is not None
        assert [one["name"] for one in log.attributes] == ["region"]
        assert meta_of(log).mapping["timezone"] == "Europe/Berlin"

    def test_keeps_no_file(self, log: EventLog, media: Any) -> None:
        assert folders(media) == []

    def test_keeps_no_secret(self, log: EventLog, erp: str) -> None:
        rows = [*EventLog.objects.values(), *EventLog.history.values()]
        rows += Job.objects.values()

        assert not [one for one in rows if erp in str(one) or READER in str(one)]

    def test_asks_for_the_lead(self, world: Any, offered: Connection) -> None:
        with pytest.raises(NotAllowed):
            add(world, by=world.member)

    @pytest.mark.parametrize("name", ["theirs", "nobody", ""])
    def test_refuses_what_the_enterprise_is_not_offered(
        self, world: Any, offered: Connection, name: str
    ) -> None:
        with pytest.raises(Invalid, match="no such connection"):
            add(world, connection=name)

        assert not EventLog.objects.exists()

    def test_says_what_is_wrong_with_the_tables(
        self, world: Any, offered: Connection, erp: str
    ) -> None:
        run(erp, "DROP MATERIALIZED VIEW logs.o_cases")

        found = add(world)

        assert found.state == "failed"
        assert found.error.startswith("The table “o_cases” is not there")
        job = Job.objects.get(pk=found.job_id)
        assert (job.state, job.error) == ("failed", found.error)

    def test_can_be_read_again_when_they_are_mended(
        self, world: Any, offered: Connection, erp: str
    ) -> None:
        run(erp, "REVOKE SELECT ON logs.o_cases FROM meliora_reader")
        found = add(world)
        run(erp, "GRANT SELECT ON logs.o_cases TO meliora_reader")

        again(world, found)

        assert (found.state, found.error) == ("ready", "")

    def test_is_failed_when_its_job_was_cancelled(
        self, world: Any, offered: Connection
    ) -> None:
        found = connect_log(
            by=world.lead,
            programme=world.programme,
            connection="erp",
            name="",
            now=NOW,
        )
        jobs.cancel(Job.objects.get(pk=found.job_id))
        Job.objects.update(finished_at=NOW - timedelta(days=1))

        sweep_stopped()

        found.refresh_from_db()
        assert found.state == "failed"


class TestRefreshLog:
    def test_makes_counts_and_answers_new(
        self, world: Any, log: EventLog, erp: str
    ) -> None:
        before = lenses.everything(log)["overview"]["cases"]
        run(erp, FURTHER, *REFRESH)
        kept = lenses.everything(log)["overview"]["cases"]

        again(world, log)

        assert kept == before
        assert lenses.everything(log)["overview"]["cases"] == before + 1
        assert (log.events, log.cases) == (301, before + 1)

    def test_feeds_its_indicators_and_those_of_no_other(
        self, world: Any, log: EventLog, erp: str
    ) -> None:
        days, other = indicator(world), indicator(world, "other")
        twin = add(world, name="§Twin")
        choice = Choice("cases_completed")
        given = {"by": world.lead, "choice": choice, "now": NOW}
        feed_indicator(log=log, indicator=days, **given)
        feed_indicator(log=twin, indicator=other, **given)
        counted = days.measurements.count()
        run(
            erp,
            "INSERT INTO raw_events SELECT id + 10000, \"order\" || 'x', "
            "\"what's done\", began + interval '1 year', done + interval '1 year' "
            "FROM raw_events",
            *REFRESH,
        )

        again(world, log)

        assert days.measurements.count() > counted
        assert other.measurements.count() == counted
        assert LogFeed.objects.get(indicator=other).log == twin

    def test_leaves_what_is_known_when_it_fails(
        self, world: Any, log: EventLog, erp: str
    ) -> None:
        read_at, events = log.read_at, log.events
        run(erp, "DROP MATERIALIZED VIEW logs.o_cases")

        again(world, log)

        assert (log.state, log.read_at, log.events) == ("ready", read_at, events)
        assert "is not there" in log.error

    def test_does_no_harm_twice(self, world: Any, log: EventLog) -> None:
        first = refresh_log(by=world.lead, log=log, now=NOW)
        second = refresh_log(by=world.lead, log=log, now=NOW)

        assert first.job_id == second.job_id

    def test_asks_for_the_lead(self, world: Any, log: EventLog) -> None:
        with pytest.raises(NotAllowed):
            refresh_log(by=world.member, log=log, now=NOW)

    def test_is_for_connected_logs(self, world: Any, media: Any) -> None:
        plain = import_now(world, receive(world))

        with pytest.raises(Invalid, match="upload a newer file"):
            refresh_log(by=world.lead, log=plain, now=NOW)

    def test_stops_when_the_operator_closes_the_connection(
        self, world: Any, log: EventLog, settings: Any
    ) -> None:
        settings.EVENT_STORES = {}

        with pytest.raises(NoConnection):
            refresh_log(by=world.lead, log=log, now=NOW)


class TestRefreshOld:
    def aged(self, log: EventLog, hours: int) -> None:
        """As if log and job were so many hours older."""
        moment = timezone.now() - timedelta(hours=hours)
        EventLog.objects.filter(pk=log.pk).update(read_at=moment)
        Job.objects.filter(pk=log.job_id).update(finished_at=moment)

    def test_reads_again_what_is_a_day_old(
        self, world: Any, log: EventLog, erp: str
    ) -> None:
        run(erp, FURTHER, *REFRESH)
        self.aged(log, 25)

        tasks.refresh_connected()
        log.refresh_from_db()
        done(log)

        assert log.events == 301
        assert refresh_old(timezone.now()) == 0

    def test_leaves_out_the_young_the_failed_and_the_stopped(
        self, world: Any, log: EventLog, settings: Any
    ) -> None:
        self.aged(log, 23)
        young = refresh_old(timezone.now())
        self.aged(log, 25)
        Job.objects.filter(pk=log.job_id).update(finished_at=timezone.now())
        failed = refresh_old(timezone.now())
        self.aged(log, 25)
        Programme.objects.update(state=Programme.State.CLOSED)
        stopped = refresh_old(timezone.now())
        Programme.objects.update(state=Programme.State.ACTIVE)
        settings.EVENT_STORES = {}
        closed = refresh_old(timezone.now())

        assert (young, failed, stopped, closed) == (0, 0, 0, 0)


class TestConnections:
    def test_are_of_the_enterprise(self, world: Any, offered: Connection) -> None:
        assert connections_of(world.programme) == [offered]

    def test_close_kept_answers_with_the_name_of_the_enterprise(
        self, world: Any, log: EventLog, offered: Connection, settings: Any
    ) -> None:
        lenses.everything(log)
        settings.EVENT_STORES = {"erp": replace(offered, enterprise="Another")}

        with pytest.raises(NoConnection, match="not offered"):
            lenses.everything(log)

    def test_say_when_nobody_answers(
        self, world: Any, log: EventLog, offered: Connection, settings: Any
    ) -> None:
        silenced(settings, offered)

        with pytest.raises(StoreSilent, match="does not answer") as silent:
            lenses.everything(log)

        assert "opensesame" not in str(silent.value)


class TestNotOffered:
    """What needs the events in files is refused, whichever door it comes by."""

    def test_newer_files_and_more_events(self, world: Any, log: EventLog) -> None:
        given = {"by": world.lead, "log": log, "now": NOW}
        file = {"file_name": "x.csv", "chunks": [b"x"]}

        for refused in (
            lambda: add_version(**given, **file),
            lambda: append_events(**given, **file),
            lambda: clean_log(**given, leave_out=["single"]),
            lambda: drop_activities(**given, activities=["a"], keep=False),
        ):
            with pytest.raises(Connected, match="stay in their database"):
                refused()

    def test_an_import(self, world: Any, log: EventLog) -> None:
        with pytest.raises(AlreadyImported):
            start_import(by=world.lead, log=log, mapping={}, now=NOW)

    def test_its_columns_for_a_file(self, world: Any, log: EventLog) -> None:
        waiting = receive(world)

        assert remembered(waiting, ["case", "activity", "ts", "resource"]) is None


class TestDeleting:
    def test_deletes_nothing_in_the_database(
        self, world: Any, log: EventLog, erp: str
    ) -> None:
        delete_record(by=world.lead, record=log, now=NOW)

        sweep_logs(NOW + 2 * KEPT)

        assert run(erp, "SELECT count(*) FROM logs.o_events") == [(300,)]


class TestReport:
    def test_tells_of_a_connected_log(self, world: Any, log: EventLog) -> None:
        section = event_logs(world.programme, NOW)

        assert section is not None
        assert section.blocks

    def test_leaves_out_a_silent_one_and_says_so(
        self, world: Any, log: EventLog, settings: Any
    ) -> None:
        import_now(world, receive(world))
        settings.EVENT_STORES = {}

        section = event_logs(world.programme, NOW)

        assert section is not None
        assert any("not offered" in one.text for one in section.notes)
