"""The pages of connected logs: all tabs work, and say it when the database does not."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diagnosis.mining.place import Connection
from diagnosis.models import EventLog
from tests.diagnosis.connected_ready import (
    add,
    again,
    erp,
    log,
    media,
    offered,
    silenced,
)
from tests.diagnosis.fill import describe
from tests.diagnosis.mining.raw_tables import run

__all__ = ["erp", "log", "media", "offered"]

TABS = (
    "logs-detail", "log-paths", "log-cases", "log-times", "log-work", "log-workload",
    "log-contrast", "log-conformance", "log-compare", "log-quality", "log-versions",
    "log-feed", "log-events-csv", "log-events-xes", "log-cases-export",
    "log-bad-rows",
)  # fmt: skip


class TestPages:
    @pytest.fixture
    def lead(self, world: Any, sign_in: Any) -> Client:
        client: Client = sign_in(world.lead)
        return client

    def address(self, log: EventLog, name: str) -> str:
        return reverse(name, args=[log.programme.code, log.pk])

    @pytest.mark.parametrize("name", TABS)
    def test_all_work(self, lead: Client, log: EventLog, name: str) -> None:
        answer = lead.get(self.address(log, name))

        body = b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code == 200
        assert body

    def test_compare_with_a_described_process(
        self, world: Any, lead: Client, offered: Connection
    ) -> None:
        mine = add(world, process=describe(world))

        answer = lead.get(self.address(mine, "log-conformance"))

        assert answer.status_code == 200

    def test_are_filtered(self, lead: Client, log: EventLog) -> None:
        page = self.address(log, "log-cases")

        answer = lead.get(page, {"f": "attribute:region:north", "search": "C1"})

        assert answer.status_code == 200

    @pytest.mark.parametrize("name", [one for one in TABS if one != "log-versions"])
    def test_say_when_the_database_is_silent(
        self, lead: Client, log: EventLog, offered: Connection, settings: Any, name: str
    ) -> None:
        silenced(settings, offered)

        answer = lead.get(self.address(log, name))

        expected = {"logs-detail": 200, "log-bad-rows": 200}.get(name, 503)
        assert answer.status_code == expected
        if name != "log-bad-rows":
            assert b"does not answer" in answer.content
        assert b"opensesame" not in answer.content

    def test_offer_what_can_be_done(self, lead: Client, log: EventLog) -> None:
        told = lead.get(self.address(log, "logs-detail")).content.decode()
        versions = lead.get(self.address(log, "log-versions")).content.decode()
        quality = lead.get(self.address(log, "log-quality")).content.decode()

        assert "Refresh" in told
        assert "§Orders" in told
        assert "Not for a connected log" in versions
        assert "Leave out activities" not in versions
        assert "versions/add/" not in versions
        assert "/clean/" not in quality

    def test_refresh_by_their_button(self, lead: Client, log: EventLog) -> None:
        job = log.job_id

        lead.post(self.address(log, "log-import"))

        log.refresh_from_db()
        assert log.job_id != job
        assert log.is_ready
        page = lead.get(self.address(log, "logs-detail")).content.decode()
        assert "The tables are being read" in page

    def test_say_that_a_refresh_failed(
        self, world: Any, lead: Client, log: EventLog, erp: str
    ) -> None:
        lead.get(self.address(log, "logs-detail"))
        run(erp, "DROP MATERIALIZED VIEW logs.o_cases")
        again(world, log)

        page = lead.get(self.address(log, "logs-detail")).content.decode()

        assert "The last refresh failed" in page
        assert "is not there" in page
        assert "How work really flows" in page

    def test_never_ask_for_columns(self, lead: Client, log: EventLog) -> None:
        answer = lead.get(self.address(log, "log-columns"))

        assert answer.status_code == 302


class TestConnectPage:
    def address(self, world: Any, name: str) -> str:
        return reverse(name, args=[world.programme.code])

    def test_lists_labels_of_the_enterprise_only(
        self, world: Any, sign_in: Any, offered: Connection, erp: str
    ) -> None:
        page = sign_in(world.lead).get(self.address(world, "log-upload"))

        told = page.content.decode()
        assert "§Orders" in told
        assert "§Theirs" not in told
        assert erp not in told

    def test_is_not_there_without_a_connection(
        self, world: Any, sign_in: Any, settings: Any
    ) -> None:
        settings.EVENT_STORES = {}
        client = sign_in(world.lead)

        page = client.get(self.address(world, "log-upload")).content.decode()
        posted = client.post(self.address(world, "log-connect"))

        assert "From a connected database" not in page
        assert posted.status_code == 404

    def test_adds_the_log(self, world: Any, sign_in: Any, offered: Connection) -> None:
        answer = sign_in(world.lead).post(
            self.address(world, "log-connect"),
            {"store-connection": "erp", "store-name": "§Mine"},
        )

        log = EventLog.objects.get()
        assert answer["Location"].endswith(f"/logs/{log.pk}/")
        assert (log.name, log.connection, log.state) == ("§Mine", "erp", "importing")

    @pytest.mark.parametrize("name", ["theirs", "postgresql://x@/y", ""])
    def test_takes_no_forged_name(
        self, world: Any, sign_in: Any, offered: Connection, name: str
    ) -> None:
        answer = sign_in(world.lead).post(
            self.address(world, "log-connect"), {"store-connection": name}
        )

        assert answer.status_code == 422
        assert not EventLog.objects.exists()


class TestApi:
    def test_refuses_further_files(
        self, world: Any, sign_in: Any, log: EventLog
    ) -> None:
        answer = sign_in(world.lead).post(
            reverse("api-event-append", args=[log.pk]), {"file": BytesIO(b"a;b\n1;2\n")}
        )

        assert answer.status_code == 409
        assert "stay in their database" in answer.content.decode()
