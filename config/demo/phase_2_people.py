"""Phase 2 of a demo programme: training with quiz, stakeholders, and two pulses."""

from __future__ import annotations

import uuid
from datetime import date, time, timedelta

from config.demo.cast import Cast, at
from config.demo.phase_1 import save
from programmes.maths.change import ELEMENTS
from programmes.models import (
    Course,
    Participation,
    Programme,
    Pulse,
    QuizQuestion,
    Stakeholder,
    TrainingSession,
)
from programmes.services.pulses import answer_pulse, turn_pulse
from programmes.services.reach import units_in_scope

QUIZ = [
    ("What does a process always have?",
     "An input, a processing and an output\nA department\nA computer system", 1),
    ("What is waste?", "Work that takes long\nWork that no customer needs", 2),
    ("Who may report a problem?", "Team leads\nThe consultants\nEverybody", 3),
]  # fmt: skip
# Name, unit, influence, interest, stance now and wanted, what is done, by whom.
STAKEHOLDERS = [
    ("Board", "", 5, 2, 1, 2, "A page each month, with the money.", "sponsor"),
    ("Works council", "people", 4, 5, -1, 1,
     "Told before everybody else; sees each scheme in draft.", "sponsor"),
    ("Order desk team", "desk", 2, 5, 0, 1,
     "Interviews in their own time slots; their first ideas are tried at once.",
     "owner"),
    ("Finance control", "finance", 4, 4, 1, 1, "Confirms each figure.", "lead"),
    ("IT operations", "people", 3, 3, 0, 1,
     "A fixed half day a week instead of calls in between.", "gatekeeper"),
    ("Sales leads", "sales", 5, 3, -1, 0,
     "The sponsor talks to each; their open orders are measured first.", "sponsor"),
    ("Key customers", "", 3, 4, 0, 1, "Asked in the survey of phase 3.", "lead"),
    ("Suppliers", "procurement", 1, 2, 0, 0, "", ""),
]  # fmt: skip
# Title, day it opens and closes, means that the answers lie around.
PULSES = [
    ("Baseline pulse", 1, 5, (4, 3, 3, 3, 3)),
    ("Second pulse", 14, 18, (5, 4, 3, 4, 3)),
]
# Unit, kind of role, how many answered.
ANSWERS = [("desk", "staff", 13), ("desk", "manager", 5), ("finance", "staff", 9),
           ("finance", "support", 6)]  # fmt: skip


def tell(cast: Cast, programme: Programme, begin: date) -> None:
    train(cast, programme, begin)
    map_stakeholders(cast, programme, begin)
    for title, opens, closes, around in PULSES:
        take_pulse(cast, programme, begin, title, (opens, closes), around)


def train(cast: Cast, programme: Programme, begin: date) -> None:
    """One training in two sessions, with a quiz; one person is still to come."""
    held = begin + timedelta(days=12)
    course = save(
        cast,
        programme,
        Course,
        at(begin),
        title="Seeing work as a process",
        content="Input, processing, output; value and waste; how to read a process "
        "map; how to report a problem.",
        held_on=held,
        hours=3,
    )
    for place, (text, choices, right) in enumerate(QUIZ, start=1):
        save(
            cast,
            programme,
            QuizQuestion,
            at(begin),
            course=course,
            position=place,
            text=text,
            choices=choices,
            right=right,
        )
    sessions = [
        save(
            cast,
            programme,
            TrainingSession,
            at(begin),
            course=course,
            held_on=held,
            starts_at=time(hour, 0),
            place=place,
            capacity=12,
            trainer=cast.persons["lead"],
        )
        for hour, place in ((9, "Training room"), (14, "Hall 2"))
    ]
    people = [*cast.staff, cast.persons["member"], cast.persons["champion"]]
    for index, person in enumerate(people):
        missed = index == 6
        save(
            cast,
            programme,
            Participation,
            at(held, 17),
            course=course,
            person=person,
            session=sessions[index % 2],
            done_on=None if missed else held,
            score=None if missed else 68 + (index * 7) % 30,
        )


def map_stakeholders(cast: Cast, programme: Programme, begin: date) -> None:
    for name, unit, influence, interest, stance, wanted, plan, who in STAKEHOLDERS:
        save(
            cast,
            programme,
            Stakeholder,
            at(begin, 11),
            name=name,
            kind="group",
            unit=cast.units.get(unit),
            influence=influence,
            interest=interest,
            stance=stance,
            wanted=wanted,
            strategy=plan,
            owner=cast.persons.get(who),
        )


def take_pulse(
    cast: Cast,
    programme: Programme,
    begin: date,
    title: str,
    days: tuple[int, int],
    around: tuple[int, ...],
) -> None:
    """A pulse that most people of the units in scope answered."""
    lead = cast.account("lead")
    opens, closes = (at(begin + timedelta(days=day)) for day in days)
    units = list(units_in_scope(programme))
    pulse = save(
        cast,
        programme,
        Pulse,
        opens,
        title=title,
        introduction="Five short questions, for everybody in the units in scope.",
        population=sum(one.headcount for one in units),
    )
    turn_pulse(by=lead, pulse=pulse, now=opens)
    people = [
        (cast.units[unit], group) for unit, group, n in ANSWERS for _one in range(n)
    ]
    for index, (unit, group) in enumerate(people):
        shift = -1 if unit.pk == cast.units["desk"].pk else 0
        answer_pulse(
            pulse=pulse,
            nonce=uuid.uuid5(uuid.NAMESPACE_URL, f"{programme.code}/{title}/{index}"),
            unit=unit,
            group=group,
            scores={
                name: min(
                    max(
                        mean
                        + (index * (place + 3)) % 3
                        - 1
                        + (shift if place == 2 else 0),
                        1,
                    ),
                    5,
                )
                for place, (name, mean) in enumerate(zip(ELEMENTS, around, strict=True))
            },
            now=opens + timedelta(hours=1),
        )
    turn_pulse(by=lead, pulse=pulse, now=closes)
