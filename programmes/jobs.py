"""Background work. The Job row is the truth; Celery only rings the bell.

A job is claimed by a conditional update with a lease, its effect and its `done` are
one transaction, and a sweep rings again for whatever waits or whose lease ran out. So
a lost message, a killed worker or a flushed queue cost seconds and nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.kit.errors import Refusal, Text
from programmes.models import Account, Job, Programme

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
WORK = gettext_lazy("Background work")


class Cancelled(Exception):
    """The person who started the job does not want it any more."""


@dataclass(frozen=True)
class Handler:
    kind: str
    run: Callable[[Job], dict[str, Any]]
    atomic: bool
    label: Text


_handlers: dict[str, Handler] = {}
_bell: list[Callable[[int], None]] = []


def job(kind: str, *, atomic: bool = True, label: Text = WORK) -> Callable[[Any], Any]:
    """Register the function that does the jobs of a kind and returns their result.

    :param label: what it is called on its page.
    :param atomic: run it and mark the job done in one transaction. Without, the
        function must stand being run again after a crash in its middle.
    """

    def register(run: Callable[[Job], dict[str, Any]]) -> Any:
        _handlers[kind] = Handler(kind, run, atomic, label)
        return run

    return register


def label_of(job: Job) -> str:
    """What the job does, in words."""
    handler = _handlers.get(job.kind)
    return str(job.payload.get("label") or (handler.label if handler else WORK))


def on_ring(ring: Callable[[int], None]) -> None:
    """Set what rings for a job (tasks.py: Celery; tests: run it at once)."""
    _bell[:] = [ring]


def enqueue(
    kind: str,
    payload: dict[str, Any],
    *,
    programme: Programme | None = None,
    by: Account | None = None,
    key: str = "",
) -> Job:
    """Write a job row and ring once the transaction is committed.

    Waiting jobs of one key are one job: asking again returns the one that waits.
    """
    if kind not in _handlers:
        raise KeyError(f"no handler for jobs of kind {kind}")
    fields = {"kind": kind, "payload": payload, "programme": programme}
    if key:
        found, _created = Job.objects.get_or_create(
            key=key, state=Job.State.QUEUED, defaults={**fields, "created_by": by}
        )
    else:
        found = Job.objects.create(**fields, created_by=by)
    transaction.on_commit(lambda: ring(found.pk))
    return found


def ring(job_id: int) -> None:
    """A failed ring is no harm: the sweep rings again."""
    for one in _bell:
        try:
            one(job_id)
        except Exception:  # noqa: BLE001 - whatever the broker says, the row is there
            logger.warning("could not ring for job %s", job_id)


def claimable(now: datetime) -> QuerySet[Job]:
    return Job.objects.filter(
        Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=now)
    )


def claim(job_id: int, now: datetime) -> Job | None:
    """Take a job for one lease; None when somebody else has it or it is over."""
    lease = now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    taken = (
        claimable(now)
        .filter(pk=job_id)
        .update(state=Job.State.RUNNING, lease_until=lease, attempts=F("attempts") + 1)
    )
    return Job.objects.get(pk=job_id) if taken else None


def run(job_id: int) -> None:
    """Claim a job and do it. Unknown kinds are left for a newer worker."""
    kind = Job.objects.filter(pk=job_id).values_list("kind", flat=True).first()
    handler = _handlers.get(kind or "")
    if handler is None:
        logger.warning("job %s has the unknown kind %s", job_id, kind)
        return
    found = claim(job_id, timezone.now())
    if found is None:
        return
    try:
        perform(handler, found)
    except Cancelled:
        finish(found, Job.State.CANCELLED)
    except Refusal as refusal:
        finish(found, Job.State.FAILED, error=str(refusal))
    except Exception as error:
        logger.exception("job %s failed", job_id)
        retry(found, error)


def perform(handler: Handler, found: Job) -> None:
    if not handler.atomic:
        finish(found, Job.State.DONE, result=handler.run(found))
        return
    with transaction.atomic():
        # Whoever lost the lease meanwhile finds another attempt number and stops.
        mine = Job.objects.select_for_update().filter(
            pk=found.pk, attempts=found.attempts, state=Job.State.RUNNING
        )
        if not mine.exists():
            return
        finish(found, Job.State.DONE, result=handler.run(found))


def finish(
    found: Job, state: str, *, result: dict[str, Any] | None = None, error: str = ""
) -> None:
    Job.objects.filter(pk=found.pk, attempts=found.attempts).update(
        state=state,
        result=result or {},
        error=error,
        share=1 if state == Job.State.DONE else found.share,
        lease_until=None,
        finished_at=timezone.now(),
    )


def retry(found: Job, error: Exception) -> None:
    """Wait for the next sweep, or give up with the reason after five attempts."""
    if found.attempts >= MOST_ATTEMPTS:
        reason = _("It failed %(times)s times: %(error)s") % {
            "times": found.attempts,
            "error": type(error).__name__,
        }
        finish(found, Job.State.FAILED, error=reason)
        return
    Job.objects.filter(pk=found.pk, attempts=found.attempts).update(
        lease_until=timezone.now(), step=""
    )


def progress(found: Job, step: str, share: float) -> None:
    """Say how far a long job is, and renew its lease.

    :raises Cancelled: the job was cancelled or taken over meanwhile.
    """
    lease = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    mine = Job.objects.filter(
        pk=found.pk, attempts=found.attempts, state=Job.State.RUNNING
    )
    if not mine.update(step=step, share=share, lease_until=lease):
        raise Cancelled


def cancel(found: Job) -> None:
    """Stop a job that waits or runs; a running one stops at its next progress."""
    open_states = [Job.State.QUEUED, Job.State.RUNNING]
    Job.objects.filter(pk=found.pk, state__in=open_states).update(
        state=Job.State.CANCELLED, finished_at=timezone.now(), lease_until=None
    )


def run_again(found: Job) -> None:
    """Give a failed job another five attempts."""
    Job.objects.filter(pk=found.pk, state=Job.State.FAILED).update(
        state=Job.State.QUEUED, attempts=0, error="", finished_at=None
    )
    transaction.on_commit(lambda: ring(found.pk))


def sweep(now: datetime) -> int:
    """Ring for everything that waits or whose worker died. Returns how many."""
    waiting = list(claimable(now).order_by("pk").values_list("pk", flat=True)[:500])
    for job_id in waiting:
        ring(job_id)
    return len(waiting)
