"""What differs between slow and fast cases, against plain Python."""

import tempfile
from collections import Counter
from pathlib import Path
from statistics import fmean, median

import pytest
from hypothesis import given, settings

from diagnosis.mining.contrast import FEW_NUMBERS, LEAST_SHARE, contrast
from diagnosis.mining.filters import ContainsFilter
from diagnosis.mining.lenses import open_log
from tests.diagnosis.mining import small_logs
from tests.diagnosis.mining.small_logs import length, quantile, traces

DAY = 86_400.0


def groups(held, threshold=None):
    """Slow and fast traces."""
    took = [length(trace) for trace in held.values()]
    if threshold is None:
        low, high = quantile(took, 0.25), quantile(took, 0.75)
        if low >= high:
            return [], []
    else:
        low = high = threshold
    slow = [trace for trace in held.values() if length(trace) >= high]
    fast = [trace for trace in held.values() if length(trace) <= low]
    if threshold is not None:
        fast = [trace for trace in fast if length(trace) < low]
    return slow, fast


def are_amounts(held):
    """Whether the amounts are more than a few codes."""
    return len({row.amount for trace in held for row in trace}) > FEW_NUMBERS


def facts(trace, codes):
    """Everything that a case has, as (kind, name, value)."""
    names = [row.activity for row in trace]
    for name in set(names):
        yield "activity", name, ""
        if names.count(name) > 1:
            yield "repeated", name, ""
    yield from {("resource", "", row.who) for row in trace if row.who}
    yield from {("attribute", "region", row.region) for row in trace if row.region}
    if codes:
        yield from {("attribute", "amount", str(row.amount)) for row in trace}


def shares(slow, fast, codes):
    parts = [
        Counter(fact for trace in group for fact in facts(trace, codes))
        for group in (slow, fast)
    ]
    for fact in {*parts[0], *parts[1]}:
        both = [
            part[fact] / len(group)
            for part, group in zip(parts, (slow, fast), strict=True)
        ]
        if max(both) >= LEAST_SHARE and both[0] != both[1]:
            yield fact, both


def numbers(slow, fast, codes):
    say = {
        ("count", "events", ""): len,
        ("count", "repeats", ""): lambda t: len(t) - len({r.activity for r in t}),
        ("number", "amount", ""): lambda t: fmean(row.amount for row in t),
    }
    if codes:
        del say["number", "amount", ""]
    for key, of in say.items():
        first, second = ([of(trace) for trace in group] for group in (slow, fast))
        signs = [(x > y) - (x < y) for x in first for y in second]
        if sum(signs):
            yield key, median(first), median(second), sum(signs) / len(signs)


class TestContrast:
    @settings(max_examples=8, deadline=None)
    @given(small_logs.rows())
    def test_counts_what_slow_and_fast_cases_have(self, rows):
        with (
            tempfile.TemporaryDirectory() as folder,
            open_log(small_logs.store_of(rows, Path(folder))) as log,
        ):
            held = traces(rows)
            codes = not are_amounts(held.values())
            self.compare(contrast(log), *groups(held), codes)
            self.compare(contrast(log, 9 * DAY), *groups(held, 9 * DAY), codes)

    @pytest.mark.parametrize("name", ["production.csv", "receipt.csv"])
    def test_agrees_on_real_logs(self, name, tmp_path_factory):
        rows = small_logs.real_rows(name, tmp_path_factory.mktemp("real"))

        with open_log(small_logs.store_of(rows, tmp_path_factory.mktemp("log"))) as log:
            found = contrast(log)

        slow, fast = groups(traces(rows))
        known = dict(shares(slow, fast, True))
        assert (found.slow, found.fast) == (len(slow), len(fast))
        assert found.differences
        for one in found.differences:
            if one.odds_ratio is not None:
                of_slow, of_fast = known[one.kind, one.name, one.value]
                assert one.slow == pytest.approx(of_slow)
                assert one.fast == pytest.approx(of_fast)

    def compare(self, found, slow, fast, codes):
        seen = {(one.kind, one.name, one.value): one for one in found.differences}
        if not slow or not fast:
            assert not seen
            return
        assert (found.slow, found.fast) == (len(slow), len(fast))
        expected = dict(shares(slow, fast, codes))
        figures = {key: rest for key, *rest in numbers(slow, fast, codes)}
        assert set(seen) == {*expected, *figures}
        for key, (of_slow, of_fast) in expected.items():
            assert seen[key].slow == pytest.approx(of_slow)
            assert seen[key].fast == pytest.approx(of_fast)
            assert seen[key].effect == pytest.approx(of_slow - of_fast)
        for key, (of_slow, of_fast, effect) in figures.items():
            assert seen[key].slow == pytest.approx(of_slow)
            assert seen[key].fast == pytest.approx(of_fast)
            assert seen[key].effect == pytest.approx(effect)
        effects = [abs(one.effect) for one in found.differences]
        assert effects == sorted(effects, reverse=True)

    def test_says_nothing_of_cases_that_take_the_same(self, tmp_path):
        rows = [
            small_logs.Row(case, name, None, small_logs.moment(at), "", "", 0)
            for case in "ABCDE"
            for at, name in enumerate("abc")
        ]

        with open_log(small_logs.store_of(rows, tmp_path)) as log:
            equal, empty = contrast(log), contrast(log.where([ContainsFilter("§")]))

        assert not equal.differences
        assert not empty.differences
        assert (equal.slow, empty.slow) == (0, 0)

    def test_leaves_out_attributes_of_many_values(self, tmp_path):
        rows = [
            small_logs.Row(f"{n}", "a", None, small_logs.moment(n), f"{n}", f"r{n}", n)
            for n in range(120)
        ] + [
            small_logs.Row(f"{n}", "b", None, small_logs.moment(n * n), "Bo", "", 1)
            for n in range(120)
        ]

        with open_log(small_logs.store_of(rows, tmp_path)) as log:
            found = contrast(log)

        # Resources are named by numbers here, and are no amounts all the same.
        assert found.left_out == ("region",)
        assert {one.name for one in found.differences} <= {"amount", "events"}
