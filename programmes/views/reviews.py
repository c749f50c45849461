"""Decisions outside the sequence: plan beside forecast, and the reviews there were."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forecast import beyond_in_words, compare
from programmes.forms.reviews import CaseForm
from programmes.kit.errors import Refusal
from programmes.lifecycle import UNDECIDED, GateKind
from programmes.models import ExceptionCase, Gate
from programmes.permissions import who_may
from programmes.services import exception_reviews
from programmes.views.gate_page import back, find, gate_page
from programmes.views.gate_places import ReviewNumber
from programmes.views.shell import gate_look


@access("programme.read")
def reviews(request: MelioraRequest, code: str) -> HttpResponse:
    """How far the forecast is from the plan, and every gate outside the sequence."""
    programme = request.programme
    found = compare(programme)
    rows = list(Gate.every.filter(programme=programme).exclude(kind=GateKind.PHASE))
    exceptional = [one for one in rows if one.kind == GateKind.EXCEPTION]
    opened = next((one for one in exceptional if one.state in UNDECIDED), None)
    beyond = bool(found and found.beyond)
    may_open = request.grants.may("exception.edit")
    context = {
        "comparison": found,
        "parts": beyond_in_words(found.figures) if found else "",
        "rows": [row_of(one) for one in sorted(rows, key=lambda one: -one.number)],
        "opened": opened,
        "may_open": beyond and opened is None and may_open,
        "is_waited_for": beyond and opened is None and not may_open,
        "who_may": who_may("exception.edit"),
        "crumbs": [
            {"label": programme.name, "href": f"/p/{programme.code}/"},
            {"label": _("Reviews outside the sequence")},
        ],
        "nav": f"phase{programme.phase}",
    }
    return render(request, "programmes/gates/reviews.html", context)


def row_of(gate: Gate) -> dict[str, Any]:
    return {"gate": gate, "look": gate_look(gate)}


@access("exception.edit")
@require_POST
def open_review(request: MelioraRequest, code: str) -> HttpResponse:
    try:
        gate = exception_reviews.open_exception(
            by=request.user, programme=request.programme, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("reviews", args=[code]))
    messages.success(
        request, _("The review is open. Write down cause, options and plan.")
    )
    return back(request, gate)


@access("exception.edit")
@require_POST
def save_case(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    rows = ExceptionCase.objects.of(request.programme).select_related("gate")
    case = get_object_or_404(rows, pk=pk)
    number = ReviewNumber(case.gate.number)
    form = CaseForm(
        request.POST,
        programme=request.programme,
        user=request.user,
        instance=case,
    )
    if form.is_valid():
        version = form.cleaned_data.pop("record_version")
        try:
            exception_reviews.save_case(
                by=request.user,
                gate=find(request, number),
                texts=form.cleaned_data,
                version=version,
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The case is saved."))
            return back(request, number)
    return gate_page(request, find(request, number), 422, case_form=form)


urlpatterns = [
    path("p/<slug:code>/reviews/", reviews, name="reviews"),
    path("p/<slug:code>/reviews/open/", open_review, name="review-open"),
    path("p/<slug:code>/reviews/cases/<int:pk>/", save_case, name="review-case"),
]
