"""Phase 5 of a demo programme: what the changed steps lean on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from config.demo.cast import Cast, at
from config.demo.phase_1 import save
from design.models import (
    AuxiliaryInfo,
    Dimension,
    Responsibility,
    SchemeStep,
    SupportScheme,
)
from design.services.support import check_cells
from programmes.models import Programme

D = Dimension
# position of the step, dimension, title, owner, cost, state
ITEMS: list[tuple[int, Dimension, str, str, int, str]] = [
    (1, D.ORGANISATION, "One desk with eight seats", "owner", 0, "agreed"),
    (1, D.PEOPLE, "Training for the desk clerks", "champion", 18_000, "drafted"),
    (1, D.IT, "One inbox for mail, phone and portal", "gatekeeper", 34_000, "agreed"),
    (2, D.IT, "Rules of completeness in the ERP", "gatekeeper", 26_000, "agreed"),
    (2, D.DATA, "Clean-up of customer records", "member", 12_000, "drafted"),
    (3, D.IT, "Automatic credit check", "gatekeeper", 48_000, "agreed"),
    (3, D.RULES, "New rule on credit limits", "controller", 0, "agreed"),
    (4, D.RULES, "Limits of decision for the team lead", "sponsor", 0, "agreed"),
    (4, D.PEOPLE, "Targets by cycle time instead of volume", "owner", 0, "drafted"),
    (6, D.DATA, "State of each case for customers", "gatekeeper", 22_000, "planned"),
    (6, D.MONEY, "Invoice run every day", "controller", 4_000, "agreed"),
]
INCENTIVES = {
    "Training for the desk clerks": "None: the hours count as working time.",
    "Targets by cycle time instead of volume": "The team's bonus follows its cycle "
    "time; appraisals of persons stay as they are.",
}
# letters of: owner, member, champion, gatekeeper, controller; "-": nothing
RACI = ["ARCI-", "RICA-", "ICIRA", "AR-IC", "IAIII", "CI-RA"]
HOLDERS = ["owner", "member", "champion", "gatekeeper", "controller"]
INFORMATION: list[tuple[int, str, str, str, str]] = [
    (
        1,
        "What arrives by which channel",
        "data",
        "Count of four weeks, order desk",
        "61% by mail, 27% by phone, 12% by fax; 34% incomplete.",
    ),
    (
        3,
        "Talk with the credit insurer",
        "interview",
        "Jonas Weber, 40 minutes",
        "Automatic decisions are insured up to 25,000 a case.",
    ),
    (
        3,
        "How a sister company checks credit",
        "example",
        "Visit to the Malmö plant",
        "92% decided by the system, 0.3% losses; two rules were too strict at first.",
    ),
    (
        4,
        "Works agreement on performance targets",
        "rule",
        "People department",
        "Targets of teams are allowed, of persons they are not.",
    ),
]


def tell(cast: Cast, programme: Programme, begin: date) -> None:
    """Information sorted, steps checked, effects supported, posts filled."""
    steps = {one.position: one for one in SchemeStep.objects.of(programme)}
    collect(cast, programme, steps, begin + timedelta(days=3))
    check(cast, programme, steps, begin + timedelta(days=10))
    plan(cast, programme, steps, begin)
    answer(cast, programme, steps, begin + timedelta(days=24))


def collect(
    cast: Cast, programme: Programme, steps: dict[int, SchemeStep], day: date
) -> None:
    for index, (position, title, kind, source, finding) in enumerate(INFORMATION):
        collected_on = day + timedelta(days=index)
        save(
            cast,
            programme,
            AuxiliaryInfo,
            at(collected_on, 15),
            title=title,
            kind=kind,
            source=source,
            step=steps[position],
            finding=finding,
            collected_on=collected_on,
        )


def check(
    cast: Cast, programme: Programme, steps: dict[int, SchemeStep], day: date
) -> None:
    affected = {(position, dimension) for position, dimension, *_rest in ITEMS}
    check_cells(
        by=cast.account("lead"),
        programme=programme,
        cells={
            (step.pk, dimension): (position, dimension) in affected
            for position, step in steps.items()
            for dimension in Dimension.values
        },
        now=at(day, 11),
    )


def plan(
    cast: Cast, programme: Programme, steps: dict[int, SchemeStep], begin: date
) -> None:
    for index, (position, dimension, title, owner, cost, state) in enumerate(ITEMS):
        save(
            cast,
            programme,
            SupportScheme,
            at(begin + timedelta(days=14 + index), 10),
            title=title,
            dimension=dimension,
            step=steps[position],
            owner=cast.persons[owner],
            due_on=begin + timedelta(weeks=9 + index),
            cost=Decimal(cost),
            state=state,
            incentive=INCENTIVES.get(title, ""),
            detail=f"Needed so that “{steps[position].name}” works as designed.",
        )


def answer(
    cast: Cast, programme: Programme, steps: dict[int, SchemeStep], day: date
) -> None:
    for position, letters in enumerate(RACI, start=1):
        for key, letter in zip(HOLDERS, letters, strict=True):
            if letter != "-":
                save(
                    cast,
                    programme,
                    Responsibility,
                    at(day, 14),
                    step=steps[position],
                    letter=letter,
                    person=cast.persons[key],
                )
