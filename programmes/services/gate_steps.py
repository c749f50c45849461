"""What every act at a gate needs: its lock, its state, and who stands at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from programmes import gate_packs
from programmes.events import announce, records_changed
from programmes.kit.errors import NotAllowed, Refusal
from programmes.lifecycle import (
    GATE,
    GateAct,
    GateKind,
    GateState,
    Impossible,
    ReviewState,
    step,
)
from programmes.models import (
    Account,
    Delegation,
    Gate,
    GateReview,
    Membership,
    Person,
    Signature,
)
from programmes.permissions import Grants, grants_for, who_may
from programmes.phases import Phase
from programmes.services import activity, ledger


class WrongMoment(Refusal):
    """The gate is not in a state for this."""

    code = "wrong-moment"


@dataclass(frozen=True)
class Standing:
    """As whom somebody acts at a gate: as themselves, or for somebody."""

    person: Person
    on_behalf_of: Person | None = None

    def __str__(self) -> str:
        if self.on_behalf_of is None:
            return str(self.person)
        names = {"name": self.person, "other": self.on_behalf_of}
        return _("%(name)s for %(other)s") % names


# What follows a decision, or its undoing, outside the sequence: by kind, in the same
# transaction, from the state of the gate. Later apps add theirs.
AFTERWARDS: dict[GateKind, Callable[[Gate, datetime], None]] = {}


def settle(gate: Gate, now: datetime) -> None:
    after = AFTERWARDS.get(GateKind(gate.kind))
    if after is not None:
        after(gate, now)


def gate_url(gate: Gate) -> str:
    return f"/p/{gate.programme.code}/{gate.address}/"


def move(gate: Gate, act: GateAct) -> None:
    """Step the locked gate and save it.

    :raises WrongMoment: the state table has no such step.
    """
    try:
        gate.state = step(GATE, GateState(gate.state), act)
    except Impossible:
        message = _("This cannot be done while the gate is: %(state)s.")
        raise WrongMoment(message % {"state": gate.get_state_display()}) from None
    gate.save(update_fields=["state"])


def locked(gate: Gate) -> Gate:
    gates = Gate.every.select_for_update(of=("self",))
    found: Gate = gates.select_related(
        "programme__enterprise", "programme__pack", "chair"
    ).get(pk=gate.pk)
    return found


def open_review(gate: Gate) -> GateReview | None:
    return gate.reviews.filter(state=ReviewState.OPEN).first()


def decide_act(phase: int) -> str:
    """The line of the policy table for the decision: gate 8 belongs to the owner."""
    return "gate8.decide" if phase == Phase.IMPROVEMENT else "gate.decide"


def chair_role(phase: int) -> Membership.Role:
    is_last = phase == Phase.IMPROVEMENT
    return Membership.Role.OWNER if is_last else Membership.Role.SPONSOR


def chair_standing(
    by: Account, gate: Gate, today: date, grants: Grants | None = None
) -> Standing | None:
    """As whom the account may decide at the gate; None: it may not."""
    found = grants or grants_for(by, gate.programme)
    if gate.chair is not None:
        if gate.chair.pk in found.person_ids:
            return Standing(gate.chair)
    elif found.may(decide_act(gate.phase)):
        return Standing(Person.objects.filter(pk__in=found.person_ids)[0])
    row = delegations_to(gate, found.person_ids, today)
    row = row.filter(giver__in=chairs_at(gate), giver__is_active=True)
    delegation = row.first()
    if delegation is None:
        return None
    return Standing(delegation.taker, delegation.giver)


def chairs_at(gate: Gate) -> QuerySet[Person]:
    """Who decides: the people in the chair's role, or the one that the gate names."""
    if gate.chair_id is not None:
        return Person.objects.filter(pk=gate.chair_id)
    return Person.objects.filter(
        memberships__programme=gate.programme_id,
        memberships__role=chair_role(gate.phase),
    )


def who_decides(gate: Gate) -> str:
    """The chair in words."""
    return str(gate.chair) if gate.chair else who_may(decide_act(gate.phase))


