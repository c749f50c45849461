"""The preview of a report and the button that issues it, for each app's reports."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programmes import jobs
from programmes.access import MelioraRequest
from programmes.kit.errors import Refusal, Text
from programmes.models import Document, Programme
from programmes.permissions import who_may
from programmes.reports import (
    PHASES,
    Chapter,
    Report,
    laid_out,
    newest_change,
    newest_document,
    report_current,
)
from programmes.services.documents import refuse_issue


def preview(request: MelioraRequest, report: Report) -> HttpResponse:
    """The facts as they are now, as a page."""
    programme = request.programme
    kind = Document.Kind(report.kind)
    phase = PHASES[kind]
    newest = newest_document(programme, kind)
    chapters = laid_out(report)
    context = {
        "report": report,
        "chapters": chapters,
        "shown": chosen(chapters, request.GET.get("part", "")),
        "part": request.GET.get("part", ""),
        "newest": newest,
        "current": report_current(
            programme, kind, newest, newest_change(programme, phase)
        ),
        "may_issue": request.grants.may("report.issue"),
        "who_may": who_may("report.issue"),
        "issue_url": reverse(f"report-{kind.value}-issue", args=[programme.code]),
        "crumbs": [
            {"label": programme.name, "href": f"/p/{programme.code}/"},
            {
                "label": phase.label,
                "href": reverse("phase", args=[programme.code, int(phase)]),
            },
            {"label": report.title},
        ],
        "nav": f"phase{int(phase)}",
    }
    return render(request, "reports/preview.html", context)


def chosen(chapters: list[Chapter], part: str) -> list[Chapter]:
    """One chapter at a time, the first by default; the whole report if asked."""
    if part == "all":
        return chapters
    return [one for one in chapters if one.section.key == part] or chapters[:1]


def start_issue(request: MelioraRequest, kind: Document.Kind) -> HttpResponse:
    """Begin issuing in the background, and show how far it is."""
    programme = request.programme
    try:
        refuse_issue(request.user, programme, kind)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        back = reverse(f"report-{kind.value}", args=[programme.code])
        return HttpResponseRedirect(back)
    found = jobs.enqueue(
        f"reports.issue_{kind.value}",
        {"language": get_language() or "en"},
        programme=programme,
        by=request.user,
        key=f"report-{kind.value}-{programme.pk}",
    )
    return HttpResponseRedirect(reverse("job", args=[programme.code, found.pk]))


def state_of(programme: Programme, kind: Document.Kind) -> Text:
    """What the tile of a phase page says; one query."""
    newest = newest_document(programme, kind)
    if newest is None:
        return _("not issued yet")
    return _("number %(number)s") % {"number": newest.number}
