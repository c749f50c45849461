"""Each criterion of gates 1 and 2: one way to pass, one to fail, with its links."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programmes import gating
from programmes.models import (
    Attendance,
    BudgetLine,
    Estimate,
    ItAsset,
    Mandate,
    Meeting,
    Membership,
    Need,
    Notice,
    Objective,
    Participation,
    PhasePlan,
    Programme,
    Pulse,
    PulseAnswer,
    Risk,
    ScopeItem,
    StaffQuestion,
    Stakeholder,
    Tranche,
)
from programmes.phases import Phase
from programmes.services.programmes import create_programme, grant_role
from tests.programmes.ready import ready_for_gate_1, ready_for_gate_2
from tests.world import NOW


def look(world: Any, code: str) -> gating.Assessment:
    programme = Programme.objects.get(pk=world.programme.pk)
    phase = Phase(int(code[1]))
    verdict = gating.assess(programme, phase, NOW)
    return next(one.assessment for one in verdict.items if one.criterion.code == code)


BREAKS = {
    "G1.A1": lambda: Mandate.objects.update(version=9),
    "G1.A2": lambda: Objective.objects.update(measure=""),
    "G1.A3": lambda: Need.objects.update(objective=None),
    "G1.A4": lambda: ItAsset.objects.update(ease=None),
    "G1.A5": lambda: ScopeItem.objects.filter(is_in=False).delete(),
    "G1.A6": lambda: Membership.objects.filter(role="sponsor").delete(),
    "G1.A7": lambda: Tranche.objects.update(amount=99),
    "G1.A8": lambda: PhasePlan.objects.filter(phase=5).update(gate_on=None),
    "G1.a0": lambda: Risk.objects.update(reviewed_on=None),
    "G1.a1": lambda: Risk.objects.filter(title="§Time").update(owner=None),
    "G1.A9": lambda: Estimate.objects.update(basis=""),
    "G1.F": lambda: BudgetLine.objects.update(version=9),
    "G2.a0": lambda: Risk.objects.update(response_text=""),
    "G2.A1": lambda: Meeting.objects.update(issued_at=None),
    "G2.A2": lambda: Attendance.objects.update(state="absent"),
    "G2.A3": lambda: Membership.objects.filter(role="champion").delete(),
    "G2.A4": lambda: Participation.objects.update(done_on=None),
    "G2.A5": lambda: Notice.objects.update(reached=8),
    "G2.A6": lambda: StaffQuestion.objects.update(
        asked_on=NOW.date() - timedelta(days=11)
    ),
    "G2.a1": lambda: Attendance.objects.update(state="briefed"),
    "G2.a2": lambda: Participation.objects.update(score=69),
    "G2.a3": lambda: PulseAnswer.objects.update(awareness=3),
    "G2.a4": lambda: Stakeholder.objects.update(strategy=""),
}


class TestEachCriterion:
    @pytest.mark.parametrize("code", sorted(BREAKS))
    def test_passes_when_its_records_are_right(self, world, code: str) -> None:
        ready_for_gate_1(world)
        ready_for_gate_2(world)

        found = look(world, code)

        assert found.result is gating.Result.PASS
        assert found.links == ()

    @pytest.mark.parametrize("code", sorted(BREAKS))
    def test_fails_and_leads_to_the_cure(self, world, sign_in, code: str) -> None:
        ready_for_gate_1(world)
        ready_for_gate_2(world)
        BREAKS[code]()

        found = look(world, code)

        assert found.result is gating.Result.FAIL
        assert found.links
        client = sign_in(world.lead)
        assert client.get(found.links[0].url).status_code == 200

    @pytest.mark.parametrize(
        ("code", "model"),
        [
            ("G1.A2", Objective),
            ("G1.A3", Need),
            ("G1.A4", ItAsset),
            ("G1.A7", BudgetLine),
            ("G2.A1", Meeting),
            ("G2.A4", Participation),
            ("G2.A5", Notice),
            ("G2.a1", Meeting),
            ("G2.a2", Participation),
            ("G2.a3", Pulse),
            ("G2.a4", Stakeholder),
        ],
    )
    def test_fails_with_nothing_there(self, world, code: str, model: Any) -> None:
        ready_for_gate_1(world)
        ready_for_gate_2(world)
        model.objects.update(deleted_at=NOW)

        found = look(world, code)

        assert found.result is gating.Result.FAIL
        assert found.links

    def test_a_missing_contingency_is_named(self, world) -> None:
        ready_for_gate_1(world)
        Estimate.objects.update(contingency=None)

        found = look(world, "G1.A7")

        assert "contingency" in str(found.links[0].label)

    def test_an_ownerless_process_is_named(self, world) -> None:
        ready_for_gate_1(world)
        ScopeItem.objects.filter(kind="process", is_in=True).update(owner=None)

        assert look(world, "G1.A6").result is gating.Result.FAIL

    def test_working_time_counts_over_all_programmes(self, world) -> None:
        ready_for_gate_1(world)
        member = Membership.objects.filter(programme=world.programme, role="member")
        member.update(capacity_percent=60)
        other = create_programme(
            by=world.lead,
            enterprise=world.enterprise,
            code="more",
            name="§More",
            now=NOW,
        )
        before = look(world, "G1.A6")
        grant_role(
            by=world.lead,
            programme=other,
            person=world.person("member"),
            role="member",
            capacity_percent=50,
            now=NOW,
        )

        after = look(world, "G1.A6")

        assert before.result is gating.Result.PASS
        assert after.result is gating.Result.FAIL
        assert "110" in str(after.detail)
        assert after.mark == before.mark

    def test_a_benefit_needs_a_cost(self, world) -> None:
        ready_for_gate_1(world)
        BudgetLine.objects.update(deleted_at=NOW)

        assert look(world, "G1.A9").result is gating.Result.FAIL

    def test_a_benefit_that_never_pays_back_is_said(self, world) -> None:
        ready_for_gate_1(world)
        Estimate.objects.update(benefit_low=0, benefit_likely=0)

        assert "never" in str(look(world, "G1.A9").detail)

    def test_phases_must_be_in_order(self, world) -> None:
        ready_for_gate_1(world)
        PhasePlan.objects.filter(phase=3).update(
            starts_on=NOW.date() - timedelta(days=900)
        )

        assert look(world, "G1.A8").result is gating.Result.FAIL


class TestAssess:
    @pytest.mark.parametrize("phase", list(Phase))
    def test_stays_within_its_queries(self, world, phase: Phase) -> None:
        programme = Programme.objects.get(pk=world.programme.pk)

        with CaptureQueriesContext(connection) as queries:
            gating.assess(programme, phase, NOW)

        # Eight for what is loaded, and a few that criteria add themselves.
        assert len(queries) <= 12

    def test_fingerprint_ignores_time_and_counts(self, world) -> None:
        ready_for_gate_1(world)
        programme = Programme.objects.get(pk=world.programme.pk)

        first = gating.assess(programme, Phase.MASTER_PLAN, NOW)
        later = gating.assess(programme, Phase.MASTER_PLAN, NOW + timedelta(days=99))

        assert first.fingerprint() == later.fingerprint()

    def test_registering_twice_is_refused(self) -> None:
        with pytest.raises(ValueError, match="twice"):
            gating.criterion(Phase.MASTER_PLAN, "G1.A1", "x")(lambda e, li: None)
        with pytest.raises(ValueError, match="two evidence"):
            gating.evidence(Phase.MASTER_PLAN)(lambda p, n: None)
