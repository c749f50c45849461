"""Phase 5: the steps are checked, and what they lean on is planned."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.gates import mend, pass_gate
from tests.journeys.party import Party

AFFECTED = "IT at §Release by rule"


def walk(party: Party) -> None:
    collect(party)
    check_steps(party)
    plan_support(party)
    pass_gate(party, 5)


def collect(party: Party) -> None:
    party.lead.add(
        f"{party.base}information/new/",
        title="§Limits of the insurer",
        kind="Interview",
        source="§Finance",
        collected_on=party.today - timedelta(weeks=30),
        finding="§Small orders are insured",
    )


def check_steps(party: Party) -> None:
    lead = party.lead.open(f"{party.base}matrix/")
    for cell in lead.page.locator("main form select").all():
        is_affected = AFFECTED in (cell.get_attribute("aria-label") or "")
        cell.select_option("yes" if is_affected else "no")
    lead.press("Save").sees("checks saved")


def plan_support(party: Party) -> None:
    """The gate says what is missing, and its links begin it."""
    support = {
        "title": "§Rules of release",
        "owner": party.names["gatekeeper"],
        "due_on": party.today - timedelta(weeks=22),
        "cost": 12000,
        "state": "Agreed",
    }
    assert mend(party, 5, "G5.A2", support) == 1
    assert mend(party, 5, "G5.A4", {"person": party.names["owner"]}) == 2
