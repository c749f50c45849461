"""What the pages of an event log share: head, tabs, filters, files of their tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from diagnosis.mining.sources import LogError
from diagnosis.models import EventLog
from diagnosis.views.log_filters import (
    chips,
    choosing,
    filters_of,
    query_of,
    ready_log,
)
from diagnosis.views.log_tabs import FILES, files, tabs
from diagnosis.views.logs import LOGS, log_url
from programmes.access import MelioraRequest, access
from programmes.kit.errors import Text
from programmes.kit.pages import csv_answer
from programmes.kit.sheets import Sheet
from programmes.views.exports import note_export
from programmes.views.register import crumbs
from programmes.views.register_files import sheets_answer


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
    shared = frame(request, asked.log, here, asked.filters, kept)
    template = f"diagnosis/logs/{here}.html"
    return render(request, template, {**shared, **context})


def frame(
    request: MelioraRequest,
    log: EventLog,
    here: str,
    filters: list[Any],
    kept: dict[str, str] | None = None,
) -> dict[str, Any]:
    """What the head of each tab has: its place, the chosen cases, its files."""
    label = next(one.label for one in tabs(log, here) if one.current)
    texts = [text for text, _one in filters]
    query = f"?{query_of(texts)}" if texts else ""
    return {
        "record": log,
        "register": LOGS,
        "title": label,
        "tabs": tabs(log, here, query),
        "chips": chips(filters, **(kept or {})),
        **(choosing(log) if log.is_ready else {}),
        "texts": texts,
        "query": query,
        "here": here,
        "may_edit": request.grants.may("log.edit"),
        "may_export": request.grants.may("export"),
        "files": files(request, log, here),
        "crumbs": crumbs(
            request,
            LOGS,
            {"label": log.name, "href": f"{log_url(request, log)}{query}"},
            {"label": label},
        ),
        "nav": "phase3",
    }


@dataclass(frozen=True)
class Tables:
    """What a tab gives away: the first of its tables as CSV, all of them as XLSX."""

    log: EventLog
    name: Text
    sheets: list[Sheet]


Gather = Callable[[MelioraRequest, int], Tables | HttpResponse]


def export_paths(address: str, name: str, gather: Gather) -> list[URLPattern]:
    """The addresses of a tab's tables, as CSV and as XLSX; the ledger is told."""
    return [
        path(f"{address}.{kind}", export_view(gather, kind), name=f"{name}-{suffix}")
        for kind, suffix in FILES.items()
    ]


def export_view(gather: Gather, kind: str) -> Callable[..., HttpResponse]:
    @access("export")
    def view(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
        found = gather(request, pk)
        if isinstance(found, HttpResponse):
            return found
        note_export(request, "logs")
        name = f"{found.log.name} {found.name}"
        if kind == "xlsx":
            return sheets_answer(name, found.sheets)
        first = found.sheets[0]
        return csv_answer(name, first.head, first.rows)

    return view


def paged(found: dict[str, Any]) -> Page[Any]:
    """The place of a page that a lens has cut already."""
    return Paginator(range(found["total"]), found["size"]).page(found["page"])
