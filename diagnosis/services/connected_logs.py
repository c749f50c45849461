"""Logs in a database of the enterprise: added by a connection's name, read again."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis.mining.external_check import describe
from diagnosis.mining.external_columns import StoreError
from diagnosis.mining.staging import Progress
from diagnosis.models import EventLog, Process
from diagnosis.services.logs import BadLog, finish, page_of, settle
from diagnosis.stores import NoConnection, connections_of, place_for_jobs
from programmes import jobs
from programmes.models import Account, Job, Programme
from programmes.permissions import require
from programmes.services.records import Invalid, save_record

KIND = "diagnosis.read_store"
READ_EVERY = timedelta(days=1)
TRIED_EVERY = timedelta(hours=6)


def connect_log(
    *,
    by: Account,
    programme: Programme,
    connection: str,
    name: str,
    now: datetime,
    process: Process | None = None,
) -> EventLog:
    """Add the log of a connection, and check and count its tables in a job.

    :raises NotAllowed: not the lead.
    :raises Invalid: the enterprise is offered no such connection.
    """
    require(by, "log.edit", programme)
    offered = {one.name: one for one in connections_of(programme)}
    if connection not in offered:
        raise Invalid(_("Your enterprise has no such connection."))
    chosen = offered[connection]
    log = EventLog(
        programme=programme,
        name=(name or chosen.label)[:120],
        process=process,
        file_name=chosen.label[:200],
        connection=chosen.name,
        state=EventLog.State.IMPORTING,
    )
    with transaction.atomic():
        save_record(by=by, record=log, now=now, url="")
        return read(by=by, log=log, now=now)


def refresh_log(*, by: Account, log: EventLog, now: datetime) -> EventLog:
    """Check and count the tables of a connected log anew, in a job.

    Asking again while it waits changes nothing.
    :raises NotAllowed: not the lead.
    :raises Invalid: the log is not connected.
    :raises NoConnection: the operator offers the connection no longer.
    """
    require(by, "log.edit", log.programme)
    if not log.connection:
        raise Invalid(_("This log is imported; upload a newer file of it."))
    place_for_jobs(log)
    with transaction.atomic():
        EventLog.objects.select_for_update(of=("self",)).get(pk=log.pk)
        log.refresh_from_db()  # a job may have counted since it was loaded
        if not log.is_ready:
            log.state = EventLog.State.IMPORTING
        return read(by=by, log=log, now=now)


def refresh_old(now: datetime) -> int:
    """Read the connected logs of running programmes again that nobody read for a day.

    What failed is tried again after six hours. :returns: how many jobs were put up.
    """
    rows = EventLog.objects.select_related("programme__enterprise").filter(
        state=EventLog.State.READY,
        programme__state=Programme.State.ACTIVE,
        deleted_at=None,
        read_at__lt=now - READ_EVERY,
        job__finished_at__lt=now - TRIED_EVERY,
    )
    found = 0
    for log in rows.exclude(connection=""):
        with suppress(NoConnection):
            place_for_jobs(log)
            settle(log, job=job_for(log, None))
            found += 1
    return found


def read(*, by: Account, log: EventLog, now: datetime) -> EventLog:
    """Put the job up, and save the log with it."""
    log.error = ""
    log.job = job_for(log, by)
    return save_record(by=by, record=log, now=now, url=page_of(log))


def job_for(log: EventLog, by: Account | None) -> Job:
    return jobs.enqueue(
        KIND,
        {"log": log.pk, "label": log.name},
        programme=log.programme,
        by=by,
        key=f"read-store-{log.pk}",
    )


@jobs.job(KIND, atomic=False, label=gettext_lazy("Reading a connected event log"))
def read_in_job(job: Job) -> dict[str, Any]:
    """Check one log and count it; run again, it only counts again.

    What was known of a log that is ready stays when it cannot be read.
    """
    rows = EventLog.objects.select_related("programme__enterprise")
    log = rows.get(pk=job.payload["log"])
    moment = timezone.now()
    try:
        place = place_for_jobs(log)
        found = describe(place, patient(job, place.seconds))
    except jobs.Cancelled:
        spoil(log, _("Reading was cancelled."))
        raise
    except (StoreError, NoConnection) as error:
        words = str(error)[:500]
        spoil(log, words)
        raise BadLog(words) from None
    # What the clock reads each day is no news.
    is_news = job.created_by is not None
    given = {"read_at": moment, "attributes": found.attributes}
    return finish(job, log, found, is_news=is_news, **given)


def patient(job: Job, seconds: int) -> Progress:
    """Progress whose lease outlasts the longest question that may follow."""
    patience = timedelta(seconds=settings.JOB_LEASE_SECONDS + 2 * seconds)

    def tell(step: str, share: float) -> None:
        jobs.progress(job, step, share)
        Job.objects.filter(
            pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING
        ).update(lease_until=timezone.now() + patience)

    return tell


def spoil(log: EventLog, words: str) -> None:
    """A log that was never read has failed; one that was keeps its figures."""
    state = log.state if log.is_ready else EventLog.State.FAILED
    settle(log, state=state, error=words)
