"""Two real logs, brought in by the browser: a CSV and a packed XES."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.walk import Walker

pytestmark = [
    pytest.mark.browser,
    pytest.mark.release,
    pytest.mark.django_db(transaction=True),
]


def bring(lead: Walker, path: Path, base: str = "/p/o2c/") -> None:
    """Upload a log, look at its columns where it has some, and import it."""
    lead.page.set_default_timeout(120_000)
    lead.open(f"{base}logs/").press("Import log").fill(file=path).press("Upload")
    if path.suffix == ".csv":
        lead.sees("Are these the right columns?").press("Import")
    lead.until("How work really flows", seconds=240)


def facts(lead: Walker) -> str:
    """The figures above the map, with plain blanks."""
    return plain(lead.page.locator("dl.numbers").first.inner_text())


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def slowest(lead: Walker) -> str:
    """The first of the waits below the map."""
    return plain(lead.page.locator(".slowest-list li").first.inner_text())


def first_path(lead: Walker) -> tuple[list[str], str]:
    """The activities of the most frequent variant, and its row."""
    row = lead.page.get_by_role("region", name="Most frequent paths").locator(
        "tbody tr"
    )
    return row.first.locator("ol.path li").all_inner_texts(), plain(
        row.first.inner_text()
    )


@pytest.fixture
def lead(world: Any, walker: Callable[..., Walker]) -> Walker:
    return walker().sign_in(world.lead.email)


class TestRealLogs:
    def test_call_centre_as_csv(self, lead: Walker, shared: Path) -> None:
        bring(lead, shared / "data" / "logs" / "callcenter_example.csv")

        read = facts(lead)
        path, row = first_path(lead)
        assert "3,885" in read
        assert "7,548 events" in read
        assert "6 activities" in read
        assert "5 min" in read
        assert path == ["Inbound Call"]
        assert "2,449" in row
        assert "Handle Case → Call Outbound" in slowest(lead)
        lead.clean()

    def test_road_traffic_fines_as_xes(self, lead: Walker, shared: Path) -> None:
        bring(lead, shared / "data" / "logs" / "road_traffic_fines.xes.gz")

        read = facts(lead)
        path, row = first_path(lead)
        assert "150,370" in read
        assert "561,470 events" in read
        assert "231" in read
        assert "198 d" in read
        assert path == [
            "Create Fine",
            "Send Fine",
            "Insert Fine Notification",
            "Add penalty",
            "Send for Credit Collection",
        ]
        assert "56,482" in row
        assert "Add penalty → Send for Credit Collection" in slowest(lead)
        lead.clean()
