"""The panel: ballots, waivers, and standing in for somebody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.gates import AnswerForm, DelegationForm, VoteForm, WaiverForm
from programmes.kit.errors import NotAllowed, Refusal
from programmes.lifecycle import Outcome
from programmes.models import Delegation, Waiver
from programmes.permissions import who_may
from programmes.services import ballots, delegations, waivers
from programmes.services.gate_steps import open_review
from programmes.views.gate_page import back, find, gate_page, simple
from programmes.views.gate_places import Place


@access()
@require_POST
def vote(request: MelioraRequest, code: str, number: Place) -> HttpResponse:
    found = find(request, number)
    review = open_review(found)
    if review is None:
        messages.error(request, _("No decision is waiting at this gate."))
        return back(request, number)
    form = VoteForm(request.POST, judged=review.pack.get("judged", []))
    if form.is_valid():
        try:
            ballots.cast_vote(
                by=request.user,
                gate=found,
                outcome=Outcome(form.cleaned_data["advice"]),
                scores=form.scores(),
                comment=form.cleaned_data["remark"],
                now=timezone.now(),
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your ballot is cast."))
            return back(request, number)
    return gate_page(request, find(request, number), 422, vote_form=form)


@access()
@require_POST
def reveal(request: MelioraRequest, code: str, number: Place) -> HttpResponse:
    said = simple(ballots.close_voting, lambda: _("The ballots are open."))
    return said(request, find(request, number), number)


@access("waiver.ask")
@require_POST
def ask(request: MelioraRequest, code: str, number: Place) -> HttpResponse:
    form = WaiverForm(request.POST)
    found = find(request, number)
    if not form.is_valid():
        raise Http404
    try:
        waivers.ask_waiver(
            by=request.user, gate=found, now=timezone.now(), **form.cleaned_data
        )
    except Refusal as refusal:
        form.add_error("reason" if refusal.fields else None, str(refusal))
        return gate_page(request, find(request, number), 422, waiver_form=form)
    messages.success(request, _("The chair is asked."))
    return back(request, number)


@access()
@require_POST
def answer(request: MelioraRequest, code: str, number: Place, pk: int) -> HttpResponse:
    found = find(request, number)
    waiver = get_object_or_404(Waiver, pk=pk, gate=found)
    waiver.gate = found
    form = AnswerForm(request.POST)
    grant = request.POST.get("grant") == "1"
    if form.is_valid():
        try:
            waivers.answer_waiver(
                by=request.user,
                waiver=waiver,
                grant=grant,
                answer=form.cleaned_data["answer"],
                now=timezone.now(),
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error("answer" if refusal.fields else None, str(refusal))
        else:
            said = _("Waiver granted.") if grant else _("Waiver declined.")
            messages.success(request, said)
            return back(request, number)
    return gate_page(request, find(request, number), 422, answer_form=form)


# --- standing in ------------------------------------------------------------------


@access("programme.read")
def list_delegations(request: MelioraRequest, code: str) -> HttpResponse:
    form = DelegationForm(programme=request.programme)
    return delegations_page(request, form)


def delegations_page(
    request: MelioraRequest, form: DelegationForm, status: int = 200
) -> HttpResponse:
    programme = request.programme
    rows = Delegation.objects.filter(programme=programme).select_related(
        "giver", "taker", "gate"
    )
    today = timezone.localdate()
    context = {
        "rows": [
            {
                "delegation": one,
                "is_over": one.revoked_at is not None or one.ends_on < today,
                "is_mine": one.giver_id in request.grants.person_ids,
            }
            for one in rows.order_by("-starts_on", "-pk")
        ],
        "form": form,
        "may_delegate": request.grants.may("gate.delegate"),
        "who_may": who_may("gate.delegate"),
        "crumbs": [
            {"label": programme.name, "href": f"/p/{programme.code}/"},
            {"label": _("Team"), "href": reverse("team", args=[programme.code])},
            {"label": _("Standing in")},
        ],
        "nav": "team",
    }
    name = "programmes/gates/delegations.html"
    return render(request, name, context, status=status)


@access("gate.delegate")
@require_POST
def new_delegation(request: MelioraRequest, code: str) -> HttpResponse:
    form = DelegationForm(request.POST, programme=request.programme)
    if form.is_valid():
        try:
            delegations.delegate(
                by=request.user,
                programme=request.programme,
                handover=form.handover(),
                now=timezone.now(),
            )
        except Refusal as refusal:
            for name, text in refusal.fields.items() or [("", str(refusal))]:
                form.add_error(name or None, str(text))
        else:
            messages.success(request, _("Handed over."))
            return to_list(request)
    return delegations_page(request, form, 422)


@access("gate.delegate")
@require_POST
def end_delegation(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    rows: Any = Delegation.objects.select_related("programme", "giver", "taker")
    row = get_object_or_404(rows, pk=pk, programme=request.programme)
    try:
        delegations.revoke_delegation(
            by=request.user, delegation=row, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is over."))
    return to_list(request)


def to_list(request: MelioraRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("delegations", args=[request.programme.code]))


BASE = "p/<slug:code>/<gate:number>/"
urlpatterns = [
    path(f"{BASE}vote/", vote, name="gate-vote"),
    path(f"{BASE}reveal/", reveal, name="gate-reveal"),
    path(f"{BASE}waivers/ask/", ask, name="gate-waiver-ask"),
    path(f"{BASE}waivers/<int:pk>/", answer, name="gate-waiver-answer"),
    path("p/<slug:code>/delegations/", list_delegations, name="delegations"),
    path("p/<slug:code>/delegations/new/", new_delegation, name="delegation-new"),
    path(
        "p/<slug:code>/delegations/<int:pk>/end/", end_delegation, name="delegation-end"
    ),
]
