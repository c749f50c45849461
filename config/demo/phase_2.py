"""Phase 2 of a demo programme: everything that gate 2 asks for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from config.demo.cast import Cast, at
from config.demo.phase_1 import save
from programmes.models import (
    AgendaItem,
    Attendance,
    Communication,
    Meeting,
    MeetingAction,
    MeetingDecision,
    Membership,
    Notice,
    Programme,
    Receipt,
    StaffQuestion,
)
from programmes.services.kickoff import issue_minutes, save_action
from programmes.services.notices import acknowledge, mail_notice, send_notice
from programmes.services.programmes import grant_role
from programmes.services.reach import units_in_scope
from programmes.services.work import finish_work

AGENDA = [
    ("Why this programme, and why now", "sponsor", 15),
    ("The eight phases and what comes next", "lead", 25),
    ("What we need from each unit", "owner", 20),
    ("Your questions", "champion", 30),
]
DECISIONS = [
    ("Every unit names two people for interviews.", "sponsor"),
    ("Data access is given by Friday.", "gatekeeper"),
]
ACTIONS = [
    ("Name two people for interviews", "owner", 4),
    ("Open the data of the last twelve months", "gatekeeper", 4),
    ("Find training dates for the shifts", "champion", 7),
]
# What, to whom, by whom, how, on which day, told already, the announcement it became.
TALKS = [
    ("Why the programme, from the sponsor", "All units in scope", "sponsor",
     "mail", 0, True, "why"),
    ("What changes for team leads", "Team leads", "owner", "meeting", 3, True, ""),
    ("Works council: what is and is not touched", "Works council", "sponsor",
     "talk", 2, True, ""),
    ("Answers to the questions of the first week", "Order desk", "champion",
     "mail", 9, True, "answers"),
    ("What the diagnosis found", "All units in scope", "lead", "meeting", 80,
     False, ""),
]  # fmt: skip
MINUTES = """The sponsor explained why the programme exists and what it may decide.
The lead showed the eight phases and what comes next.
Agreed: every unit names two people for interviews; data access by Friday.
Open: how shift workers take part in the training (Amara Okafor)."""


def tell(cast: Cast, programme: Programme, begin: date) -> None:
    """Meeting with minutes, announcements that were read, questions with answers."""
    name_champions(cast, programme, begin)
    hold_meeting(cast, programme, begin)
    title = f"Why we look at {programme.name.lower()}"
    why = save(
        cast,
        programme,
        Notice,
        at(begin, 14),
        title=title,
        text="Over the next months we look at how work flows, with those who do it. "
        "Nothing is decided without you, and no job depends on it.",
        audience=47,
        reached=45,
    )
    announce(cast, why, at(begin, 15), silent=1)
    answers = save(
        cast,
        programme,
        Notice,
        at(begin + timedelta(days=9)),
        title="Your questions, answered",
        text="What staff asked at the start-up meeting, with the answers.",
        audience=20,
        reached=18,
    )
    answers.units.add(cast.units["desk"])
    announce(cast, answers, at(begin + timedelta(days=9), 10), silent=0)
    plan_talks(cast, programme, begin, {"why": why, "answers": answers})
    ask(cast, programme, begin)


def name_champions(cast: Cast, programme: Programme, begin: date) -> None:
    """A person of the unit itself for each unit in scope."""
    for unit in units_in_scope(programme):
        person = next(one for one in cast.staff if one.unit_id == unit.pk)
        grant_role(
            by=cast.account("lead"),
            programme=programme,
            person=person,
            role=Membership.Role.CHAMPION,
            unit=unit,
            now=at(begin, 8),
        )


def announce(cast: Cast, notice: Notice, now: datetime, silent: int) -> None:
    """Tell it, and let everybody but the last few read it."""
    send_notice(by=cast.account("lead"), notice=notice, now=now)
    mail_notice(notice=notice, reminders=[], now=now)
    receipts = list(notice.receipts.select_related("notice").order_by("pk"))
    for index, receipt in enumerate(receipts[: len(receipts) - silent]):
        acknowledge(
            receipt=receipt,
            way=Receipt.Way.LINK,
            now=now + timedelta(hours=2 + 5 * index),
        )


def plan_talks(
    cast: Cast, programme: Programme, begin: date, notices: dict[str, Notice]
) -> None:
    """The communication plan; the last line is still to come when the gate is asked."""
    for message, audience, sender, channel, days, done, notice in TALKS:
        save(
            cast,
            programme,
            Communication,
            at(begin, 10),
            message=message,
            audience=audience,
            sender=cast.persons[sender],
            channel=channel,
            due_on=begin + timedelta(days=days),
            done_on=begin + timedelta(days=days) if done else None,
            notice=notices.get(notice),
        )


def hold_meeting(cast: Cast, programme: Programme, begin: date) -> None:
    now = at(begin, 16)
    meeting = save(
        cast,
        programme,
        Meeting,
        now,
        title="Start-up meeting",
        held_on=begin,
        starts_at=time(10, 0),
        duration_minutes=90,
        place="Hall 2",
        minutes=MINUTES,
        purpose="Everybody knows why, what comes next and what we need from them.",
    )
    for place, (point, key, minutes) in enumerate(AGENDA, start=1):
        save(
            cast,
            programme,
            AgendaItem,
            now,
            meeting=meeting,
            position=place,
            title=point,
            presenter=cast.persons[key],
            box_minutes=minutes,
        )
    roles = ["sponsor", "lead", "controller", "owner", "gatekeeper", "champion"]
    present = [*(cast.persons[key] for key in roles), *cast.staff[:6]]
    states = [*((one, "attended") for one in present), (cast.staff[6], "briefed")]
    for person, state in states:
        save(
            cast,
            programme,
            Attendance,
            now,
            meeting=meeting,
            person=person,
            state=state,
        )
    agree(cast, programme, meeting, begin)
    issue_minutes(
        by=cast.account("lead"), meeting=meeting, now=at(begin + timedelta(days=2))
    )


def agree(cast: Cast, programme: Programme, meeting: Meeting, begin: date) -> None:
    """What was decided, and what is to be done by whom."""
    now = at(begin, 17)
    for text, who in DECISIONS:
        save(
            cast,
            programme,
            MeetingDecision,
            now,
            meeting=meeting,
            text=text,
            decided_by=cast.persons[who].name,
        )
    for text, who, days in ACTIONS:
        action = MeetingAction(
            programme=programme,
            meeting=meeting,
            text=text,
            owner=cast.persons[who],
            due_on=begin + timedelta(days=days),
        )
        save_action(by=cast.account("lead"), record=action, now=now)
        if action.work_item is not None:
            finish_work(
                by=cast.account("lead"),
                item=action.work_item,
                now=at(begin + timedelta(days=days), 16),
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
            unit=cast.staff[index].unit,
            owner=cast.persons["champion"],
            is_published=True,
        )
