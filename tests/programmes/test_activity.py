"""The activity feed: filters in the address, chips, empty states, and CSV."""

from __future__ import annotations

from datetime import timedelta

import pytest

from programmes.models import Activity, Need, Objective
from programmes.services import activity
from programmes.services.records import delete_record
from tests.world import NOW

BASE = "/p/o2c/activity/"


@pytest.fixture
def feed(world) -> None:
    """Two records by the lead, one deleted by the lead, a decision by the sponsor."""
    Activity.objects.filter(programme=world.programme).delete()
    world.save(Objective, title="§Faster")
    need = world.save(Need, title="§Less waiting")
    later = NOW + timedelta(days=5)
    delete_record(by=world.lead, record=need, now=later)
    activity.record(
        by=world.sponsor,
        verb="approved",
        kind="gate.2",
        now=later,
        programme=world.programme,
        note="§Good work",
    )


class TestFeed:
    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("", 4),
            ("phase=1", 3),
            ("phase=2", 1),
            ("phase=99", 4),
            ("verb=created", 2),
            ("verb=odd", 4),
            ("kind=programmes.need", 2),
            ("kind=gate.2", 1),
            ("kind=odd", 4),
            ("record=waiting", 2),
            ("record=waiting&verb=deleted", 1),
            ("from=2026-03-07", 2),
            ("to=2026-03-02", 2),
            ("to=9999-12-31&from=0001-01-01", 4),
            ("from=odd", 4),
            ("person=odd", 4),
        ],
    )
    def test_filters(self, query: str, count: int, world, feed, sign_in) -> None:
        page = sign_in(world.lead).get(f"{BASE}?{query}").context["page"]

        assert page.paginator.count == count

    def test_filters_by_person(self, world, feed, sign_in) -> None:
        page = sign_in(world.lead).get(f"{BASE}?person={world.sponsor.pk}")

        assert [one["note"] for one in page.context["rows"]] == ["§Good work"]

    def test_takes_each_filter_away_by_its_chip(self, world, feed, sign_in) -> None:
        path = f"{BASE}?verb=created&phase=1&page=1"

        found = sign_in(world.lead).get(path).context["chips"]

        assert {one["href"] for one in found} == {"?verb=created", "?phase=1"}

    def test_says_that_nothing_matches(self, world, feed, sign_in) -> None:
        page = sign_in(world.lead).get(f"{BASE}?record=unheard").content.decode()

        assert "Nothing matches" in page
        assert "Clear filters" in page

    def test_exports_what_is_shown(self, world, feed, sign_in) -> None:
        response = sign_in(world.lead).get(f"{BASE}export.csv?record=waiting")

        text = response.content.decode()
        assert text.count("§Less waiting") == 2
        assert "§Faster" not in text

    def test_is_reached_from_the_history_of_a_record(
        self, world, feed, sign_in
    ) -> None:
        record = Objective.objects.of(world.programme).get(title="§Faster")
        client = sign_in(world.lead)

        page = client.get(f"/p/o2c/objectives/{record.pk}/history/")

        url = page.context["activity_url"]
        assert client.get(url).context["page"].paginator.count == 1
