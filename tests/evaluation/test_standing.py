"""Where programmes stand: gate, money, signals and what is late, in one query."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.models import CostBenefit, Signal
from evaluation.services.economics import confirm_economics
from evaluation.views.attention import exceptions_of
from evaluation.views.portfolio import PER_PAGE
from evaluation.views.standing import (
    gate_of,
    standings_of,
    years_of,
)
from programmes.models import (
    BudgetLine,
    Estimate,
    GateReview,
    Indicator,
    PhasePlan,
    WorkItem,
)
from programmes.services.programmes import create_programme
from programmes.services.records import delete_record, fill, save_record
from tests.programmes.ready import ready_for_gate_1, submitted
from tests.world import NOW

TODAY = NOW.date()


def standing(world, name="lead"):
    return standings_of(world.accounts[name])[world.programme.pk]


def plan_gate(world, on: date) -> None:
    plan = PhasePlan.objects.get(programme=world.programme, phase=1)
    save_record(by=world.lead, record=fill(plan, gate_on=on), now=NOW)


def signal(world) -> Signal:
    wait = world.save(Indicator, code="wait", name="§Waiting")
    return Signal.objects.create(
        programme=world.programme,
        indicator=wait,
        kind="rule",
        pattern="outside",
        at=NOW,
        last_at=NOW,
        value=9,
        opened_at=NOW,
    )


class TestStandingsOf:
    def test_shows_only_what_one_may_see(self, world) -> None:
        seen = {
            name
            for name, account in world.accounts.items()
            if world.programme.pk in standings_of(account)
        }

        assert seen == set(world.accounts) - {"admin", "outsider", "stranger"}

    def test_adds_up_money_without_what_is_deleted(self, world) -> None:
        for title, planned, actual in (("§A", 100, 40), ("§B", 50, 20), ("§C", 7, 7)):
            line = world.save(BudgetLine, title=title, planned=planned, actual=actual)
        delete_record(by=world.lead, record=line, now=NOW)
        estimate = Estimate.objects.get(programme=world.programme)
        values = {"benefit_low": 1, "benefit_likely": 300, "benefit_high": 400}
        save_record(by=world.lead, record=fill(estimate, **values), now=NOW)

        found = standing(world)

        assert (found.planned, found.actual) == (150, 60)
        assert (found.expected, found.running, found.reach) == (300, 0, 300)

    def test_takes_the_newest_year_as_running(self, world) -> None:
        for year, actual in ((2026, 10), (2027, 20), (2027, 5), (2028, None)):
            world.save(
                CostBenefit,
                title=f"§{year} {actual}",
                kind="benefit",
                year=year,
                plan=50,
                actual=actual,
            )

        found = standing(world)

        assert (found.running, found.measured, found.foreseen) == (25, 35, 150)

    def test_counts_late_tasks_and_open_signals(self, world) -> None:
        world.save(WorkItem, title="§Late", due_on=TODAY - timedelta(days=400))
        world.save(WorkItem, title="§Far", due_on=date(2999, 1, 1))
        signal(world)

        found = standing(world)

        assert (found.late, found.late_title) == (1, "§Late")
        assert (found.signals, found.signal_name) == (1, "§Waiting")
        assert found.signal_pattern == "outside"

    def test_forgets_a_closed_signal(self, world) -> None:
        row = signal(world)
        row.closed_at = NOW
        row.save()

        assert standing(world).signals == 0

    def test_takes_the_day_that_was_asked_for_before_the_plan(self, world) -> None:
        plan_gate(world, date(2026, 6, 1))
        assert standing(world).due_on == date(2026, 6, 1)
        ready_for_gate_1(world)

        review = submitted(world)

        found = standing(world)
        assert found.is_in_review
        assert found.due_on == review.due_on == GateReview.objects.get().due_on
        assert found.look == "ready"

    def test_asks_once_however_many_there_are(self, world) -> None:
        with CaptureQueriesContext(connection) as few:
            standings_of(world.lead)
        more(world, 5)
        with CaptureQueriesContext(connection) as many:
            found = standings_of(world.lead)

        assert len(few) == len(many) == 1
        assert len(found) == 6


class TestGateOf:
    def test_tells_the_same_of_one_programme(self, world) -> None:
        world.save(BudgetLine, title="§A", planned=100, actual=40)

        gate = gate_of(world.programme)

        assert (gate.phase, gate.planned, gate.actual) == (1, 100, 40)


class TestDaysLate:
    def test_counts_from_the_planned_gate(self, world) -> None:
        plan_gate(world, date(2026, 6, 1))

        found = standing(world)

        assert found.days_late(date(2026, 6, 4)) == 3
        assert found.days_late(date(2026, 5, 1)) == 0
        assert found.is_soon(date(2026, 5, 10))
        assert not found.is_soon(date(2026, 4, 1))
        assert not found.is_soon(date(2026, 6, 2))


class TestYearsOf:
    def test_splits_planned_measured_and_confirmed(self, world) -> None:
        values = {"kind": "benefit", "year": 2027}
        line = world.save(CostBenefit, title="§A", plan=50, actual=40, **values)
        world.save(CostBenefit, title="§B", plan=10, actual=5, **values)
        confirm_economics(
            by=world.controller, programme=world.programme, lines=[line], now=NOW
        )

        assert years_of(world.lead) == [
            {
                "year": 2027,
                "planned": Decimal(60),
                "measured": Decimal(45),
                "confirmed": Decimal(40),
            }
        ]
        assert years_of(world.stranger) == []


class TestExceptionsOf:
    def test_puts_signals_before_delays_before_tasks(self, world) -> None:
        plan_gate(world, date(2026, 2, 1))
        world.save(WorkItem, title="§Late", due_on=date(2026, 1, 1))
        signal(world)

        found = exceptions_of([standing(world)], TODAY)

        assert [one["tone"] for one in found] == ["critical", "attention", "attention"]
        assert found[0]["title"] == "§Waiting: a point outside the limits"
        assert found[1]["title"] == "Gate 1 of §Order to cash is late"
        assert found[1]["text"] == "29 days behind plan"
        assert found[2]["title"] == "§Order to cash: 1 task is late"

    def test_says_nothing_when_all_is_well(self, world) -> None:
        assert exceptions_of([standing(world)], TODAY) == []


def more(world, times: int, first: int = 0) -> None:
    for turn in range(first, first + times):
        create_programme(
            by=world.lead,
            enterprise=world.enterprise,
            code=f"more-{turn}",
            name=f"§More {turn} with a name that is rather long",
            unit=world.unit,
            starts_on=date(2026, 3, 2),
            now=NOW,
        )


class TestPortfolio:
    """Light and quick, however many programmes there are."""

    def test_shows_them_by_pages(self, world, client) -> None:
        client.force_login(world.lead)
        more(world, 40)

        first = client.get("/")
        second = client.get("/dashboard/?page=2")

        assert len(first.context["rows"]) == PER_PAGE
        assert "1–15 of 41" in first.content.decode()
        assert "31–41 of 41" in second.content.decode()

    def test_sends_an_administrator_to_the_people(self, world, client) -> None:
        client.force_login(world.admin)

        page = client.get("/").content.decode()

        assert "No programme yet" in page
        assert 'class="button primary" href="/people/"' in page

    @pytest.mark.parametrize("path", ["/", "/dashboard/"])
    def test_grows_neither_in_queries_nor_in_bytes(self, world, client, path) -> None:
        client.force_login(world.lead)
        more(world, 20)
        with CaptureQueriesContext(connection) as few:
            client.get(path)
        more(world, 40, first=20)

        with CaptureQueriesContext(connection) as many:
            page = client.get(path)

        assert 0 < len(many) <= len(few) <= 12
        assert len(page.content) < 60_000
