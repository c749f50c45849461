"""Event logs: taking the file, importing it in a job, what ends its cases."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis.mining.derive import derive_log
from diagnosis.mining.preview import preview
from diagnosis.mining.sources import Cleaning, LogError, Mapping, source_kind
from diagnosis.mining.store import ImportedLog, import_log, read_meta, sweep
from diagnosis.models import EventLog, Process
from diagnosis.services.lenses import everything
from diagnosis.services.log_ahead import answer_ahead
from diagnosis.services.log_feeds import NotReady, refresh_feeds
from programmes import jobs
from programmes.kit.errors import Refusal
from programmes.models import Account, Job, Programme
from programmes.permissions import require
from programmes.services import activity
from programmes.services.records import Invalid, save_record

KIND = "diagnosis.import_log"
KEPT_BAD_ROWS = 50
NUMBERING = "files"
"""Rows of the files by event: the store keeps them, lists of logs need none of them."""
MOST_REMEMBERED = 20
ROLES = (
    "case", "activity", "timestamp", "time", "start", "resource", "cost", "lifecycle",
    "amount",
)  # fmt: skip
BYTES_A_SECOND = 2_000_000


class BadLog(Refusal):
    """The file is no event log, or none of it can be used; the message says why."""

    code = "bad-log"
    status = 422


class AlreadyImported(Refusal):
    """A log is immutable once it is imported."""

    code = "already-imported"


def allow(by: Account | None, programme: Programme) -> None:
    """None stands for a system, whose scope the edge has checked.

    :raises NotAllowed: not the lead.
    """
    if by is not None:
        require(by, "log.edit", programme)


def receive_log(
    *,
    by: Account | None,
    programme: Programme,
    name: str,
    file_name: str,
    chunks: Iterable[bytes],
    now: datetime,
    process: Process | None = None,
    key: str = "",
) -> EventLog:
    """Stream a file to disk and look whether it is an event log at all.

    :raises NotAllowed: not the lead.
    :raises BadLog: too large, or no event log; nothing of it is kept.
    """
    allow(by, programme)
    log = EventLog(
        programme=programme,
        name=(name or Path(file_name).stem)[:120],
        process=process,
        file_name=Path(file_name).name[:200],
        key=key,
    )
    try:
        log.bytes, log.sha256 = write_file(log.source, chunks)
        check_source(log)
        return save_record(by=by, record=log, now=now, url=page_of(log))
    except BaseException:
        shutil.rmtree(log.folder, ignore_errors=True)
        raise


def write_file(target: Path, chunks: Iterable[bytes]) -> tuple[int, str]:
    """Bytes and SHA-256 of what was written.

    :raises BadLog: more than an upload may have.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = sha256(), 0
    with target.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > settings.LARGEST_UPLOAD:
                most = settings.LARGEST_UPLOAD // 1024**2
                raise BadLog(_("A log may have at most %(most)s MB.") % {"most": most})
            digest.update(chunk)
            file.write(chunk)
    return size, digest.hexdigest()


def check_source(log: EventLog) -> None:
    """:raises BadLog: the file cannot be read as an event log."""
    try:
        preview(log.source)
    except LogError as error:
        raise BadLog(words_of(error, log)) from error


def words_of(error: LogError, log: EventLog) -> str:
    """The sentence of the engine, with the name of the person's file."""
    return re.sub(r"^source\b(-\d+)?", lambda _match: log.file_name, str(error))[:500]


def needs_mapping(log: EventLog) -> bool:
    """XES names its parts itself; a table has columns to confirm."""
    return source_kind(log.source) != "xes"


def remembered(log: EventLog, names: Iterable[str]) -> EventLog | None:
    """The newest imported log of the programme whose columns this one has too."""
    there = set(names)
    earlier: Any = EventLog.objects.of(log.programme)
    ready: list[EventLog] = list(
        earlier.filter(state=EventLog.State.READY, connection="").order_by("-pk")[
            :MOST_REMEMBERED
        ]
    )
    for other in ready:
        columns = {other.mapping[one] for one in ROLES if one in other.mapping}
        if columns and columns <= there:
            return other
    return None


def page_of(log: EventLog) -> str:
    return f"/p/{log.programme.code}/logs/{log.pk}/" if log.pk else ""


def start_import(
    *,
    by: Account | None,
    log: EventLog,
    mapping: dict[str, Any],
    now: datetime,
) -> EventLog:
    """Import the log in a job, as the mapping says; XES needs none.

    :raises NotAllowed: not the lead.
    :raises AlreadyImported: ready, or a job is at it, or its events are elsewhere.
    :raises Invalid: the mapping lacks the case, the activity or the time.
    """
    allow(by, log.programme)
    with transaction.atomic():
        locked = EventLog.objects.select_for_update(of=("self",)).get(pk=log.pk)
        if locked.is_ready or locked.connection or is_running(locked):
            raise AlreadyImported(
                _("This log is imported. Upload the file again to read it otherwise.")
            )
        if mapping and not {"case", "activity", "timestamp"} <= mapping.keys():
            raise Invalid(_("Choose the columns of case, activity and time."))
        log.mapping, log.error = dict(mapping), ""
        log.state = EventLog.State.IMPORTING
        log.job = jobs.enqueue(
            KIND,
            {"log": log.pk, "label": log.name},
            programme=log.programme,
            by=by,
            key=f"import-log-{log.pk}",
        )
        return save_record(by=by, record=log, now=now, url=page_of(log))


