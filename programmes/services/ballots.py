"""Sealed ballots: cast unseen, shown together, counted by the gate's rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import mean
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from programmes.kit.errors import NotAllowed, Refusal
from programmes.lifecycle import OPENING, Outcome, ReviewState
from programmes.method_packs import Rule
from programmes.models import Account, Gate, GateReview, Person, Vote
from programmes.pack_texts import said
from programmes.permissions import grants_for
from programmes.services.gate_steps import (
    Standing,
    WrongMoment,
    delegations_to,
    enter,
    locked,
    open_review,
    refuse_submitter,
    require_chair,
    tell,
)
from programmes.services.ledger import Kind, seal_of_ballot

HIGHEST = 5


class BadScore(Refusal):
    """A judged question is answered from 1 to 5."""

    code = "bad-score"
    status = 422


@dataclass(frozen=True)
class Tally:
    """The ballots of a round, counted.

    :param needed: ballots that make the quorum beside the chair.
    :param score: weighted mean of the judged answers as a share of the highest, 0-1.
    """

    seats: int
    cast: int
    needed: int
    yes: int
    vetoed_by: tuple[str, ...]
    dissent: tuple[Vote, ...]
    score: float | None

    @property
    def has_quorum(self) -> bool:
        return self.cast >= self.needed


def seat_of(by: Account, review: GateReview, now: datetime) -> tuple[Standing, Any]:
    """The seat that the account fills, itself or by delegation.

    :raises NotAllowed: it has none in this round.
    """
    gate = review.gate
    seats = {one["person"]: one for one in review.panel}
    grants = grants_for(by, gate.programme)
    for person in Person.objects.filter(pk__in=grants.person_ids):
        if person.pk in seats:
            return Standing(person), seats[person.pk]
    rows = delegations_to(gate, grants.person_ids, now.date())
    delegation = rows.filter(giver__in=list(seats), giver__is_active=True).first()
    if delegation is None:
        raise NotAllowed(_("You have no seat on the panel of this gate."))
    standing = Standing(delegation.taker, delegation.giver)
    return standing, seats[delegation.giver_id]


def cast_vote(
    *,
    by: Account,
    gate: Gate,
    outcome: Outcome,
    now: datetime,
    scores: Mapping[str, int] | None = None,
    comment: str = "",
) -> Vote:
    """Cast or change a ballot. Until the reveal nobody but its caster sees it.

    :raises NotAllowed: no seat, or the one who submitted.
    :raises WrongMoment: nothing is in review, or the ballots are revealed and this
        one was among them.
    :raises BadScore: an answer outside 1 to 5, or to an unknown question.
    """
    with transaction.atomic():
        gate = locked(gate)
        review = open_review(gate)
        if review is None:
            raise WrongMoment(_("No decision is waiting at this gate."))
        review.gate = gate
        standing, seat = seat_of(by, review, now)
        refuse_submitter(review, by, standing)
        checked = check_scores(review, scores or {})
        voter = standing.on_behalf_of or standing.person
        before = review.votes.filter(person=voter).first()
        if before is not None and review.revealed_at is not None:
            raise WrongMoment(
                _("The ballots are revealed; yours cannot be changed now.")
            )
        vote, _made = Vote.objects.update_or_create(
            review=review,
            person=voter,
            defaults={
                "account": by,
                "role": seat["role"],
                "seat": seat["seat"],
                "outcome": outcome,
                "scores": checked,
                "comment": comment,
                "is_late": review.revealed_at is not None,
                "cast_at": now,
            },
        )
        tell(by, "voted", gate, now)
        enter_ballot(gate, vote, standing, now)
        counted = tally(review)
        if review.revealed_at is None and counted.cast >= max(counted.needed, 1):
            reveal(review, now)
            enter(gate, Kind.REVEALED, now, review=review.pk, cast=counted.cast)
    return vote


def enter_ballot(gate: Gate, vote: Vote, standing: Standing, now: datetime) -> None:
    """Sealed in the ledger as well: a keyed hash, from which nothing can be guessed."""
    enter(
        gate,
        Kind.VOTED,
        now,
        standing=standing,
        review=vote.review_id,
        person=vote.person_id,
        ballot=seal_of_ballot(vote),
    )


def check_scores(review: GateReview, scores: Mapping[str, int]) -> dict[str, int]:
    known = {one["key"]: said(one["title"]) for one in review.pack.get("judged", ())}
    for key, value in scores.items():
        if key not in known or value not in range(1, HIGHEST + 1):
            title = known.get(key, key[:40])
            raise BadScore(_("%(title)s: answer from 1 to 5.") % {"title": title})
    return dict(scores)


def close_voting(*, by: Account, gate: Gate, now: datetime) -> GateReview:
    """The chair opens the ballots before everybody has voted.

    :raises NotAllowed: neither chair nor their delegate, or who submitted.
    :raises WrongMoment: nothing is in review, or they are open already.
    """
    with transaction.atomic():
        gate = locked(gate)
        standing = require_chair(by, gate, now)
        review = open_review(gate)
        if review is None or review.revealed_at is not None:
            raise WrongMoment(_("There are no sealed ballots to open."))
        refuse_submitter(review, by, standing)
        reveal(review, now)
        tell(by, "revealed", gate, now)
        cast = review.votes.count()
        enter(gate, Kind.REVEALED, now, standing=standing, review=review.pk, cast=cast)
    return review


def reveal(review: GateReview, now: datetime) -> None:
    review.revealed_at = now
    review.save(update_fields=["revealed_at"])


def tally(review: GateReview) -> Tally:
    """Count the ballots by the rules that were frozen with the round."""
    return count(review, votes_of(review))


def votes_of(review: GateReview) -> list[Vote]:
    return list(review.votes.select_related("person").order_by("pk"))


def count(review: GateReview, votes: list[Vote]) -> Tally:
    veto = set(review.pack.get("veto", ()))
    against = [one for one in votes if Outcome(one.outcome) not in OPENING]
    return Tally(
        seats=len(review.panel),
        cast=len(votes),
        needed=ceil(len(review.panel) / 2),
        yes=len(votes) - len(against),
        vetoed_by=tuple(str(one.person) for one in against if one.role in veto),
        dissent=tuple(against),
        score=judged_score(review, votes),
    )


def judged_score(review: GateReview, votes: list[Vote]) -> float | None:
    """Weighted mean over the questions of the mean answer, from 0 (all 1) to 1."""
    total = weights = 0.0
    for one in review.pack.get("judged", ()):
        given = [vote.scores[one["key"]] for vote in votes if one["key"] in vote.scores]
        if given:
            total += one["weight"] * mean(given) / HIGHEST
            weights += one["weight"]
    return total / weights if weights else None


def refuse_by_rule(review: GateReview, outcome: Outcome) -> None:
    """Does the panel's rule allow what the chair is about to decide?

    Returning, holding and stopping need no majority.

    :raises WrongMoment: quorum, majority, unanimity, hurdle or a veto stand against it.
    """
    rule = Rule(review.pack.get("rule", Rule.CHAIR))
    if outcome not in OPENING:
        return
    counted = tally(review)
    if counted.vetoed_by:
        raise WrongMoment(
            _("%(name)s has a veto here and does not agree.")
            % {"name": ", ".join(counted.vetoed_by)}
        )
    if rule is Rule.CHAIR:
        return
    if not counted.has_quorum or review.revealed_at is None:
        raise WrongMoment(
            _("The panel has no quorum yet: %(cast)s of %(needed)s ballots.")
            % {"cast": counted.cast, "needed": counted.needed}
        )
    # The chair's own yes is the decision.
    if rule is Rule.UNANIMOUS and counted.yes < counted.seats:
        raise WrongMoment(
            _("This gate asks for unanimity: %(yes)s of %(seats)s seats agree.")
            % {"yes": counted.yes, "seats": counted.seats}
        )
    if rule is Rule.MAJORITY and 2 * (counted.yes + 1) <= counted.cast + 1:
        raise WrongMoment(_("The majority of the panel is against it."))
    refuse_under_hurdle(review, counted, outcome)


def refuse_under_hurdle(review: GateReview, counted: Tally, outcome: Outcome) -> None:
    hurdle = review.pack.get("hurdle", 0)
    score = counted.score
    if outcome is Outcome.APPROVE and score is not None and 100 * score < hurdle:
        raise WrongMoment(
            _("The panel gave %(score)s of 100 points; the hurdle is %(hurdle)s.")
            % {"score": round(100 * score), "hurdle": hurdle}
        )


def visible_to(votes: list[Vote], review: GateReview, by: Account) -> list[Vote]:
    """All ballots after the reveal or the decision; before it only one's own."""
    if review.revealed_at is None and review.state == ReviewState.OPEN:
        return [one for one in votes if one.account_id == by.pk]
    return votes
