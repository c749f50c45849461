"""The tab of costs and amounts, and the map by cost."""

from __future__ import annotations

from tests.diagnosis.fill import import_now, receive
from tests.diagnosis.lens_ready import MAPPING, ROWS, lead, log, media, read, url

__all__ = ["lead", "log", "media"]


class TestCosts:
    def test_say_where_most_cost_arises(self, lead, log) -> None:
        text = read(lead, log, "costs/")

        assert "“§Check” costs most: 83% of all cost" in text
        assert "219.75" in text or "220" in text
        assert "Amount of open cases" in text

    def test_are_drawn_on_the_map(self, lead, log) -> None:
        text = read(lead, log, "", measure="cost")

        assert "Most cost arises in §Check: 183, 83%." in text
        assert "activities show what they cost" in text

    def test_are_no_tab_of_a_log_without(self, world, lead) -> None:
        plain = {one: MAPPING[one] for one in ("case", "activity", "timestamp")}
        bare = import_now(world, receive(world, text="\n".join(ROWS) + "\n"), plain)

        overview = read(lead, bare, "", measure="cost")
        page = read(lead, bare, "costs/")

        assert url(bare, "costs/") not in overview
        assert "measure=cost#map" not in overview
        assert "says nothing of costs or amounts" in page

    def test_name_amounts_where_there_are_no_costs(self, world, lead) -> None:
        given = {one: MAPPING[one] for one in MAPPING if one != "cost"}
        log = import_now(world, receive(world, text="\n".join(ROWS) + "\n"), given)

        text = read(lead, log, "costs/")

        assert "No event of these cases has a cost" in text
        assert "1,731" in text


class TestCaseAttributes:
    def test_that_differ_inside_a_case_are_told(self, world, lead) -> None:
        given = {**MAPPING, "case_attributes": ["§Region", "§Who"]}
        given.pop("resource")
        log = import_now(world, receive(world, text="\n".join(ROWS) + "\n"), given)

        text = read(lead, log, "quality/")

        assert "“§Who” (case 1)" in text
        assert "“§Region”" not in text
        assert "files" not in log.quality
