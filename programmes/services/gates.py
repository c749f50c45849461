"""Asking for a decision, and taking the question back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from programmes import gate_packs
from programmes.gating import rules_at
from programmes.kit.canonical import hash_of
from programmes.kit.errors import Refusal
from programmes.lifecycle import OPEN_GATE, GateAct, GateKind, ReviewState
from programmes.method_packs import GateRules
from programmes.models import (
    Account,
    Gate,
    GateReview,
    Membership,
    Person,
    Programme,
    Waiver,
)
from programmes.permissions import require
from programmes.phases import Phase
from programmes.services import notifications
from programmes.services.gate_steps import (
    WrongMoment,
    chair_role,
    chairs_at,
    enter,
    locked,
    move,
    tell,
)
from programmes.services.ledger import Kind
from programmes.services.readiness import present_gate, verdict_of


class NotReady(Refusal):
    """Musts are missing; the message counts them."""

    code = "not-ready"


def add_gate(
    programme: Programme,
    kind: GateKind,
    *,
    subject: str = "",
    chair: Person | None = None,
) -> Gate:
    """A gate outside the sequence, numbered on; it belongs to the present phase."""
    here = present_gate(programme)
    rows = Gate.every.filter(programme=programme)
    last = rows.aggregate(last=Max("number"))["last"] or 0
    if kind == GateKind.EXCEPTION:
        subject = str(rows.filter(kind=kind).count() + 1)
    return Gate.every.create(
        programme=programme,
        kind=kind,
        number=last + 1,
        phase=here.phase,
        first_phase=here.first_phase,
        subject=subject,
        chair=chair,
    )


def submit_gate(
    *, by: Account, gate: Gate, ask: str, due_on: date, now: datetime
) -> GateReview:
    """Freeze the evidence and ask the chair for a decision.

    :raises NotAllowed: not the lead.
    :raises WrongMoment: a gate of a later phase, or in review or passed already.
    :raises NotReady: musts are missing.
    """
    require(by, "gate.submit", gate.programme)
    with transaction.atomic():
        gate = locked(gate)
        programme = gate.programme
        if gate.first_phase > programme.phase:
            raise WrongMoment(
                _("The programme is in phase %(phase)s; its gate comes first.")
                % {"phase": programme.phase}
            )
        if is_recurring(gate) and gate.state in OPEN_GATE:
            move(gate, GateAct.REOPEN)
        move(gate, GateAct.SUBMIT)
        verdict = verdict_of(gate, now)
        if not verdict.is_ready:
            titles = "; ".join(str(one.criterion.title) for one in verdict.missing)
            raise NotReady(_("Still missing: %(titles)s.") % {"titles": titles})
        rules = rules_at(gate)
        waivers = list(granted_waivers(gate))
        panel = panel_of(gate, rules, by)
        number = gate.reviews.count() + 1
        pack = gate_packs.freeze(
            gate=gate,
            number=number,
            verdict=verdict,
            rules=rules,
            ask=ask,
            due_on=due_on,
            panel=panel,
            waivers=waivers,
        )
        review = GateReview.objects.create(
            gate=gate,
            round=number,
            ask=ask,
            evidence=pack["criteria"],
            fingerprint=verdict.fingerprint(),
            pack=pack,
            pack_hash=hash_of(pack),
            panel=panel,
            submitted_by=by,
            submitted_at=now,
            due_on=due_on,
        )
        for waiver in waivers:
            waiver.review = review
            waiver.save(update_fields=["review"])
        tell(by, "submitted", gate, now, ask)
        notifications.tell_submitted(review, now)
        enter_round(review, by, now)
    return review


def is_recurring(gate: Gate) -> bool:
    """Gate 8 is asked for again and again."""
    return gate.is_of_phase and gate.phase == Phase.IMPROVEMENT


def granted_waivers(gate: Gate) -> Any:
    """Waivers that the coming round will rest on."""
    return Waiver.objects.filter(
        gate=gate, review=None, state=Waiver.State.GRANTED
    ).order_by("code")


def panel_of(gate: Gate, rules: GateRules, submitter: Account) -> list[dict[str, Any]]:
    """Who may vote beside the chair: one seat for each person, without who asks."""
    roles = {*rules.panel, *rules.veto} - {chair_role(gate.phase).value}
    rows = (
        Membership.objects.filter(
            programme=gate.programme_id, role__in=roles, person__is_active=True
        )
        .exclude(person__account=submitter)
        .exclude(person__account=None)
        .order_by("person", "role", "pk")
        .values("person", "role", "seat")
    )
    seats: dict[int, dict[str, Any]] = {}
    for row in rows:
        known = seats.get(row["person"])
        if known is None or row["role"] in rules.veto:
            seats[row["person"]] = dict(row)
    chairs = set(chairs_at(gate).values_list("pk", flat=True))
    return [seat for person, seat in seats.items() if person not in chairs]


def withdraw_gate(*, by: Account, gate: Gate, now: datetime) -> None:
    """Take the question back, so that the evidence can be changed.

    :raises NotAllowed: not the lead.
    :raises WrongMoment: nothing is waiting for a decision.
    """
    require(by, "gate.withdraw", gate.programme)
    with transaction.atomic():
        gate = locked(gate)
        move(gate, GateAct.WITHDRAW)
        review = gate.reviews.get(state=ReviewState.OPEN)
        review.state = ReviewState.WITHDRAWN
        review.save(update_fields=["state"])
        release_waivers(review)
        tell(by, "withdrew", gate, now)
        enter(gate, Kind.WITHDRAWN, now, by=by, review=review.pk)


def enter_round(review: GateReview, by: Account, now: datetime) -> None:
    enter(
        review.gate,
        Kind.SUBMITTED,
        now,
        by=by,
        review=review.pk,
        round=review.round,
        pack=review.pack_hash,
    )


def release_waivers(review: GateReview) -> None:
    """Waivers of a round without a decision serve the next one."""
    for waiver in review.waivers.all():
        waiver.review = None
        waiver.save(update_fields=["review"])
