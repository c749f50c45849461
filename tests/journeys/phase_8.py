"""Phase 8: a signal, what is done about it, the hand-over, and the next cycle."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.gates import links_of, pass_gate
from tests.journeys.party import Party
from tests.journeys.values import send


def walk(party: Party) -> None:
    see_signal(party)
    act(party)
    explain(party)
    pass_gate(party, 8, chair=party.owner)
    begin_again(party)


def see_signal(party: Party) -> None:
    send(party, "order-cost", [(party.today - timedelta(days=1), 31)])
    party.owner.open(f"{party.base}monitor/").until("Nothing done yet")


def act(party: Party) -> None:
    """The owner of the indicator opens a corrective action."""
    owner = party.owner
    owner.press("Open a corrective action").fill(
        title="§Name a deputy",
        owner=party.names["owner"],
        due_on=party.today + timedelta(days=14),
        containment="§Look each morning",
        cause="§Two clerks were away",
        correction="§A deputy for each",
        check_plan="§Four good weeks",
    )
    owner.press("Save").sees("Action opened; it is on the owner's list.")
    owner.open("/work/").sees("§Name a deputy")


def explain(party: Party) -> None:
    """The gate leads to the other signal, the missed target; it needs no action."""
    (link,) = links_of(party, 8, "G8.A3")
    lead = party.lead.open(link).fill(reason="§Within what we agreed")
    lead.press("Close").sees("Signal closed.")


def begin_again(party: Party) -> None:
    lead = party.lead
    lead.open(f"{party.base}cycle/").sees("1 open signal becomes a need")
    lead.fill(name="§Renewal again", code=f"{party.code}-2")
    lead.press("Start the next cycle").sees("The next cycle is open.")
    lead.open(f"/p/{party.code}-2/needs/").sees("§Cost per order")
