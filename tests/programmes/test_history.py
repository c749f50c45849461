"""The field history of a record: names instead of numbers, values as on its page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from programmes.models import BudgetLine, Indicator, Need, Objective
from programmes.services.records import delete_record, fill, save_record
from programmes.views.budget import BUDGET
from programmes.views.history import history_rows
from tests.world import NOW, scope_process


def values_of(rows) -> list[tuple[str, str, str]]:
    return [
        (str(field["label"]), str(field["old"]), str(field["new"]))
        for row in rows
        for field in row["fields"]
    ]


class TestHistoryRows:
    def test_names_what_a_field_points_to(self, world) -> None:
        objective = world.save(Objective, title="§Faster")
        need = world.save(Need, title="§Less waiting")

        need.objective = objective
        save_record(by=world.lead, record=need, now=NOW)

        assert ("serves objective", "·", "§Faster") in values_of(history_rows(need))

    def test_names_it_after_its_deletion(self, world) -> None:
        objective = world.save(Objective, title="§Faster")
        need = world.save(Need, title="§Less waiting", objective=objective)

        delete_record(by=world.lead, record=objective, now=NOW)

        assert ("serves objective", "·", "§Faster") in values_of(history_rows(need))

    def test_writes_days_shares_and_choices_as_the_page_does(self, world) -> None:
        indicator = world.save(
            Indicator, name="§Rework", code="rework", unit="share", target="0.35"
        )
        fill(indicator, direction="benefit", process=scope_process(world))
        save_record(by=world.lead, record=indicator, now=NOW)
        objective = world.save(Objective, title="§Faster", due_on=date(2027, 5, 31))

        told = values_of(history_rows(indicator)) + values_of(history_rows(objective))

        assert ("target", "·", "35%") in told
        assert ("direction", "Lower is better", "Higher is better") in told
        assert ("process", "·", "§Order release") in told
        assert ("by", "·", "31 May 2027") in told

    def test_writes_amounts_with_their_currency(self, world) -> None:
        line = world.save(BudgetLine, title="§Licences", planned=Decimal("41000"))

        told = values_of(history_rows(line, BUDGET.money))

        assert ("planned", "·", "€41,000") in told

    def test_asks_no_more_for_a_long_history(self, world) -> None:
        need = world.save(Need, title="§Less waiting")

        def change(times: int) -> None:
            for turn in range(times):
                need.objective = world.save(Objective, title=f"§Objective {turn}")
                save_record(by=world.lead, record=need, now=NOW)

        change(1)
        with CaptureQueriesContext(connection) as few:
            history_rows(need)
        change(8)
        with CaptureQueriesContext(connection) as many:
            history_rows(need)

        assert len(many) == len(few) == 2
