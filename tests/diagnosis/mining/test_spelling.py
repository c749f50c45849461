"""Filters as texts in an address."""

import pytest

from diagnosis.mining.filters import (
    AttributeFilter,
    ContainsFilter,
    DurationFilter,
    EndpointFilter,
    FollowsFilter,
    MoveFilter,
    NumberFilter,
    TimeFilter,
    VariantFilter,
)
from diagnosis.mining.spelling import (
    MOST_FILTERS,
    BadFilter,
    read_filter,
    read_filters,
    spell,
)


class TestReadFilter:
    @pytest.mark.parametrize(
        ("given", "found"),
        [
            (("duration", 1, None), DurationFilter(86_400.0, None)),
            (("attribute", "x", "y", False), AttributeFilter("x", ("y",), False)),
            (("number", "x", 1, None), NumberFilter("x", 1.0, None)),
            (("activity", "a", True), ContainsFilter("a")),
            (("variant", 3, True), VariantFilter((3,))),
            (("follows", "a", "b", False), FollowsFilter("a", "b", False)),
            (("ends", "", "b"), EndpointFilter((), ("b",))),
            (("move", "a", None, ["b"]), MoveFilter("a", None, ("b",))),
        ],
    )
    def test_reads_what_was_spelt(self, given, found):
        assert read_filter(spell(*given)) == found

    def test_reads_days(self):
        chosen = read_filter(spell("time", "2025-01-31", None, "started"))

        assert isinstance(chosen, TimeFilter)
        assert (chosen.since.day, chosen.until, chosen.mode) == (31, None, "started")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "x",
            "[]",
            "{}",
            "[1]",
            '["none"]',
            "[" * 5000,
            '["time",null,null,"started"]',
            '["time","2025-01-31",null,"x"]',
            '["time","yesterday",null,"started"]',
            '["duration",null,null]',
            '["duration",-1,null]',
            '["duration",1e999,null]',
            '["duration",NaN,null]',
            '["duration",{},null]',
            '["variant","1",true]',
            '["variant",0,true]',
            '["activity",7,true]',
            '["activity","",true]',
            '["activity","a"]',
            '["activity","a\0",true]',
            '["ends","",""]',
            '["follows","a"]',
            '["move",null,null,[]]',
            '["move","a","b",7]',
            '["move","a","b",[7]]',
        ],
    )
    def test_refuses_anything_else(self, text):
        with pytest.raises(BadFilter):
            read_filter(text)


class TestReadFilters:
    def test_leaves_out_what_is_none_and_twins(self):
        text = spell("activity", "a", True)

        assert [one for one, _chosen in read_filters(["?", text, text])] == [text]

    def test_stops_at_the_most(self):
        texts = [spell("variant", number, True) for number in range(1, 40)]

        assert len(read_filters(texts)) == MOST_FILTERS
