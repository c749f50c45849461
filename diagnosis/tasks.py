"""The edge for the clock: files of deleted logs go after thirty days."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from diagnosis.services import logs


@shared_task(name="diagnosis.sweep_logs")
def sweep_logs(**_: Any) -> None:
    logs.sweep_logs(timezone.now())
