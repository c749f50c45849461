"""Whatever the roles do in whatever order: no forbidden state, as a model says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programmes.kit.errors import Refusal
from programmes.lifecycle import GateState, Outcome
from programmes.models import BudgetLine, Gate, GateReview, Programme
from programmes.services import decisions, gates, reopening
from programmes.services.decisions import Decision
from programmes.services.records import save_record
from tests.programmes.ready import condition, gate, ready_for_gate_1
from tests.stage import rolled_back
from tests.world import NOW, World

S, P = GateState, Programme.State
DECISIONS: dict[str, dict[str, Any]] = {
    "approve": {},
    "approve_with_conditions": {"rationale": "§If"},
    "return": {"rationale": "§No"},
    "hold": {"rationale": "§Wait", "review_on": NOW.date() + timedelta(days=9)},
    "stop": {"rationale": "§End", "disposal": "§Back to the line"},
}
ACTS = [
    "submit",
    "withdraw",
    "undo",
    "resume",
    "reopen",
    "reaffirm",
    "edit",
    *DECISIONS,
]
ROLES = ["lead", "sponsor", "controller", "gatekeeper", "owner", "viewer"]
CHAIR = {*DECISIONS, "undo", "resume", "reopen", "reaffirm"}
OPEN = {S.PASSED, S.CONDITIONAL}


def right_role(act: str) -> str:
    return "sponsor" if act in CHAIR else "lead"


class Model:
    """What should happen at gate 1, in a dozen lines."""

    def __init__(self) -> None:
        self.state, self.changed, self.can_undo = S.PREPARING, False, False
        self.next = {
            "approve": S.PASSED,
            "approve_with_conditions": S.CONDITIONAL,
            "return": S.PREPARING,
            "hold": S.ON_HOLD,
            "stop": S.STOPPED,
        }

    def allows(self, act: str, role: str) -> bool:
        if (role != "sponsor") if act in CHAIR else (role != "lead"):
            return False
        frozen = self.state in {S.ON_HOLD, S.STOPPED}
        return {
            "submit": self.state is S.PREPARING,
            "withdraw": self.state is S.IN_REVIEW,
            "undo": self.can_undo,
            "resume": self.state is S.ON_HOLD,
            "reopen": self.state in OPEN,
            "reaffirm": self.state in OPEN and self.changed,
            "edit": self.state is not S.IN_REVIEW and not frozen,
        }.get(act, self.state is S.IN_REVIEW)

    def do(self, act: str) -> None:
        if act == "edit":
            self.changed |= self.state in OPEN
            return
        if act == "reaffirm":
            self.changed = False
            return
        self.can_undo = act in DECISIONS
        if act in {"approve", "approve_with_conditions", "reopen"}:
            self.changed = False
        self.state = {
            "submit": S.IN_REVIEW,
            "undo": S.IN_REVIEW,
            **self.next,
        }.get(act, S.PREPARING)


def submit(world: World, by: Any, found: Gate) -> None:
    gates.submit_gate(by=by, gate=found, ask="§?", due_on=NOW.date(), now=NOW)


def edit(world: World, by: Any, found: Gate) -> None:
    line = BudgetLine.objects.select_related("programme").get()
    line.category = "people" if line.category == "it" else "it"
    save_record(by=by, record=line, now=NOW, reason="§")
    confirm_again(world)


def decide(world: World, by: Any, found: Gate, outcome: str) -> None:
    review = found.reviews.order_by("-round").first()
    more = dict(DECISIONS[outcome])
    if outcome == "approve_with_conditions":
        more["conditions"] = [condition(world)]
    decisions.decide_gate(
        by=by,
        gate=found,
        decision=Decision(Outcome(outcome), **more),
        fingerprint=review.fingerprint if review else "",
        now=NOW,
    )


ON_GATE: dict[str, tuple[Any, dict[str, Any]]] = {
    "withdraw": (gates.withdraw_gate, {}),
    "undo": (decisions.undo_decision, {}),
    "resume": (reopening.resume_programme, {}),
    "reopen": (reopening.reopen_gate, {"reason": "§"}),
    "reaffirm": (reopening.reaffirm_gate, {"note": ""}),
}


def refusal_of(world: World, act: str, role: str) -> Refusal | None:
    """Try the act; None: it was done."""
    by, found = world.accounts[role], gate(world, 1)
    try:
        if act in ON_GATE:
            verb, more = ON_GATE[act]
            verb(by=by, gate=found, now=NOW, **more)
        elif act in DECISIONS:
            decide(world, by, found, act)
        else:
            {"submit": submit, "edit": edit}[act](world, by, found)
    except Refusal as refusal:
        return refusal
    return None


def confirm_again(world: World) -> None:
    """An edit of the money makes the controller's confirmation void."""
    from programmes.services.money import confirm_money

    try:
        confirm_money(by=world.controller, gate=gate(world, 1), note="", now=NOW)
    except Refusal:
        return


def promises(world: World) -> None:
    """What must hold whatever happened."""
    found = Gate.objects.get(programme=world.programme, phase=1)
    programme = Programme.objects.get(pk=world.programme.pk)
    reviews = list(GateReview.objects.filter(gate=found).order_by("round"))
    opened = [one for one in reviews if one.state == "open"]
    assert len(opened) == (found.state == S.IN_REVIEW)
    assert [one.round for one in reviews] == list(range(1, len(reviews) + 1))
    assert all(one.signatures.exists() for one in reviews if one.state == "decided")
    assert (programme.state == P.HOLD) == (found.state == S.ON_HOLD)
    assert (programme.state == P.STOPPED) == (found.state == S.STOPPED)
    assert programme.phase in {1, 2}
    assert programme.phase == 2 or found.state not in OPEN


@pytest.mark.usefixtures("world")
class TestGateMachine:
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        steps=st.lists(
            st.one_of(
                st.sampled_from([(one, right_role(one)) for one in ACTS]),
                st.tuples(st.sampled_from(ACTS), st.sampled_from(ROLES)),
            ),
            min_size=8,
            max_size=16,
        )
    )
    def test_agrees_with_the_model(self, world: World, steps: Any) -> None:
        with rolled_back():
            world.programme.refresh_from_db()
            ready_for_gate_1(world)
            model = Model()
            for number, (act, role) in enumerate(steps):
                allowed = model.allows(act, role)

                refusal = refusal_of(world, act, role)

                assert (refusal is None) == allowed, (number, act, role, str(refusal))
                if allowed:
                    model.do(act)
                assert gate(world, 1).state == model.state
                assert gate(world, 1).is_flagged == model.changed
                promises(world)
                world.programme.refresh_from_db()
