"""Rows of phase 2 for the page tests."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from programmes.models import (
    AgendaItem,
    Attendance,
    Communication,
    Course,
    Meeting,
    MeetingAction,
    MeetingDecision,
    Notice,
    Participation,
    PersonalLink,
    Pulse,
    QuizQuestion,
    StaffQuestion,
    Stakeholder,
    TrainingSession,
)
from programmes.models.receipts import hash_of
from programmes.services.kickoff import save_action
from programmes.services.notices import send_notice
from programmes.services.pulses import turn_pulse
from tests.programmes.ready import taken_pulse
from tests.world import NOW, World


def fill_kick_off(world: World) -> None:
    """Announcement with links, training with quiz, pulses, stakeholders, questions."""
    today, member = NOW.date(), world.person("member")
    meeting = world.save(
        Meeting,
        title="§Start-up",
        held_on=today,
        starts_at=time(9, 30),
        minutes="§All well",
    )
    world.save(Attendance, meeting=meeting, person=member, state="attended")
    world.save(AgendaItem, meeting=meeting, title="§Why", presenter=member)
    world.save(MeetingDecision, meeting=meeting, text="§Two people a unit")
    action = MeetingAction(
        programme=world.programme,
        meeting=meeting,
        text="§Name them",
        owner=member,
        due_on=today,
    )
    save_action(by=world.lead, record=action, now=NOW)
    notice = world.save(Notice, title="§We begin", text="§Soon", audience=10, reached=9)
    send_notice(by=world.lead, notice=notice, now=NOW)
    world.save(
        Communication, message="§Why", audience="§All", due_on=today, notice=notice
    )
    course = world.save(Course, title="§Basics", held_on=today, pass_mark=70)
    session = world.save(
        TrainingSession, course=course, held_on=today, place="§Hall 2", trainer=member
    )
    world.save(
        Participation,
        course=course,
        person=member,
        session=session,
        done_on=today,
        score=80,
    )
    world.save(QuizQuestion, course=course, text="§What?", choices="§A\n§B", right=1)
    world.save(
        StaffQuestion,
        text="§Why?",
        asked_on=today,
        answer="§Because",
        answered_on=today,
        is_published=True,
    )
    world.save(StaffQuestion, text="§When?", asked_on=today - timedelta(days=20))
    world.save(
        Stakeholder, name="§Works council", influence=5, stance=-1, strategy="§Talk"
    )
    taken_pulse(world)
    opened = world.save(Pulse, title="§Open pulse", population=10)
    turn_pulse(by=world.lead, pulse=opened, now=NOW)
    link_for(world, "notice", notice=notice)
    link_for(world, "course", course=course)


def link_for(world: World, name: str, **to: Any) -> PersonalLink:
    """A personal link whose token the tests know."""
    token = f"{name}-link-of-{world.programme.pk}"
    link: PersonalLink = PersonalLink.objects.create(
        programme=world.programme,
        person=world.person("member"),
        token_hash=hash_of(token),
        created_at=NOW,
        expires_on=date(2099, 1, 1),
        **to,
    )
    return link


def link_token(_parameter: str, world: World) -> str:
    return f"notice-link-of-{world.programme.pk}"


def certificate_token(_parameter: str, world: World) -> str:
    return f"course-link-of-{world.programme.pk}"


def open_pulse(_parameter: str, world: World) -> str:
    """The token of a pulse that takes answers."""
    title = "§Open pulse"
    found = Pulse.objects.filter(programme=world.programme, title=title).first()
    if found is None:
        return "none"
    return str(found.token)
