"""Measures by week or month, on a log small enough to count by hand."""

from datetime import date

import pytest

from diagnosis.mining.conformance import Model
from diagnosis.mining.filters import ContainsFilter
from diagnosis.mining.lenses import open_log
from diagnosis.mining.series import MEASURES, Asked, Point, series
from diagnosis.mining.sources import LogError, Mapping
from diagnosis.mining.store import import_log

LOG = """case,activity,begun,done
1,a,2024-01-02T08:00,2024-01-02T09:00
1,b,2024-01-02T12:00,2024-01-02T14:00
2,a,2024-01-03T08:00,2024-01-03T09:00
2,a,2024-01-03T10:00,2024-01-03T11:00
2,b,2024-01-05T11:00,2024-01-05T12:00
3,b,2024-02-05T08:00,2024-02-05T12:00
4,a,2024-02-06T08:00,2024-02-06T09:00
"""
JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)
MODEL = Model(frozenset({(None, "a"), ("a", "b"), ("b", None)}), {"a": "1", "b": "2"})


@pytest.fixture
def log(tmp_path):
    (tmp_path / "log.csv").write_text(LOG, "utf-8")
    mapping = Mapping("case", "activity", "done", start="begun")
    import_log(tmp_path / "log.csv", tmp_path / "store", mapping)
    with open_log(tmp_path / "store") as opened:
        yield opened


class TestSeries:
    @pytest.mark.parametrize(
        ("key", "about", "january", "february"),
        [
            ("cases_completed", (), 2, 2),
            ("rework_share", (), 0.5, 0),
            ("rework_event_share", (), 0.2, 0),
            ("events_per_case", (), 2.5, 1),
            ("activity_share", ("a",), 1, 0.5),
            ("edge_share", ("a", "b"), 1, 0),
            ("edge_share", ("a", "a"), 0.5, 0),
            ("path_share", ("a", "b"), 0.5, 0),
            ("activity_work_hours", ("b",), 1.5, 4),
            ("conforming_share", (), 0.5, 0),
            ("move_fitness", (), 6 / 7, 0.5),
        ],
    )
    def test_goes_by_month(self, log, key, about, january, february) -> None:
        found = series(log, Asked(key, about), model=MODEL)

        assert [one.start for one in found] == [JANUARY, FEBRUARY]
        values = [one.value for one in found]
        assert values == pytest.approx([january, february])

    def test_tells_waits_where_they_end(self, log) -> None:
        found = series(log, Asked("edge_wait_hours", ("a", "b")))

        assert found == [Point(JANUARY, 25.5, 2)]

    def test_goes_by_week(self, log) -> None:
        found = series(log, Asked("cases_completed", period="week"))

        assert found == [Point(JANUARY, 2, 2), Point(date(2024, 2, 5), 2, 2)]

    def test_leaves_out_open_cases_and_what_is_filtered(self, log) -> None:
        closed = series(log, Asked("cases_completed"), closing=["b"])
        chosen = series(log.where([ContainsFilter("a")]), Asked("cases_completed"))

        assert [one.value for one in closed] == [2, 1]
        assert [one.value for one in chosen] == [2, 1]

    def test_leaves_out_what_belongs_elsewhere(self, log) -> None:
        model = Model(MODEL.permitted, {"a": "1"}, frozenset("b"))

        found = series(log, Asked("conforming_share"), model=model)

        assert [one.number for one in found] == [2, 1]

    def test_has_nothing_where_no_value_is(self, log) -> None:
        assert series(log, Asked("cost_per_case")) == []

    def test_answers_for_every_measure(self, log) -> None:
        silent = [
            key
            for key in MEASURES
            if not series(log, Asked(key, ("a", "b")), model=MODEL)
        ]

        assert silent == ["cost_per_case"]

    @pytest.mark.parametrize(
        "asked",
        [
            Asked("luck"),
            Asked("edge_share", ("a",)),
            Asked("conforming_share"),
            Asked("rework_share", period="day"),
        ],
    )
    def test_refuses_what_cannot_be(self, log, asked) -> None:
        with pytest.raises(LogError):
            series(log, asked)
