"""The lead opens a programme and writes its master plan; the sponsor approves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from programmes.models import Gate, Programme
from tests.journeys.walk import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEAM = ["sponsor", "controller", "owner", "member", "champion", "gatekeeper"]
LABELS = {
    "sponsor": "Sponsor",
    "controller": "Controller",
    "owner": "Process owner",
    "member": "Team member",
    "champion": "Champion",
    "gatekeeper": "Gatekeeper",
}


def name_of(world: Any, key: str) -> str:
    return world.person(key).name


def open_programme(lead: Walker, world: Any) -> None:
    lead.add(
        "/programmes/new/", name="§Renewal", code="renewal", starts_on="2026-01-05"
    )
    for key in TEAM:
        lead.open("/p/renewal/team/").fill(
            person=name_of(world, key), role=LABELS[key]
        ).press("Save")


def write_master_plan(lead: Walker, world: Any, base: str = "/p/renewal/") -> None:
    owner = name_of(world, "owner")
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
    lead.add(f"{base}scope/new/", kind="Unit", name="§Order desk")
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
        benefit_low="1", benefit_likely="2", benefit_high="3", contingency="9000"
    ).press("Save")
    plan_phases(lead, base)


def plan_phases(lead: Walker, base: str) -> None:
    lead.open(f"{base}phase-plan/")
    links = lead.page.locator("main tbody th a")
    addresses = [
        links.nth(index).get_attribute("href") or "" for index in range(links.count())
    ]
    for index, address in enumerate(addresses):
        start = date(2026, 1, 5) + timedelta(weeks=4 * index)
        end = start + timedelta(days=25)
        lead.add(f"{address}edit/", starts_on=start, ends_on=end, gate_on=end)


def submit(lead: Walker, number: int, base: str = "/p/renewal/") -> None:
    lead.open(f"{base}gates/{number}/").fill(ask="§Shall we go on?")
    lead.press(f"Ask for decision at gate {number}")
    lead.sees("The decision is asked for.")


def approve(chair: Walker, number: int, base: str = "/p/renewal/") -> None:
    chair.open(f"{base}gates/{number}/").fill(outcome="approve")
    chair.press(f"Approve gate {number}")
    chair.sees("Your decision is recorded.")


class TestNeedToGate:
    def test_from_the_mandate_to_the_first_approval(self, world, walker) -> None:
        lead = walker().sign_in(world.lead.email)
        sponsor = walker(width=390).sign_in(world.sponsor.email)
        controller = walker().sign_in(world.controller.email)
        open_programme(lead, world)
        write_master_plan(lead, world)

        sponsor.open("/work/").sees("Mandate of §Renewal")
        sponsor.open("/p/renewal/mandate/").press("Sign the mandate")
        controller.open("/p/renewal/gates/1/").press("Confirm costs and benefits")
        submit(lead, 1)
        sponsor.open("/work/").sees("Gate 1, §Renewal")
        approve(sponsor, 1)

        assert Programme.objects.get(code="renewal").phase == 2
        assert Gate.objects.get(programme__code="renewal", phase=1).state == "passed"
        for one in (lead, sponsor, controller):
            one.clean()
