"""The gate page: the question, its evidence, the decision and the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programmes import gating
from programmes.access import MelioraRequest, access
from programmes.forms.gates import ConfirmForm, DecisionForm, SubmitForm
from programmes.kit import formats
from programmes.kit.errors import NotAllowed, Refusal, Text
from programmes.lifecycle import GateState, Outcome, ReviewState
from programmes.models import Condition, Gate, GateReview, Programme, Tranche
from programmes.models.gates import OUTCOMES
from programmes.permissions import who_may
from programmes.phases import MONEY_GATES, QUESTIONS, Phase
from programmes.services import conditions, gates, money
from programmes.views.phases import read_phase
from programmes.views.shell import track

DECISION_DAYS = 5
# What later apps show on a gate page: (programme, phase) -> key figures and panels.
Figures = Callable[[Any], list[dict[str, Any]]]
FIGURES: dict[Phase, Figures] = {}
PANELS: dict[Phase, tuple[Text, str]] = {}


def gate_figures(phase: Phase) -> Callable[[Figures], Figures]:
    """Register the key figures of a gate: dicts of label, value, unit and note."""

    def register(figures: Figures) -> Figures:
        FIGURES[phase] = figures
        return figures

    return register


def add_gate_panel(phase: Phase, label: Text, view: str) -> None:
    """A page whose summary the gate shows: asked by script it answers with a panel."""
    PANELS[phase] = (label, view)


def find(request: MelioraRequest, number: int) -> Gate:
    read_phase(number)
    found = get_object_or_404(Gate, programme=request.programme, phase=number)
    found.programme = request.programme
    return found


@access("programme.read")
def gate(request: MelioraRequest, code: str, number: int) -> HttpResponse:
    return gate_page(request, find(request, number))


def gate_page(
    request: MelioraRequest, found: Gate, status: int = 200, **forms: Any
) -> HttpResponse:
    now = timezone.now()
    phase = Phase(found.phase)
    programme = request.programme
    reviews = list(
        found.reviews.select_related("submitted_by", "decided_by")
        .prefetch_related("conditions__owner")
        .order_by("-round")
    )
    verdict = gating.assess(programme, phase, now)
    review = next((one for one in reviews if one.state == ReviewState.OPEN), None)
    last = reviews[0] if reviews else None
    rights = rights_at(request, found, review)
    context = {
        "gate": found,
        "phase": phase,
        "look": track(programme)[found.phase - 1]["gate_state"],
        "question": QUESTIONS[phase],
        "review": review,
        "reviews": reviews,
        "last": last,
        "returned": is_returned(last),
        "verdict": verdict,
        "criteria": sorted(verdict.items, key=lambda one: one.met),
        "met": len(verdict.musts) - len(verdict.missing),
        "can_undo": last is not None and gates.can_undo(last, request.user, now),
        "needs_money": phase in MONEY_GATES,
        "money": money_state(found, phase, verdict),
        "figures": FIGURES[phase](programme) if phase in FIGURES else [],
        "panel": panel_of(programme, phase),
        "open_conditions": open_conditions(reviews),
        "outcomes": outcome_choices(request, phase) if rights["may_decide"] else [],
        "crumbs": [
            {"label": programme.name, "href": f"/p/{programme.code}/"},
            {"label": _("Gate %(number)s") % {"number": found.phase}},
        ],
        "nav": f"phase{found.phase}",
        **rights,
        **default_forms(request, review, rights, now),
        **forms,
    }
    return render(request, "programmes/gates/gate.html", context, status=status)


def is_returned(last: GateReview | None) -> bool:
    return (
        last is not None
        and last.outcome == Outcome.RETURN
        and last.state == ReviewState.DECIDED
    )


def rights_at(
    request: MelioraRequest, found: Gate, review: GateReview | None
) -> dict[str, Any]:
    """What this person may do at the gate now, and who may do what they may not."""
    may = request.grants.may
    decide = gates.decide_act(found.phase)
    is_present = found.phase == request.programme.phase
    is_own = review is not None and review.submitted_by_id == request.user.pk
    return {
        "is_chair": may(decide),
        "who_decides": who_may(decide),
        "may_decide": review is not None and may(decide) and not is_own,
        "who_submits": who_may("gate.submit"),
        "may_submit": found.state == GateState.PREPARING
        and is_present
        and may("gate.submit"),
        "may_withdraw": review is not None and may("gate.withdraw"),
        "may_close": may("condition.close"),
        "may_confirm": Phase(found.phase) in MONEY_GATES and may("gate.confirm"),
    }


def panel_of(programme: Programme, phase: Phase) -> dict[str, Any] | None:
    if phase not in PANELS:
        return None
    label, view = PANELS[phase]
    return {"label": label, "href": reverse(view, args=[programme.code])}


def outcome_choices(request: MelioraRequest, phase: Phase) -> list[dict[str, Any]]:
    """The answers with what each of them sets off."""
    programme = request.programme
    tranche = Tranche.objects.of(programme).filter(gate=phase).first()
    notes = {
        Outcome.APPROVE: approval_note(programme, phase, tranche),
        Outcome.CONDITIONS: _("Each condition becomes a task with an owner and a date"),
        Outcome.RETURN: _("The phase reopens; say what is missing"),
    }
    return [
        {"value": value.value, "label": label, "note": notes[value]}
        for value, label in OUTCOMES
    ]


def approval_note(programme: Programme, phase: Phase, tranche: Tranche | None) -> str:
    if phase == Phase.IMPROVEMENT:
        return _("The gain is confirmed as held; the owner goes on")
    opens = _("Phase %(next)s opens") % {"next": phase + 1}
    if tranche is None:
        return opens
    amount = formats.money(tranche.amount, programme.currency)
    return _("%(opens)s, %(amount)s is released") % {"opens": opens, "amount": amount}


def default_forms(
    request: MelioraRequest,
    review: GateReview | None,
    rights: dict[str, Any],
    now: datetime,
) -> dict[str, Any]:
    forms: dict[str, Any] = {"confirm_form": ConfirmForm()}
    if rights["may_decide"] and review:
        forms["decision_form"] = DecisionForm(
            programme=request.programme, initial={"fingerprint": review.fingerprint}
        )
    if rights["may_submit"]:
        due = (now + timedelta(days=DECISION_DAYS)).date()
        forms["submit_form"] = SubmitForm(initial={"due_on": due.isoformat()})
    return forms


def money_state(
    found: Gate, phase: Phase, verdict: gating.Verdict
) -> dict[str, Any] | None:
    """Who confirmed the money as it stands, if anybody."""
    if phase not in MONEY_GATES:
        return None
    code = f"G{int(phase)}.F"
    item = next(one for one in verdict.items if one.criterion.code == code)
    signature = (
        found.programme.signatures.filter(
            phase=phase, kind=money.MONEY, mark=item.assessment.mark
        )
        .select_related("person")
        .first()
    )
    return {"is_confirmed": item.met, "signature": signature}


def open_conditions(reviews: list[GateReview]) -> list[Condition]:
    return [
        condition
        for review in reviews
        if review.state == ReviewState.DECIDED
        for condition in review.conditions.all()
    ]


def back(request: MelioraRequest, number: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("gate", args=[request.programme.code, number]))


@access("gate.submit")
@require_POST
def submit(request: MelioraRequest, code: str, number: int) -> HttpResponse:
    found = find(request, number)
    form = SubmitForm(request.POST)
    if form.is_valid():
        try:
            gates.submit_gate(
                by=request.user, gate=found, now=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The decision is asked for."))
            return back(request, number)
    return gate_page(request, find(request, number), 422, submit_form=form)


@access()
@require_POST
def decide(request: MelioraRequest, code: str, number: int) -> HttpResponse:
    found = find(request, number)
    form = DecisionForm(request.POST, programme=request.programme)
    if form.is_valid():
        try:
            gates.decide_gate(
                by=request.user,
                gate=found,
                now=timezone.now(),
                outcome=Outcome(form.cleaned_data["outcome"]),
                rationale=form.cleaned_data["rationale"],
                fingerprint=form.cleaned_data["fingerprint"],
                conditions=form.wanted(),
            )
        except NotAllowed:
            raise
        except gates.AlreadyDecided as refusal:
            messages.error(request, str(refusal))
            return back(request, number)
        except Refusal as refusal:
            name = next((one for one in refusal.fields if one in form.fields), None)
            form.add_error(name, str(refusal))
        else:
            undo = reverse("gate-undo", args=[code, number])
            messages.success(
                request, _("Your decision is recorded."), extra_tags=f"undo:{undo}"
            )
            return back(request, number)
    return gate_page(request, find(request, number), 422, decision_form=form)


def simple(
    change: Callable[..., Any], said: Any
) -> Callable[[MelioraRequest, Gate, int], HttpResponse]:
    def act(request: MelioraRequest, found: Gate, number: int) -> HttpResponse:
        try:
            change(by=request.user, gate=found, now=timezone.now())
        except NotAllowed:
            raise
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, said())
        return back(request, number)

    return act


@access("gate.withdraw")
@require_POST
def withdraw(request: MelioraRequest, code: str, number: int) -> HttpResponse:
    said = simple(gates.withdraw_gate, lambda: _("The question is withdrawn."))
    return said(request, find(request, number), number)


@access()
@require_POST
def undo(request: MelioraRequest, code: str, number: int) -> HttpResponse:
    said = simple(gates.undo_decision, lambda: _("The decision is undone."))
    return said(request, find(request, number), number)


@access("gate.confirm")
@require_POST
def confirm(request: MelioraRequest, code: str, number: int) -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return gate_page(request, find(request, number), 422, confirm_form=form)
    try:
        money.confirm_money(
            by=request.user,
            gate=find(request, number),
            now=timezone.now(),
            note=form.cleaned_data["note"],
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You confirmed the money."))
    return back(request, number)


@access("condition.close")
@require_POST
def condition(request: MelioraRequest, code: str, number: int, pk: int) -> HttpResponse:
    """Close a condition, or reopen it (undo)."""
    row = get_object_or_404(
        Condition.objects.select_related("review__gate__programme", "work_item"),
        pk=pk,
        review__gate__programme=request.programme,
        review__gate__phase=number,
    )
    reopen = bool(request.POST.get("reopen"))
    change = conditions.reopen_condition if reopen else conditions.close_condition
    try:
        change(by=request.user, condition=row, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("The condition is open again.") if reopen else _("Condition closed.")
        messages.success(request, said)
    return back(request, number)


BASE = "p/<slug:code>/gates/<int:number>/"
urlpatterns = [
    path(BASE, gate, name="gate"),
    path(f"{BASE}submit/", submit, name="gate-submit"),
    path(f"{BASE}withdraw/", withdraw, name="gate-withdraw"),
    path(f"{BASE}decide/", decide, name="gate-decide"),
    path(f"{BASE}undo/", undo, name="gate-undo"),
    path(f"{BASE}confirm/", confirm, name="gate-confirm"),
    path(f"{BASE}conditions/<int:pk>/", condition, name="gate-condition"),
]
