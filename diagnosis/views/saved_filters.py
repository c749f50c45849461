"""Choices of cases under a name: save the chips, rename, delete."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diagnosis.models import EventLog, SavedFilter
from diagnosis.services import saved_filters as services
from diagnosis.views.log_filters import query_of
from diagnosis.views.log_pages import log_with_process, page_url
from programmes.access import MelioraRequest, access
from programmes.kit.errors import Refusal
from programmes.kit.given import words


def page_with(log: EventLog, texts: list[str]) -> HttpResponse:
    page, query = page_url("logs-detail", log), query_of(texts)
    return HttpResponseRedirect(f"{page}?{query}" if query else page)


@access("log.edit")
@require_POST
def save(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Keep the filters of the page under a name."""
    log = log_with_process(request, pk, state=EventLog.State.READY)
    given: Any = request.POST
    texts = given.getlist("f")[:40]
    try:
        saved = services.save_filter(
            by=request.user,
            log=log,
            name=words(given, "name", 80),
            filters=texts,
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return page_with(log, texts)
    messages.success(request, _("Saved as “%(name)s”.") % {"name": saved.name})
    return page_with(log, saved.filters)


def saved_of(log: EventLog, number: int) -> SavedFilter:
    found: SavedFilter = get_object_or_404(SavedFilter, line=log.line, pk=number)
    return found


@access("log.edit")
@require_POST
def change(request: MelioraRequest, code: str, pk: int, saved: int) -> HttpResponse:
    """Rename a saved choice, or delete it."""
    log = log_with_process(request, pk)
    found = saved_of(log, saved)
    given: Any = {"by": request.user, "log": log, "saved": found}
    now = timezone.now()
    try:
        if "delete" in request.POST:
            services.delete_filter(**given, now=now)
            said = _("“%(name)s” is deleted.")
        else:
            name = words(request.POST, "name", 80)
            services.rename_filter(**given, name=name, now=now)
            said = _("Saved as “%(name)s”.")
        messages.success(request, said % {"name": found.name})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return page_with(log, found.filters)


BASE = "p/<slug:code>/logs/<int:pk>/saved/"
urlpatterns = [
    path(BASE, save, name="log-filter-save"),
    path(f"{BASE}<int:saved>/", change, name="log-filter-change"),
]
