"""On the phone: from the opened brief to the recorded decision in four taps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from programmes.lifecycle import GateState
from tests.journeys.walk import Walker
from tests.programmes.ready import gate, ready_for_gate_1, submitted
from tests.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class TestSponsorOnThePhone:
    def test_decides_in_four_taps(
        self, world: Any, walker: Callable[..., Walker]
    ) -> None:
        ready_for_gate_1(world)
        submitted(world)
        sponsor = walker(width=390).sign_in(world.sponsor.email)
        page = sponsor.open("/p/o2c/gates/1/").page
        taps = [
            page.get_by_role("link", name="Decide", exact=True),
            page.locator("label.choice").filter(has_text="Approve").first,
            page.get_by_role("button", name="Continue to sign"),
            page.get_by_role("button", name="Sign as §Sponsor Person"),
        ]

        for number, tap in enumerate(taps, start=1):
            if number == len(taps):
                page.fill("[name=password]", PASSWORD)
            tap.click()
            page.wait_for_load_state()

        sponsor.sees("Your decision is recorded.")
        assert len(taps) <= 4
        assert gate(world, 1).state == GateState.PASSED
        sponsor.clean()

    def test_and_the_lead_reaches_what_cures_a_criterion_in_two(
        self, world: Any, walker: Callable[..., Walker]
    ) -> None:
        lead = walker().sign_in(world.lead.email)
        red = "main .checklist li[data-state=open]"
        page = lead.open("/p/o2c/gates/1/").page
        codes = [
            row.get_attribute("data-code")
            for row in page.locator(red).all()
            if row.locator("a").count()
        ]
        assert len(codes) == page.locator(red).count() > 3

        for code in codes:
            lead.open("/p/o2c/gates/1/")
            page.locator(f"{red}[data-code='{code}'] a").first.click()
            page.wait_for_load_state()
            # The form itself, or one more click to it.
            cures = page.locator(
                "main form, main a[href*='/edit/'], main a[href*='new']"
            )
            assert cures.count(), (code, lead.here)
        lead.clean()
