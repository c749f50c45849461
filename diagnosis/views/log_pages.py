"""What the pages beside the overview of a log share: the log, its tabs, the frame."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from diagnosis.models import EventLog
from diagnosis.views.log_filters import filters_of, query_of
from diagnosis.views.log_tabs import tabs
from diagnosis.views.logs import LOGS
from programmes.access import MelioraRequest
from programmes.kit.errors import Text
from programmes.views.register import crumbs


def log_with_process(request: MelioraRequest, pk: int, **only: Any) -> EventLog:
    rows = EventLog.objects.of(request.programme).filter(**only)
    log: EventLog = get_object_or_404(
        rows.select_related("process__scope_item", "job"), pk=pk
    )
    return log


def frame(
    request: MelioraRequest, log: EventLog, here: str, title: Text
) -> dict[str, Any]:
    """The context that all pages of a log have."""
    query = query_of([text for text, _filter in filters_of(request)])
    return {
        "record": log,
        "tabs": tabs(log, here, f"?{query}" if query else ""),
        "query": f"?{query}" if query else "",
        "may_edit": request.grants.may("log.edit"),
        "may_export": request.grants.may("export"),
        "crumbs": crumbs(
            request,
            LOGS,
            {"label": log.name, "href": page_url("logs-detail", log)},
            {"label": title},
        ),
        "nav": "phase3",
    }


def page_url(name: str, log: EventLog) -> str:
    return reverse(name, args=[log.programme.code, log.pk])
