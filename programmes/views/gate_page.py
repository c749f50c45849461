"""What the gate page shows: the question, its evidence, the panel and the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from programmes import gate_changes, gating
from programmes.access import MelioraRequest
from programmes.deliverables import deliverables_of
from programmes.forms.gates import (
    AnswerForm,
    ConfirmForm,
    DecisionForm,
    SubmitForm,
    VoteForm,
    WaiverForm,
)
from programmes.kit.errors import NotAllowed, Refusal
from programmes.lifecycle import OPEN_GATE, GateKind, GateState, Outcome, ReviewState
from programmes.method_packs import GateRules
from programmes.models import (
    Condition,
    Document,
    Gate,
    GateReview,
    Signature,
    Waiver,
)
from programmes.pack_texts import said
from programmes.pack_words import question_of
from programmes.permissions import who_may
from programmes.phases import Phase
from programmes.services import ballots, decisions, money
from programmes.services.gate_steps import chair_standing, who_decides
from programmes.services.gates import is_recurring
from programmes.services.readiness import points_of_pace, ready_on, verdict_of
from programmes.services.risks import largest_risks
from programmes.views.gate_outside import shown_outside
from programmes.views.gate_parts import (
    figures_of,
    money_state,
    name_of,
    outcome_choices,
    panels_of,
)
from programmes.views.gate_places import Place, ReviewNumber
from programmes.views.shell import gate_look, track
from programmes.views.workspace import read_phase

MOST_CHANGES = 12
FEWEST_SHOWN = 5


def find(request: MelioraRequest, number: Place) -> Gate:
    """The gate that closes the phase, one gate may close several; or the review."""
    if isinstance(number, ReviewNumber):
        which: dict[str, Any] = {"number": number}
        rows = Gate.every.exclude(kind=GateKind.PHASE)
    else:
        read_phase(number)
        which = {"first_phase__lte": number, "phase__gte": number}
        rows = Gate.objects.all()
    rows = rows.select_related("chair")
    found: Gate = get_object_or_404(
        rows.annotate(pace=points_of_pace(timezone.localdate())),
        programme=request.programme,
        **which,
    )
    found.programme = request.programme
    return found


def gate_page(
    request: MelioraRequest, found: Gate, status: int = 200, **forms: Any
) -> HttpResponse:
    now = timezone.now()
    programme = request.programme
    reviews = list(
        found.reviews.select_related("submitted_by", "decided_by", "decided_for")
        .prefetch_related("conditions__owner", documents_of_rounds())
        .order_by("-round")
    )
    signatures = signatures_at(found, reviews)
    rules = gating.rules_at(found)
    waivers = waivers_at(found)
    granted = Waiver.State.GRANTED
    waived = frozenset(one.code for one in waivers if one.state == granted)
    verdict = verdict_of(found, now, waived)
    review = next((one for one in reviews if one.state == ReviewState.OPEN), None)
    last = reviews[0] if reviews else None
    met = len(verdict.musts) - len(verdict.missing)
    rights = rights_at(request, found, review, now)
    context = {
        "gate": found,
        "phase": Phase(found.phase),
        "rules": rules,
        "look": look_of(found),
        "name": name_of(found),
        "question": question_of(rules),
        "review": review,
        "reviews": reviews,
        "last": last,
        "returned": is_returned(last),
        "verdict": verdict,
        **criteria_shown(verdict, is_brief=rights["may_decide"]),
        "met": met,
        "deliverables": deliverables_of(rules, verdict),
        "ready_on": ready_on(found, met, len(verdict.musts), timezone.localdate()),
        "met_shoulds": sum(one.met for one in verdict.shoulds),
        "can_undo": last is not None and decisions.can_undo(last, request.user, now),
        "needs_money": bool(money.money_phases(found)),
        "money": money_state(found, verdict, signatures),
        "figures": figures_of(found),
        "panels": panels_of(found),
        "changes": changes_since(found),
        "round_changes": round_changes(reviews),
        "risks": largest_risks(programme) if review else [],
        "waivers": waiver_rows(waivers, verdict),
        "open_conditions": open_conditions(reviews),
        "outcomes": outcome_choices(found) if rights["may_decide"] else [],
        "crumbs": [
            {"label": programme.name, "href": f"/p/{programme.code}/"},
            {"label": str(found)},
        ],
        "nav": f"phase{found.phase}",
        **shown_outside(request, found, last),
        **panel_state(request, review, last, rules),
        **rights,
        **default_forms(request, found, review, rights, rules, now),
        **forms,
    }
    return render(request, "programmes/gates/gate.html", context, status=status)


def look_of(found: Gate) -> str:
    """The diamond of its state; the track knows more of those of phases."""
    if not found.is_of_phase:
        return gate_look(found)
    look: str = track(found.programme)[found.phase - 1]["gate_state"]
    return look


def documents_of_rounds() -> Prefetch[str, Any, Any]:
    """The issued records of each round, without their facts."""
    rows = Document.objects.defer("facts").order_by("-number")
    return Prefetch("documents", rows)


def signatures_at(found: Gate, reviews: list[GateReview]) -> list[Signature]:
    """All signatures at the gate; each round gets its own as `signed`."""
    rows = Signature.objects.filter(programme=found.programme, phase__in=found.phases)
    every = list(
        rows.select_related("person", "on_behalf_of").order_by("signed_at", "pk")
    )
    for review in reviews:
        review.signed = [  # type: ignore[attr-defined]
            one for one in every if one.review_id == review.pk
        ]
    return every


def criteria_shown(verdict: gating.Verdict, *, is_brief: bool) -> dict[str, Any]:
    """Open criteria first; the chair's brief folds away most of those that are met."""
    rows = sorted(verdict.items, key=lambda one: one.met)
    opened = sum(not one.met for one in rows)
    first = max(opened, FEWEST_SHOWN) if is_brief else len(rows)
    return {
        "criteria": rows,
        "first_criteria": f":{first}",
        "more_criteria": rows[first:],
    }


