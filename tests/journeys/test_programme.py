"""One programme from its mandate to its next cycle, by forms only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from programmes.models import Gate, Programme
from tests.journeys import (
    phase_1,
    phase_2,
    phase_3,
    phase_4,
    phase_5,
    phase_6,
    phase_7,
    phase_8,
)
from tests.journeys.party import Party
from tests.journeys.walk import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHASES = [phase_1, phase_2, phase_3, phase_4, phase_5, phase_6, phase_7, phase_8]


@pytest.fixture
def party(world: Any, walker: Callable[..., Walker], tmp_path: Path) -> Party:
    return Party(
        lead=walker().sign_in(world.lead.email),
        sponsor=walker(width=390).sign_in(world.sponsor.email),
        controller=walker().sign_in(world.controller.email),
        owner=walker().sign_in(world.owner.email),
        guest=walker(width=390),
        names={key: one.name for key, one in world.persons.items()},
        unit=world.unit.name,
        today=timezone.localdate(),
        folder=tmp_path,
    )


class TestWholeProgramme:
    def test_from_the_mandate_to_the_next_cycle(self, party: Party) -> None:
        for phase in PHASES:
            phase.walk(party)

        old = Programme.objects.get(code="renewal")
        states = Gate.objects.filter(programme=old).values_list("state", flat=True)
        assert set(states) == {"passed"}
        assert Programme.objects.get(code="renewal-2").predecessor == old
        for one in party.all:
            one.clean()
