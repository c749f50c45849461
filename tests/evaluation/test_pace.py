"""Stalled programmes and the other exceptions of the portfolio."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.models import DashboardSnapshot, PhasePace
from evaluation.services.dashboards import refresh_dashboard
from evaluation.services.pace import gaps, refresh_pace, sweep_paces
from evaluation.views.attention import exceptions_of, kinds_of
from evaluation.views.progress import quiet_words, stalled_led_by
from evaluation.views.standing import standings_of
from programmes.models import Activity, Condition, Gate, GateReview, Programme, WorkItem
from programmes.services.activity import record
from tests.programmes.ready import decide, ready_for_gate_1, submitted
from tests.world import NOW

TODAY = NOW.date()


def did(world, days_ago: float, verb: str = "changed", by: str = "lead", **more):
    return record(
        by=world.accounts[by] if by else None,
        verb=verb,
        programme=world.programme,
        now=more.pop("now", NOW) - timedelta(days=days_ago),
        **more,
    )


def quiet_since(world, days_ago: float, now=NOW) -> None:
    """The only change was so many days ago."""
    Activity.objects.filter(programme=world.programme).delete()
    did(world, days_ago, now=now)


def standing(world):
    return standings_of(world.lead)[world.programme.pk]


class TestGaps:
    def test_belong_to_the_phase_in_which_they_began(self) -> None:
        days = [date(2026, 3, day) for day in (1, 4, 10, 11)]

        found = list(gaps(days, [(date(2026, 3, 2), 1), (date(2026, 3, 9), 2)]))

        assert found == [(1, 3), (2, 6), (3, 1)]

    def test_stay_in_the_last_phase_after_its_gate(self) -> None:
        days = [date(2026, 3, 2), date(2026, 3, 5)]

        assert list(gaps(days, [(date(2026, 3, 1), 8)])) == [(8, 3)]


class TestRefreshPace:
    def test_takes_the_days_with_changes(self, world) -> None:
        Activity.objects.all().delete()
        for turn in range(22):
            did(world, turn * 20)
            did(world, turn * 20, by="sponsor")
            did(world, turn * 20 + 3, verb="granted", kind="role.lead")
            did(world, turn * 20 + 5, by="")

        found = refresh_pace(enterprise=world.enterprise, now=NOW)

        assert (found[1].usual_days, found[1].limit_days, found[1].gaps) == (20, 20, 21)
        assert (found[2].usual_days, found[2].limit_days) == (None, 30)

    def test_counts_what_is_after_a_gate_to_the_next_phase(self, world) -> None:
        ready_for_gate_1(world)
        decide(world, submitted(world))
        Activity.objects.all().delete()
        did(world, -2)
        did(world, -9)

        found = refresh_pace(enterprise=world.enterprise, now=NOW)

        assert (found[1].gaps, found[2].gaps) == (0, 1)

    def test_rewrites_its_rows(self, world) -> None:
        refresh_pace(enterprise=world.enterprise, now=NOW)
        refresh_pace(enterprise=world.enterprise, now=NOW)

        assert PhasePace.objects.filter(enterprise=world.enterprise).count() == 8


class TestSweepPaces:
    def test_looks_once_a_day(self, world) -> None:
        enterprises = {world.enterprise.pk, world.elsewhere.pk}

        assert sweep_paces(now=NOW) >= len(enterprises)
        assert sweep_paces(now=NOW + timedelta(hours=23)) == 0
        assert sweep_paces(now=NOW + timedelta(hours=25)) >= len(enterprises)


class TestIsStalled:
    def test_falls_back_to_thirty_days(self, world) -> None:
        quiet_since(world, 31)

        found = standing(world)

        assert found.quiet_days(TODAY) == 31
        assert found.is_stalled(TODAY)
        assert not found.is_stalled(TODAY - timedelta(days=1))
        assert "more than 30 is long" in quiet_words(found, TODAY)
        assert "too little is known" in quiet_words(found, TODAY)

    def test_takes_what_is_usual_in_the_phase(self, world) -> None:
        quiet_since(world, 31)
        PhasePace.objects.create(
            enterprise=world.enterprise,
            phase=1,
            usual_days=9,
            limit_days=40,
            gaps=50,
            computed_at=NOW,
        )

        found = standing(world)

        assert not found.is_stalled(TODAY)
        assert "in this phase more than 40 is long" in quiet_words(found, TODAY)

    def test_is_not_moved_by_roles_nor_by_itself(self, world) -> None:
        quiet_since(world, 31)
        did(world, 1, verb="granted", kind="role.lead")
        did(world, 1, by="")

        assert standing(world).quiet_days(TODAY) == 31

    def test_counts_from_the_start_where_nothing_happened(self, world) -> None:
        Activity.objects.all().delete()

        assert standing(world).moved_at == world.programme.created_at

    @pytest.mark.parametrize("state", ["hold", "stopped", "closed"])
    def test_expects_nothing_of_one_that_rests(self, world, state: str) -> None:
        quiet_since(world, 99)
        Programme.objects.update(state=state)

        assert not standing(world).is_stalled(TODAY)

    def test_expects_nothing_while_the_panel_decides(self, world) -> None:
        quiet_since(world, 99)
        Gate.objects.update(state="in_review")

        assert not standing(world).is_stalled(TODAY)


class TestKindsOf:
    def test_has_none_in_the_beginning(self, world) -> None:
        assert kinds_of(standing(world), TODAY) == []

    def test_says_stalled(self, world) -> None:
        quiet_since(world, 31)

        assert kinds_of(standing(world), TODAY) == ["stalled"]
        assert exceptions_of([standing(world)], TODAY)[0]["title"].endswith("stalled")

    def test_says_that_the_panel_is_over_its_time(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        GateReview.objects.filter(pk=review.pk).update(due_on=TODAY - timedelta(days=2))

        found = standing(world)

        assert kinds_of(found, TODAY) == ["undecided"]
        [first, *_] = exceptions_of([found], TODAY)
        assert first["text"] == "The panel is 2 days over its time"

    def test_says_that_a_condition_is_overdue(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        work = world.save(WorkItem, title="§Ask")
        condition = Condition.objects.create(
            review=review,
            text="§Ask",
            owner=world.person("member"),
            due_on=TODAY - timedelta(days=1),
            work_item=work,
        )

        assert "condition" in kinds_of(standing(world), TODAY)
        assert "1 condition is overdue" in str(exceptions_of([standing(world)], TODAY))
        condition.closed_at = NOW
        condition.save()
        assert "condition" not in kinds_of(standing(world), TODAY)

    @pytest.mark.parametrize("flag", [{"changed_at": NOW}, {"to_reaffirm": True}])
    def test_says_changed_since_approval(self, world, flag) -> None:
        Gate.objects.filter(programme=world.programme, phase=1).update(**flag)

        assert kinds_of(standing(world), TODAY) == ["changed"]

    def test_says_outside_tolerance(self, world) -> None:
        DashboardSnapshot.objects.update_or_create(
            programme=world.programme,
            defaults={"numbers": {"beyond": ["cost"]}, "as_of": NOW},
        )

        assert standing(world).beyond == ["cost"]
        assert kinds_of(standing(world), TODAY) == ["forecast"]

    def test_has_none_when_all_is_over(self, world) -> None:
        Gate.objects.update(to_reaffirm=True)
        Programme.objects.update(state="stopped")

        assert kinds_of(standing(world), TODAY) == []


class TestRefreshDashboard:
    def test_keeps_what_leaves_its_tolerance(self, world) -> None:
        before = refresh_dashboard(programme=world.programme, now=NOW)

        assert before.numbers["beyond"] == []


class TestPages:
    def test_filter_the_list_by_an_exception(self, world, client) -> None:
        client.force_login(world.lead)
        Gate.objects.filter(programme=world.programme).update(to_reaffirm=True)

        flagged = client.get("/?exception=changed").content.decode()
        others = client.get("/?exception=condition").content.decode()

        assert "! Changed since approval" in flagged
        assert "No programmes match" in others

    def test_tell_the_lead(self, world, client) -> None:
        quiet_since(world, 60, timezone.now())
        client.force_login(world.lead)

        work = client.get("/work/").content.decode()
        cockpit = client.get(f"/p/{world.programme.code}/").content.decode()

        assert f"{world.programme.name} is stalled" in work
        assert "Nothing has changed for 60 days" in cockpit
        assert "/methods/progress.stalled" in cockpit

    def test_do_not_ask_anybody_else(self, world, client) -> None:
        quiet_since(world, 60, timezone.now())
        client.force_login(world.accounts["member"])

        assert "is stalled" not in client.get("/work/").content.decode()

    def test_are_in_the_file(self, world, client) -> None:
        quiet_since(world, 60, timezone.now())
        client.force_login(world.lead)

        lines = client.get("/export.csv").content.decode()

        assert "Days without a change" in lines
        assert "Stalled,60,,30" in lines


class TestStalledLedBy:
    def test_asks_once(self, world) -> None:
        quiet_since(world, 60)
        with CaptureQueriesContext(connection) as asked:
            found = stalled_led_by([world.person("lead")], TODAY)

        assert len(asked) == 1
        assert [one.programme for one in found] == [world.programme]
