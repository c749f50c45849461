"""Exception reviews: told, opened, written down, decided, and the plan from then on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from programmes import gate_record, gating
from programmes.forecast import compare
from programmes.kit.errors import NotAllowed
from programmes.lifecycle import GateKind, GateState, Outcome
from programmes.models import (
    BudgetLine,
    Gate,
    LedgerEntry,
    PhasePlan,
    Programme,
    Risk,
    Tranche,
)
from programmes.phases import Phase
from programmes.services import budget, decisions, reopening
from programmes.services.exception_reviews import open_exception, save_case
from programmes.services.gate_steps import WrongMoment
from programmes.services.gates import NotReady, add_gate, submit_gate, withdraw_gate
from programmes.services.ledger_check import verify
from programmes.services.records import UnderReview, fill, save_record
from tests.programmes.exceptional import (
    LATER,
    TEXTS,
    asked,
    breach,
    opened,
    programme_of,
    written,
)
from tests.programmes.ready import condition, decide
from tests.world import NOW, World


@pytest.fixture
def breached(world: World) -> World:
    breach(world)
    return world


def look(world: World, code: str = "G2.a0b") -> gating.Assessment:
    verdict = gating.assess(programme_of(world), Phase.KICK_OFF, NOW)
    return next(one.assessment for one in verdict.items if one.criterion.code == code)


def verdict_at(gate: Gate, now: Any = LATER) -> dict[str, gating.Assessment]:
    rules = gating.rules_at(gate)
    found = gating.assess_outside(gate, now, rules, frozenset())
    return {one.criterion.code: one.assessment for one in found.items}


class TestOpenException:
    def test_belongs_to_the_phase_that_runs(self, breached) -> None:
        gate = opened(breached)

        assert (gate.kind, gate.number, gate.phase) == ("exception", 1, 2)
        assert gate.address == "reviews/1"

    def test_is_no_gate_of_a_phase(self, breached) -> None:
        opened(breached)

        assert Gate.objects.filter(programme=breached.programme).count() == 8
        assert breached.programme.gates.count() == 8

    def test_is_counted_among_exceptions(self, breached) -> None:
        add_gate(programme_of(breached), GateKind.GO_LIVE, subject="§Order desk")

        gate = opened(breached)

        assert (str(gate), gate.number) == ("Exception review 1", 2)

    def test_is_refused_within_the_tolerance(self, breached) -> None:
        BudgetLine.objects.update(actual=60, committed=40)

        with pytest.raises(WrongMoment):
            opened(breached)

    def test_is_refused_before_a_plan_is_approved(self, world) -> None:
        with pytest.raises(WrongMoment):
            opened(world)

    def test_one_is_open_at_a_time(self, breached) -> None:
        gate = opened(breached)

        with pytest.raises(WrongMoment, match="open already"):
            opened(breached)
        twin = Gate(
            programme=gate.programme, phase=2, first_phase=2, kind=gate.kind, number=7
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()

    @pytest.mark.parametrize("name", ["sponsor", "controller", "viewer"])
    def test_is_the_leads(self, breached, name: str) -> None:
        with pytest.raises(NotAllowed):
            open_exception(
                by=breached.accounts[name], programme=programme_of(breached), now=NOW
            )


class TestSaveCase:
    def test_writes_it_down(self, breached) -> None:
        gate = written(breached)

        assert gate.case.cause == ""
        gate.case.refresh_from_db()
        assert gate.case.cause == "§Two suppliers"

    def test_is_refused_while_it_waits(self, breached) -> None:
        review = asked(breached)

        with pytest.raises(WrongMoment):
            save_case(
                by=breached.lead, gate=review.gate, texts=TEXTS, version=None, now=LATER
            )

    def test_is_the_leads(self, breached) -> None:
        gate = opened(breached)

        with pytest.raises(NotAllowed):
            save_case(
                by=breached.sponsor, gate=gate, texts=TEXTS, version=None, now=NOW
            )


class TestCriteria:
    def test_all_pass_when_it_is_written_down(self, breached) -> None:
        found = verdict_at(written(breached))

        assert {code: str(one.result) for code, one in found.items()} == dict.fromkeys(
            ["X.A1", "X.A2", "X.A3", "X.A4"], "pass"
        )

    def test_what_is_missing_links_to_its_field(self, breached, sign_in) -> None:
        gate = opened(breached)

        found = verdict_at(gate)

        for code in ("X.A2", "X.A3"):
            assert found[code].result is gating.Result.FAIL
            page = sign_in(breached.lead).get(found[code].links[0].url)
            assert b'name="cause"' in page.content

    def test_nothing_is_to_decide_within_the_tolerance(self, breached) -> None:
        gate = written(breached)
        BudgetLine.objects.update(actual=60, committed=40)

        found = verdict_at(gate)

        assert found["X.A1"].result is gating.Result.FAIL

    def test_risks_are_to_be_looked_at_again(self, breached) -> None:
        gate = opened(breached, NOW + timedelta(days=3))

        assert verdict_at(gate)["X.A4"].result is gating.Result.FAIL

    def test_no_open_risk_asks_for_nothing(self, breached) -> None:
        gate = opened(breached)
        Risk.objects.update(state=Risk.State.CLOSED)

        assert verdict_at(gate)["X.A4"].result is gating.Result.NOT_APPLICABLE

    def test_cannot_be_asked_for_unwritten(self, breached) -> None:
        with pytest.raises(NotReady):
            submit_gate(
                by=breached.lead,
                gate=opened(breached),
                ask="§?",
                due_on=NOW.date(),
                now=LATER,
            )


class TestDecision:
    def test_approved_figures_are_the_plan_from_then_on(self, breached) -> None:
        assert look(breached).result is gating.Result.FAIL

        decide(breached, asked(breached), now=LATER)

        found = compare(programme_of(breached))
        assert found is not None
        assert found.gate.kind == GateKind.EXCEPTION
        assert found.forecast.cost == 0
        assert look(breached).result is gating.Result.PASS
        with pytest.raises(WrongMoment):
            opened(breached)

    def test_a_further_breach_asks_for_the_next_review(self, breached) -> None:
        decide(breached, asked(breached), now=LATER)
        BudgetLine.objects.update(actual=140, committed=111)

        assert opened(breached, LATER + timedelta(hours=1)).number == 2

    def test_opens_no_phase_and_releases_no_money(self, breached) -> None:
        tranche = breached.save(Tranche, gate=2, amount=5)

        decide(breached, asked(breached), now=LATER)
        budget.release_due(NOW + timedelta(days=1))

        assert programme_of(breached).phase == Phase.KICK_OFF
        tranche.refresh_from_db()
        assert tranche.released_at is None

    def test_conditions_are_asked_for_by_the_gate_of_the_phase(self, breached) -> None:
        decide(
            breached,
            asked(breached),
            Outcome.CONDITIONS,
            rationale="§If",
            conditions=[condition(breached)],
            now=LATER,
        )

        found = look(breached, "G2.A0")

        assert found.result is gating.Result.FAIL
        assert found.links[0].url.endswith("/reviews/1/")

    def test_returned_it_is_asked_again(self, breached) -> None:
        review = asked(breached)

        decide(breached, review, Outcome.RETURN, rationale="§More options", now=LATER)
        again = submit_gate(
            by=breached.lead,
            gate=review.gate,
            ask="§Now?",
            due_on=NOW.date(),
            now=LATER,
        )

        assert again.round == 2
        assert look(breached).result is gating.Result.FAIL

    def test_hold_and_resume(self, breached) -> None:
        review = asked(breached)
        until = NOW.date() + timedelta(days=9)

        decide(
            breached,
            review,
            Outcome.HOLD,
            rationale="§Wait",
            review_on=until,
            now=LATER,
        )

        assert programme_of(breached).state == Programme.State.HOLD
        reopening.resume_programme(by=breached.sponsor, gate=review.gate, now=LATER)
        assert programme_of(breached).state == Programme.State.ACTIVE

    def test_stop(self, breached) -> None:
        decide(
            breached,
            asked(breached),
            Outcome.STOP,
            rationale="§End",
            disposal="§Back",
            now=LATER,
        )

        assert programme_of(breached).state == Programme.State.STOPPED

    def test_undo_leaves_the_phase_alone(self, breached) -> None:
        review = asked(breached)
        decide(breached, review, now=LATER)

        Programme.objects.update(phase=3)
        decisions.undo_decision(by=breached.sponsor, gate=review.gate, now=LATER)

        assert programme_of(breached).phase == 3
        assert Gate.every.get(pk=review.gate.pk).state == GateState.IN_REVIEW
        assert look(breached).result is gating.Result.FAIL

    def test_is_not_reopened(self, breached) -> None:
        review = asked(breached)
        decide(breached, review, now=LATER)

        with pytest.raises(WrongMoment):
            reopening.reopen_gate(
                by=breached.sponsor, gate=review.gate, reason="§Why", now=LATER
            )

    def test_is_signed_and_entered_under_its_name(self, breached) -> None:
        review = asked(breached)

        decide(breached, review, now=LATER)

        signature = review.signatures.get()
        assert signature.meaning == "I approve exception review 1."
        entry = LedgerEntry.objects.order_by("-seq").first()
        assert entry is not None
        assert (entry.facts["what"], entry.facts["number"]) == ("exception", 1)
        assert verify(breached.enterprise).findings == []

    def test_the_plan_is_locked_while_it_waits(self, breached) -> None:
        review = asked(breached)
        row = PhasePlan.objects.filter(programme=breached.programme, phase=8).get()
        moved = fill(row, gate_on=row.gate_on + timedelta(days=1))

        with pytest.raises(UnderReview, match="Exception review 1"):
            save_record(by=breached.lead, record=moved, reason="§Late", now=LATER)
        withdraw_gate(by=breached.lead, gate=review.gate, now=LATER)
        save_record(by=breached.lead, record=moved, reason="§Late", now=LATER)

    def test_its_record_shows_the_figures(self, breached) -> None:
        review = asked(breached)

        report = gate_record.build(review, LATER)

        assert report.title == "Pack of exception review 1"
        titles = [getattr(one, "title", "") for one in report.sections[0].blocks]
        assert "Plan and forecast" in titles
        assert review.pack["figures"][0]["name"] == "time"
