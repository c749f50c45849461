"""Rows of several tables, read in one query as if each had been asked for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Count

from programmes.kit.together import together
from programmes.models import Need, Objective, ScopeItem
from tests.world import scope_process


class TestTogether:
    def test_reads_what_each_query_would(
        self, world, django_assert_num_queries
    ) -> None:
        for title in ("§B", "§A"):
            world.save(
                Objective,
                title=title,
                measure="§Days",
                target=Decimal("7.25"),
                due_on=date(2026, 9, 30),
                owner=world.person("owner"),
            )
        rows = Objective.objects.of(world.programme).order_by("title")

        with django_assert_num_queries(1):
            found = together(world.programme, objectives=rows, needs=Need.objects.all())

        assert [vars(one) | {"_state": 0} for one in found["objectives"]] == [
            vars(one) | {"_state": 0} for one in rows
        ]
        assert found["needs"] == []

    def test_reads_relations_and_annotations(
        self, world, django_assert_num_queries
    ) -> None:
        item = scope_process(world)
        rows = ScopeItem.objects.of(world.programme).select_related("owner__unit")
        rows = rows.annotate(n=Count("unit__people")).order_by("pk")

        with django_assert_num_queries(1):
            [found] = together(world.programme, scope=rows)["scope"]
            owner = found.owner

        assert found == item
        assert owner.unit == world.unit
        assert found.n == rows.get().n > 0

    def test_leaves_an_empty_relation_empty(self, world) -> None:
        world.save(ScopeItem, kind="process", name="§Free", is_in=True)
        rows = ScopeItem.objects.of(world.programme).select_related("owner", "unit")

        [found] = together(world.programme, scope=rows)["scope"]

        assert found.owner is None
        assert found.unit is None

    def test_leaves_out_what_is_deferred(self, world) -> None:
        scope_process(world)
        rows = ScopeItem.objects.of(world.programme).defer("name")

        [found] = together(world.programme, scope=rows)["scope"]

        assert found.get_deferred_fields() == {"name"}

    def test_takes_a_query_that_has_no_rows(self, world) -> None:
        found = together(world.programme, needs=Need.objects.none())

        assert found == {"needs": []}
