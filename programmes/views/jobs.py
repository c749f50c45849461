"""How far a background job is, and stopping it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programmes import jobs
from programmes.access import MelioraRequest, access
from programmes.models import Job


def find(request: MelioraRequest, pk: int) -> Job:
    return get_object_or_404(Job, pk=pk, programme=request.programme)


@access("programme.read")
def job(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """The whole page, or with ?part=1 the progress alone, which replaces itself."""
    found = find(request, pk)
    context = {
        "job": found,
        "label": jobs.label_of(found),
        "is_open": found.state in (Job.State.QUEUED, Job.State.RUNNING),
        "crumbs": [
            {"label": request.programme.name, "href": f"/p/{code}/"},
            {"label": _("Background work")},
        ],
        "nav": "overview",
    }
    if "part" not in request.GET:
        return render(request, "programmes/jobs/job.html", context)
    response = render(request, "programmes/jobs/part.html", context)
    if is_watched_by_its_result(request, found):
        response["HX-Redirect"] = found.result["url"]
    return response


def is_watched_by_its_result(request: MelioraRequest, found: Job) -> bool:
    """Whether the page that shows the progress is the one with the result by now."""
    watching = urlsplit(request.headers.get("Referer", "")).path
    return found.state == Job.State.DONE and found.result.get("url") == watching


@access("programme.edit")
@require_POST
def cancel(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    jobs.cancel(find(request, pk))
    return HttpResponseRedirect(f"/p/{code}/jobs/{pk}/")


@access("programme.edit")
@require_POST
def again(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    jobs.run_again(find(request, pk))
    return HttpResponseRedirect(f"/p/{code}/jobs/{pk}/")


urlpatterns = [
    path("p/<slug:code>/jobs/<int:pk>/", job, name="job"),
    path("p/<slug:code>/jobs/<int:pk>/cancel/", cancel, name="job-cancel"),
    path("p/<slug:code>/jobs/<int:pk>/again/", again, name="job-again"),
]
