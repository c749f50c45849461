"""Phase 6: the work plan is carried out, the unit is live, values come in."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.gates import pass_gate
from tests.journeys.party import Party
from tests.journeys.values import upload_values
from tests.world import PASSWORD


def walk(party: Party) -> None:
    work(party)
    go_live(party)
    upload_values(party, "throughput", before=None, after=4.1)
    pass_gate(party, 6)


def work(party: Party) -> None:
    lead, live = party.lead, party.changed_on
    lead.open(f"{party.base}support/").press("§Rules of release")
    lead.press("Make a task of it")
    tasks = [lead.here]
    lead.press("Edit").fill(starts_on=live - timedelta(weeks=3), duration_days=5)
    lead.press("Save")
    lead.add(
        f"{party.base}tasks/new/",
        title="§Go live",
        owner=party.names["owner"],
        starts_on=live - timedelta(weeks=1),
        due_on=live,
        duration_days=5,
    )
    tasks.append(lead.here)
    lead.add(
        f"{party.base}dependencies/new/", before="§Rules of release", after="§Go live"
    )
    lead.open(f"{party.base}plan/").sees("§Go live")
    for task in tasks:
        lead.open(task).press("Finish").sees("is done.")


def go_live(party: Party) -> None:
    party.lead.add(
        f"{party.base}rollout/new/",
        unit=party.unit,
        go_live_on=party.changed_on,
        is_pilot=True,
        owner=party.names["owner"],
        fallback="§The old list, for four weeks",
    )
    party.lead.press("Ask its head to accept").sees("The head of the unit is asked.")
    party.owner.open(party.lead.here).fill(outcome="approve", password=PASSWORD)
    party.owner.page.get_by_role("button", name="Sign as").click()
    party.owner.sees("Your decision is recorded.")
