"""What the pages of a log share that also work before its events are read."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from diagnosis.models import EventLog
from programmes.access import MelioraRequest


def log_with_process(request: MelioraRequest, pk: int, **only: Any) -> EventLog:
    rows = EventLog.objects.of(request.programme).filter(**only)
    log: EventLog = get_object_or_404(
        rows.select_related("process__scope_item", "job"), pk=pk
    )
    return log


def page_url(name: str, log: EventLog) -> str:
    return reverse(name, args=[log.programme.code, log.pk])
