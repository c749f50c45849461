"""The versions of a log: newer files, more events, logs without some activities."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diagnosis.forms.log_versions import ActivitiesForm, VersionForm
from diagnosis.log_words import LEFT_OUT
from diagnosis.models import EventLog
from diagnosis.services import lenses
from diagnosis.services import log_versions as services
from diagnosis.views.log_pages import frame, log_with_process, page_url
from diagnosis.views.logs import STATE_TONES
from programmes.access import MelioraRequest, access
from programmes.kit.errors import Refusal

MOST_ACTIVITIES = 120
READY = EventLog.State.READY


@access("programme.read")
def versions(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """All versions of a log, and the logs that were made from this one."""
    log = log_with_process(request, pk)
    return versions_page(request, log, VersionForm(initial={"way": "newer"}))


def versions_page(
    request: MelioraRequest, log: EventLog, form: VersionForm, status: int = 200
) -> HttpResponse:
    derived = EventLog.objects.of(log.programme).filter(derived_from=log)
    context = {
        **frame(request, log, "log-versions", _("Versions")),
        "versions": rows_of(services.versions_of(log), log),
        "derived": list(derived.order_by("pk")),
        "tones": STATE_TONES,
        "form": form,
        "may_add": request.grants.may("log.edit")
        and log.derived_from_id is None
        and not log.connection,
        "activities": activities_form(log),
    }
    return render(request, "diagnosis/logs/versions.html", context, status=status)


def rows_of(versions: list[EventLog], log: EventLog) -> list[dict[str, Any]]:
    """Each version with the one it is compared with: the next older that is ready."""
    found = []
    for place, one in enumerate(versions):
        older = [row for row in versions[place + 1 :] if row.is_ready]
        found.append(
            {
                "log": one,
                "is_this": one.pk == log.pk,
                "tone": STATE_TONES[one.state],
                "older": older[0] if older and one.is_ready else None,
                "left_out": [
                    str(LEFT_OUT[kind]) for kind in one.recipe.get("leave_out", ())
                ],
            }
        )
    return found


def activities_form(log: EventLog) -> ActivitiesForm | None:
    """The activities to choose from, the most frequent first.

    None for two or fewer, and for a connected log.
    """
    if not log.is_ready or log.connection:
        return None
    nodes = lenses.everything(log)["map"]["nodes"]
    if len(nodes) < 2:
        return None
    return ActivitiesForm(
        activities=[one["activity"] for one in nodes[:MOST_ACTIVITIES]]
    )


@access("log.edit")
@require_POST
def add(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Take a newer file, or one with more events."""
    log = log_with_process(request, pk)
    form = VersionForm(request.POST, request.FILES)
    if not form.is_valid():
        return versions_page(request, log, form, 422)
    file = form.cleaned_data["file"]
    given = {
        "by": request.user,
        "log": log,
        "file_name": file.name,
        "chunks": file.chunks(),
        "now": timezone.now(),
    }
    is_more = form.cleaned_data["way"] == "more"
    take: Any = services.append_events if is_more else services.add_version
    try:
        newer = take(**given)
    except Refusal as refusal:
        form.add_error("file", str(refusal))
        return versions_page(request, log, form, 422)
    if newer.state == EventLog.State.UPLOADED:
        return HttpResponseRedirect(page_url("log-columns", newer))
    return HttpResponseRedirect(page_url("logs-detail", newer))


@access("log.edit")
@require_POST
def derive(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Make a log without some activities, or of them alone."""
    log = log_with_process(request, pk, state=READY)
    form = activities_form(log)
    given: Any = request.POST
    try:
        derived = services.drop_activities(
            by=request.user,
            log=log,
            activities=given.getlist("activities")[:MOST_ACTIVITIES] if form else [],
            keep=given.get("keep") == "1",
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(page_url("log-versions", log))
    return HttpResponseRedirect(page_url("logs-detail", derived))


BASE = "p/<slug:code>/logs/<int:pk>/"
urlpatterns = [
    path(f"{BASE}versions/", versions, name="log-versions"),
    path(f"{BASE}versions/add/", add, name="log-version-add"),
    path(f"{BASE}derive/", derive, name="log-derive"),
]
