"""What an event log says at a glance."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnosis.maths.log_summary import log_summary

LOG = [
    ["1", "register", "2024-03-04T08:00", "Ann"],
    ["2", "register", "2024-03-04T09:00", "Ann"],
    ["1", "check", "2024-03-04T10:00", "Bo"],
    ["1", "check", "2024-03-04T11:00", "Bo"],
    ["2", "decide", "2024-03-04T12:00", None],
    ["1", "decide", "2024-03-04T15:00", "Ann"],
]


class TestLogSummary:
    def test_equals_the_hand_calculation(self) -> None:
        result = log_summary(LOG)

        assert (result.cases, result.events, result.activities) == (2, 6, 3)
        assert result.variants == 2
        assert result.mean_throughput_h == pytest.approx(5)
        assert result.p90_throughput_h == pytest.approx(6.6)
        assert result.start == {"register": 2}
        assert result.end == {"decide": 2}
        assert result.rework_case_share == 0.5
        assert result.rework_event_share == pytest.approx(1 / 6)
        assert result.rework_cases_by_activity == {"check": 1}
        assert (result.handovers, result.handovers_per_case) == (2, 1)

    def test_names_the_bottleneck(self) -> None:
        bottleneck = log_summary(LOG).bottleneck

        assert bottleneck is not None
        assert (bottleneck.source, bottleneck.target) == ("check", "decide")
        assert bottleneck.median_gap_h == 4

    def test_keeps_the_order_of_rows_at_one_moment(self) -> None:
        moment = "2024-03-04T08:00"

        result = log_summary([["1", "b", moment], ["1", "a", moment]])

        assert result.dfg == {"b > a": 1}

    def test_leaves_open_cases_out_of_throughput(self) -> None:
        result = log_summary(LOG, open_cases=["2"])

        assert (result.wip, result.mean_throughput_h) == (1, 7)
        assert result.end == {"decide": 1}

    def test_takes_no_time_for_a_single_event(self) -> None:
        result = log_summary([["1", "a", "2024-03-04T08:00+01:00"]])

        assert (result.mean_throughput_h, result.bottleneck) == (0, None)

    def test_is_undefined_without_events(self) -> None:
        result = log_summary([])

        assert result.mean_throughput_h is None
        assert result.rework_case_share is None
        assert result.reason == "insufficient_data"

    @given(
        st.lists(
            st.tuples(
                st.sampled_from("123"),
                st.sampled_from("abc"),
                st.datetimes().map(lambda moment: moment.isoformat()),
            ),
            min_size=1,
            max_size=30,
        )
    )
    def test_counts_add_up(self, events: list[tuple[str, str, str]]) -> None:
        result = log_summary(events)

        assert sum(result.dfg.values()) == result.events - result.cases
        assert sum(variant.cases for variant in result.variant_counts) == result.cases
        assert sum(result.start.values()) == sum(result.end.values()) == result.cases

    @pytest.mark.parametrize(
        ("events", "message"),
        [
            ([["1", "a"]], r"events\[1\]: give at least 3"),
            ([["1", "a", "2024-03-04", None, 5]], r"events\[1\]: give at most 4"),
            ([["1", "", "2024-03-04"]], r"events\[1\]\.activity: give a text"),
            ([[1, "a", "2024-03-04"]], r"events\[1\]\.case: give a text"),
            ([["1", "a", "yesterday"]], r"events\[1\]\.time: give a time such as"),
            ([["1", "a", None]], r"events\[1\]\.time: give a t"),
            ([["1", "a", "2024-03-04", 5]], r"events\[1\]\.resource: give a text"),
            (
                [["1", "a", "2024-03-04"], ["1", "b", "2024-03-04T08:00Z"]],
                "events: give all times with a zone or all without",
            ),
        ],
    )
    def test_refuses(self, events: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            log_summary(events)

    def test_refuses_an_open_case_that_is_not_there(self) -> None:
        with pytest.raises(ValueError, match="open_cases: there is no case 9"):
            log_summary(LOG, open_cases=["9"])
