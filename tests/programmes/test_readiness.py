"""When a gate will be ready at the pace of the last weeks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from programmes.lifecycle import GateState
from programmes.models import Gate, ReadinessPoint
from programmes.services.readiness import ready_on, refresh_readiness, verdict_of
from tests.programmes.ready import gate, ready_for_gate_1
from tests.world import NOW, World

TODAY = date(2026, 3, 2)


def points(world: World, *left: int) -> Gate:
    """A point a week before today, with so many musts left of ten."""
    found = gate(world, 1)
    for weeks, number in enumerate(reversed(left), 1):
        on = TODAY - timedelta(weeks=weeks)
        ReadinessPoint.objects.create(gate=found, on=on, met=10 - number, needed=10)
    return found


class TestReadyOn:
    def test_goes_on_at_the_pace(self, world) -> None:
        found = points(world, 8, 6)

        assert ready_on(found, 6, 10, TODAY) == TODAY + timedelta(weeks=2)

    @pytest.mark.parametrize("left", [(), (4,), (4, 4, 4), (2, 3)])
    def test_says_nothing_when_nothing_moves(self, world, left: tuple[int]) -> None:
        assert ready_on(points(world, *left), 6, 10, TODAY) is None

    def test_says_nothing_of_what_is_ready_or_in_review(self, world) -> None:
        found = points(world, 8, 6)

        assert ready_on(found, 10, 10, TODAY) is None
        found.state = GateState.IN_REVIEW
        assert ready_on(found, 6, 10, TODAY) is None

    def test_says_nothing_beyond_two_years(self, world) -> None:
        found = gate(world, 1)
        for days in (28, 27):
            on = TODAY - timedelta(days=days)
            ReadinessPoint.objects.create(gate=found, on=on, met=days % 2, needed=900)

        assert ready_on(found, 2, 900, TODAY) is None

    def test_stands_on_cockpit_and_gate_page(self, world, sign_in) -> None:
        found = refresh_readiness(programme=world.programme, now=NOW)
        ReadinessPoint.objects.all().delete()
        for weeks in (3, 2, 1):
            ReadinessPoint.objects.create(
                gate=found.gate,
                on=timezone.localdate() - timedelta(weeks=weeks),
                met=max(found.met - weeks, 0),
                needed=found.needed,
            )

        for path in ("", "gates/1/"):
            page = sign_in(world.lead).get(f"/p/o2c/{path}").content.decode()
            assert "at this pace" in page


class TestVerdictOf:
    def test_a_day_that_passes_changes_no_fingerprint(self, world) -> None:
        ready_for_gate_1(world)
        found = gate(world, 1)

        later = verdict_of(found, NOW + timedelta(days=1)).fingerprint()

        assert later == verdict_of(found, NOW).fingerprint()
