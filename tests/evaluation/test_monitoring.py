"""Signals open and close by themselves; actions go to their owner's list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.maths.watch import colour, episode, misses, watch
from evaluation.models import CorrectiveAction, LimitChange, Signal
from evaluation.services.dashboards import refresh_dashboard
from evaluation.services.monitoring import (
    SignalClosed,
    close_signal,
    prefilled,
    save_action,
)
from programmes.kit.errors import NotAllowed
from programmes.models import Indicator, Programme, WorkItem
from programmes.services.measurements import record_measurements
from programmes.services.records import Invalid
from tests.evaluation.fill import series, steady
from tests.world import NOW


@pytest.fixture
def indicator(world):
    return world.save(
        Indicator,
        code="wait",
        name="§Waiting",
        owner=world.person("owner"),
        reaction="§Look at once",
        baseline=9,
        target=6,
    )


def refresh(world, values):
    series(world, "wait", values)
    refresh_dashboard(programme=world.programme, now=NOW)


def alarm(world, indicator):
    refresh(world, [*steady(), 9.0])
    return Signal.objects.get(indicator=indicator)


def action_for(world, signal, **values):
    given = {"title": "§Fix", "owner": world.person("member"), "due_on": NOW.date()}
    return CorrectiveAction(
        programme=world.programme, signal=signal, **{**given, **values}
    )


class TestWatch:
    def test_few_points_make_a_run_chart(self):
        found = watch([1, 2, 3])

        assert found.last.stage == "run"
        assert found.last.upper is None
        assert not found.flags

    def test_under_twenty_points_limits_are_provisional(self):
        assert watch(steady(12)).last.stage == "provisional"
        assert watch(steady(20)).last.stage == "firm"

    def test_a_change_starts_new_limits(self):
        values = [*steady(20), *[one - 3 for one in steady(20)]]

        found = watch(values, [20])

        assert [one.center for one in found.stretches] == [5.0, 2.0]
        assert not found.flags

    def test_without_a_change_the_shift_is_good_news(self):
        values = [*steady(20), *[one - 0.6 for one in steady(9)]]

        found = watch(values, better="lower")

        assert found.newest.is_good

    def test_nothing_is_no_chart(self):
        found = watch([])

        assert found.last is None
        assert found.newest is None

    def test_target_indicators_have_no_good_side(self):
        found = watch([*steady(20), 1.0], better="target")

        assert not found.newest.is_good

    @pytest.mark.parametrize(
        ("value", "better", "expected"),
        [
            (7, "lower", True),
            (5, "lower", False),
            (5, "higher", True),
            (5, "target", False),
        ],
    )
    def test_misses(self, value, better, expected):
        assert misses(value, 6, better) is expected

    @pytest.mark.parametrize(
        ("progress", "expected"),
        [(None, ""), (100, "green"), (85, "amber"), (20, "red")],
    )
    def test_colour(self, progress, expected):
        assert colour(progress) == expected

    def test_episode_counts_the_good_points_since(self):
        values = [*steady(20), 9.0, 5.0, 5.1]

        found = episode(values, watch(values), None, "lower")

        assert (found.at, found.good_since) == (20, 2)

    def test_no_bad_point_no_episode(self):
        assert episode(steady(), watch(steady()), None, "lower") is None


class TestSignals:
    def test_a_point_outside_opens_one(self, world, indicator):
        signal = alarm(world, indicator)

        assert signal.kind == Signal.Kind.RULE
        assert signal.pattern == "outside"
        assert float(signal.value) == 9.0

    def test_again_opens_no_second_one(self, world, indicator):
        alarm(world, indicator)

        refresh_dashboard(programme=world.programme, now=NOW)

        assert Signal.objects.count() == 1

    def test_a_good_pattern_opens_none(self, world, indicator):
        refresh(world, [*steady(), 1.0])

        assert not Signal.objects.exists()

    def test_three_good_points_close_it(self, world, indicator):
        alarm(world, indicator)
        indicator.measurements.all().delete()

        refresh(world, [*steady(), 9.0, 5.0, 5.1, 4.9])

        assert not Signal.objects.get().is_open

    def test_two_good_points_do_not(self, world, indicator):
        alarm(world, indicator)
        indicator.measurements.all().delete()

        refresh(world, [*steady(), 9.0, 5.0, 5.1])

        assert Signal.objects.filter(closed_at=None).count() == 1

    def test_a_later_bad_point_prolongs_it(self, world, indicator):
        before = alarm(world, indicator).last_at
        row = {"series": "wait", "at": "2026-03-02T20:00:00+00:00"}

        record_measurements(
            by=world.lead,
            programme=world.programme,
            rows=[{**row, "value": "9.1"}],
            source="api",
            now=NOW,
        )
        refresh_dashboard(programme=world.programme, now=NOW)

        assert Signal.objects.get().last_at > before

    def test_a_missed_target_counts_from_phase_seven(self, world, indicator):
        refresh(world, [8, 8, 8])
        early = Signal.objects.count()
        Programme.objects.filter(pk=world.programme.pk).update(phase=7)
        world.programme.refresh_from_db()

        refresh_dashboard(programme=world.programme, now=NOW)

        assert early == 0
        assert Signal.objects.get().kind == Signal.Kind.TARGET


class TestCloseSignal:
    def test_needs_a_reason(self, world, indicator):
        signal = alarm(world, indicator)

        with pytest.raises(Invalid):
            close_signal(by=world.lead, signal=signal, reason=" ", now=NOW)

    def test_stays_closed_for_the_same_points(self, world, indicator):
        signal = alarm(world, indicator)

        close_signal(by=world.owner, signal=signal, reason="§Holiday", now=NOW)
        refresh_dashboard(programme=world.programme, now=NOW)

        assert not Signal.objects.filter(closed_at=None).exists()
        with pytest.raises(SignalClosed):
            close_signal(by=world.lead, signal=signal, reason="§Again", now=NOW)

    def test_is_for_lead_and_owner(self, world, indicator):
        signal = alarm(world, indicator)

        with pytest.raises(NotAllowed):
            close_signal(by=world.member, signal=signal, reason="§No", now=NOW)


class TestSaveAction:
    def test_puts_a_task_on_the_list_of_its_owner(self, world, indicator):
        signal = alarm(world, indicator)

        saved = save_action(by=world.owner, record=action_for(world, signal), now=NOW)

        item = WorkItem.objects.get(kind=WorkItem.Kind.CORRECTIVE)
        assert item.owner == world.person("member")
        assert item.reason_url == f"/p/o2c/actions/{saved.pk}/"
        assert saved.work_item == item

    def test_changing_it_changes_the_task(self, world, indicator):
        signal = alarm(world, indicator)
        saved = save_action(by=world.lead, record=action_for(world, signal), now=NOW)
        saved.title = "§Better"

        save_action(by=world.member, record=saved, now=NOW)

        assert WorkItem.objects.get(pk=saved.work_item_id).title == "§Better"

    def test_nobody_takes_it_over_by_naming_themselves(self, world, indicator):
        signal = alarm(world, indicator)
        saved = save_action(by=world.lead, record=action_for(world, signal), now=NOW)
        saved.owner = world.person("champion")

        with pytest.raises(NotAllowed):
            save_action(by=world.champion, record=saved, now=NOW)

    def test_is_refused_for_a_closed_signal(self, world, indicator):
        signal = alarm(world, indicator)
        close_signal(by=world.lead, signal=signal, reason="§Holiday", now=NOW)

        with pytest.raises(SignalClosed):
            save_action(by=world.lead, record=action_for(world, signal), now=NOW)

    def test_outsiders_of_the_indicator_may_not(self, world, indicator):
        signal = alarm(world, indicator)

        with pytest.raises(NotAllowed):
            save_action(by=world.viewer, record=action_for(world, signal), now=NOW)

    def test_the_form_is_prefilled(self, world, indicator):
        signal = alarm(world, indicator)

        known = prefilled(signal, NOW.date())

        assert known["owner"] == indicator.owner_id
        assert known["containment"] == "§Look at once"


class TestMonitorPage:
    def test_says_the_finding(self, world, indicator, sign_in):
        alarm(world, indicator)

        page = sign_in(world.viewer).get(reverse("monitor", args=["o2c"]))

        text = page.content.decode()
        assert "§Waiting shows a signal: a point outside the limits" in text
        assert "Acted on by" in text

    @pytest.mark.parametrize(
        ("rules", "finding"),
        [
            ("nelson", "fourteen points up and down by turns"),
            ("western_electric", "is stable around 5"),
            ("unknown", "is stable around 5"),
        ],
    )
    def test_takes_other_rules(self, world, indicator, sign_in, rules, finding):
        refresh(world, steady())
        url = reverse("monitor-one", args=["o2c", indicator.pk])

        page = sign_in(world.lead).get(url, {"rules": rules})

        assert finding in page.content.decode()

    def test_shows_marked_changes(self, world, indicator, sign_in):
        refresh(world, steady(30))
        day = NOW.date() - timedelta(days=14)
        world.save(LimitChange, indicator=indicator, starts_on=day, reason="§Live")
        url = reverse("monitor-one", args=["o2c", indicator.pk])

        page = sign_in(world.lead).get(url)

        assert "§Live" in page.content.decode()

    def test_is_empty_without_indicators(self, world, sign_in):
        page = sign_in(world.lead).get(reverse("monitor", args=["o2c"]))

        assert "Nothing is watched yet" in page.content.decode()

    def test_opens_an_action_in_one_form(self, world, indicator, sign_in):
        signal = alarm(world, indicator)
        client = sign_in(world.owner)
        url = reverse("signal-action", args=["o2c", signal.pk])
        shown = client.get(url).content.decode()

        answer = client.post(
            url,
            {
                "title": "§Fix",
                "owner": world.person("member").pk,
                "due_on": "2026-04-01",
                "effect": "open",
            },
        )

        assert "§Look at once" in shown
        assert answer.status_code == 302
        assert CorrectiveAction.objects.get().signal == signal

    def test_closes_with_a_reason(self, world, indicator, sign_in):
        signal = alarm(world, indicator)
        url = reverse("signal-close", args=["o2c", signal.pk])

        sign_in(world.lead).post(url, {"reason": "§Holiday"})

        assert not Signal.objects.get().is_open
