"""A small programme: gates 1 and 2 are one decision, and so are 4 and 5."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from evaluation.views.standing import standings_of
from programmes import gating
from programmes.lifecycle import GateState
from programmes.models import Gate, Membership, Need, Programme, Signature, Tranche
from programmes.phases import Phase
from programmes.services import gates, money, programmes, readiness
from programmes.services.budget import release_due
from programmes.services.gate_steps import WrongMoment
from programmes.services.records import UnderReview
from tests.design.ready import ready_for_gate_4, ready_for_gate_5
from tests.programmes.ready import (
    decide,
    gate,
    ready_for_gate_1,
    ready_for_gate_2,
    submitted,
)
from tests.world import NOW, World


@pytest.fixture
def light(world: World) -> World:
    """The world, with a light programme in place of its own."""
    programme = programmes.create_programme(
        by=world.lead,
        enterprise=world.enterprise,
        code="small",
        name="§Small",
        unit=world.unit,
        starts_on=NOW.date(),
        pack="light",
        now=NOW,
    )
    for role in Membership.Role:
        if role != Membership.Role.LEAD:
            programmes.grant_role(
                by=world.lead,
                programme=programme,
                person=world.person(role.value),
                role=role.value,
                unit=world.unit if role == Membership.Role.CHAMPION else None,
                now=NOW,
            )
    world.programme = programme
    return world


def in_phase(world: World) -> int:
    return Programme.objects.get(pk=world.programme.pk).phase


class TestLightProgramme:
    def test_has_six_gates_over_eight_phases(self, light) -> None:
        rows = Gate.objects.filter(programme=light.programme).order_by("phase")

        assert [one.phases for one in rows] == [
            (1, 2),
            (3,),
            (4, 5),
            (6,),
            (7,),
            (8,),
        ]

    def test_goes_through_both_merged_gates(self, light) -> None:
        ready_for_gate_1(light)
        ready_for_gate_2(light)
        decide(light, submitted(light, 2))

        assert in_phase(light) == 3
        assert gate(light, 1).state == GateState.PASSED

        Gate.objects.filter(programme=light.programme, phase=3).update(state="passed")
        Programme.objects.filter(pk=light.programme.pk).update(phase=4)
        light.programme.refresh_from_db()
        ready_for_gate_4(light)
        ready_for_gate_5(light)
        decide(light, submitted(light, 5))

        assert in_phase(light) == 6
        assert gate(light, 4).state == GateState.PASSED

    def test_the_controller_confirms_at_the_merged_gate(self, light) -> None:
        ready_for_gate_1(light)

        signature = Signature.objects.get(programme=light.programme, kind="money")

        assert signature.phase == Phase.MASTER_PLAN
        with pytest.raises(WrongMoment, match="confirmed as it stands"):
            money.confirm_money(
                by=light.controller, gate=gate(light, 1), note="", now=NOW
            )

    def test_asks_what_the_whole_gate_asks_once(self, light) -> None:
        verdict = readiness.verdict_of(gate(light, 4), NOW)

        codes = [one.criterion.code for one in verdict.items]

        assert {"G4.A0", "G4.A1", "G5.A3"} <= set(codes)
        assert not {"G5.A0", "G5.A0b", "G5.A0c"} & set(codes)

    def test_asks_less_than_the_standard(self, light) -> None:
        verdict = readiness.verdict_of(gate(light, 1), NOW)

        kinds = {one.criterion.code: one.kind for one in verdict.items}

        assert kinds["G1.A4"] is gating.Kind.SHOULD
        assert kinds["G1.A1"] is gating.Kind.MUST

    def test_counts_both_phases_in_its_readiness(self, light) -> None:
        found = readiness.refresh_readiness(programme=light.programme, now=NOW)

        assert found.gate.phases == (1, 2)
        assert {one["code"][:2] for one in found.missing} == {"G1", "G2"}

    def test_locks_the_evidence_of_both_phases(self, light) -> None:
        ready_for_gate_1(light)
        ready_for_gate_2(light)
        review = submitted(light, 2)

        with pytest.raises(UnderReview, match="Gate 2"):
            light.save(Need, title="§Late")

        gates.withdraw_gate(by=light.lead, gate=review.gate, now=NOW)
        assert light.save(Need, title="§Late").pk

    def test_releases_the_tranches_of_both_phases(self, light) -> None:
        ready_for_gate_1(light)
        ready_for_gate_2(light)
        Tranche.objects.create(
            programme=light.programme,
            gate=2,
            amount=50,
            created_at=NOW,
            updated_at=NOW,
        )
        Tranche.objects.filter(programme=light.programme, gate=1).update(amount=50)
        money.confirm_money(by=light.controller, gate=gate(light, 2), note="", now=NOW)

        review = submitted(light, 2)

        assert Decimal(review.pack["money"]["tranche"]) == 100
        assert review.pack["phases"] == [1, 2]

        decide(light, review)
        freed = release_due(NOW + timedelta(hours=1))

        assert freed == 2


class TestPagesOfALightProgramme:
    def test_the_controller_is_asked_at_the_merged_gate(self, light, sign_in) -> None:
        ready_for_gate_1(light)
        ready_for_gate_2(light)
        Tranche.objects.filter(programme=light.programme).update(version=9)
        readiness.refresh_readiness(programme=light.programme, now=NOW)

        page = sign_in(light.controller).get("/work/").content.decode()

        assert "/p/small/gates/2/#money" in page

    @pytest.mark.parametrize(
        "path",
        [
            "",
            *[f"phases/{number}/" for number in Phase],
            *[f"gates/{number}/" for number in Phase],
            "activity/",
            "team/",
        ],
    )
    def test_open_without_the_gates_it_lacks(self, light, sign_in, path: Any) -> None:
        client = sign_in(light.lead)

        assert client.get(f"/p/small/{path}").status_code == 200

    def test_phase_2_is_open_from_the_beginning(self, light, sign_in) -> None:
        client = sign_in(light.lead)

        assert b"Starts after" not in client.get("/p/small/phases/2/").content
        assert b"Starts after gate 2" in client.get("/p/small/phases/3/").content
        assert b"Starts after gate 3" in client.get("/p/small/phases/5/").content

    def test_gate_1_is_the_gate_of_both(self, light, sign_in) -> None:
        page = sign_in(light.controller).get("/p/small/gates/1/").content.decode()

        assert "Gate 2 · Master plan, Kick-off" in page
        assert "Is this programme wanted, paid for and understood?" in page
        assert "Confirm costs and benefits" in page

    def test_stands_in_the_portfolio(self, light, sign_in) -> None:
        found = standings_of(light.lead)[light.programme.pk]

        page = sign_in(light.lead).get("/")

        assert found.phase == 2
        assert "§Small" in page.content.decode()

    def test_waits_for_the_sponsor_with_its_question(self, light, sign_in) -> None:
        ready_for_gate_1(light)
        ready_for_gate_2(light)
        submitted(light, 2)
        readiness.refresh_readiness(programme=light.programme, now=NOW)

        pages = [
            sign_in(light.sponsor).get(path).content.decode()
            for path in ("/", "/p/small/", "/work/")
        ]

        assert "wanted, paid for and understood" in pages[0]
        assert "Gate 2 is ready for your decision" in pages[1]
        assert "Gate 2" in pages[2]

    def test_can_be_chosen_when_a_programme_begins(self, world, sign_in) -> None:
        client = sign_in(world.lead)

        answer = client.post(
            "/programmes/new/", {"name": "§New", "code": "new", "pack": "light"}
        )

        assert answer.status_code == 302
        assert Gate.objects.filter(programme__code="new").count() == 6
