"""The real Celery application with one slow kind of job, for the fault tests."""

from __future__ import annotations

import time
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402

from config.celery import app  # noqa: E402
from programmes import jobs  # noqa: E402
from programmes.models import Job, WorkItem  # noqa: E402

KIND = "tests.slow"
SECONDS = 0.4
__all__ = ["KIND", "app"]


@jobs.job(KIND)
def slow(found: Job) -> dict[str, Any]:
    """Leave one trace, slowly, so that a kill falls into the middle."""
    time.sleep(SECONDS)
    now = timezone.now()
    WorkItem.objects.create(
        programme=found.programme,
        title=f"§job {found.pk}",
        created_at=now,
        updated_at=now,
    )
    return {}
