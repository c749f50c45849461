"""Scores, steps, checks, tasks and acceptance: every branch of the services."""

from __future__ import annotations

from decimal import Decimal

import pytest

from design.models import Option, Responsibility, Scheme, Score, StepDimension
from design.services.options import record_scores
from design.services.schemes import NoScheme
from design.services.support import check_cells, make_task
from programmes.kit.errors import NotAllowed
from programmes.models import WorkItem
from programmes.services.records import Invalid
from tests.design import fill
from tests.world import NOW


class TestRecordScores:
    def test_counts_what_changed(self, world) -> None:
        options, yardsticks = fill.options(world)
        key = (options[0].pk, yardsticks[0].pk)
        points = {key: Decimal(55), (options[1].pk, yardsticks[0].pk): Decimal(80)}

        changed = record_scores(
            by=world.lead, programme=world.programme, points=points, now=NOW
        )

        assert changed == 1
        assert Score.objects.get(option=key[0], yardstick=key[1]).points == 55

    def test_nothing_takes_a_score_away_once(self, world) -> None:
        options, yardsticks = fill.options(world)
        points = {(options[0].pk, yardsticks[0].pk): None}

        first = record_scores(
            by=world.lead, programme=world.programme, points=points, now=NOW
        )
        again = record_scores(
            by=world.lead, programme=world.programme, points=points, now=NOW
        )

        assert (first, again) == (1, 0)
        assert Score.objects.of(world.programme).count() == 5

    @pytest.mark.parametrize("value", [-1, 101])
    def test_refuses_points_off_the_scale(self, world, value: int) -> None:
        options, yardsticks = fill.options(world)
        points = {(options[0].pk, yardsticks[0].pk): Decimal(value)}

        with pytest.raises(Invalid):
            record_scores(
                by=world.lead, programme=world.programme, points=points, now=NOW
            )

    def test_refuses_options_of_others(self, world) -> None:
        _options, yardsticks = fill.options(world)
        points = {(0, yardsticks[0].pk): Decimal(5)}

        with pytest.raises(Invalid, match="not of the programme"):
            record_scores(
                by=world.lead, programme=world.programme, points=points, now=NOW
            )

    def test_is_done_by_the_lead(self, world) -> None:
        with pytest.raises(NotAllowed):
            record_scores(
                by=world.member, programme=world.programme, points={}, now=NOW
            )


class TestOption:
    def test_refuses_effects_out_of_order(self, world) -> None:
        with pytest.raises(Invalid, match="must rise"):
            world.save(Option, name="§Odd", time_low=3, time_likely=2, time_high=9)


class TestScheme:
    def test_is_chosen_once(self, world) -> None:
        scheme = fill.scheme(world)

        with pytest.raises(Invalid, match="has chosen"):
            world.save(Scheme, title="§More", option=scheme.option, reason="§Why not")


class TestSaveStep:
    def test_belongs_to_the_chosen_scheme(self, world) -> None:
        scheme = fill.scheme(world)

        assert fill.step(world).scheme == scheme

    def test_refuses_without_a_scheme(self, world) -> None:
        with pytest.raises(NoScheme):
            fill.step(world)


class TestResponsibility:
    def test_refuses_a_second_accountable(self, world) -> None:
        fill.scheme(world)
        step = fill.step(world)
        fill.answers(world, step)

        with pytest.raises(Invalid, match="its accountable"):
            fill.answers(world, step)

    def test_refuses_nobody(self, world) -> None:
        fill.scheme(world)

        with pytest.raises(Invalid, match="person or a role"):
            world.save(Responsibility, step=fill.step(world), letter="R")

    def test_names_the_role_where_no_person_is(self, world) -> None:
        fill.scheme(world)
        duty = world.save(
            Responsibility, step=fill.step(world), letter="R", role="§Clerk"
        )

        assert str(duty) == "R: §Clerk, §Check credit"


class TestCheckCells:
    def test_keeps_who_checked_and_changes_only_what_differs(self, world) -> None:
        fill.scheme(world)
        step = fill.step(world)
        fill.check_all(world, step)
        cells = {
            (step.pk, "it"): True,
            (step.pk, "money"): True,
            (step.pk, "data"): None,
        }

        changed = check_cells(
            by=world.lead, programme=world.programme, cells=cells, now=NOW
        )
        again = check_cells(
            by=world.lead, programme=world.programme, cells=cells, now=NOW
        )

        assert (changed, again) == (2, 0)
        cell = StepDimension.objects.get(dimension="money")
        assert cell.is_affected
        assert cell.checked_by == world.person("lead")

    @pytest.mark.parametrize("strange", ["step", "dimension"])
    def test_refuses_what_is_strange(self, world, strange: str) -> None:
        fill.scheme(world)
        step = fill.step(world)
        key = (0, "it") if strange == "step" else (step.pk, "colour")

        with pytest.raises(Invalid):
            check_cells(
                by=world.lead, programme=world.programme, cells={key: True}, now=NOW
            )

    def test_is_done_by_the_lead(self, world) -> None:
        with pytest.raises(NotAllowed):
            check_cells(by=world.owner, programme=world.programme, cells={}, now=NOW)


class TestMakeTask:
    def test_takes_over_title_owner_and_date_once(self, world) -> None:
        fill.scheme(world)
        item = fill.support(world, fill.step(world))

        task = make_task(by=world.lead, item=item, now=NOW)
        again = make_task(by=world.lead, item=item, now=NOW)

        assert again == task
        assert (task.title, task.owner, task.due_on) == (
            item.title,
            item.owner,
            item.due_on,
        )
        assert task.reason_url == f"/p/o2c/support/{item.pk}/"

    def test_leaves_the_version_of_the_scheme(self, world) -> None:
        fill.scheme(world)
        item = fill.support(world, fill.step(world))

        make_task(by=world.lead, item=item, now=NOW)
        item.refresh_from_db()

        assert item.version == 1
        assert item.work_item is not None

    def test_makes_another_when_the_first_was_deleted(self, world) -> None:
        fill.scheme(world)
        item = fill.support(world, fill.step(world))
        first = make_task(by=world.lead, item=item, now=NOW)
        WorkItem.objects.update(deleted_at=NOW)

        second = make_task(by=world.lead, item=item, now=NOW)

        assert second != first

    def test_is_done_by_the_lead(self, world) -> None:
        fill.scheme(world)
        item = fill.support(world, fill.step(world))

        with pytest.raises(NotAllowed):
            make_task(by=world.member, item=item, now=NOW)
