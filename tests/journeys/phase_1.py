"""Phase 1: the lead opens a programme and writes its master plan."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.gates import pass_gate
from tests.journeys.party import Party

LABELS = {
    "sponsor": "Sponsor",
    "controller": "Controller",
    "owner": "Process owner",
    "member": "Team member",
    "champion": "Champion",
    "gatekeeper": "Gatekeeper",
}


def walk(party: Party) -> None:
    open_programme(party)
    write_master_plan(party)
    party.sponsor.open("/work/").sees(f"Mandate of {party.title}")
    party.sponsor.open(f"{party.base}mandate/").press("Sign the mandate")
    pass_gate(party, 1, has_money=True)


def open_programme(party: Party) -> None:
    lead = party.lead
    lead.open("/programmes/new/").fill(
        name=party.title, code=party.code, starts_on=party.begin
    ).press("Open the programme")
    for key, label in LABELS.items():
        lead.open(f"{party.base}team/")
        lead.fill(person=party.names[key], role=label)
        if key == "champion":
            lead.fill(unit=party.unit)
        lead.press("Save")


def write_master_plan(party: Party) -> None:
    lead, base, owner = party.lead, party.base, party.names["owner"]
    lead.add(
        f"{base}mandate/edit/",
        purpose="§Why",
        direction="§Where",
        authority="§What",
        limits="§Not",
    )
    lead.add(
        f"{base}objectives/new/",
        title="§Halve the cycle time",
        owner=owner,
        measure="§Median days",
        target="5",
        unit="§days",
    )
    lead.add(
        f"{base}needs/new/",
        title="§Less waiting",
        source="§Sales",
        priority="Must",
        objective="§Halve the cycle time",
    )
    lead.add(
        f"{base}it/new/",
        name="§ERP",
        owner=owner,
        state="In use",
        interface="API",
        data_quality="3",
        fit="3",
        ease="2",
    )
    lead.add(f"{base}scope/new/", kind="Process", name="§Order release", owner=owner)
    lead.add(f"{base}scope/new/", kind="Unit", unit=party.unit, name="§Order desk")
    lead.add(f"{base}scope/new/", kind="Process", name="§Returns", is_in=False)
    lead.add(
        f"{base}budget/new/",
        title="§Team",
        phase="Master plan",
        category="Own people",
        planned="90000",
    )
    lead.add(f"{base}tranches/new/", gate="Master plan", amount="90000")
    lead.open(f"{base}benefit-range/").page.locator("main table a").first.click()
    lead.press("Edit").fill(
        benefit_low="1",
        benefit_likely="2",
        benefit_high="3",
        contingency="9000",
        owner=owner,
        basis="§Cases times minutes",
    ).press("Save")
    plan_phases(party)


def plan_phases(party: Party) -> None:
    lead, base = party.lead, party.base
    lead.open(f"{base}phase-plan/")
    links = lead.page.locator("main tbody th a")
    addresses = [
        links.nth(index).get_attribute("href") or "" for index in range(links.count())
    ]
    for index, address in enumerate(addresses):
        start = party.begin + timedelta(weeks=4 * index)
        end = start + timedelta(days=25)
        lead.add(f"{address}edit/", starts_on=start, ends_on=end, gate_on=end)
