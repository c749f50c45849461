"""The work plan: what its heading says of the tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from programmes.models import Dependency, WorkItem
from tests.design.test_pages import text_of


class TestWorkPlan:
    def task(self, world, title: str, due_in: int, **values: Any) -> WorkItem:
        due_on = timezone.localdate() + timedelta(days=due_in)
        return world.save(WorkItem, title=title, due_on=due_on, **values)

    def test_says_when_the_critical_path_is_late(self, world, sign_in) -> None:
        self.task(world, "§Late", -3)

        page = text_of(sign_in(world.lead).get("/p/o2c/plan/"))

        assert "The critical path is 3 days behind" in page
        assert "is 3 days late" in page

    def test_says_when_only_others_are_late(self, world, sign_in) -> None:
        self.task(world, "§Long", 30, duration_days=20)
        self.task(world, "§Late", -1)

        page = text_of(sign_in(world.lead).get("/p/o2c/plan/"))

        assert "1 task is late, none of them critical" in page

    def test_says_when_all_is_well_or_done(self, world, sign_in) -> None:
        task = self.task(world, "§Soon", 3)
        client = sign_in(world.lead)

        before = text_of(client.get("/p/o2c/plan/"))
        WorkItem.objects.filter(pk=task.pk).update(state="done")
        after = text_of(client.get("/p/o2c/plan/"))

        assert "No task is late" in before
        assert "All tasks are done" in after

    def test_names_a_circle(self, world, sign_in) -> None:
        first, second = self.task(world, "§First", 3), self.task(world, "§Second", 3)
        world.save(Dependency, before=first, after=second)
        world.save(Dependency, before=second, after=first)

        page = text_of(sign_in(world.lead).get("/p/o2c/plan/"))

        assert "The plan is a circle" in page

    def test_leaves_dropped_tasks_out(self, world, sign_in) -> None:
        self.task(world, "§Dropped", -3, state="dropped")

        page = text_of(sign_in(world.lead).get("/p/o2c/plan/"))

        assert "No tasks yet" in page

    def test_two_tasks_of_one_name_are_two_bars(self, world, sign_in) -> None:
        self.task(world, "§Twin", 3)
        self.task(world, "§Twin", 4)

        page = text_of(sign_in(world.lead).get("/p/o2c/plan/"))

        assert "§Twin (2)" in page
