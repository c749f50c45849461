"""What imports and deletions leave behind: found by comparing rows and folders."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from diagnosis.mining.store import sweep
from diagnosis.models import EventLog
from diagnosis.models.logs import FOLDER, folder_of
from diagnosis.services.logs import settle
from programmes.models import Job

KEPT = timedelta(days=30)
SETTLED_AFTER = timedelta(seconds=30)


def sweep_logs(now: datetime) -> int:
    """Remove the files of logs that were deleted more than 30 days ago.

    A log that was derived from one of them goes with it.
    """
    swept = 0
    gone = now - KEPT
    old = EventLog.objects.filter(
        Q(deleted_at__lt=gone) | Q(derived_from__deleted_at__lt=gone)
    )
    EventLog.objects.filter(derived_from__deleted_at__lt=gone, deleted_at=None).update(
        deleted_at=now
    )
    for uuid in list(old.values_list("uuid", flat=True)):
        folder = folder_of(uuid)
        if folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept + sweep_strays()


def sweep_stopped() -> int:
    """Settle imports whose job is over: cancelled while it waited, or given up.

    A worker that is killed, or cancelled with its machine, settles nothing itself.
    """
    stopped = EventLog.objects.select_related("job").filter(
        state=EventLog.State.IMPORTING,
        job__state__in=(Job.State.CANCELLED, Job.State.FAILED),
        job__finished_at__lt=timezone.now() - SETTLED_AFTER,
    )
    for log in stopped:
        is_failed = log.job is not None and log.job.state == Job.State.FAILED
        # A connected log has no columns to confirm: it is read again or deleted.
        is_failed = is_failed or bool(log.connection)
        sweep(log.folder, older_than=0)
        settle(
            log,
            state=EventLog.State.FAILED if is_failed else EventLog.State.UPLOADED,
            error=log.job.error[:500] if log.job else "",
        )
    return len(stopped)


def sweep_strays() -> int:
    """Remove folders without a row: uploads that a crash interrupted a day ago."""
    root = Path(settings.MEDIA_ROOT) / FOLDER
    if not root.is_dir():
        return 0
    known = {str(one) for one in EventLog.objects.values_list("uuid", flat=True)}
    yesterday = timezone.now().timestamp() - 86_400
    strays = [
        one
        for one in root.iterdir()
        if one.name not in known and one.stat().st_mtime < yesterday
    ]
    for one in strays:
        shutil.rmtree(one, ignore_errors=True)
    return len(strays)
