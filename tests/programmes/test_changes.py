"""The difference of two moments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programmes.models import BudgetLine, Gate, Need, Objective
from programmes.services.records import (
    delete_record,
    fill,
    restore_record,
    save_record,
)
from programmes.views.differences import Difference, differences
from tests.programmes.test_looking_back import NOON, approve, later
from tests.world import NOW

BASE = "/p/o2c/changes/"


def write(world, record, days: int, by: str = "lead", reason: str = "", **values):
    fill(record, **values)
    save_record(by=world.accounts[by], record=record, now=later(days), reason=reason)


def found(world, start: int, end: int) -> list[Difference]:
    moments = (NOW + timedelta(days=one, hours=1) for one in (start, end))
    return differences(world.programme, *moments)


class TestDifferences:
    def test_knows_what_was_added(self, world) -> None:
        write(world, Objective(programme=world.programme), 3, title="§New")

        [one] = found(world, 1, 5)

        assert one.what == "added"
        assert [change.new for change in one.fields if change.old is None]

    def test_knows_each_field_with_the_entry_that_wrote_it(self, world) -> None:
        need = world.save(Need, title="§Less waiting")
        write(world, need, 3, title="§No waiting", reason="§clearer")
        write(world, need, 4, source="§board", reason="§money")

        [one] = found(world, 1, 5)

        changes = {change.field.name: change for change in one.fields}
        assert one.what == "changed"
        assert changes["title"].old == "§Less waiting"
        assert changes["title"].entry.history_change_reason == "§clearer"
        assert changes["source"].new == "§board"
        assert changes["source"].entry.history_change_reason == "§money"

    def test_is_silent_about_what_ends_as_it_began(self, world) -> None:
        need = world.save(Need, title="§Less waiting")
        write(world, need, 3, title="§No waiting")
        write(world, need, 4, title="§Less waiting")

        assert found(world, 1, 5) == []

    def test_is_silent_about_what_came_and_went(self, world) -> None:
        need = Need(programme=world.programme)
        write(world, need, 3, title="§Short")
        delete_record(by=world.lead, record=need, now=later(4))

        assert found(world, 1, 5) == []

    def test_knows_what_was_removed_and_brought_back(self, world) -> None:
        need = world.save(Need, title="§Less waiting")
        delete_record(by=world.lead, record=need, now=later(3))
        restore_record(by=world.lead, record=need, now=later(6))

        assert [one.what for one in found(world, 1, 4)] == ["removed"]
        assert [one.what for one in found(world, 4, 7)] == ["restored"]
        assert found(world, 1, 7) == []

    def test_keeps_amounts_exact(self, world) -> None:
        line = world.save(BudgetLine, title="§Licences", planned="41000.10")
        write(world, line, 3, planned="41000.30")

        [one] = found(world, 1, 5)

        assert str(one.fields[0].old) == "41000.1000"


class TestPage:
    @pytest.fixture
    def need(self, world) -> Need:
        found = world.save(Need, title="§Less waiting")
        write(world, found, 3, title="§No waiting", reason="§clearer")
        return found

    def test_tells_it_with_links(self, world, need, sign_in) -> None:
        path = f"{BASE}?from=2026-03-03&to=2026-03-20"

        page = sign_in(world.lead).get(path).content.decode()

        assert f"/p/o2c/needs/{need.pk}/" in page
        assert f"/p/o2c/needs/{need.pk}/history/" in page
        assert "<del>§Less waiting</del>" in page
        assert "<ins>§No waiting</ins>" in page
        assert "§clearer" in page
        assert "1 changed" in page

    def test_goes_from_a_gate_until_today(self, world, need, sign_in) -> None:
        approve(world, 1, NOON)
        write(world, need, 12, title="§Hardly any")

        page = sign_in(world.lead).get(f"{BASE}?from=gate-1").content.decode()

        assert "<del>§No waiting</del>" in page
        assert "since gate 1" in page

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("", 1),
            ("phase=1", 1),
            ("phase=2", 0),
            ("what=changed", 1),
            ("what=added", 0),
            ("phase=99&what=odd&person=x", 1),
        ],
    )
    def test_filters(self, query: str, count: int, world, need, sign_in) -> None:
        path = f"{BASE}?from=2026-03-03&to=2026-03-20&{query}"

        page = sign_in(world.lead).get(path).context["page"]

        assert page.paginator.count == count

    def test_filters_by_person_and_weight(self, world, need, sign_in) -> None:
        client = sign_in(world.lead)
        path = f"{BASE}?from=2026-03-03"

        mine = client.get(f"{path}&person={world.lead.pk}")
        others = client.get(f"{path}&person={world.sponsor.pk}")
        material = client.get(f"{path}&material=1")

        assert mine.context["page"].paginator.count == 1
        assert "take this filter away" in mine.content.decode()
        assert "Nothing matches" in others.content.decode()
        changed = {one["is_material"] for one in material.context["groups"][0]["rows"]}
        assert changed == {True}

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("from=odd", "is no moment"),
            ("to=2099-01-01", "lies ahead"),
            ("from=2026-03-20&to=2026-03-10", "must come before"),
        ],
    )
    def test_says_what_is_wrong(self, query: str, said: str, world, sign_in) -> None:
        response = sign_in(world.lead).get(f"{BASE}?{query}")

        assert response.status_code == 422
        assert said in response.content.decode()

    def test_says_that_nothing_changed(self, world, sign_in) -> None:
        path = f"{BASE}?from=2026-03-10&to=2026-03-11"

        assert "Nothing changed" in sign_in(world.lead).get(path).content.decode()

    def test_exports_a_line_for_each_field(self, world, need, sign_in) -> None:
        response = sign_in(world.lead).get(f"{BASE}export.csv?from=2026-03-03")

        text = response.content.decode()
        assert "Needs,§No waiting,changed" in text
        assert "§Less waiting,§No waiting,§Lead Person" in text
        wrong = sign_in(world.lead).get(f"{BASE}export.csv?from=odd")
        assert wrong.status_code == 422

    def test_is_linked_from_the_gate(self, world, sign_in) -> None:
        approve(world, 1, NOON)
        Gate.objects.filter(programme=world.programme, phase=1).update(state="passed")

        page = sign_in(world.lead).get("/p/o2c/gates/1/").content.decode()

        assert f"{BASE}?from=gate-1" in page

    def test_asks_as_often_for_many_rows(self, world, need, sign_in) -> None:
        client = sign_in(world.lead)
        path = f"{BASE}?from=2026-03-02"
        client.get(path)

        def count() -> int:
            with CaptureQueriesContext(connection) as asked:
                client.get(path)
            return len(asked)

        few = count()
        for number in range(12):
            world.save(Need, title=f"§Need {number}", source=f"§{number}")
            world.save(BudgetLine, title=f"§Line {number}", planned=number)

        assert count() == few <= 12