def is_returned(last: GateReview | None) -> bool:
    return (
        last is not None
        and last.outcome == Outcome.RETURN
        and last.state == ReviewState.DECIDED
    )


def rights_at(
    request: MelioraRequest, found: Gate, review: GateReview | None, now: datetime
) -> dict[str, Any]:
    """What this person may do at the gate now, and who may do what they may not."""
    may = request.grants.may
    standing = chair_standing(request.user, found, now.date(), request.grants)
    is_chair = standing is not None
    is_own = review is not None and review.submitted_by_id == request.user.pk
    reached = found.first_phase <= request.programme.phase
    is_again = is_recurring(found) and found.state in OPEN_GATE
    may_submit = found.state == GateState.PREPARING or is_again
    return {
        "is_chair": is_chair,
        "standing": standing,
        "who_decides": who_decides(found),
        "may_decide": review is not None and is_chair and not is_own,
        "who_submits": who_may("gate.submit"),
        "may_submit": may_submit and reached and may("gate.submit"),
        "may_withdraw": review is not None and may("gate.withdraw"),
        "may_close": may("condition.close"),
        "may_record": may("gate.record"),
        "may_confirm": bool(money.money_phases(found)) and may("gate.confirm"),
        "may_ask_waiver": found.state == GateState.PREPARING and may("waiver.ask"),
        "may_resume": is_chair and found.state == GateState.ON_HOLD,
        "may_affirm": is_chair and found.state in OPEN_GATE and found.is_flagged,
        "may_reopen": found.is_of_phase and is_chair and found.state in OPEN_GATE,
    }


