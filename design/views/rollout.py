"""Phase 6: which unit goes live when, and its head's acceptance."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from design.forms.rollout import RolloutForm
from design.models import Rollout
from design.services.rollout import accept_rollout
from programmes.access import MelioraRequest, access
from programmes.kit.errors import NotAllowed, Refusal
from programmes.kit.pages import Column
from programmes.phases import Phase
from programmes.views.register import Register, add_register


def rollout_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    is_head = record.owner_id in request.grants.person_ids
    return {"may_accept": is_head and record.accepted_at is None}


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
        rows=lambda rows: rows.select_related("unit", "owner", "accepted_by"),
        search=["unit__name", "note"],
        sort="go_live_on",
        detail="design/rollout/unit.html",
        detail_context=rollout_detail,
    )
)
REGISTERS = [ROLLOUT]


@access()
@require_POST
def accept(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """The head of the unit signs that the scheme runs there."""
    rows = Rollout.objects.of(request.programme).select_related("programme")
    found = get_object_or_404(rows, pk=pk)
    try:
        accept_rollout(by=request.user, rollout=found, now=timezone.now())
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You accepted the roll-out."))
    return HttpResponseRedirect(ROLLOUT.url("detail", request.programme, pk))


urlpatterns = [
    path("p/<slug:code>/rollout/<int:pk>/accept/", accept, name="rollout-accept"),
]
