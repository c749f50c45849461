"""The pages of phases 4 to 6: what they say, and what their forms do."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from design.models import Goal, Option, Score, StepDimension
from programmes.models import (
    Gate,
    GateReview,
    Measurement,
    WorkItem,
)
from programmes.services.measurements import record_measurements
from tests.design import fill
from tests.world import NOW


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def put_in_review(world: Any, phase: int) -> None:
    GateReview.objects.create(
        gate=Gate.objects.get(programme=world.programme, phase=phase),
        round=1,
        ask="§Decide",
        evidence=[],
        fingerprint="",
        submitted_by=world.lead,
        submitted_at=NOW,
        due_on=NOW.date(),
    )


class TestComparison:
    def test_names_the_best_option(self, world, sign_in) -> None:
        fill.options(world)

        page = text_of(sign_in(world.viewer).get("/p/o2c/comparison/"))

        assert "B, §Order desk, is the best compromise" in page
        assert "76.0 of 100" in page

    def test_an_unscored_option_is_incomplete(self, world, sign_in) -> None:
        fill.options(world)
        world.save(Option, name="§Fourth")

        page = text_of(sign_in(world.lead).get("/p/o2c/comparison/"))

        assert "incomplete" in page

    def test_says_how_far_weights_can_move(self, world, sign_in) -> None:
        fill.options(world)

        page = text_of(sign_in(world.lead).get("/p/o2c/comparison/"))

        assert "22% to 80%" in page

    def test_leaves_the_ranges_out_where_there_are_too_many(
        self, world, sign_in, monkeypatch
    ) -> None:
        fill.options(world)
        monkeypatch.setattr("design.views.comparison.MOST", 2)

        page = text_of(sign_in(world.lead).get("/p/o2c/comparison/"))

        assert "random weightings" not in page

    def test_equal_scores_share_the_lead(self, world, sign_in) -> None:
        fill.options(world)
        Score.objects.update(points=50)

        page = text_of(sign_in(world.lead).get("/p/o2c/comparison/"))

        assert "share the lead" in page

    def test_one_scored_option_has_no_second(self, world, sign_in) -> None:
        options, _yardsticks = fill.options(world)
        Score.objects.exclude(option=options[1]).update(deleted_at=NOW)

        page = text_of(sign_in(world.lead).get("/p/o2c/comparison/"))

        assert "76.0 of 100." in page

    def test_says_when_nothing_is_scored(self, world, sign_in) -> None:
        fill.options(world)
        Score.objects.update(deleted_at=NOW)

        page = text_of(sign_in(world.lead).get("/p/o2c/comparison/"))

        assert "No option is scored on all criteria yet" in page

    def test_says_when_another_option_is_chosen(self, world, sign_in) -> None:
        options, _yardsticks = fill.options(world)
        fill.scheme(world, options[2])
        fill.case(world, options[2])

        page = text_of(sign_in(world.lead).get("/p/o2c/comparison/"))

        assert "Another option is chosen: §Portal" in page
        assert "years" in page

    @pytest.mark.parametrize("with_options", [True, False])
    def test_is_empty_before_options_and_criteria(
        self, world, sign_in, with_options: bool
    ) -> None:
        if with_options:
            world.save(Option, name="§Alone")

        page = text_of(sign_in(world.lead).get("/p/o2c/comparison/"))

        assert ("No criteria yet" if with_options else "No options yet") in page

    def test_escapes_hostile_names(self, world, sign_in) -> None:
        options, _yardsticks = fill.options(world)
        Option.objects.filter(pk=options[1].pk).update(name="</script><b>§")

        page = text_of(sign_in(world.lead).get("/p/o2c/comparison/"))

        assert "</script><b>" not in page


class TestScores:
    def test_saves_what_was_typed(self, world, sign_in) -> None:
        options, yardsticks = fill.options(world)
        name = f"s{options[0].pk}-{yardsticks[0].pk}"

        response = sign_in(world.lead).post("/p/o2c/comparison/scores/", {name: "33"})

        assert response.status_code == 302
        assert Score.objects.of(world.programme).get().points == 33

    def test_shows_a_wrong_number_at_its_place(self, world, sign_in) -> None:
        options, yardsticks = fill.options(world)
        name = f"s{options[0].pk}-{yardsticks[0].pk}"

        response = sign_in(world.lead).post("/p/o2c/comparison/scores/", {name: "133"})

        assert response.status_code == 422

    def test_waits_while_the_gate_is_in_review(self, world, sign_in) -> None:
        options, yardsticks = fill.options(world)
        put_in_review(world, 4)
        name = f"s{options[0].pk}-{yardsticks[0].pk}"

        response = sign_in(world.lead).post("/p/o2c/comparison/scores/", {name: "33"})

        assert response.status_code == 422
        assert "Gate 4 is in review" in response.content.decode()

    def test_is_for_the_lead(self, world, sign_in) -> None:
        assert sign_in(world.member).get("/p/o2c/comparison/scores/").status_code == 403


class TestOptionPage:
    def test_says_what_the_case_is_worth(self, world, sign_in) -> None:
        option = world.save(Option, name="§Desk")
        fill.case(world, option)

        page = text_of(sign_in(world.lead).get(f"/p/o2c/options/{option.pk}/"))

        assert "It pays back after 1.7 years" in page
        assert "Choose this option" in page

    @pytest.mark.parametrize(
        ("kind", "finding"),
        [("cost", "it does not pay"), ("benefit", "It is worth €")],
    )
    def test_of_one_side_only(self, world, sign_in, kind: str, finding: str) -> None:
        option = world.save(Option, name="§Desk")
        fill.case(world, option)
        option.lines.exclude(kind=kind).update(deleted_at=NOW)

        page = text_of(sign_in(world.lead).get(f"/p/o2c/options/{option.pk}/"))

        assert finding in page


class TestGoalPage:
    def test_shows_how_far_it_is(self, world, sign_in) -> None:
        goal = fill.goal(world)
        rows = [{"series": goal.indicator.code, "at": "2026-02-01", "value": "8"}]
        record_measurements(
            by=world.lead,
            programme=world.programme,
            rows=rows,
            source=Measurement.Source.HAND,
            now=NOW,
        )

        page = text_of(sign_in(world.viewer).get(f"/p/o2c/goals/{goal.pk}/"))
        tree = text_of(sign_in(world.viewer).get("/p/o2c/goals/"))

        assert "25%" in page
        assert "25% of the way" in tree

    def test_opens_with_nothing_filled_in(self, world, sign_in) -> None:
        goal = world.save(Goal, title="§Bare")

        page = text_of(sign_in(world.viewer).get(f"/p/o2c/goals/{goal.pk}/"))

        assert "none yet" in page


class TestMatrix:
    def test_the_lead_ticks(self, world, sign_in) -> None:
        fill.scheme(world)
        step = fill.step(world)

        response = sign_in(world.lead).post(
            "/p/o2c/matrix/", {f"c{step.pk}-it": "yes", f"c{step.pk}-data": "no"}
        )

        assert response.status_code == 302
        found = StepDimension.objects.of(world.programme)
        assert sorted(found.values_list("dimension", "is_affected")) == [
            ("data", False),
            ("it", True),
        ]

    def test_others_read(self, world, sign_in) -> None:
        fill.scheme(world)
        step = fill.step(world)
        fill.check_all(world, step)
        client = sign_in(world.viewer)

        page = text_of(client.get("/p/o2c/matrix/"))

        assert "1 affected dimension has no supporting scheme" in page
        assert client.post("/p/o2c/matrix/", {}).status_code == 403

    def test_waits_while_the_gate_is_in_review(self, world, sign_in) -> None:
        fill.scheme(world)
        step = fill.step(world)
        put_in_review(world, 5)

        response = sign_in(world.lead).post("/p/o2c/matrix/", {f"c{step.pk}-it": "yes"})

        assert response.status_code == 422
        assert "Gate 5 is in review" in response.content.decode()

    def test_shows_a_wrong_answer(self, world, sign_in) -> None:
        fill.scheme(world)
        step = fill.step(world)

        response = sign_in(world.lead).post(
            "/p/o2c/matrix/", {f"c{step.pk}-it": "maybe"}
        )

        assert response.status_code == 422

    def test_says_what_is_open_and_what_is_done(self, world, sign_in) -> None:
        fill.scheme(world)
        step = fill.step(world)
        client = sign_in(world.lead)

        before = text_of(client.get("/p/o2c/matrix/"))
        fill.check_all(world, step)
        fill.support(world, step)
        after = text_of(client.get("/p/o2c/matrix/"))

        assert "6 checks of changed steps are open" in before
        assert "each effect is supported" in after

    def test_is_empty_without_steps(self, world, sign_in) -> None:
        page = text_of(sign_in(world.lead).get("/p/o2c/matrix/"))

        assert "no steps yet" in page


class TestStepPage:
    def test_shows_what_hangs_on_it(self, world, sign_in) -> None:
        scheme = fill.scheme(world)
        step = fill.step(world)
        fill.check_all(world, step)
        fill.support(world, step)
        fill.answers(world, step)
        client = sign_in(world.viewer)

        page = text_of(client.get(f"/p/o2c/scheme-steps/{step.pk}/"))
        above = text_of(client.get(f"/p/o2c/scheme/{scheme.pk}/"))

        assert "§Rule in the ERP" in page
        assert "A: §Owner Person" in page
        assert "1 of 1 step changes" in above


class TestResponsibilities:
    def test_say_where_nobody_answers(self, world, sign_in) -> None:
        fill.scheme(world)
        fill.answers(world, fill.step(world))
        fill.step(world, name="§Second")

        page = text_of(sign_in(world.lead).get("/p/o2c/responsibilities/"))

        assert "1 step has nobody who answers for it" in page


class TestPlanTask:
    def test_makes_a_task_and_shows_it(self, world, sign_in) -> None:
        fill.scheme(world)
        item = fill.support(world, fill.step(world))
        client = sign_in(world.lead)

        response = client.post(f"/p/o2c/support/{item.pk}/task/")

        task = WorkItem.objects.get()
        assert response.url == f"/p/o2c/tasks/{task.pk}/"
        assert "In the work plan" in text_of(client.get(f"/p/o2c/support/{item.pk}/"))

    def test_offers_it_again_when_the_task_was_deleted(self, world, sign_in) -> None:
        fill.scheme(world)
        item = fill.support(world, fill.step(world))
        client = sign_in(world.lead)
        client.post(f"/p/o2c/support/{item.pk}/task/")
        WorkItem.objects.update(deleted_at=NOW)

        page = text_of(client.get(f"/p/o2c/support/{item.pk}/"))

        assert "Make a task of it" in page

    def test_is_not_for_members(self, world, sign_in) -> None:
        fill.scheme(world)
        item = fill.support(world, fill.step(world))

        response = sign_in(world.member).post(f"/p/o2c/support/{item.pk}/task/")

        assert response.status_code == 403


# Session, sign-in, roles, and what the frame of every page shows are in it.
MOST = 12
PAGES = [
    "/p/o2c/comparison/",
    "/p/o2c/comparison/scores/",
    "/p/o2c/plan/",
    "/p/o2c/matrix/",
    "/p/o2c/goals/",
    "/p/o2c/responsibilities/",
    "/p/o2c/support/",
]


class TestQueries:
    @pytest.mark.parametrize("path", PAGES)
    def test_do_not_grow_with_the_rows(self, world, sign_in, path: str) -> None:
        fill.fill(world)
        world.save(WorkItem, title="§One")
        client = sign_in(world.lead)
        client.get(path)

        few = self.count(client, path)
        for position in range(3):
            fill.goal(world)
            world.save(Option, name=f"§Option {position}")
            step = fill.step(world, name=f"§Step {position}")
            fill.check_all(world, step)
            fill.support(world, step)
            fill.answers(world, step)
            world.save(WorkItem, title="§More", owner=world.person("member"))
        many = self.count(client, path)

        assert few == many
        assert many <= MOST

    def count(self, client: Any, path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)
