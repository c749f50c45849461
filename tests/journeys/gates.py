"""Gate pages: what is missing is mended by their links, then they are decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.journeys.party import Party
from tests.journeys.walk import Walker
from tests.world import PASSWORD

Values = dict[str, Any]


def pass_gate(
    party: Party, number: int, *, has_money: bool = False, chair: Walker | None = None
) -> None:
    """The controller confirms the money, the lead asks, the chair approves."""
    page = f"{party.base}gates/{number}/"
    if has_money:
        party.controller.open(page).press("Confirm costs and benefits")
    submit(party, number)
    decider = chair or party.sponsor
    decider.open("/work/").sees(f"Gate {number}, {party.title}")
    decider.open(page).fill(outcome="approve").press("Continue to sign")
    decider.fill(password=PASSWORD)
    decider.page.get_by_role("button", name="Sign as").click()
    decider.sees("Your decision is recorded.")


def submit(party: Party, number: int) -> None:
    lead = party.lead.open(f"{party.base}gates/{number}/")
    lacking = lead.page.locator(".checklist [data-state=open]").all_inner_texts()
    lead.fill(ask="§Shall we go on?", due_on=party.today + timedelta(days=5))
    lead.press(f"Ask for decision at gate {number}")
    errors = lead.page.locator(".error-summary").all_inner_texts()
    assert not errors, (errors, lacking)
    lead.sees("The decision is asked for.")


def mend(
    party: Party, number: int, code: str, values: Callable[[str], Values] | Values
) -> int:
    """Follow the links of a criterion to their forms until none is left."""
    done = 0
    while links := links_of(party, number, code):
        for link in links:
            given = values(link) if callable(values) else values
            party.lead.add(link, **given)
            done += 1
        assert done < 60, (number, code, links)
    return done


def links_of(party: Party, number: int, code: str) -> list[str]:
    party.lead.open(f"{party.base}gates/{number}/")
    row = party.lead.page.locator(f"main .checklist li[data-code='{code}']")
    links = row.first.locator("a")
    found = [links.nth(at).get_attribute("href") or "" for at in range(links.count())]
    return list(dict.fromkeys(found))
