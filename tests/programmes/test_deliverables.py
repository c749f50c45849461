"""What is brought to a gate, and how far it is."""

from __future__ import annotations

from dataclasses import replace

from programmes import gating
from programmes.deliverables import CRITERIA, deliverables_of
from programmes.models import Mandate, Programme
from programmes.pack_files import SHIPPED, shipped
from programmes.phases import Phase
from programmes.services.readiness import verdict_of
from tests.programmes.ready import gate, ready_for_gate_1


class TestDeliverablesOf:
    def test_names_criteria_and_deliverables_that_exist(self) -> None:
        named = {
            name
            for key in SHIPPED
            for one in shipped(key)["gates"]
            for name in one["deliverables"]
        }

        assert set(CRITERIA) <= named
        assert set(CRITERIA.values()) <= set(gating.known_criteria())

    def test_says_how_far_each_is(self, world) -> None:
        ready_for_gate_1(world)
        Mandate.objects.filter(programme=world.programme).update(version=9)
        programme = Programme.objects.get(pk=world.programme.pk)
        rules = gating.rules_of(programme, Phase.MASTER_PLAN)
        rules = replace(rules, deliverables=(*rules.deliverables, "§Own paper"))

        found = deliverables_of(rules, verdict_of(gate(world, 1), world.now))

        states = {one.name: one.state for one in found}
        assert states["Mandate"] == "missing"
        assert states["Scope"] == "ready"
        assert states["§Own paper"] == ""

    def test_stand_on_phase_and_gate_page(self, world, sign_in) -> None:
        client = sign_in(world.viewer)

        for path in ("phases/1/", "gates/1/"):
            page = client.get(f"/p/o2c/{path}").content.decode()
            assert "First benefit range" in page
