"""The gate record as PDF: begun from the gate page, made in the background."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.services.gate_records import NothingAsked, start_record
from programmes.views.gate_page import back, find
from programmes.views.gate_places import Place


@access("gate.record")
@require_POST
def issue(request: MelioraRequest, code: str, number: Place) -> HttpResponse:
    """Begin issuing the record of the newest round, and show how far it is."""
    try:
        found = start_record(by=request.user, gate=find(request, number))
    except NothingAsked as refusal:
        messages.error(request, str(refusal))
        return back(request, number)
    return HttpResponseRedirect(reverse("job", args=[code, found.pk]))


urlpatterns = [
    path("p/<slug:code>/<gate:number>/record/", issue, name="gate-record"),
]
