"""Phase 6: which unit goes live when, and its head's acceptance."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from design.forms.rollout import RolloutForm
from design.models import Rollout
from design.services.rollout import NoHead, ask_head
from programmes.access import MelioraRequest, access
from programmes.forms.gates import SignForm
from programmes.kit.pages import Column
from programmes.lifecycle import GateKind, GateState
from programmes.models import Gate, GateReview
from programmes.phases import Phase
from programmes.services.gate_steps import WrongMoment
from programmes.services.gates import NotReady
from programmes.views.gate_outside import OUTSIDE
from programmes.views.register import Register, add_register


def rollout_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    may_ask = record.accepted_at is None and request.grants.may("work.edit")
    waits = record.gate is not None and record.gate.state == GateState.IN_REVIEW
    return {"may_ask": may_ask and not waits, "waits": waits}


ROLLOUT = add_register(
    Register(
        slug="rollout",
        phase=Phase.IMPLEMENTATION,
        model=Rollout,
        title=gettext_lazy("Roll-out"),
        one=gettext_lazy("unit"),
        empty=gettext_lazy("Which unit goes live when; its head accepts it there."),
        icon="rocket",
        columns=[
            Column("unit", gettext_lazy("Unit"), order="unit__name"),
            Column("is_pilot", gettext_lazy("Pilot"), kind="flag", order="is_pilot"),
            Column(
                "go_live_on", gettext_lazy("Goes live"), kind="date", order="go_live_on"
            ),
            Column("owner", gettext_lazy("Head"), kind="person", order="owner__name"),
            Column(
                "accepted_at",
                gettext_lazy("Accepted"),
                kind="moment",
                order="accepted_at",
            ),
        ],
        form=RolloutForm,
        rows=lambda rows: rows.select_related("unit", "owner", "accepted_by", "gate"),
        search=["unit__name", "note"],
        sort="go_live_on",
        detail="design/rollout/unit.html",
        detail_context=rollout_detail,
    )
)
REGISTERS = [ROLLOUT]


@access("work.edit")
@require_POST
def ask(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Ask the head of the unit; where something is missing, its checkpoint shows it."""
    rows = Rollout.objects.of(request.programme).select_related("programme")
    found = get_object_or_404(rows, pk=pk)
    try:
        gate = ask_head(by=request.user, rollout=found, now=timezone.now()).gate
    except NoHead as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(ROLLOUT.url("detail", request.programme, pk))
    except (NotReady, WrongMoment) as refusal:
        messages.error(request, str(refusal))
        found.refresh_from_db()
        gate = found.gate
    else:
        messages.success(request, _("The head of the unit is asked."))
    return HttpResponseRedirect(reverse("gate", args=[code, gate]))


def checkpoint_shown(
    request: MelioraRequest, gate: Gate, last: GateReview | None
) -> dict[str, Any]:
    """What it is about; its head chooses and signs on this one page."""
    found = Rollout.objects.select_related("unit").get(gate=gate)
    return {
        "about": {
            "label": found.unit,
            "href": ROLLOUT.url("detail", request.programme, found.pk),
        },
        "sign_form": SignForm(user=request.user),
    }


OUTSIDE[GateKind.GO_LIVE] = checkpoint_shown
urlpatterns = [
    path("p/<slug:code>/rollout/<int:pk>/ask/", ask, name="rollout-ask"),
]
