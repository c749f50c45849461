"""Where the events of a log are: in our files, or in a database of the enterprise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext as _

from diagnosis.mining.external import open_external
from diagnosis.mining.external_check import KIND
from diagnosis.mining.external_columns import StoreError
from diagnosis.mining.lenses import Log, open_log
from diagnosis.mining.place import Connection, Place
from diagnosis.mining.store import ImportedLog, read_meta
from diagnosis.models import EventLog
from programmes.kit.errors import Unavailable
from programmes.models import Programme

LONGER = 5
"""How many times longer than an answer of a page a refresh may take."""


class NoConnection(Unavailable):
    """The operator offers the connection of the log no longer."""

    code = "no-connection"


class StoreSilent(Unavailable):
    """The database of a connected log does not answer as it should."""

    code = "store-silent"


def connections_of(programme: Programme) -> list[Connection]:
    """What the operator offers to the enterprise of the programme, by label."""
    known: dict[str, Connection] = settings.EVENT_STORES
    if not known:
        return []
    name = programme.enterprise.name
    mine = [one for one in known.values() if one.enterprise == name]
    return sorted(mine, key=lambda one: (one.label, one.name))


def connection_of(log: EventLog) -> Connection:
    """The connection of a log, if its enterprise may still use it.

    :raises NoConnection: it may not, or there is none of the name.
    """
    for one in connections_of(log.programme):
        if one.name == log.connection:
            return one
    raise NoConnection(
        _(
            "The connection of this log is not offered to the enterprise any more; "
            "ask the operator."
        )
    )


def place_for_jobs(log: EventLog) -> Place:
    """Where the log is, with the patience of a job.

    :raises NoConnection: see `connection_of`.
    """
    place = connection_of(log).place
    return replace(place, seconds=LONGER * place.seconds)


def meta_of(log: EventLog) -> ImportedLog:
    """What is known of the events: from the store, or from the last refresh."""
    if not log.connection:
        return read_meta(log.store)
    first, last = (
        one.replace(tzinfo=None).isoformat() if one else "1970-01-01"
        for one in (log.first_at, log.last_at)
    )
    return ImportedLog(
        kind=KIND,
        mapping=log.mapping,
        rows=log.events,
        events=log.events,
        cases=log.cases,
        activities=log.activities,
        variants=log.variants,
        start=first,
        end=last,
        attributes=log.attributes,
        quality=log.quality,
        bytes=0,
    )


def open_store(log: EventLog) -> Log:
    """Open the events of a log for reading.

    :raises NoConnection: the operator offers its connection no longer.
    :raises StoreSilent: its database does not answer, or its tables have changed.
    """
    if not log.connection:
        return open_log(log.store)
    with silence():
        return open_external(connection_of(log).place, meta_of(log))


@contextmanager
def silence() -> Iterator[None]:
    """What a database says while it is asked, as a refusal for the person."""
    try:
        yield
    except StoreError as error:
        raise StoreSilent(str(error)) from None


def is_there(log: EventLog) -> bool:
    """Whether the events can be asked for at all."""
    return bool(log.connection) or log.store.is_dir()


def state_of(log: EventLog) -> str:
    """Tells the answers of one refresh from those of the next; files never change."""
    return f"@{log.read_at.timestamp()}" if log.read_at else ""