def delegations_to(gate: Gate, takers: frozenset[int], today: date) -> Any:
    """Delegations to these people that hold at the gate on the day."""
    return (
        Delegation.objects.filter(
            programme=gate.programme_id,
            taker__in=takers,
            starts_on__lte=today,
            ends_on__gte=today,
            revoked_at=None,
        )
        .filter(Q(gate=None) | Q(gate=gate))
        .select_related("giver", "taker")
        .order_by("-pk")
    )


def require_chair(by: Account, gate: Gate, now: datetime) -> Standing:
    """The standing of the chair or their delegate.

    :raises NotAllowed: it is neither.
    """
    grants = grants_for(by, gate.programme)
    standing = chair_standing(by, gate, now.date(), grants)
    if standing is None:
        if gate.chair is not None:
            raise NotAllowed(_("This is done by: %(roles)s.") % {"roles": gate.chair})
        raise NotAllowed(grants.why_not(decide_act(gate.phase)))
    return standing


def refuse_submitter(review: GateReview, by: Account, standing: Standing) -> None:
    """:raises NotAllowed: who submitted, or a delegate whom they appointed."""
    giver = standing.on_behalf_of
    appointed_by_submitter = giver is not None and (
        giver.account_id == review.submitted_by_id
    )
    if review.submitted_by_id == by.pk or appointed_by_submitter:
        raise NotAllowed(_("Who asks for a decision does not take it."))


def tell(by: Account, verb: str, gate: Gate, now: datetime, note: str = "") -> None:
    """One line in the feed, and word to whoever keeps computed rows."""
    activity.record(
        by=by,
        verb=verb,
        kind=feed_kind(gate),
        note=note,
        programme=gate.programme,
        now=now,
        url=gate_url(gate),
    )
    announce(
        records_changed,
        programme_id=gate.programme_id,
        phases=(int(gate.programme.phase),),
    )


def feed_kind(gate: Gate) -> str:
    """What the feed calls it: a key of activity.NOUNS with its detail."""
    named = {
        GateKind.EXCEPTION: f"exception.{gate.subject or gate.number}",
        GateKind.GO_LIVE: f"go_live.{gate.subject}",
    }
    return named.get(GateKind(gate.kind), f"gate.{gate.phase}")


def meaning_of(gate: Gate) -> str:
    """Its name in what is signed: a record keeps the words in which it was signed."""
    named = {
        GateKind.EXCEPTION: f"exception review {gate.subject or gate.number}",
        GateKind.GO_LIVE: f"the go-live of {gate.subject}",
    }
    return named.get(GateKind(gate.kind), f"gate {gate.phase}")


def enter(
    gate: Gate,
    kind: ledger.Kind,
    now: datetime,
    *,
    by: Account | None = None,
    standing: Standing | None = None,
    **facts: Any,
) -> None:
    """An entry of the ledger: the last thing before the commit, for its lock."""
    ledger.append(
        enterprise_id=gate.programme.enterprise_id,
        kind=kind,
        facts={"programme": gate.programme_id, **gate_packs.place_of(gate), **facts},
        by=by,
        actor_id=standing.person.pk if standing else None,
        now=now,
    )


def sign(
    *,
    gate: Gate,
    review: GateReview | None,
    by: Account,
    standing: Standing,
    kind: str,
    meaning: str,
    mark: str,
    now: datetime,
    note: str = "",
    phase: int | None = None,
) -> Signature:
    """Name, time, meaning and the mark of what was signed.

    :param phase: the one it is about, where the gate closes several.
    """
    return Signature.objects.create(
        programme_id=gate.programme_id,
        phase=phase or gate.phase,
        review=review,
        kind=kind,
        meaning=meaning[:300],
        name=str(standing.person)[:120],
        person=standing.person,
        on_behalf_of=standing.on_behalf_of,
        account=by,
        mark=mark,
        note=note[:500],
        signed_at=now,
    )
