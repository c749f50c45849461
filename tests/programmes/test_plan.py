"""The phase plan in working days: moving it, undoing a move, its pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from programmes.kit import holidays
from programmes.kit.errors import NotAllowed
from programmes.maths.calendars import Change
from programmes.models import PhasePlan, PlanMove, WorkCalendar
from programmes.services import plan as services
from programmes.services.plan import (
    MovedSince,
    NothingMoves,
    calendar_of,
    move_plan,
    undo_move,
)
from programmes.services.records import UnderReview, fill, save_record
from tests.programmes.ready import ready_for_gate_1, submitted
from tests.world import NOW, World

EASTER_TUESDAY = date(2026, 4, 7)


@pytest.fixture
def plan(world: World) -> list[PhasePlan]:
    """Two weeks for each phase, one after the other, from 2 March 2026 on."""
    known = services.working_days(calendar_of(world.programme), [])
    start = date(2026, 3, 2)
    for row in rows_of(world):
        ends = known.end(start, 10)
        fill(row, starts_on=start, ends_on=ends, gate_on=ends)
        save_record(by=world.lead, record=row, now=NOW)
        start = known.step(ends, 1)
    return rows_of(world)


def rows_of(world: World) -> list[PhasePlan]:
    return list(PhasePlan.objects.of(world.programme).order_by("phase"))


def move(world: World, wanted: Any, by: str = "lead", **more: Any) -> PlanMove:
    return move_plan(
        by=world.accounts[by],
        programme=world.programme,
        wanted=wanted,
        now=NOW,
        **more,
    )


class TestMovePlan:
    def test_moves_the_later_phases(self, world: World, plan: Any) -> None:
        found = move(world, {2: Change(days=12)})

        after = rows_of(world)
        assert after[0].ends_on == plan[0].ends_on
        assert after[2].starts_on == date(2026, 4, 1)
        assert [one["phase"] for one in found.after] == list(range(1, 9))

    def test_keeps_out_the_holidays_of_the_country(
        self, world: World, plan: Any
    ) -> None:
        world.save(WorkCalendar, country="DE", region="BY")

        move(world, {2: Change(days=15)})

        # Good Friday and Easter Monday are free.
        assert rows_of(world)[1].ends_on == date(2026, 4, 7)

    def test_is_written_by_the_lead(self, world: World, plan: Any) -> None:
        with pytest.raises(NotAllowed):
            move(world, {2: Change(days=12)}, by="owner")

    def test_refuses_a_change_of_nothing(self, world: World, plan: Any) -> None:
        with pytest.raises(NothingMoves):
            move(world, {2: Change(days=10)})

    def test_refuses_what_was_changed_meanwhile(self, world: World, plan: Any) -> None:
        with pytest.raises(MovedSince):
            move(world, {2: Change(days=12)}, seen="1:1")

    def test_is_refused_while_the_gate_is_in_review(self, world: World) -> None:
        ready_for_gate_1(world)
        submitted(world)

        with pytest.raises(UnderReview):
            move(world, {2: Change(days=12)})

    def test_is_written_to_the_history_with_its_reason(
        self, world: World, plan: Any
    ) -> None:
        move(world, {8: Change(days=12)}, reason="§Later audit")

        newest = rows_of(world)[7].history.first()
        assert newest.history_change_reason == "§Later audit"


class TestUndoMove:
    def test_puts_all_dates_back(self, world: World, plan: Any) -> None:
        found = move(world, {1: Change(days=20)})

        undo_move(by=world.lead, move=found, now=NOW)
        undo_move(by=world.lead, move=found, now=NOW)

        assert [one.starts_on for one in rows_of(world)] == [
            one.starts_on for one in plan
        ]

    def test_refuses_after_another_change(self, world: World, plan: Any) -> None:
        found = move(world, {1: Change(days=20)})
        move(world, {8: Change(days=5)})

        with pytest.raises(MovedSince):
            undo_move(by=world.lead, move=found, now=NOW)

    def test_is_done_by_the_lead(self, world: World, plan: Any) -> None:
        found = move(world, {1: Change(days=20)})

        with pytest.raises(NotAllowed):
            undo_move(by=world.sponsor, move=found, now=NOW)


class TestHolidays:
    def test_are_those_of_the_region(self) -> None:
        assert date(2026, 1, 6) in holidays.free_days("DE", "BY", [2026])
        assert date(2026, 1, 6) not in holidays.free_days("DE", "BE", [2026])

    def test_are_none_without_a_country(self) -> None:
        assert holidays.free_days("", "", [2026]) == {}
        assert holidays.weekend("") == (5, 6)
        assert holidays.regions("") == ()

    def test_know_every_country_that_is_offered(self) -> None:
        assert all(holidays.in_year(code, "", 2026) for code in holidays.COUNTRIES)


class TestPages:
    def post(self, world: World, sign_in: Any, **values: str) -> Any:
        rows = rows_of(world)
        data = {
            f"{part}_{row.phase}": (value.isoformat() if value else "")
            for row in rows
            for part, value in (("starts", row.starts_on), ("gate", row.gate_on))
        }
        known = services.working_days(calendar_of(world.programme), rows)
        for row in rows:
            if row.starts_on and row.ends_on:
                days = known.length(row.starts_on, row.ends_on)
                data[f"days_{row.phase}"] = str(days)
        url = reverse("plan-dates", args=[world.programme.code])
        return sign_in(world.lead).post(url, data | values, follow=True)

    def test_show_what_follows_before_anything_is_saved(
        self, world: World, plan: Any, sign_in: Any
    ) -> None:
        page = self.post(world, sign_in, act="preview", days_1="12")

        assert b"Nothing is saved yet" in page.content
        assert rows_of(world)[0].version == plan[0].version

    def test_save_and_offer_the_undo(
        self, world: World, plan: Any, sign_in: Any
    ) -> None:
        page = self.post(world, sign_in, act="save", days_1="12")

        move_ = PlanMove.objects.get()
        url = reverse("plan-undo", args=[world.programme.code, move_.pk])
        assert url in page.content.decode()
        sign_in(world.lead).post(url)
        assert rows_of(world)[0].ends_on == plan[0].ends_on

    @pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "soon"])
    def test_refuse_days_that_no_calendar_knows(
        self, world: World, plan: Any, sign_in: Any, day: str
    ) -> None:
        page = self.post(world, sign_in, act="save", starts_1=day)
        url = reverse("phase-plan-edit", args=[world.programme.code, plan[0].pk])
        one = sign_in(world.lead).post(url, {"starts_on": day, "ends_on": day})

        assert (page.status_code, one.status_code) == (422, 422)

    def test_say_when_nothing_changes(
        self, world: World, plan: Any, sign_in: Any
    ) -> None:
        page = self.post(world, sign_in, act="save")

        assert page.status_code == 422
        assert b"No date changes" in page.content

    def test_propose_the_usual_lengths(self, world: World, sign_in: Any) -> None:
        page = self.post(world, sign_in, act="propose", starts_1="2026-03-02")
        assert page.status_code == 200
        form = page.context["form"]

        data = {name: form[name].value() or "" for name in form.fields}
        self.post(world, sign_in, act="save", **data)

        assert rows_of(world)[0].ends_on == date(2026, 4, 3)
        assert all(one.gate_on for one in rows_of(world))

    def test_refuse_an_unknown_region(self, world: World, sign_in: Any) -> None:
        url = reverse("work-calendar", args=[world.programme.code])

        wrong = sign_in(world.lead).post(url, {"country": "DE", "region": "XX"})
        none = sign_in(world.lead).post(url, {"country": "NL", "region": "XX"})
        good = sign_in(world.lead).post(url, {"country": "DE", "region": "by"})

        assert (wrong.status_code, none.status_code) == (422, 422)
        assert good.status_code == 302
        assert str(WorkCalendar.objects.get()) == "DE-BY"
