"""The gate page, asking for a decision, and closing its conditions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.gates import ConfirmForm, SubmitForm
from programmes.kit.errors import Refusal
from programmes.models import Condition
from programmes.services import conditions, gates, money
from programmes.views.gate_page import back, find, gate_page, simple
from programmes.views.gate_places import Place


@access("programme.read")
def gate(request: MelioraRequest, code: str, number: Place) -> HttpResponse:
    return gate_page(request, find(request, number))


@access("gate.submit")
@require_POST
def submit(request: MelioraRequest, code: str, number: Place) -> HttpResponse:
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


@access("gate.withdraw")
@require_POST
def withdraw(request: MelioraRequest, code: str, number: Place) -> HttpResponse:
    said = simple(gates.withdraw_gate, lambda: _("The question is withdrawn."))
    return said(request, find(request, number), number)


@access("gate.confirm")
@require_POST
def confirm(request: MelioraRequest, code: str, number: Place) -> HttpResponse:
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
def condition(
    request: MelioraRequest, code: str, number: Place, pk: int
) -> HttpResponse:
    """Close a condition, or reopen it (undo)."""
    row = get_object_or_404(
        Condition.objects.select_related("review__gate__programme", "work_item"),
        pk=pk,
        review__gate=find(request, number),
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


BASE = "p/<slug:code>/<gate:number>/"
urlpatterns = [
    path(BASE, gate, name="gate"),
    path(f"{BASE}submit/", submit, name="gate-submit"),
    path(f"{BASE}withdraw/", withdraw, name="gate-withdraw"),
    path(f"{BASE}confirm/", confirm, name="gate-confirm"),
    path(f"{BASE}conditions/<int:pk>/", condition, name="gate-condition"),
]
