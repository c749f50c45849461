"""Costs of activities, cases and paths, against plain Python and by hand."""

import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import fmean, median

import pytest
from hypothesis import given, settings

from diagnosis.mining.costs import costs
from diagnosis.mining.filters import ContainsFilter, NumberFilter
from diagnosis.mining.lenses import open_log
from diagnosis.mining.sources import Mapping
from diagnosis.mining.store import import_log
from tests.diagnosis.mining import small_logs
from tests.diagnosis.mining.small_logs import quantile, traces

HEAD = "case,activity,time,cost\n"
MAPPING = Mapping("case", "activity", "time", cost="cost")


def asked(directory, lines, mapping=MAPPING, filters=()):
    path = directory / "log.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines))
    import_log(path, directory / "store", mapping)
    with open_log(directory / "store") as log:
        return costs(log.where(filters))


class TestNumberFilter:
    LINES = (
        "1,a,2025-01-01,10",
        "1,b,2025-01-02,5",
        "2,a,2025-01-01,12",
        "3,a,2025-01-01,",
    )

    @pytest.mark.parametrize(
        ("chosen", "total"),
        [
            (NumberFilter("cost", 13.0), 15.0),
            (NumberFilter("cost", None, 12.5), 12.0),
            (NumberFilter("cost", 15.0, 15.5), 15.0),
        ],
    )
    def test_asks_for_the_cost_of_the_whole_case(self, tmp_path, chosen, total):
        assert asked(tmp_path, self.LINES, filters=[chosen]).total == total


class TestCosts:
    def test_are_those_of_the_events_that_bear_one(self, tmp_path):
        found = asked(
            tmp_path,
            [
                "1,a,2025-01-01,10",
                "1,b,2025-01-02,",
                "2,a,2025-01-01,30",
                "2,b,2025-01-02,60",
                "3,b,2025-01-01,",
            ],
        )

        assert (found.cases, found.without) == (2, 1)
        assert (found.total, found.mean, found.median) == (100.0, 50.0, 50.0)
        assert found.p90 == pytest.approx(82.0)
        assert [
            (one.activity, one.events, one.cases, one.total, one.median, one.share)
            for one in found.activities
        ] == [("b", 1, 1, 60.0, 60.0, 0.6), ("a", 2, 2, 40.0, 20.0, 0.4)]
        assert [(one.path, one.cases, one.total) for one in found.paths] == [
            (("a", "b"), 2, 100.0)
        ]

    def test_there_are_none_without_a_column(self, tmp_path):
        plain = Mapping("case", "activity", "time")

        assert asked(tmp_path, ["1,a,2025-01-01,10"], plain) is None

    def test_there_are_none_where_no_chosen_case_bears_one(self, tmp_path):
        lines = ["1,a,2025-01-01,10", "2,b,2025-01-01,"]

        assert asked(tmp_path, lines, filters=[ContainsFilter("b")]) is None

    def test_one_bin_where_all_cost_the_same(self, tmp_path):
        found = asked(tmp_path, ["1,a,2025-01-01,7", "2,a,2025-01-01,7"])

        assert [(one.low, one.high, one.cases) for one in found.bins] == [(7, 7, 2)]

    def test_credits_are_negative_and_shares_may_be_unknown(self, tmp_path):
        found = asked(tmp_path, ["1,a,2025-01-01,5", "1,b,2025-01-02,-5"])

        assert found.total == 0
        assert [one.share for one in found.activities] == [None, None]

    @settings(max_examples=25, deadline=None)
    @given(small_logs.rows())
    def test_equals_plain_python(self, rows):
        with tempfile.TemporaryDirectory() as folder:
            store = small_logs.store_of(rows, Path(folder), costed=True)
            with open_log(store) as log:
                found = costs(log, top=100, bins=5)
        of_cases = [sum(r.amount / 2 for r in held) for held in traces(rows).values()]
        of_activities = defaultdict(list)
        for row in rows:
            of_activities[row.activity].append(row.amount / 2)

        assert found.cases == len(of_cases)
        assert found.mean == pytest.approx(fmean(of_cases))
        assert found.median == pytest.approx(median(of_cases))
        assert found.p90 == pytest.approx(quantile(of_cases, 0.9))
        assert (found.least, found.most) == (min(of_cases), max(of_cases))
        assert {
            one.activity: (one.events, one.total, one.median)
            for one in found.activities
        } == {
            name: (len(held), sum(held), median(held))
            for name, held in of_activities.items()
        }
        assert sum(one.total for one in found.paths) == pytest.approx(found.total)
        assert sum(one.cases for one in found.bins) == found.cases
