"""Phase 2: the start-up meeting, its minutes, and the training."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.gates import pass_gate
from tests.journeys.party import Party


def walk(party: Party) -> None:
    hold_meeting(party)
    announce(party)
    train(party)
    pass_gate(party, 2)


def hold_meeting(party: Party) -> None:
    lead = party.lead
    lead.add(
        f"{party.base}meetings/new/",
        title="§Start-up",
        held_on=party.begin + timedelta(weeks=2),
        place="§Hall",
        purpose="§Why and how",
        minutes="§We begin.",
    )
    meeting = lead.here
    for key in ("sponsor", "owner"):
        lead.open(meeting).press("Add a person")
        lead.fill(person=party.names[key], state="Attended").press("Save")
    lead.open(meeting).press("Issue the minutes").sees("Minutes issued")


def announce(party: Party) -> None:
    """Told in a staff meeting; who was there is counted by hand."""
    party.lead.add(
        f"{party.base}announcements/new/",
        title="§We begin",
        text="§What comes next",
        sent_on=party.begin + timedelta(weeks=2),
        audience="40",
        reached="38",
    )


def train(party: Party) -> None:
    lead = party.lead
    held = party.begin + timedelta(weeks=3)
    lead.add(f"{party.base}training/new/", title="§Processes", held_on=held)
    course = lead.here
    for key in ("member", "champion"):
        lead.open(course).press("Add a person")
        lead.fill(person=party.names[key], done_on=held, score=80).press("Save")
    lead.open(course).sees(party.names["champion"])
