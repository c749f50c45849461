"""A log against a model: shares, deviations, times and tokens."""

import pytest

from diagnosis.maths.conformance import Net
from diagnosis.mining.conformance import Model, as_steps, conformance
from diagnosis.mining.filters import ContainsFilter
from diagnosis.mining.lenses import open_log
from diagnosis.mining.sources import Mapping
from diagnosis.mining.store import import_log

STEPS = {"a": "1", "b": "2", "c": "3"}
PERMITTED = frozenset({(None, "a"), ("a", "b"), ("b", "c"), ("c", None)})
NET = Net(
    "i",
    "o",
    {"1": (("i",), ("p",)), "2": (("p",), ("q",)), "3": (("q",), ("o",))},
)
MODEL = Model(PERMITTED, STEPS, net=NET)


@pytest.fixture
def store(tmp_path):
    """Three cases a b c of two days, one a c of five, one a x b c of three."""
    paths = {"1": "abc", "2": "abc", "3": "abc", "4": "ac", "5": "axbc"}
    last = {"4": 6, "5": 4}
    rows = ["case,activity,at"]
    for case, path in paths.items():
        days = [*range(1, len(path)), last.get(case, 3)]
        rows += [f"{case},{n},2024-01-{d:02}" for n, d in zip(path, days, strict=True)]
    source = tmp_path / "log.csv"
    source.write_text("\n".join(rows), "utf-8")
    import_log(source, tmp_path / "store", Mapping("case", "activity", "at"))
    return tmp_path / "store"


class TestConformance:
    def test_counts_moves_and_cases(self, store) -> None:
        with open_log(store) as log:
            found = conformance(log, MODEL)

        assert (found.cases, found.conforming, found.share) == (5, 3, 0.6)
        assert (found.moves, found.permitted) == (20, 17)
        assert [(one.source, one.target) for one in found.deviations] == [
            ("a", "c"),
            ("a", "x"),
            ("x", "b"),
        ]
        assert found.step_cases == {"1": 5, "2": 4, "3": 5}

    def test_says_how_much_longer_such_cases_take(self, store) -> None:
        with open_log(store) as log:
            found = conformance(log, MODEL)

        assert found.deviations[0].extra_s == 3 * 86_400
        assert found.deviations[0].share == 0.2

    def test_passes_over_what_belongs_elsewhere(self, store) -> None:
        model = Model(PERMITTED, STEPS, frozenset("x"), NET)

        with open_log(store) as log:
            found = conformance(log, model)

        assert found.conforming == 4
        assert found.replay is not None
        assert (found.replay.unknown_events, found.replay.fitting_cases) == (0, 4)

    def test_tells_the_cases_that_it_cannot_see(self, store) -> None:
        with open_log(store) as log:
            found = conformance(log, Model(PERMITTED, STEPS, frozenset("abcx")))

        assert (found.cases, found.untouched, found.fitness) == (0, 5, None)
        assert found.replay is None

    def test_knows_the_filters_of_the_log(self, store) -> None:
        with open_log(store) as log:
            found = conformance(log.where([ContainsFilter("b")]), MODEL)

        assert (found.cases, found.conforming) == (4, 3)

    def test_replays_tokens(self, store) -> None:
        with open_log(store) as log:
            replay = conformance(log, MODEL).replay

        assert replay is not None
        assert (replay.missing, replay.remaining, replay.unknown_events) == (1, 1, 1)
        assert replay.fitting_cases == 3
        assert replay.fitness == pytest.approx(1 - 1 / 19)


class TestAsSteps:
    def test_makes_one_of_several_activities_of_a_step(self) -> None:
        steps = {"a": "1", "b": "1", "c": "2"}

        assert as_steps(("a", "b", "c"), steps) == ("1", "2")
        assert as_steps(("a", "a", "c"), steps) == ("1", "1", "2")
        assert as_steps(("a", "x", "c"), steps)[1].endswith("x")
