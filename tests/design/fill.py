"""Rows of phases 4, 5 and 6 for the page tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from design.models import (
    AuxiliaryInfo,
    CaseLine,
    CaseRate,
    Dimension,
    Goal,
    Option,
    Responsibility,
    Rollout,
    Scheme,
    SchemeStep,
    SupportScheme,
    Yardstick,
)
from design.services.options import record_scores
from design.services.rollout import open_checkpoint
from design.services.schemes import save_step
from design.services.support import check_cells
from diagnosis.models import Problem
from programmes.models import Indicator, Objective
from tests.world import NOW, World

TODAY = NOW.date()


def goal(world: World, **values: Any) -> Goal:
    """A goal that gate 4 is content with; `values` change it."""
    objective = world.save(Objective, title="§Deliver sooner")
    problem = world.save(Problem, title="§Orders wait for release")
    indicator = world.save(
        Indicator,
        code=f"lead-time-{Indicator.objects.count()}",
        name="§Lead time",
        unit="§d",
        owner=world.person("owner"),
    )
    given = {
        "title": "§Halve the lead time",
        "objective": objective,
        "problem": problem,
        "indicator": indicator,
        "baseline": 9,
        "target": 5,
        "due_on": date(2026, 12, 1),
        "owner": world.person("owner"),
    }
    return world.save(Goal, **{**given, **values})


def options(world: World) -> tuple[list[Option], list[Yardstick]]:
    """Three options with do nothing, two criteria, and all scores."""
    rows = [
        world.save(Option, name="§Do nothing", kind="nothing"),
        world.save(Option, name="§Order desk", kind="redesign"),
        world.save(Option, name="§Portal", kind="automate"),
    ]
    yardsticks = [
        world.save(
            Yardstick, title="§Speed", weight=60, worst="§as today", best="§same day"
        ),
        world.save(Yardstick, title="§Risk", weight=40, worst="§high", best="§none"),
    ]
    points = {
        (option.pk, yardstick.pk): Decimal(value)
        for option, values in zip(rows, ((10, 90), (80, 70), (90, 30)), strict=True)
        for yardstick, value in zip(yardsticks, values, strict=True)
    }
    record_scores(by=world.lead, programme=world.programme, points=points, now=NOW)
    return rows, yardsticks


def case(world: World, option: Option) -> list[CaseLine]:
    """Costs 100 now and brings 60 in each of two years."""
    return [
        world.save(CaseLine, option=option, title="§Build", kind="cost", amount=100),
        world.save(
            CaseLine, option=option, title="§Time", kind="benefit", year=1, amount=60
        ),
        world.save(
            CaseLine, option=option, title="§Time", kind="benefit", year=2, amount=60
        ),
    ]


def scheme(world: World, option: Option | None = None) -> Scheme:
    chosen = option or world.save(Option, name="§Order desk")
    return world.save(Scheme, title="§One desk", option=chosen, reason="§Best")


def step(world: World, **values: Any) -> SchemeStep:
    """A changed step of the scheme, which must be chosen."""
    given = {"name": "§Check credit", "role": "§Clerk", "change": "§Automatic"}
    record = SchemeStep(programme=world.programme, **{**given, **values})
    return save_step(by=world.lead, record=record, now=NOW)


def check_all(world: World, one: SchemeStep, affected: str = Dimension.IT) -> None:
    """Check a step on each dimension; one is affected."""
    cells = {(one.pk, key): key == affected for key in Dimension.values}
    check_cells(by=world.lead, programme=world.programme, cells=cells, now=NOW)


def support(world: World, one: SchemeStep | None, **values: Any) -> SupportScheme:
    given = {
        "title": "§Rule in the ERP",
        "dimension": Dimension.IT,
        "step": one,
        "owner": world.person("member"),
        "due_on": TODAY,
        "cost": 10,
    }
    return world.save(SupportScheme, **{**given, **values})


def answers(world: World, one: SchemeStep) -> Responsibility:
    return world.save(
        Responsibility, step=one, letter="A", person=world.person("owner")
    )


def fill(world: World) -> None:
    """One row of each register of phases 4, 5 and 6."""
    goal(world)
    rows, _yardsticks = options(world)
    case(world, rows[1])
    world.save(CaseRate, percent=8, source="§Finance")
    scheme(world, rows[1])
    one = step(world)
    check_all(world, one)
    support(world, one)
    answers(world, one)
    world.save(AuxiliaryInfo, title="§ERP manual", source="§IT", step=one)
    unit = world.save(
        Rollout, unit=world.unit, go_live_on=TODAY, owner=world.person("member")
    )
    open_checkpoint(by=world.lead, rollout=unit, now=NOW)
