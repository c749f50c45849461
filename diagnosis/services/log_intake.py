"""Event logs that a system sends: taken and imported in one go, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from diagnosis.mining.preview import guess_mapping
from diagnosis.mining.sources import LogError, as_dict, column_named, source_kind
from diagnosis.mining.tables import dialect_of
from diagnosis.models import EventLog
from diagnosis.services.log_versions import no_remains
from diagnosis.services.logs import (
    ROLES,
    BadLog,
    allow,
    receive_log,
    start_import,
    words_of,
)
from programmes.kit.errors import Refusal
from programmes.models import Account, Job, Programme
from programmes.services.measurements import KeyReused

MOST_WAITING = 20
SAID = (*ROLES, "timestamp_format", "timezone", "case_attributes")
MOST_LISTED = 200
Chunks = Callable[[], Iterable[bytes]]
"""Gives the bytes of the file, as often as it is asked."""


class TooMany(Refusal):
    """The programme has enough imports waiting."""

    code = "too-many-imports"
    status = 429


class BadMapping(Refusal):
    """The mapping names parts that a log does not have."""

    code = "bad-mapping"
    status = 422


def send_log(
    *,
    by: Account | None,
    programme: Programme,
    name: str,
    file_name: str,
    chunks: Chunks,
    mapping: Mapping[str, Any],
    now: datetime,
    key: str = "",
) -> EventLog:
    """Take the file of a system and start its import; no mapping: columns are guessed.

    :param by: None for a service account, whose scope the edge has checked.
    :raises NotAllowed: not the lead.
    :raises TooMany: enough imports of the programme wait already.
    :raises BadLog: no event log, or a column is not there; nothing of it is kept.
    :raises BadMapping: the mapping names an unknown role, or not all that is needed.
    """
    allow(by, programme)
    refuse_too_many(programme)
    given = checked(mapping)
    with transaction.atomic():
        log = receive_log(
            by=by,
            programme=programme,
            name=name,
            file_name=file_name,
            chunks=chunks(),
            now=now,
            key=key,
        )
        with no_remains(log):
            said = mapping_of(log, given)
            return start_import(by=by, log=log, mapping=said, now=now)


def sent_before(programme: Programme, key: str, chunks: Chunks) -> EventLog | None:
    """The log that came with this key before; None when there is none.

    :raises KeyReused: it came with another file.
    """
    if not key:
        return None
    log: EventLog | None = EventLog.objects.filter(programme=programme, key=key).first()
    if log is None:
        return None
    digest = sha256()
    for chunk in chunks():
        digest.update(chunk)
    if digest.hexdigest() != log.sha256:
        raise KeyReused(_("This key came with another file before; use a new one."))
    return log


def refuse_too_many(programme: Programme) -> None:
    """:raises TooMany: enough imports of the programme wait already."""
    waiting = EventLog.objects.of(programme).filter(
        state=EventLog.State.IMPORTING,
        job__state__in=(Job.State.QUEUED, Job.State.RUNNING),
    )
    if waiting.count() >= MOST_WAITING:
        raise TooMany(
            _("%(n)s imports are waiting already; send the next one later.")
            % {"n": MOST_WAITING}
        )


def checked(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """:raises BadMapping: an unknown role, or no text."""
    odd = [one for one in mapping if one not in SAID]
    if odd:
        raise BadMapping(
            _("There is no “%(name)s” in a mapping; there are %(names)s.")
            % {"name": str(odd[0])[:40], "names": ", ".join(SAID)}
        )
    given = {role: name for role, name in mapping.items() if name}
    listed = given.get("case_attributes", [])
    if not isinstance(listed, list) or len(listed) > MOST_LISTED:
        raise BadMapping(_("List the attributes of the case by their names."))
    names = [name for role, name in given.items() if role != "case_attributes"]
    if not all(isinstance(name, str) and len(name) <= 200 for name in names + listed):
        raise BadMapping(_("Name each column by its text in the file's header."))
    lacks = [one for one in ("case", "activity", "timestamp") if one not in given]
    if given and lacks:
        raise BadMapping(_("The mapping lacks the %(name)s.") % {"name": lacks[0]})
    return given


def mapping_of(log: EventLog, given: dict[str, Any]) -> dict[str, Any]:
    """The mapping as said, else as guessed; XES names its parts itself.

    :raises BadLog: a column is not in the file, or cannot be guessed.
    """
    try:
        if source_kind(log.source) == "xes":
            return {}
        if not given:
            return as_dict(guess_mapping(log.source))
        header = dialect_of(log.source).header
        for role in ROLES:
            if role in given:
                column_named(given[role], header, role)
        for name in given.get("case_attributes", ()):
            column_named(name, header, "case attributes")
    except LogError as error:
        raise BadLog(words_of(error, log)) from error
    return given
