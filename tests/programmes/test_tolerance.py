"""How far the forecast is from what gate 1 approved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from programmes import gating
from programmes.forecast import Forecast, compare
from programmes.method_packs import Tolerances
from programmes.models import BudgetLine, Estimate, PhasePlan, Programme
from programmes.phases import Phase
from tests.programmes.ready import decide, ready_for_gate_1, submitted
from tests.world import NOW, World


def approved(world: World) -> Programme:
    ready_for_gate_1(world)
    decide(world, submitted(world))
    return Programme.objects.get(pk=world.programme.pk)


def look(world: World) -> gating.Assessment:
    programme = Programme.objects.get(pk=world.programme.pk)
    verdict = gating.assess(programme, Phase.KICK_OFF, NOW)
    return next(
        one.assessment for one in verdict.items if one.criterion.code == "G2.a0b"
    )


class TestCompare:
    def test_compares_with_what_gate_1_froze(self, world) -> None:
        programme = approved(world)

        found = compare(programme)

        assert found is not None
        assert found.forecast == Forecast(0, 0, 0)

    def test_has_nothing_to_compare_before(self, world) -> None:
        assert compare(world.programme) is None

    def test_says_nothing_of_what_was_not_given(self, world) -> None:
        programme = approved(world)
        PhasePlan.objects.update(gate_on=None)
        Estimate.objects.update(benefit_likely=None)

        found = compare(programme)

        assert found is not None
        assert found.forecast == Forecast(None, 0, None)


class TestWithinTolerance:
    def test_passes_near_the_plan(self, world) -> None:
        approved(world)

        assert look(world).result is gating.Result.PASS

    def test_does_not_apply_before_gate_1(self, world) -> None:
        assert look(world).result is gating.Result.NOT_APPLICABLE

    @pytest.mark.parametrize(
        ("spoil", "name"),
        [
            (
                lambda: PhasePlan.objects.filter(phase=8).update(
                    gate_on=F("gate_on") + timedelta(days=60)
                ),
                "time",
            ),
            (lambda: BudgetLine.objects.update(actual=60, committed=111), "cost"),
            (lambda: Estimate.objects.update(benefit_likely=1), "benefit"),
        ],
    )
    def test_fails_beyond_it_and_leads_there(
        self, world, sign_in, spoil: Any, name: str
    ) -> None:
        approved(world)
        before = look(world).mark
        spoil()

        found = look(world)

        assert found.result is gating.Result.FAIL
        assert name in str(found.detail)
        assert found.mark == before
        assert sign_in(world.lead).get(found.links[0].url).status_code == 200

    def test_takes_its_figures_from_the_pack(self) -> None:
        forecast = Forecast(time=12, cost=5, benefit=None)

        assert forecast.beyond(Tolerances()) == ["time"]
        assert forecast.beyond(Tolerances(time=20, cost=4)) == ["cost"]
