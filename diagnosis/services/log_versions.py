"""Versions of an event log: a newer file, more of it, the same read otherwise.

A log never changes once it is imported. Each version is a log of its own with its own
files; the versions of a log share their first one, by which they find each other.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from diagnosis.mining.sources import LogError, column_named, source_kind
from diagnosis.mining.staging import order_of
from diagnosis.mining.tables import dialect_of
from diagnosis.models import EventLog
from diagnosis.services.lenses import everything
from diagnosis.services.log_feeds import NotReady
from diagnosis.services.logs import (
    ROLES,
    BadLog,
    allow,
    check_source,
    start_import,
    words_of,
    write_file,
)
from programmes.kit.errors import Refusal
from programmes.models import Account
from programmes.services.records import Invalid, save_record

MOST_PARTS = 50
CLEANINGS = ("duplicates", "faulty", "single")


class Connected(Refusal):
    """The events of the log are in a database of the enterprise."""

    code = "log-connected"


class Derived(Refusal):
    """A log without some activities has no file of its own."""

    code = "log-derived"


def versions_of(log: EventLog) -> list[EventLog]:
    """All versions that are not deleted, the newest first."""
    rows = EventLog.objects.of(log.programme).of_line(log.line)
    return list(rows.order_by("-edition", "-pk"))


def before(log: EventLog) -> EventLog | None:
    """The version before this one that is imported and not deleted."""
    rows = EventLog.objects.of(log.programme).of_line(log.line)
    older = rows.filter(edition__lt=log.edition, state=EventLog.State.READY)
    found: EventLog | None = older.order_by("-edition").first()
    return found


def add_version(
    *,
    by: Account | None,
    log: EventLog,
    file_name: str,
    chunks: Iterable[bytes],
    now: datetime,
    key: str = "",
) -> EventLog:
    """Take a newer file of the same log as its next version.

    Imported at once when it has the columns of the mapping; else it waits for them.
    :raises NotAllowed: not the lead.
    :raises Connected: the events are in a database of the enterprise.
    :raises Derived: the log has no file.
    :raises BadLog: no event log; nothing of it is kept.
    """
    newer = next_version(by, log, file_name, key)
    with no_remains(newer):
        newer.bytes, newer.sha256 = write_file(newer.source, chunks)
        check_source(newer)
        if source_kind(newer.source) == "xes":
            newer.mapping = {}
            return save_version(newer, by, now)
        return save_version(newer, by, now, at_once=is_mapped(newer))


def append_events(
    *,
    by: Account | None,
    log: EventLog,
    file_name: str,
    chunks: Iterable[bytes],
    now: datetime,
    key: str = "",
    leave_out: Sequence[str] = ("duplicates",),
) -> EventLog:
    """Make the next version of the log's events and those of a further file.

    The file has the same columns; events that are there already are left out and
    counted, unless `leave_out` says otherwise.
    :raises NotAllowed: not the lead.
    :raises NotReady: the log is not imported.
    :raises Connected: the events are in a database of the enterprise.
    :raises Derived: the log has no file.
    :raises BadLog: no event log, or other columns; nothing of it is kept.
    :raises Invalid: the log consists of too many files already.
    """
    newer = next_version(by, log, file_name, key)
    refuse_waiting(log)
    if log.parts >= MOST_PARTS:
        raise Invalid(
            _("A log may consist of %(n)s files; upload it as one.") % {"n": MOST_PARTS}
        )
    newer.recipe = recipe_of({*log.recipe.get("leave_out", ()), *leave_out})
    newer.parts = log.parts + 1
    with no_remains(newer):
        copy_sources(log, newer)
        added = newer.sources[-1]
        newer.bytes, newer.sha256 = write_file(added, chunks)
        refuse_other_columns(newer, added)
        return save_version(newer, by, now)


def clean_log(
    *, by: Account, log: EventLog, leave_out: Sequence[str], now: datetime
) -> EventLog:
    """Read the same files again and leave out what is doubtful, as the next version.

    :raises NotAllowed: not the lead.
    :raises NotReady: the log is not imported.
    :raises Connected: the events are in a database of the enterprise.
    :raises Derived: the log has no file.
    :raises Invalid: that is what the log leaves out already.
    """
    newer = next_version(by, log, log.file_name)
    refuse_waiting(log)
    newer.recipe, newer.parts = recipe_of(leave_out), log.parts
    if newer.recipe == log.recipe:
        raise Invalid(_("Choose something else to leave out than this version does."))
    newer.bytes, newer.sha256 = log.bytes, log.sha256
    with no_remains(newer):
        copy_sources(log, newer)
        return save_version(newer, by, now)


def drop_activities(
    *,
    by: Account,
    log: EventLog,
    activities: Sequence[str],
    keep: bool,
    now: datetime,
) -> EventLog:
    """Make a log without some activities, or of them alone, in a job.

    :raises NotAllowed: not the lead.
    :raises NotReady: the log is not imported.
    :raises Connected: the events are in a database of the enterprise.
    :raises Invalid: none or all of the log's activities are named.
    """
    allow(by, log.programme)
    refuse_connected(log)
    refuse_waiting(log)
    known = {one["activity"] for one in everything(log)["map"]["nodes"]}
    names = [one for one in dict.fromkeys(activities) if one in known]
    if not names or len(names) == len(known):
        raise Invalid(_("Choose some of the activities, and not all of them."))
    said = _("%(log)s, only %(names)s") if keep else _("%(log)s without %(names)s")
    derived = EventLog(
        programme=log.programme,
        name=(said % {"log": log.name, "names": ", ".join(names)})[:120],
        process=log.process,
        closing=[one for one in log.closing if (one in names) == keep],
        step_mapping=log.step_mapping,
        file_name=log.file_name,
        sha256=log.sha256,
        mapping=log.mapping,
        bytes=log.bytes,
        derived_from=log,
        recipe={"activities": names, "keep": keep},
    )
    with transaction.atomic():
        save_record(by=by, record=derived, now=now, url="")
        return start_import(by=by, log=derived, mapping=log.mapping, now=now)


def next_version(
    by: Account | None, log: EventLog, file_name: str, key: str = ""
) -> EventLog:
    """The next version of a log, without its number and not saved yet.

    :raises NotAllowed: not the lead.
    :raises Connected: the events are in a database of the enterprise.
    :raises Derived: the log has no file.
    """
    allow(by, log.programme)
    refuse_connected(log)
    if log.derived_from_id:
        raise Derived(
            _("This log was made from another one; upload the file to that one.")
        )
    return EventLog(
        programme=log.programme,
        name=log.name,
        process=log.process,
        closing=log.closing,
        step_mapping=log.step_mapping,
        mapping=log.mapping,
        file_name=Path(file_name).name[:200],
        series=log.line,
        key=key,
    )


def save_version(
    log: EventLog, by: Account | None, now: datetime, *, at_once: bool = True
) -> EventLog:
    """Number the version and start its import; two at once get two numbers."""
    with transaction.atomic():
        EventLog.objects.select_for_update(of=("self",)).get(uuid=log.line)
        every = EventLog.objects.of_line(log.line)
        log.edition = every.aggregate(n=Max("edition"))["n"] + 1
        save_record(by=by, record=log, now=now, url="")
        if at_once:
            return start_import(by=by, log=log, mapping=log.mapping, now=now)
    return log


@contextmanager
def no_remains(log: EventLog) -> Iterator[None]:
    """The folder of a log goes when anything goes wrong before its row is there."""
    try:
        yield
    except BaseException:
        shutil.rmtree(log.folder, ignore_errors=True)
        raise


def refuse_connected(log: EventLog) -> None:
    if log.connection:
        raise Connected(
            _(
                "The events of this log stay in their database: they are changed "
                "there, and read with Refresh."
            )
        )


def refuse_waiting(log: EventLog) -> None:
    if not log.is_ready:
        raise NotReady(_("The log is not imported yet."))


def recipe_of(leave_out: Iterable[str]) -> dict[str, Any]:
    chosen = [one for one in CLEANINGS if one in set(leave_out)]
    return {"leave_out": chosen} if chosen else {}


def copy_sources(log: EventLog, newer: EventLog) -> None:
    """The files of one version in the folder of another, without their bytes twice."""
    newer.folder.mkdir(parents=True, exist_ok=True)
    for source in log.sources:
        target = newer.folder / source.name
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)


def is_mapped(log: EventLog) -> bool:
    """Whether the columns of the mapping are in the file; XES names its own."""
    if source_kind(log.source) == "xes":
        return True
    if not log.mapping:
        return False
    header = dialect_of(log.source).header
    named = [log.mapping[one] for one in ROLES if one in log.mapping]
    try:
        for name in named:
            column_named(name, header, "")
    except LogError:
        return False
    return True


def refuse_other_columns(log: EventLog, added: Path) -> None:
    """:raises BadLog: the added file is no table or XES with the log's columns."""
    try:
        kinds = {source_kind(log.source) == "xes", source_kind(added) == "xes"}
        if len(kinds) > 1:
            raise LogError(
                "source is of another kind than the log: add a table to a log from a "
                "table, and XES to a log from XES."
            )
        if kinds == {False}:
            order_of(added, dialect_of(added).header, dialect_of(log.source).header)
    except LogError as error:
        raise BadLog(words_of(error, log)) from error
