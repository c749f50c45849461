"""Readiness by ADKAR, and groups that are not shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.maths.change import ELEMENTS, adkar, shown

SCORES = dict(zip(ELEMENTS, (5, 4, 2, 1, 3), strict=True))


class TestAdkar:
    def test_names_the_first_low_element_not_the_lowest(self) -> None:
        found = adkar(SCORES)

        assert (found.barrier_point, found.total, found.index) == ("knowledge", 15, 50)

    def test_names_no_barrier_above_three(self) -> None:
        found = adkar(dict.fromkeys(ELEMENTS, 4))

        assert (found.barrier_point, found.index) == (None, 75)

    def test_gives_nothing_for_nothing(self) -> None:
        assert adkar({}).reason == "insufficient_data"

    @pytest.mark.parametrize("wrong", [{"awareness": 3}, {**SCORES, "desire": 6}])
    def test_refuses_what_is_no_set_of_scores(self, wrong: dict[str, int]) -> None:
        with pytest.raises(ValueError, match="scores"):
            adkar(wrong)

    @given(st.lists(st.integers(1, 5), min_size=5, max_size=5))
    def test_index_lies_between_0_and_100(self, values: list[int]) -> None:
        found = adkar(dict(zip(ELEMENTS, values, strict=True)))

        assert found.index is not None
        assert 0 <= found.index <= 100


class TestShown:
    def test_hides_small_groups_and_what_would_give_them_away(self) -> None:
        assert shown({"a": 9, "b": 6, "c": 4}, 5) == {"a"}

    def test_hides_no_more_than_it_must(self) -> None:
        assert shown({"a": 9, "b": 6, "c": 4, "d": 2}, 5) == {"a", "b"}

    def test_shows_all_where_all_are_large(self) -> None:
        assert shown({"a": 5, "b": 6, "c": 0}, 5) == {"a", "b"}

    @given(
        st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 12))
    )
    def test_nobody_can_be_computed_as_the_rest(self, counts: dict[str, int]) -> None:
        open_ = shown(counts, 5)
        hidden = [n for name, n in counts.items() if n and name not in open_]

        assert all(counts[one] >= 5 for one in open_)
        assert not hidden or not open_ or (len(hidden) > 1 and sum(hidden) >= 5)
