"""Deciding in two steps, choose and sign, and what the chair may do afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.gates import DecisionForm, NotedSignForm, SignForm, outcomes_at
from programmes.kit.errors import NotAllowed, Refusal, Text
from programmes.models import Gate
from programmes.services import decisions, reopening
from programmes.services.gate_steps import require_chair
from programmes.views.gate_page import (
    back,
    changes_since,
    find,
    gate_page,
    simple,
)
from programmes.views.gate_places import Place

HIDDEN = frozenset({"csrfmiddlewaretoken", "password", "step"})


def is_slowed(request: MelioraRequest) -> bool:
    """Too many passwords were tried for this account."""
    return not ratelimit.consume(request, action="reauthenticate", user=request.user)


@access()
@sensitive_post_parameters("password")
@require_POST
def decide(request: MelioraRequest, code: str, number: Place) -> HttpResponse:
    """First the choice, then the page that says what is signed, then the signature."""
    found = find(request, number)
    form = DecisionForm(request.POST, programme=request.programme, gate=found)
    if form.is_valid():
        act = sign_now if request.POST.get("step") == "sign" else sign_page
        try:
            return act(request, found, form)
        except NotAllowed:
            raise
        except decisions.AlreadyDecided as refusal:
            messages.error(request, str(refusal))
            return back(request, number)
        except Refusal as refusal:
            name = next((one for one in refusal.fields if one in form.fields), None)
            form.add_error(name, str(refusal))
    return gate_page(request, find(request, number), 422, decision_form=form)


def sign_page(
    request: MelioraRequest,
    found: Gate,
    form: DecisionForm,
    sign_form: SignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """What is about to be signed; refused before a password is typed for nothing."""
    decision = form.decision()
    review, standing = decisions.check_decision(
        by=request.user,
        gate=found,
        decision=decision,
        fingerprint=form.cleaned_data["fingerprint"],
        now=timezone.now(),
    )
    chosen = form.cleaned_data["outcome"]
    context = {
        "gate": found,
        "review": review,
        "standing": standing,
        "decision": decision,
        "outcome": dict(outcomes_at(found))[chosen],
        "form": sign_form or SignForm(user=request.user),
        "given": [
            (name, value)
            for name, value in request.POST.items()
            if name not in HIDDEN and value
        ],
        "crumbs": crumbs(request, found),
        "nav": f"phase{found.phase}",
    }
    return render(request, "programmes/gates/sign.html", context, status=status)


def sign_now(request: MelioraRequest, found: Gate, form: DecisionForm) -> HttpResponse:
    sign_form = SignForm(request.POST, user=request.user)
    if is_slowed(request):
        sign_form.add_error("password", _("Too many tries. Wait a minute."))
    if not sign_form.is_valid():
        return sign_page(request, found, form, sign_form, status=422)
    decisions.decide_gate(
        by=request.user,
        gate=found,
        decision=form.decision(),
        fingerprint=form.cleaned_data["fingerprint"],
        now=timezone.now(),
    )
    undo = reverse("gate-undo", args=[request.programme.code, found])
    messages.success(
        request, _("Your decision is recorded."), extra_tags=f"undo:{undo}"
    )
    return back(request, found)


def crumbs(request: MelioraRequest, found: Gate) -> list[dict[str, Any]]:
    programme = request.programme
    return [
        {"label": programme.name, "href": f"/p/{programme.code}/"},
        {
            "label": str(found),
            "href": reverse("gate", args=[programme.code, found]),
        },
        {"label": _("Sign")},
    ]


@access()
@require_POST
def undo(request: MelioraRequest, code: str, number: Place) -> HttpResponse:
    said = simple(decisions.undo_decision, lambda: _("The decision is undone."))
    return said(request, find(request, number), number)


@access()
@require_POST
def resume(request: MelioraRequest, code: str, number: Place) -> HttpResponse:
    said = simple(reopening.resume_programme, lambda: _("The programme goes on."))
    return said(request, find(request, number), number)


def signed(
    title: Text,
    lead: Text,
    button: Text,
    change: Callable[..., Any],
    word: str,
    said: Text,
) -> Callable[..., HttpResponse]:
    """A page on which the chair gives a note or reason, and signs."""

    @access()
    @sensitive_post_parameters("password")
    def view(request: MelioraRequest, code: str, number: Place) -> HttpResponse:
        found = find(request, number)
        require_chair(request.user, found, timezone.now())
        asked = request.method == "POST"
        form = NotedSignForm(request.POST if asked else None, user=request.user)
        if asked and is_slowed(request):
            form.add_error("password", _("Too many tries. Wait a minute."))
        if asked and form.is_valid():
            given = {word: form.cleaned_data["note"]}
            try:
                change(by=request.user, gate=found, now=timezone.now(), **given)
            except Refusal as refusal:
                form.add_error("note" if refusal.fields else None, str(refusal))
            else:
                messages.success(request, str(said))
                return back(request, found)
        context = {
            "gate": found,
            "title": title,
            "lead": lead,
            "button": button,
            "form": form,
            "changes": changes_since(found),
            "crumbs": crumbs(request, found),
            "nav": f"phase{found.phase}",
        }
        status = 422 if form.errors else 200
        return render(request, "programmes/gates/signed.html", context, status=status)

    return view


reaffirm = signed(
    gettext_lazy("Does the approval still stand?"),
    gettext_lazy("You saw what changed since, and stand by the decision."),
    gettext_lazy("Affirm and sign"),
    reopening.reaffirm_gate,
    "note",
    gettext_lazy("The approval stands again."),
)
reopen = signed(
    gettext_lazy("Take the gate up again?"),
    gettext_lazy(
        "The gate goes back to preparation. Later approvals wait to be affirmed; "
        "nothing that was entered is lost."
    ),
    gettext_lazy("Reopen and sign"),
    reopening.reopen_gate,
    "reason",
    gettext_lazy("The gate is open again."),
)

BASE = "p/<slug:code>/<gate:number>/"
urlpatterns = [
    path(f"{BASE}decide/", decide, name="gate-decide"),
    path(f"{BASE}undo/", undo, name="gate-undo"),
    path(f"{BASE}resume/", resume, name="gate-resume"),
    path(f"{BASE}reaffirm/", reaffirm, name="gate-reaffirm"),
    path(f"{BASE}reopen/", reopen, name="gate-reopen"),
]
