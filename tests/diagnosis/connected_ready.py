"""What the tests of connected logs share: a database, its connection, a log of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache

from diagnosis.mining.external_sql import Raw, Target, script
from diagnosis.mining.place import Connection, Place
from diagnosis.models import EventLog
from diagnosis.services.connected_logs import connect_log, refresh_log
from programmes import jobs
from tests.diagnosis.mining.every_lens import drawn
from tests.diagnosis.mining.raw_tables import READER, database, raw_table, run, url_of
from tests.world import NOW

RAW = Raw(
    "raw_events",
    "order",
    "what's done",
    "done",
    start="began",
    resource="who",
    order="id",
    attributes=("region",),
)
TARGET = Target("logs", "o_", READER)
REFRESH = [
    f"REFRESH MATERIALIZED VIEW logs.o_{name}"
    for name in ("events", "variants", "cases")
]
FURTHER = (
    "INSERT INTO raw_events VALUES (9000, 'new', 'a', NULL, '2025-12-30 10:00+00')"
)


@pytest.fixture
def media(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    return tmp_path


@pytest.fixture
def erp() -> Iterator[str]:
    """A database of the enterprise with the three tables."""
    with database() as name:
        raw_table(name, drawn()[:300])
        run(name, script(RAW, TARGET))
        yield name


@pytest.fixture
def offered(erp: str, world: Any, settings: Any, media: Any) -> Connection:
    """A connection for the enterprise of the world, and one of another."""
    place = Place(url_of(erp, READER), "logs", "o_", timezone="Europe/Berlin")
    mine = Connection("erp", "§Orders", world.programme.enterprise.name, place)
    theirs = replace(mine, name="theirs", label="§Theirs", enterprise="Another")
    settings.EVENT_STORES = {"theirs": theirs, "erp": mine}
    return mine


def add(world: Any, **given: Any) -> EventLog:
    """The log of the connection, its job run at once."""
    log = connect_log(
        **{
            "by": world.lead,
            "programme": world.programme,
            "connection": "erp",
            "name": "",
            "now": NOW,
            **given,
        }
    )
    return done(log)


def done(log: EventLog) -> EventLog:
    jobs.run(log.job_id or 0)
    log.refresh_from_db()
    return log


def again(world: Any, log: EventLog) -> EventLog:
    return done(refresh_log(by=world.lead, log=log, now=NOW))


@pytest.fixture
def log(world: Any, offered: Connection) -> EventLog:
    return add(world)


def silenced(settings: Any, offered: Connection) -> None:
    """The database of the connection answers no longer."""
    place = Place("postgresql://who:opensesame@/x?host=/nowhere")
    settings.EVENT_STORES = {"erp": replace(offered, place=place)}
