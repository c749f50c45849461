"""Figures computed by jobs; the sweep finds data that arrived late."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from evaluation.models import DashboardSnapshot, IndicatorStatus
from evaluation.services.dashboards import (
    ask_refresh,
    outdated,
    refresh_dashboard,
    sweep_dashboards,
)
from programmes import jobs
from programmes.models import Indicator, Job, Programme
from programmes.services.measurements import record_measurements
from programmes.services.programmes import create_programme
from tests.evaluation.fill import series, steady
from tests.world import NOW


def watched(world, code="wait", **values):
    given = {"name": "§Waiting", "baseline": 9, "target": 6, **values}
    return world.save(Indicator, code=code, **given)


class TestRefreshDashboard:
    def test_writes_a_row_for_each_indicator(self, world):
        indicator = watched(world)
        series(world, "wait", [9, 8, 7.5])

        snapshot = refresh_dashboard(programme=world.programme, now=NOW)

        status = IndicatorStatus.objects.get(indicator=indicator)
        assert (status.value, status.points, status.rag) == (7.5, 3, "red")
        assert round(status.progress) == 50
        assert status.spark == [9.0, 8.0, 7.5]
        assert snapshot.numbers["goals"] == 1

    def test_again_rewrites_the_rows(self, world):
        watched(world)
        refresh_dashboard(programme=world.programme, now=NOW)
        series(world, "wait", [6])

        refresh_dashboard(programme=world.programme, now=NOW)

        assert IndicatorStatus.objects.get().rag == "green"
        assert DashboardSnapshot.objects.get().numbers["on_target"] == 1

    def test_forgets_a_deleted_indicator(self, world):
        indicator = watched(world)
        refresh_dashboard(programme=world.programme, now=NOW)
        indicator.deleted_at = NOW
        indicator.save()

        refresh_dashboard(programme=world.programme, now=NOW)

        assert not IndicatorStatus.objects.exists()


class TestAskRefresh:
    def test_waiting_jobs_of_a_programme_are_one(self, world):
        first = ask_refresh(programme=world.programme)
        second = ask_refresh(programme=world.programme)

        assert first.pk == second.pk

    def test_twenty_jobs_give_twenty_right_rows(self, world):
        programmes = [
            create_programme(
                by=world.lead,
                enterprise=world.enterprise,
                code=f"p{n}",
                name=f"§Programme {n}",
                now=NOW,
            )
            for n in range(20)
        ]
        for n, one in enumerate(programmes):
            Indicator.objects.create(
                programme=one,
                code="k",
                name="§K",
                baseline=100,
                target=0,
                created_at=NOW,
                updated_at=NOW,
            )
            record_measurements(
                by=world.lead,
                programme=one,
                rows=[{"series": "k", "at": "2026-03-01", "value": str(n * 5)}],
                source="api",
                now=NOW,
            )
        waiting = [ask_refresh(programme=one) for one in programmes]

        for one in waiting:
            jobs.run(one.pk)

        assert len({one.pk for one in waiting}) == 20
        states = {one.programme_id: one for one in IndicatorStatus.objects.all()}
        for n, one in enumerate(programmes):
            assert states[one.pk].value == n * 5
            assert round(states[one.pk].progress) == 100 - n * 5
            assert one.dashboard.numbers["values"] == 1
        done = Job.objects.filter(state=Job.State.DONE)
        assert done.filter(pk__in=[one.pk for one in waiting]).count() == 20

    def test_measurements_ask_for_it(self, world, commit):
        watched(world)

        with commit():
            series(world, "wait", [7])

        assert IndicatorStatus.objects.get().value == 7


class TestSweepDashboards:
    def test_finds_values_with_old_dates_that_arrived_late(self, world):
        watched(world)
        series(world, "wait", [9, 8])
        later = NOW + timedelta(hours=1)
        refresh_dashboard(programme=world.programme, now=later)
        old = [{"series": "wait", "at": "2024-01-01", "value": "3"}]
        arrived = later + timedelta(seconds=1)

        record_measurements(
            by=world.lead,
            programme=world.programme,
            rows=old,
            source="csv",
            now=arrived,
        )

        assert world.programme in outdated()

    def test_leaves_what_is_current(self, world):
        watched(world)
        series(world, "wait", [9, 8])

        refresh_dashboard(programme=world.programme, now=NOW + timedelta(hours=1))

        assert world.programme not in outdated()

    def test_looks_again_where_a_delivery_may_still_be_on_its_way(self, world):
        watched(world)
        series(world, "wait", [9, 8])

        refresh_dashboard(programme=world.programme, now=NOW)

        assert world.programme in outdated()

    def test_asks_for_each(self, world):
        assert sweep_dashboards() == Programme.objects.count()


class TestDashboardPage:
    def test_says_that_figures_are_being_computed(self, world, sign_in):
        answer = sign_in(world.viewer).get(reverse("dashboard", args=["o2c"]))

        assert "being computed" in answer.content.decode()

    def test_shows_values_and_their_moment(self, world, sign_in):
        watched(world)
        series(world, "wait", [*steady(), 9.5])
        refresh_dashboard(programme=world.programme, now=NOW)

        page = sign_in(world.viewer).get(reverse("dashboard", args=["o2c"]))

        text = page.content.decode()
        assert "As of" in text
        assert "§Waiting" in text
        assert "Signal" in text

    def test_needs_no_more_queries_for_more_rows(
        self, world, sign_in, django_assert_max_num_queries
    ):
        for n in range(30):
            watched(world, code=f"k{n}")
        refresh_dashboard(programme=world.programme, now=NOW)
        client = sign_in(world.viewer)

        with django_assert_max_num_queries(12) as found:
            client.get(reverse("dashboard", args=["o2c"]))

        Indicator.objects.filter(code__gt="k1").delete()
        with django_assert_max_num_queries(len(found.captured_queries)) as few:
            client.get(reverse("dashboard", args=["o2c"]))
        assert len(few.captured_queries) == len(found.captured_queries)

    def test_portfolio_adds_up_only_what_one_may_see(self, world, sign_in):
        watched(world)
        series(world, "wait", [6])
        refresh_dashboard(programme=world.programme, now=NOW)
        url = reverse("portfolio-dashboard")

        mine = sign_in(world.viewer).get(url).content.decode()
        theirs = sign_in(world.stranger).get(url).content.decode()

        assert "1 of 1 goals are reached" in mine
        assert "§Order to cash" not in theirs
