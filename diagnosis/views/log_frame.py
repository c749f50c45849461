"""What the pages of an event log share: head, tabs, filters, a CSV of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from diagnosis.mining.sources import LogError
from diagnosis.models import EventLog
from diagnosis.views.log_filters import (
    chips,
    filters_of,
    forms_for,
    query_of,
    ready_log,
)
from diagnosis.views.log_tabs import tabs
from diagnosis.views.logs import LOGS, log_url
from programmes.access import MelioraRequest
from programmes.kit.errors import Text
from programmes.kit.pages import csv_answer
from programmes.views.exports import note_export
from programmes.views.register import crumbs


@dataclass(frozen=True)
class Asked:
    """A log, the filters of the address that it can answer, and the answer."""

    log: EventLog
    filters: list[Any]
    found: Any

    @property
    def texts(self) -> list[str]:
        return [text for text, _one in self.filters]

    @property
    def query(self) -> str:
        query = query_of(self.texts)
        return f"?{query}" if query else ""


def ask(
    request: MelioraRequest, pk: int, lens: Callable[[EventLog, list[str]], Any]
) -> Asked:
    """Ask the lens about the cases of the address; about all where it cannot say."""
    log = ready_log(request, pk)
    filters = filters_of(request)
    try:
        return Asked(log, filters, lens(log, [text for text, _one in filters]))
    except LogError as error:
        messages.error(request, str(error))
        return Asked(log, [], lens(log, []))


def page(
    request: MelioraRequest,
    asked: Asked,
    here: str,
    context: dict[str, Any],
    kept: dict[str, str] | None = None,
) -> HttpResponse:
    """A tab of the log; `kept` are parameters that its filters leave alone."""
    log = asked.log
    label = next(one.label for one in tabs(log, here) if one.current)
    frame = {
        "record": log,
        "register": LOGS,
        "title": label,
        "tabs": tabs(log, here, asked.query),
        "chips": chips(asked.filters, **(kept or {})),
        "narrow": forms_for(log),
        "texts": asked.texts,
        "query": asked.query,
        "here": here,
        "may_export": request.grants.may("export"),
        "export_url": export_url(request, log, here),
        "crumbs": crumbs(
            request,
            LOGS,
            {"label": log.name, "href": f"{log_url(request, log)}{asked.query}"},
            {"label": label},
        ),
        "nav": "phase3",
    }
    return render(request, f"diagnosis/logs/{here}.html", {**frame, **context})


def export_url(request: MelioraRequest, log: EventLog, here: str) -> str:
    """The same table as CSV, with everything that the address asks for."""
    address = reverse(f"{here}-export", args=[log.programme.code, log.pk])
    asked = request.GET.urlencode()
    return f"{address}?{asked}" if asked else address


def table_file(
    request: MelioraRequest,
    log: EventLog,
    name: Text,
    head: Iterable[Any],
    rows: Iterable[Iterable[Any]],
) -> HttpResponse:
    """A table of the log as CSV; the ledger is told."""
    note_export(request, "logs")
    return csv_answer(f"{log.name} {name}", head, rows)


def paged(found: dict[str, Any]) -> Page[Any]:
    """The place of a page that a lens has cut already."""
    return Paginator(range(found["total"]), found["size"]).page(found["page"])
