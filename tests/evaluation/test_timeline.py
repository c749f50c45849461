"""The portfolio on the calendar: planned, passed and overdue gates."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.timeline import LANE, Lane, Milestone, Stretch, drawing, ticks
from evaluation.views.timeline import gates_of, look_of, milestone
from programmes.models import Gate, PhasePlan, Programme
from programmes.services.records import fill, save_record
from tests.evaluation.test_standing import more, plan_gate
from tests.programmes.ready import decide, ready_for_gate_1, submitted
from tests.world import NOW

TODAY = NOW.date()


def gate_one(world):
    return gates_of([world.programme])[world.programme.pk][0]


def seen(client, world, name="lead", **query):
    client.force_login(world.accounts[name])
    return client.get(reverse("portfolio-timeline"), query)


class TestTicks:
    @pytest.mark.parametrize(
        ("last", "count"),
        [(date(2026, 4, 1), 4), (date(2026, 12, 31), 12), (date(2036, 1, 1), 11)],
    )
    def test_are_never_more_than_can_be_read(self, last: date, count: int) -> None:
        found = ticks(date(2026, 1, 1), last)

        assert len(found) == count
        assert all(one.day == 1 for one in found)


class TestDrawing:
    def test_draws_phases_gates_and_today(self) -> None:
        gate = Milestone(TODAY, TODAY + timedelta(days=9), False, "/p/x/gates/1/", "§")
        lane = Lane([Stretch(TODAY, TODAY + timedelta(days=30), "current")], [gate])

        svg = drawing([lane, lane], TODAY)

        assert f'height="{28 + 2 * LANE}"' in svg
        assert svg.count('class="bar current"') == 2
        assert svg.count('class="gate passed"') == svg.count('class="gate plan"') == 2
        assert svg.count('class="today"') == 1

    def test_marks_what_is_overdue_with_a_sign(self) -> None:
        gate = Milestone(TODAY - timedelta(days=9), None, True, "/p/x/gates/1/", "§")

        svg = drawing([Lane([], [gate])], TODAY)

        assert 'class="gate late"' in svg
        assert ">!</text>" in svg

    def test_leaves_out_a_gate_without_a_day(self) -> None:
        gate = Milestone(None, None, False, "/p/x/gates/1/", "§")

        assert "<a " not in drawing([Lane([], [gate])], TODAY)


class TestLookOf:
    def test_walks_with_the_phase(self) -> None:
        at_three = Programme(phase=3)

        assert [look_of(at_three, one) for one in (2, 3, 4)] == [
            "done",
            "current",
            "todo",
        ]


class TestMilestone:
    def test_is_overdue_after_its_planned_day(self, world) -> None:
        plan_gate(world, TODAY - timedelta(days=3))

        found = milestone(world.programme, gate_one(world), TODAY)

        assert found.is_late
        assert "3 days behind plan" in found.words

    def test_is_not_overdue_while_the_programme_rests(self, world) -> None:
        plan_gate(world, TODAY - timedelta(days=3))
        world.programme.state = Programme.State.HOLD

        assert not milestone(world.programme, gate_one(world), TODAY).is_late

    def test_tells_both_days_of_a_passed_gate(self, world) -> None:
        ready_for_gate_1(world)
        decide(world, submitted(world))

        found = milestone(world.programme, gate_one(world), TODAY)

        assert found.passed == TODAY
        assert not found.is_late
        assert "passed" in found.words


class TestTimeline:
    def test_shows_what_one_may_see(self, client, world) -> None:
        assert world.programme.name in seen(client, world).content.decode()
        other = seen(client, world, "outsider").content.decode()

        assert world.programme.name not in other

    def test_takes_the_filters_of_the_list(self, client, world) -> None:
        page = seen(client, world, phase="8").content.decode()

        assert "No programmes match" in page
        assert reverse("portfolio") + "?phase=8" in page

    def test_says_how_many_gates_are_overdue(self, client, world) -> None:
        plan = PhasePlan.objects.get(programme=world.programme, phase=1)
        yesterday = timezone.localdate() - timedelta(days=1)
        save_record(by=world.lead, record=fill(plan, gate_on=yesterday), now=NOW)

        assert "1 gate is overdue" in seen(client, world).content.decode()

    def test_stays_small_and_quick_with_many(
        self, client, world, django_assert_max_num_queries
    ) -> None:
        more(world, 20)
        for plan in PhasePlan.objects.all():
            start = TODAY + timedelta(days=40 * plan.phase)
            end = start + timedelta(days=39)
            PhasePlan.objects.filter(pk=plan.pk).update(
                starts_on=start, ends_on=end, gate_on=end
            )
        Gate.objects.update(state="preparing")

        client.force_login(world.lead)
        with django_assert_max_num_queries(12):
            response = client.get(reverse("portfolio-timeline"))

        assert len(response.content) < 60_000
        page = response.content.decode()
        assert len(re.findall(r'class="gate (?:open|late)"', page)) >= 10 * 8
