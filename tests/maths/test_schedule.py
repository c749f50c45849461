"""Critical path and slack."""

from statistics import NormalDist
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.maths.schedule import cpm

DIAMOND = [
    {"id": "A", "duration": 3},
    {"id": "B", "duration": 2},
    {"id": "C", "duration": 4, "pred": ["A"]},
    {"id": "D", "duration": 2, "pred": ["B"]},
]


class TestCpm:
    def test_equals_the_published_example(self) -> None:
        estimates = {
            "A": ([], 5, 6, 7),
            "B": ([], 1, 3, 5),
            "C": ([], 1, 4, 7),
            "D": (["A"], 1, 2, 3),
            "E": (["B"], 1, 2, 9),
            "F": (["C"], 1, 5, 9),
            "G": (["C"], 2, 2, 8),
            "H": (["E", "F"], 4, 4, 10),
            "I": (["D"], 2, 5, 8),
            "J": (["H", "G"], 2, 2, 8),
        }

        result = cpm(
            [
                {"id": name, "pred": pred, "o": o, "m": m, "p": p}
                for name, (pred, o, m, p) in estimates.items()
            ],
            deadline=17,
        )

        assert result.duration == pytest.approx(17)
        assert result.critical_path == ("C", "F", "H", "J")
        assert result.variance == pytest.approx(43 / 9)
        assert result.probability_by_deadline == pytest.approx(0.5)

    def test_equals_the_hand_calculation(self) -> None:
        result = cpm(DIAMOND)

        assert result.duration == 7
        assert result.slack == {"A": 0, "B": 3, "C": 0, "D": 3}
        assert result.free_slack == {"A": 0, "B": 0, "C": 0, "D": 3}
        assert result.latest_start == {"A": 0, "B": 3, "C": 3, "D": 5}
        assert result.reason is None

    def test_gives_the_chance_of_a_deadline(self) -> None:
        result = cpm([{"id": "A", "o": 2, "m": 5, "p": 8}], deadline=6)

        assert result.probability_by_deadline == pytest.approx(NormalDist().cdf(1))

    def test_gives_no_chance_without_variance(self) -> None:
        result = cpm(DIAMOND, deadline=8)

        assert result.probability_by_deadline is None
        assert result.reason == "zero_variance"

    def test_takes_the_largest_variance_of_several_critical_paths(self) -> None:
        result = cpm(
            [
                {"id": "A", "o": 4, "m": 5, "p": 6},
                {"id": "B", "o": 2, "m": 5, "p": 8},
                {"id": "C", "duration": 1, "pred": ["A", "B"]},
            ]
        )

        assert result.critical_path == ("A", "B", "C")
        assert result.variance == pytest.approx(1)

    def test_keeps_separate_critical_chains_apart(self) -> None:
        result = cpm(
            [
                {"id": "A", "duration": 5},
                {"id": "B", "o": 1, "m": 2, "p": 3, "pred": []},
                {"id": "C", "duration": 3, "pred": ["B"]},
                {"id": "D", "duration": 0, "pred": ["A", "B", "C"]},
            ]
        )

        assert result.critical_path == ("A", "B", "C", "D")
        assert result.variance == pytest.approx(1 / 9)

    def test_names_the_loop(self) -> None:
        result = cpm(
            [
                {"id": "A", "duration": 1},
                {"id": "B", "duration": 1, "pred": ["A", "D"]},
                {"id": "C", "duration": 1, "pred": ["B"]},
                {"id": "D", "duration": 1, "pred": ["A", "C"]},
                {"id": "E", "duration": 1, "pred": ["D"]},
            ]
        )

        assert (result.duration, result.reason) == (None, "cycle")
        assert set(result.loop) == {"B", "C", "D"}
        assert result.slack == {}

    def test_names_an_activity_that_waits_for_itself(self) -> None:
        assert cpm([{"id": "A", "duration": 1, "pred": ["A"]}]).loop == ("A",)

    def test_takes_no_time_without_work(self) -> None:
        assert cpm([]).duration == 0

    def test_copes_with_a_long_chain(self) -> None:
        chain = [
            {"id": str(n), "duration": 1, "pred": [str(n - 1)] if n else []}
            for n in range(5000)
        ]

        assert cpm(chain).duration == 5000

    @given(st.data())
    def test_slack_and_path_agree_with_the_duration(self, data: st.DataObject) -> None:
        size = data.draw(st.integers(1, 8))
        activities = [
            {
                "id": str(place),
                "duration": data.draw(st.integers(0, 9)),
                "pred": [
                    str(link) for link in range(place) if data.draw(st.booleans())
                ],
            }
            for place in range(size)
        ]

        result = cpm(activities)

        assert min(result.slack.values()) == 0
        assert all(
            result.free_slack[name] <= result.slack[name] for name in result.slack
        )
        assert max(result.earliest_finish.values()) == result.duration

    @pytest.mark.parametrize(
        ("activities", "message"),
        [
            ([1], r"activities\[1\]: give a table"),
            ([{"duration": 1}], r"activities\[1\]\.id: this value is missing"),
            ([{"id": "A"}], r"activities\[1\]\.o: this value is missing"),
            ([{"id": "A", "duration": -1}], r"\.duration: give 0 or more"),
            ([{"id": "A", "o": 3, "m": 2, "p": 4}], "give o, m and p in rising order"),
            ([{"id": "A", "duration": 1}] * 2, "A is there twice"),
            ([{"id": "A", "duration": 1, "pred": ["B"]}], "there is no activity B"),
            ([{"id": "A", "duration": 1, "pred": "B"}], "pred: give a list"),
        ],
    )
    def test_refuses(self, activities: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            cpm(activities)
