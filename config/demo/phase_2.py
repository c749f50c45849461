"""Phase 2 of a demo programme: everything that gate 2 asks for."""

from __future__ import annotations

from datetime import date, timedelta

from config.demo.cast import Cast, at
from config.demo.phase_1 import save
from programmes.models import (
    Attendance,
    Course,
    Meeting,
    Notice,
    Participation,
    Programme,
    StaffQuestion,
)
from programmes.services.kickoff import issue_minutes

MINUTES = """The sponsor explained why the programme exists and what it may decide.
The lead showed the eight phases and what comes next.
Agreed: every unit names two people for interviews; data access by Friday.
Open: how shift workers take part in the training (Amara Okafor)."""


def tell(cast: Cast, programme: Programme, begin: date) -> None:
    """Meeting with minutes, announcements, training with coverage, questions."""
    now = at(begin, 14)
    hold_meeting(cast, programme, begin)
    save(
        cast,
        programme,
        Notice,
        now,
        title="Why we look at order to cash",
        text="Over the next months we look at how orders flow, with those who do the "
        "work. Nothing is decided without you, and no job depends on it.",
        sent_on=begin,
        audience=55,
        reached=52,
    )
    save(
        cast,
        programme,
        Notice,
        now,
        title="Your questions, answered",
        text="What staff asked at the start-up meeting, with the answers.",
        unit=cast.units["desk"],
        sent_on=begin + timedelta(days=9),
        audience=24,
        reached=21,
    )
    train(cast, programme, begin)
    ask(cast, programme, begin)


def hold_meeting(cast: Cast, programme: Programme, begin: date) -> None:
    now = at(begin, 16)
    meeting = save(
        cast,
        programme,
        Meeting,
        now,
        title="Start-up meeting",
        held_on=begin,
        place="Hall 2",
        minutes=MINUTES,
        purpose="Everybody knows why, what comes next and what we need from them.",
    )
    present = ["sponsor", "lead", "controller", "owner", "gatekeeper", "champion"]
    for key in present:
        save(
            cast,
            programme,
            Attendance,
            now,
            meeting=meeting,
            person=cast.persons[key],
            state="attended",
        )
    for person in cast.staff[:6]:
        save(
            cast,
            programme,
            Attendance,
            now,
            meeting=meeting,
            person=person,
            state="attended",
        )
    save(
        cast,
        programme,
        Attendance,
        now,
        meeting=meeting,
        person=cast.staff[6],
        state="briefed",
    )
    issue_minutes(
        by=cast.account("lead"), meeting=meeting, now=at(begin + timedelta(days=2))
    )


def train(cast: Cast, programme: Programme, begin: date) -> None:
    held = begin + timedelta(days=12)
    course = save(
        cast,
        programme,
        Course,
        at(held),
        title="Seeing work as a process",
        content="Input, processing, output; value and waste; how to read a process "
        "map; how to report a problem.",
        held_on=held,
    )
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
            done_on=None if missed else held,
            score=None if missed else 68 + (index * 7) % 30,
        )


def ask(cast: Cast, programme: Programme, begin: date) -> None:
    rows = [
        (
            "Will jobs be cut?",
            "No. The mandate says so, and the works council has it in writing.",
        ),
        ("Who sees what I tell the interviewers?", "Only the team, without your name."),
        ("When do we get the new order form?", "Not before phase 6; first we look."),
    ]
    for index, (text, answer) in enumerate(rows):
        asked = begin + timedelta(days=index)
        save(
            cast,
            programme,
            StaffQuestion,
            at(asked, 18),
            text=text,
            asked_on=asked,
            asked_by=cast.staff[index].name,
            answer=answer,
            answered_on=asked + timedelta(days=3),
        )
