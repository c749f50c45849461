"""Conformance: direct successions and tokens."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnosis.maths.conformance import Deviation, dfg_fitness, token_replay

CHAIN = {"allowed": [["a", "b"], ["b", "c"]], "start": ["a"], "end": ["c"]}
NET = {
    "source": "i",
    "sink": "o",
    "transitions": {
        "a": {"in": ["i"], "out": ["p"]},
        "b": {"in": ["p"], "out": ["q"]},
        "c": {"in": ["q"], "out": ["o"]},
    },
}
TRACES = st.lists(
    st.tuples(st.lists(st.sampled_from("abcx"), max_size=6), st.integers(1, 5)),
    min_size=1,
    max_size=6,
)


class TestDfgFitness:
    def test_names_each_deviation_with_its_cases(self) -> None:
        found = dfg_fitness([[["a", "c"], 2], [["a", "b", "c"], 10]], **CHAIN)

        assert found.move_fitness == pytest.approx(44 / 46)
        assert found.trace_fitness_share == pytest.approx(10 / 12)
        assert found.deviations == (Deviation("a", "c", 2, 2),)

    def test_counts_a_move_each_time_and_its_case_once(self) -> None:
        found = dfg_fitness([[["a", "a", "a", "b", "c"], 3]], **CHAIN)

        assert found.deviations == (Deviation("a", "a", 6, 3),)

    def test_tells_start_and_end_by_nothing(self) -> None:
        found = dfg_fitness([[["b"], 1]], **CHAIN)

        assert found.deviations == (
            Deviation(None, "b", 1, 1),
            Deviation("b", None, 1, 1),
        )
        assert found.move_fitness == 0

    def test_has_an_unknown_activity_deviate_twice(self) -> None:
        found = dfg_fitness([[["a", "x", "b", "c"], 1]], **CHAIN)

        assert [(one.source, one.target) for one in found.deviations] == [
            ("a", "x"),
            ("x", "b"),
        ]

    def test_says_nothing_of_nothing(self) -> None:
        found = dfg_fitness([], **CHAIN)

        assert found.move_fitness is None
        assert found.reason == "insufficient_data"

    @settings(deadline=None)
    @given(TRACES)
    def test_adds_up(self, log) -> None:
        found = dfg_fitness(log, **CHAIN)

        assert found.moves - found.permitted == sum(d.count for d in found.deviations)
        assert (found.trace_fitness_share == 1) == (not found.deviations)
        assert all(one.cases <= min(one.count, found.cases) for one in found.deviations)

    @pytest.mark.parametrize("log", [[[["a"], 0]], [[["a"]]], [["a", 1]], [[[""], 1]]])
    def test_refuses_what_is_no_log(self, log) -> None:
        with pytest.raises(ValueError, match="log"):
            dfg_fitness(log, **CHAIN)

    def test_refuses_an_endless_log(self) -> None:
        with pytest.raises(ValueError, match="at most"):
            dfg_fitness([[["a"] * 9999, 1]] * 21, **CHAIN)


class TestTokenReplay:
    def test_fits_what_the_net_foresees(self) -> None:
        found = token_replay(NET, [[["a", "b", "c"], 7]])

        assert (found.fitness, found.fitting_cases, found.produced) == (1, 7, 28)

    def test_counts_the_unknown_without_moving_a_token(self) -> None:
        found = token_replay(NET, [[["a", "x", "b", "c"], 2]])

        assert (found.fitness, found.unknown_events, found.fitting_cases) == (1, 2, 0)

    def test_sums_over_the_log(self) -> None:
        found = token_replay(NET, [[["a", "b", "c"], 1], [["a", "c"], 1]])

        assert (found.missing, found.remaining) == (1, 1)
        assert found.fitness == pytest.approx(1 - 1 / 7)

    def test_says_nothing_of_nothing(self) -> None:
        assert token_replay(NET, []).reason == "insufficient_data"

    @settings(deadline=None)
    @given(TRACES)
    def test_keeps_the_books(self, log) -> None:
        found = token_replay(NET, log)

        assert found.produced + found.missing == found.consumed + found.remaining
        assert found.fitness is not None
        assert 0 <= found.fitness <= 1
