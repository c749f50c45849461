"""One list of what a person has to do: decide, confirm, sign, finish."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.views.portfolio import waiting_decisions
from evaluation.views.progress import quiet_words, stalled_led_by
from programmes.access import MelioraRequest, access
from programmes.lifecycle import OPEN_GATE, UNDECIDED, GateKind, GateState
from programmes.models import (
    Gate,
    Mandate,
    Membership,
    Programme,
    Readiness,
    Waiver,
    WorkItem,
    is_chair,
    votes_for,
)


@access()
def my_work(request: MelioraRequest) -> HttpResponse:
    today = timezone.now().date()
    tasks = open_tasks(request)
    context = {
        "decisions": waiting_decisions(request),
        "votes": votes_to_cast(request),
        "asked": asked_of(request),
        "mandates": mandates_to_sign(request),
        "stalled": [
            {"programme": one.programme, "words": quiet_words(one, today)}
            for one in stalled_led_by(request.people, today)
        ],
        "late": [one for one in tasks if one.due_on and one.due_on < today],
        "tasks": [one for one in tasks if not one.due_on or one.due_on >= today],
        "crumbs": [{"label": _("My work")}],
        "nav": "work",
    }
    return render(request, "evaluation/my_work/my_work.html", context)


@access()
def done(request: MelioraRequest) -> HttpResponse:
    rows = WorkItem.objects.filter(
        owner__in=request.people, deleted_at=None, state=WorkItem.State.DONE
    )
    context = {
        "tasks": rows.select_related("programme").order_by("-done_at")[:100],
        "crumbs": [{"label": _("My work"), "href": "/work/"}, {"label": _("Done")}],
        "nav": "work",
    }
    return render(request, "evaluation/my_work/done.html", context)


def votes_to_cast(request: MelioraRequest) -> list[Any]:
    """Reviews in which a seat of this person has no ballot yet."""
    persons = [one.pk for one in request.people]
    rows = votes_for(request.user, persons).select_related("gate__programme")
    return list(rows.order_by("due_on", "pk"))


def asked_of(request: MelioraRequest) -> list[dict[str, Any]]:
    """What a chair, or the controller, is asked for beside decisions; three queries."""
    chair = is_chair(request.user)
    open_gates = Gate.objects.filter(chair).exclude(
        programme__state__in=[Programme.State.STOPPED, Programme.State.CLOSED]
    )
    flagged = open_gates.filter(state__in=OPEN_GATE).filter(
        Q(changed_at__isnull=False) | Q(to_reaffirm=True)
    )
    waivers = Waiver.objects.filter(
        is_chair(request.user, "gate__"), state=Waiver.State.ASKED
    ).exclude(asked_by=request.user)
    found = [
        asked(one, _("Affirm the approval"), "triangle-alert")
        for one in flagged.select_related("programme").order_by("pk")
    ]
    found += [
        asked(one.gate, _("Answer a request to let a criterion go"), "pen-line")
        for one in waivers.select_related("gate__programme").order_by("pk")
    ]
    return [*found, *by_readiness(request)]


def by_readiness(request: MelioraRequest) -> list[dict[str, Any]]:
    """What the stored readiness asks of controllers and leads; one query."""
    roles = Membership.objects.filter(
        programme=OuterRef("gate__programme"), person__in=request.people
    )
    exceptions = Gate.every.filter(
        programme=OuterRef("gate__programme"),
        kind=GateKind.EXCEPTION,
        state__in=UNDECIDED,
    )
    rows = Readiness.objects.filter(
        gate__first_phase__lte=F("gate__programme__phase"),
        gate__phase__gte=F("gate__programme__phase"),
        gate__programme__state=Programme.State.ACTIVE,
    ).annotate(
        may_confirm=Exists(roles.filter(role=Membership.Role.CONTROLLER)),
        may_open=Exists(roles.filter(role=Membership.Role.LEAD)) & ~Exists(exceptions),
    )
    found = []
    here = rows.filter(Q(may_confirm=True) | Q(may_open=True))
    for one in here.select_related("gate__programme").order_by("pk"):
        if one.may_confirm and is_only_money(one):
            title = _("Confirm costs and benefits")
            found.append(asked(one.gate, title, "check", "#money"))
        if one.may_open and one.beyond:
            title = _("The forecast has left its tolerance: open an exception review")
            row = asked(one.gate, title, "triangle-alert")
            found.append(
                row | {"href": reverse("reviews", args=[one.gate.programme.code])}
            )
    return found


def is_only_money(found: Readiness) -> bool:
    """Nothing but the controller's confirmation is missing at the gate."""
    if found.gate.state != GateState.PREPARING:
        return False
    money = {f"G{int(one)}.F" for one in found.gate.phases}
    missing = {item["code"] for item in found.missing}
    return bool(missing) and missing <= money


def asked(gate: Gate, title: str, icon: str, place: str = "") -> dict[str, Any]:
    href = reverse("gate", args=[gate.programme.code, gate])
    return {"title": title, "gate": gate, "href": f"{href}{place}", "icon": icon}


def open_tasks(request: MelioraRequest) -> list[Any]:
    rows = WorkItem.objects.filter(
        owner__in=request.people,
        deleted_at=None,
        state__in=[WorkItem.State.OPEN, WorkItem.State.DOING],
    )
    return list(rows.select_related("programme").order_by("due_on", "pk")[:200])


def mandates_to_sign(request: MelioraRequest) -> list[Mandate]:
    """Mandates with a purpose that their sponsor has not signed as they stand."""
    rows = Mandate.objects.filter(
        programme__memberships__person__in=request.people,
        programme__memberships__role="sponsor",
        programme__phase=1,
    ).exclude(purpose="")
    found = rows.select_related("programme").distinct()
    return [one for one in found if not one.is_signed]


urlpatterns = [
    path("work/", my_work, name="my-work"),
    path("work/done/", done, name="my-work-done"),
]
