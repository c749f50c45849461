"""Conditions of a decision, the confirmation of money, and the readiness."""

from __future__ import annotations

import pytest

from programmes.kit.errors import NotAllowed
from programmes.lifecycle import GateState, Outcome
from programmes.models import (
    BudgetLine,
    Condition,
    Need,
    Readiness,
    WorkItem,
)
from programmes.services import conditions, gate_steps, gates, money
from programmes.services.records import save_record
from programmes.services.work import StillWaiting, finish_work
from tests.programmes.ready import (
    condition,
    decide,
    gate,
    ready_for_gate_1,
    ready_for_gate_2,
    submitted,
)
from tests.world import NOW


class TestConditions:
    def conditional(self, world) -> Condition:
        ready_for_gate_1(world)
        decide(
            world,
            submitted(world),
            Outcome.CONDITIONS,
            rationale="§But",
            conditions=[condition(world)],
        )
        return Condition.objects.get()

    def test_become_tasks_and_block_the_next_gate(self, world) -> None:
        self.conditional(world)
        ready_for_gate_2(world)

        with pytest.raises(gates.NotReady, match="Conditions of earlier gates"):
            submitted(world, 2)

        assert gate(world, 1).state == GateState.CONDITIONAL
        item = WorkItem.objects.get(kind="condition")
        assert item.owner == world.person("member")

    def test_are_not_finished_from_the_task_list(self, world) -> None:
        self.conditional(world)

        with pytest.raises(StillWaiting):
            finish_work(by=world.lead, item=WorkItem.objects.get(), now=NOW)

    def test_close_and_reopen(self, world) -> None:
        row = self.conditional(world)

        conditions.close_condition(by=world.sponsor, condition=row, now=NOW)
        conditions.close_condition(by=world.sponsor, condition=row, now=NOW)

        assert gate(world, 1).state == GateState.PASSED
        assert WorkItem.objects.get().state == "done"

        conditions.reopen_condition(by=world.lead, condition=row, now=NOW)
        conditions.reopen_condition(by=world.lead, condition=row, now=NOW)

        assert gate(world, 1).state == GateState.CONDITIONAL

    def test_closing_opens_the_next_gate(self, world) -> None:
        row = self.conditional(world)
        ready_for_gate_2(world)
        conditions.close_condition(by=world.lead, condition=row, now=NOW)

        assert submitted(world, 2).round == 1

    def test_are_closed_by_lead_or_sponsor(self, world) -> None:
        row = self.conditional(world)

        with pytest.raises(NotAllowed):
            conditions.close_condition(by=world.member, condition=row, now=NOW)


class TestConfirmMoney:
    def test_is_void_after_a_change(self, world) -> None:
        ready_for_gate_1(world)
        line = BudgetLine.objects.get()
        line.planned = 100
        save_record(by=world.lead, record=line, now=NOW)

        with pytest.raises(gates.NotReady, match="controller"):
            submitted(world)

    def test_is_given_once(self, world) -> None:
        ready_for_gate_1(world)

        with pytest.raises(gate_steps.WrongMoment, match="confirmed"):
            money.confirm_money(
                by=world.controller, gate=gate(world, 1), note="", now=NOW
            )

    def test_is_asked_at_money_gates_only(self, world) -> None:
        with pytest.raises(gate_steps.WrongMoment, match="no confirmation"):
            money.confirm_money(
                by=world.controller, gate=gate(world, 2), note="", now=NOW
            )

    def test_is_the_controllers(self, world) -> None:
        with pytest.raises(NotAllowed):
            money.confirm_money(by=world.lead, gate=gate(world, 1), note="", now=NOW)


class TestReadiness:
    def test_follows_each_change(self, world, commit) -> None:
        with commit():
            world.save(Need, title="§New")

        row = Readiness.objects.get(gate__programme=world.programme)
        assert row.met < row.needed
        assert {one["code"] for one in row.missing} >= {"G1.A1", "G1.A3"}
