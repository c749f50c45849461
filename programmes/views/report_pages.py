"""The preview of a report and the button that issues it, for each app's reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programmes import jobs
from programmes.access import MelioraRequest
from programmes.kit.errors import Refusal, Text
from programmes.models import Document, Programme
from programmes.permissions import who_may
from programmes.report_parts import (
    Part,
    build_part,
    part_of,
)
from programmes.reports import (
    PHASES,
    Chapter,
    document_and_change,
    laid_out,
    newest_document,
    report_current,
)
from programmes.services.documents import refuse_issue

ALL = "all"


def preview(
    request: MelioraRequest, kind: Document.Kind, parts: Sequence[Part]
) -> HttpResponse:
    """The facts as they are now, one chapter at a time.

    “All on one page” brings the first chapter; the page then asks for the others one
    by one, so that no answer is slow or heavy.
    """
    programme = request.programme
    asked = request.GET.get("part", "")
    part = part_of(parts, asked)
    report = build_part(kind, part, programme, timezone.now())
    shown = numbered(laid_out(report), parts)
    if request.htmx:
        return render(request, "reports/chapters.html", {"shown": shown})
    asked = ALL if asked == ALL else part.key
    phase = PHASES[kind]
    newest, changed_at = document_and_change(programme, kind)
    context = {
        "report": report,
        "parts": enumerate(parts, 1),
        "shown": shown,
        "rest": [one for one in parts if one != part] if asked == ALL else [],
        "part": asked,
        "lead": report.message if asked in (ALL, parts[0].key) else "",
        "newest": newest,
        "current": report_current(programme, kind, newest, changed_at),
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


def numbered(chapters: list[Chapter], parts: Sequence[Part]) -> list[Chapter]:
    """With the numbers of the contents beside them."""
    places = {one.key: number for number, one in enumerate(parts, 1)}
    return [replace(one, number=places[one.section.key]) for one in chapters]


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