def is_running(log: EventLog) -> bool:
    open_states = (Job.State.QUEUED, Job.State.RUNNING)
    return (
        log.state == EventLog.State.IMPORTING
        and log.job is not None
        and log.job.state in open_states
    )


@jobs.job(KIND, atomic=False, label=gettext_lazy("Import of an event log"))
def import_in_job(job: Job) -> dict[str, Any]:
    """Import one log. Run again after a crash it takes up what is finished."""
    rows = EventLog.objects.select_related("programme", "derived_from")
    log = rows.get(pk=job.payload["log"])
    try:
        found = imported(log, job)
    except jobs.Cancelled:
        settle(log, state=EventLog.State.UPLOADED)
        raise
    except LogError as error:
        words = words_of(error, log)
        settle(log, state=EventLog.State.FAILED, error=words)
        raise BadLog(words) from error
    return finish(job, log, found)


def finish(
    job: Job, log: EventLog, found: ImportedLog, *, is_news: bool = True, **more: Any
) -> dict[str, Any]:
    """Keep what is known of a log that is ready, and do what follows from it.

    `more` are further values of its row. :returns: the result of the job.
    """
    known = {**facts_of(found), **more}
    with transaction.atomic():
        settle(log, state=EventLog.State.READY, error="", **known)
        if is_news:
            activity.record(
                by=job.created_by,
                verb="imported",
                kind=log._meta.label_lower,
                label=log.name,
                programme=log.programme,
                now=timezone.now(),
                url=page_of(log),
            )
    failed = refresh_feeds(by=job.created_by, log=log, now=timezone.now())
    answer_ahead(log)
    return {"url": page_of(log), "not_fed": failed}


def imported(log: EventLog, job: Job) -> ImportedLog:
    """What a finished store says, else the import itself."""
    if (log.store / "meta.json").is_file():
        return read_meta(log.store)
    mapping = Mapping(**log.mapping) if log.mapping else None
    sweep(log.folder, older_than=0)  # what a killed worker left of this log
    # Between two calls the database may sort for long: the lease must outlast that.
    patience = timedelta(
        seconds=settings.JOB_LEASE_SECONDS + log.bytes // BYTES_A_SECOND
    )

    def tell(step: str, share: float) -> None:
        jobs.progress(job, step, share)
        Job.objects.filter(
            pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING
        ).update(lease_until=timezone.now() + patience)

    recipe = log.recipe
    if log.derived_from is not None:
        base, names = log.derived_from.store, recipe["activities"]
        return derive_log(base, log.store, names, keep=recipe["keep"], progress=tell)
    cleaning = Cleaning(**dict.fromkeys(recipe.get("leave_out", ()), True))
    first, *more = log.sources
    return import_log(
        first, log.store, mapping, more=more, cleaning=cleaning, progress=tell
    )


def settle(log: EventLog, **values: Any) -> None:
    for name, value in values.items():
        setattr(log, name, value)
    log.save(update_fields=list(values))


def facts_of(found: ImportedLog) -> dict[str, Any]:
    """What the row keeps of an import."""
    quality = {
        **{key: one for key, one in found.quality.items() if key != NUMBERING},
        "rows": found.rows,
        "bad_rows": found.quality["bad_rows"][:KEPT_BAD_ROWS],
        "bad_starts": found.quality["bad_starts"][:KEPT_BAD_ROWS],
    }
    return {
        "mapping": found.mapping,
        "events": found.events,
        "cases": found.cases,
        "activities": found.activities,
        "variants": found.variants,
        "first_at": moment(found.start),
        "last_at": moment(found.end),
        "quality": quality,
        "bytes": found.bytes,
    }


def moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def set_closing(
    *, by: Account, log: EventLog, activities: Iterable[str], now: datetime
) -> EventLog:
    """Say which activities end a case; cases without one count as open.

    Activities that the log does not know are left out.
    :raises NotAllowed: not the lead.
    :raises NotReady: the log is not imported.
    """
    require(by, "log.edit", log.programme)
    if not log.is_ready:
        raise NotReady(_("The log is not imported yet."))
    known = {one["activity"] for one in everything(log)["map"]["nodes"]}
    log.closing = [one for one in dict.fromkeys(activities) if one in known]
    return save_record(by=by, record=log, now=now, url=page_of(log))