def panel_state(
    request: MelioraRequest,
    review: GateReview | None,
    last: GateReview | None,
    rules: GateRules,
) -> dict[str, Any]:
    """Ballots as far as this person may see them."""
    shown = review or last
    if shown is None or not shown.panel:
        return {"tally": None, "votes": [], "my_seat": None}
    every = ballots.votes_of(shown)
    counted = ballots.count(shown, every)
    votes = ballots.visible_votes(shown, request.user, every)
    persons = {one["person"] for one in shown.panel}
    is_own = shown.submitted_by_id == request.user.pk
    is_open = review is not None and not is_own
    mine = request.grants.person_ids & persons
    has_voted = any(one.person_id in mine for one in votes)
    sealed = shown.revealed_at is None and shown.state == ReviewState.OPEN
    return {
        "tally": counted,
        "votes": votes,
        "sealed": sealed,
        "score": None if counted.score is None else round(100 * counted.score),
        "spread": spread_of(shown, [] if sealed else votes),
        "my_seat": is_open and bool(mine) and (sealed or not has_voted),
        "has_voted": has_voted,
    }


def spread_of(review: GateReview, votes: list[Any]) -> list[dict[str, Any]]:
    """Lowest, mean and highest answer to each judged question."""
    rows = []
    for one in review.pack.get("judged", ()):
        given = [vote.scores[one["key"]] for vote in votes if one["key"] in vote.scores]
        if given:
            rows.append(
                {
                    "title": said(one["title"]),
                    "low": min(given),
                    "mean": sum(given) / len(given),
                    "high": max(given),
                    "is_wide": max(given) - min(given) >= 2,
                }
            )
    return rows


def changes_since(found: Gate) -> list[dict[str, Any]]:
    """What changed since the approval and waits for an answer, the newest first."""
    if found.changed_at is None:
        return []
    rows = found.changes.filter(answered_at=None).select_related("by")
    return gate_changes.since_approval(list(rows.order_by("-at", "pk")[:MOST_CHANGES]))


def round_changes(reviews: list[GateReview]) -> list[gate_changes.Change]:
    """What a later round changed against the one before; empty for the first."""
    if len(reviews) < 2 or reviews[0].state != ReviewState.OPEN:
        return []
    return gate_changes.compare(reviews[1].pack, reviews[0].pack)[:MOST_CHANGES]


def waivers_at(found: Gate) -> list[Waiver]:
    """Waivers of the coming decision: asked for, answered, or resting in its round."""
    rows = Waiver.objects.filter(gate=found).exclude(
        review__state__in=[ReviewState.DECIDED, ReviewState.REOPENED]
    )
    return list(rows.select_related("asked_by", "answered_by").order_by("pk"))


def waiver_rows(rows: list[Waiver], verdict: gating.Verdict) -> list[dict[str, Any]]:
    """Each waiver with the title of what it lets go."""
    titles = {one.criterion.code: one.criterion.title for one in verdict.items}
    return [{"waiver": one, "title": titles.get(one.code, one.code)} for one in rows]


def default_forms(
    request: MelioraRequest,
    found: Gate,
    review: GateReview | None,
    rights: dict[str, Any],
    rules: GateRules,
    now: datetime,
) -> dict[str, Any]:
    forms: dict[str, Any] = {
        "confirm_form": ConfirmForm(),
        "waiver_form": WaiverForm(),
        "answer_form": AnswerForm(),
    }
    if review:
        forms["vote_form"] = VoteForm(judged=review.pack.get("judged", []))
    if rights["may_decide"] and review:
        forms["decision_form"] = DecisionForm(
            programme=request.programme,
            gate=found,
            initial={"fingerprint": review.fingerprint},
        )
    if rights["may_submit"]:
        due = (now + timedelta(days=rules.days)).date()
        forms["submit_form"] = SubmitForm(initial={"due_on": due.isoformat()})
    return forms


def open_conditions(reviews: list[GateReview]) -> list[Condition]:
    return [
        condition
        for review in reviews
        if review.state == ReviewState.DECIDED
        for condition in review.conditions.all()
    ]


def back(request: MelioraRequest, number: Place | Gate) -> HttpResponse:
    return HttpResponseRedirect(reverse("gate", args=[request.programme.code, number]))


def simple(
    change: Callable[..., Any], said: Any
) -> Callable[[MelioraRequest, Gate, Place], HttpResponse]:
    def act(request: MelioraRequest, found: Gate, number: Place) -> HttpResponse:
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
