"""What all programmes together ask of a unit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.services.change_load import (
    Load,
    change_load,
    months_from,
    overloaded,
    spread,
)
from evaluation.views.change_load import limit_of
from programmes.models import (
    Attendance,
    Course,
    Meeting,
    Participation,
    Pulse,
    ScopeItem,
    WorkItem,
)
from programmes.services.pulses import turn_pulse
from tests.world import NOW, World

TODAY = NOW.date()


def load_of(world: World, who: str = "lead", **more: Any) -> list[Load]:
    return change_load(world.accounts[who], world.enterprise, TODAY, **more)


class TestChangeLoad:
    def test_adds_meetings_training_surveys_and_tasks(self, world) -> None:
        member = world.person("member")
        meeting = world.save(Meeting, title="§", held_on=TODAY, duration_minutes=90)
        world.save(Attendance, meeting=meeting, person=member)
        course = world.save(Course, title="§", held_on=TODAY, hours=3)
        world.save(Participation, course=course, person=member)
        world.save(WorkItem, title="§", owner=member, due_on=TODAY, duration_days=2)
        world.save(ScopeItem, kind="unit", name="§Desk", unit=world.unit)
        pulse = world.save(Pulse, title="§", population=40)
        turn_pulse(by=world.lead, pulse=pulse, now=NOW)

        [found] = load_of(world)

        assert found.sources == pytest.approx((1.5, 3, 40 * 2 / 60, 16))
        [cell] = [one for one in found.cells if one.hours]
        assert cell.month == date(2026, 3, 1)
        assert cell.a_head == pytest.approx(found.hours / 40)

    def test_nothing_asked_is_no_load(self, world) -> None:
        assert load_of(world) == []

    def test_leaves_out_what_one_may_not_see(self, world) -> None:
        world.save(WorkItem, title="§", owner=world.person("member"), due_on=TODAY)

        assert load_of(world, "outsider") == []
        assert load_of(world, "stranger") == []

    def test_warns_over_the_limit(self, world) -> None:
        world.save(
            WorkItem,
            title="§",
            owner=world.person("member"),
            due_on=TODAY,
            duration_days=50,
        )

        assert len(overloaded(load_of(world))) == 1
        assert overloaded(load_of(world, limit=10)) == []

    def test_counts_nothing_twice_however_long_the_task(self, world) -> None:
        shares = spread(date(2026, 1, 20), date(2026, 3, 10))

        assert [one for one, _share in shares] == months_from(date(2026, 6, 1))[:3]
        assert sum(share for _one, share in shares) == pytest.approx(1)


class TestLimit:
    @pytest.mark.parametrize(
        ("text", "limit"),
        [("12", 12), ("", 8), ("0", 8), ("²", 8), ("9" * 400, 8), ("-1", 8)],
    )
    def test_is_a_sound_number_or_the_default(self, text: str, limit: float) -> None:
        assert limit_of(text) == limit


class TestPage:
    def test_names_the_overloaded_units(self, world, sign_in) -> None:
        client = sign_in(world.lead)
        url = reverse("change-load")
        empty = client.get(url)
        world.save(
            WorkItem,
            title="§",
            owner=world.person("member"),
            due_on=timezone.localdate() + timedelta(days=1),
            duration_days=50,
        )

        assert "Nothing is asked of any unit" in empty.text
        assert "1 unit is asked for more than 8 hours a head" in client.get(url).text
        assert "No unit is asked for more" in client.get(url, {"limit": "20"}).text
