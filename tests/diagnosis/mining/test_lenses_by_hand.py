"""Cases, resources, times and open cases against plain Python on random logs."""

import tempfile
from collections import Counter, defaultdict
from datetime import UTC, date, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from diagnosis.mining import cases, resources, waiting
from diagnosis.mining.filters import ContainsFilter
from diagnosis.mining.lenses import open_log
from tests.diagnosis.mining import small_logs
from tests.diagnosis.mining.small_logs import length, quantile, traces

RANDOM = settings(max_examples=6, deadline=None)


def check(rows, compare, zone="UTC"):
    """Compare on the whole log, and on the cases that contain one activity."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_log(small_logs.store_of(rows, Path(folder), zone)) as log,
    ):
        compare(log, traces(rows))
        name = "a" if len(rows) <= small_logs.MOST else rows[-1].activity
        some = {row.case for row in rows if row.activity == name}
        kept = [row for row in rows if row.case in some]
        compare(log.where([ContainsFilter(name)]), traces(kept))


class TestCases:
    @RANDOM
    @given(small_logs.rows())
    def test_are_listed_longest_first_page_by_page(self, rows):
        def compare(log, held):
            expected = sorted(held, key=lambda case: (-length(held[case]), case))

            pages = [cases.case_page(log, page=n, size=3) for n in range(1, 5)]

            seen = {row.case: row for page in pages for row in page.rows}
            assert list(seen) == expected
            assert {page.total for page in pages} == {len(held)}
            for case, row in seen.items():
                assert row.events == len(held[case])
                assert row.duration_s == length(held[case])
                assert row.end == held[case][-1].end
            assert list(cases.all_cases(log)) == list(seen.values())

        check(rows, compare)

    @RANDOM
    @given(small_logs.rows())
    def test_have_a_timeline(self, rows):
        def compare(log, held):
            for case, trace in held.items():
                found = cases.timeline(log, case)
                assert found.path == tuple(one.activity for one in trace)
                assert found.total == len(trace)
                for place, (seen, row) in enumerate(
                    zip(found.events, trace, strict=True)
                ):
                    assert (seen.activity, seen.end) == (row.activity, row.end)
                    assert seen.start == row.start
                    said = dict(seen.attributes)
                    assert said.get("region", "") == row.region
                    assert float(said["amount"]) == row.amount
                    if not place:
                        assert seen.before_s is None
                        continue
                    gap = (row.start or row.end) - trace[place - 1].end
                    assert seen.before_s == max(gap.total_seconds(), 0)
                    assert seen.is_wait == (row.start is not None)
            assert cases.timeline(log, "§") is None

        check(rows, compare)

    @RANDOM
    @given(small_logs.rows())
    def test_take_paths_with_a_running_share(self, rows):
        def compare(log, held):
            paths = defaultdict(list)
            for trace in held.values():
                paths[tuple(one.activity for one in trace)].append(length(trace))

            pages = [cases.path_page(log, page=n, size=2) for n in range(1, 6)]

            seen = {row.steps: row for page in pages for row in page.rows}
            assert set(seen) == set(paths)
            assert [row.place for row in seen.values()] == [*range(1, len(paths) + 1)]
            running = 0
            for steps, row in seen.items():
                running += len(paths[steps])
                assert row.cases == len(paths[steps])
                assert row.median_s == pytest.approx(median(paths[steps]))
                assert row.share == pytest.approx(row.cases / len(held))
                assert row.cumulative == pytest.approx(running / len(held))
            counts = [row.cases for row in seen.values()]
            assert counts == sorted(counts, reverse=True)

        check(rows, compare)

    def test_are_found_and_sorted(self, tmp_path):
        rows = [
            small_logs.Row(case, "a", None, small_logs.moment(at), "", "", 0)
            for case, at in (("Order 7", 5), ("Order 17", 3), ("Claim 7", 9))
        ]

        with open_log(small_logs.store_of(rows, tmp_path)) as log:
            orders = cases.case_page(log, sort="case", search="oRDER")
            started = cases.case_page(log, sort="-start", page=99)
            odd = cases.case_page(log, sort="§; DROP", search="%")
            empty = log.where([ContainsFilter("§")])
            nothing = cases.case_page(empty), cases.path_page(empty)

        assert [row.case for row in orders.rows] == ["Order 17", "Order 7"]
        assert started.rows[0].case == "Claim 7"
        assert (started.page, odd.total) == (1, 0)
        assert [one.rows for one in nothing] == [(), ()]


class TestResources:
    @RANDOM
    @given(small_logs.rows())
    def test_are_counted(self, rows):
        def compare(log, held):
            events = [one for trace in held.values() for one in trace]
            counts = Counter(one.who for one in events)

            found = resources.resources(log)

            assert found.unnamed == counts.pop("", 0)
            assert found.named == counts.total()
            assert {row.name: row.events for row in found.rows} == counts
            for row in found.rows:
                mine = [one for one in events if one.who == row.name]
                assert row.cases == len({one.case for one in mine})
                assert row.activities == len({one.activity for one in mine})
                assert row.share == pytest.approx(row.events / found.named)

        check(rows, compare)

    @RANDOM
    @given(small_logs.rows())
    def test_hand_over(self, rows):
        def compare(log, held):
            pairs = [
                (one.who, then.who)
                for trace in held.values()
                for one, then in pairwise(trace)
                if one.who and then.who
            ]
            changes = Counter(pair for pair in pairs if len(set(pair)) == 2)

            full, small = (resources.hand_overs(log, top=n) for n in (9, 1))

            assert full.total == small.total == changes.total()
            assert full.kept == small.kept == len(pairs) - changes.total()
            for giver, line in zip(full.names, full.counts, strict=False):
                for taker, count in zip(full.names, line, strict=False):
                    assert count == changes[giver, taker]
            if small.names:
                (busy,) = small.names
                gave = sum(n for (giver, _), n in changes.items() if giver == busy)
                assert small.counts[0] == (0, gave)
                assert sum(map(sum, small.counts)) == changes.total()
                assert full.per_case == pytest.approx(changes.total() / len(held))

        check(rows, compare)

    @pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kolkata", "UTC"])
    @settings(max_examples=4, deadline=None)
    @given(rows=small_logs.rows(starts=False))
    def test_work_at_their_own_hours(self, zone, rows):
        def compare(log, held):
            expected = Counter()
            for trace in held.values():
                for one in trace:
                    local = one.end.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
                    expected[local.weekday(), local.hour] += 1

            found = resources.workload(log)

            seen = {
                (weekday, hour): count
                for weekday, line in enumerate(found.hours)
                for hour, count in enumerate(line)
                if count
            }
            assert seen == dict(expected)
            assert found.total == expected.total()
            assert found.zone == zone

        check(rows, compare, zone)


class TestTimes:
    @RANDOM
    @given(small_logs.rows())
    def test_part_waiting_from_working(self, rows):
        def compare(log, held):
            work, wait, gap, timed = (defaultdict(list) for _ in range(4))
            for trace in held.values():
                for one in trace:
                    timed[one.activity].append(one.start is not None)
                    if one.start:
                        took = (one.end - one.start).total_seconds()
                        work[one.activity].append(took)
                for one, then in pairwise(trace):
                    waited = ((then.start or then.end) - one.end).total_seconds()
                    wait[then.activity].append(max(waited, 0))
                    apart = (then.end - one.end).total_seconds()
                    gap[then.activity].append(apart)

            found = waiting.times(log)

            assert {row.activity for row in found.activities} == set(timed)
            for row in found.activities:
                assert row.is_wait == all(timed[row.activity])
                before = wait if row.is_wait else gap
                same(row.work, work[row.activity])
                same(row.before, before[row.activity])
            whole = sum(map(sum, work.values()))
            assert found.work_s == pytest.approx(whole)
            if not any(any(one) for one in timed.values()):
                assert found.work_share is None
                assert found.wait_s == 0

        check(rows, compare)

    @pytest.mark.parametrize("unit", ["week", "month"])
    @settings(max_examples=4, deadline=None)
    @given(rows=small_logs.rows())
    def test_count_the_open_cases(self, unit, rows):
        def compare(log, held):
            spans = [
                (trace[-1].end - timedelta(seconds=length(trace)), trace[-1])
                for trace in held.values()
            ]

            found = waiting.open_cases(log, unit)
            closing = waiting.open_cases(log, unit, closing=["b"])

            for period, after in zip(
                found,
                [*[one.start for one in found[1:]], None][: len(found)],
                strict=True,
            ):
                until = after or date.max
                came = [start for start, _ in spans if start.date() < until]
                gone = [end for _, end in spans if end.end.date() < until]
                assert period.open == len(came) - len(gone)
            assert sum(one.arrived for one in found) == len(held)
            assert all(one.start.weekday() == 0 for one in found) or unit == "month"
            if closing:
                never = [end for _, end in spans if end.activity != "b"]
                assert closing[-1].open == len(never)

        check(rows, compare)


def same(found, values):
    if not values:
        assert found is None
        return
    assert found.count == len(values)
    assert found.median_s == pytest.approx(median(values))
    assert found.p90_s == pytest.approx(quantile(values, 0.9))
    assert found.sum_s == pytest.approx(sum(values))


class TestRealLogs:
    """The same comparisons on events of real logs, read in place."""

    @pytest.fixture(scope="class", params=["production.csv", "receipt.csv"])
    def rows(self, request, tmp_path_factory):
        return small_logs.real_rows(request.param, tmp_path_factory.mktemp("real"))

    @pytest.mark.parametrize(
        "test",
        [
            TestResources.test_are_counted,
            TestResources.test_hand_over,
            TestTimes.test_part_waiting_from_working,
        ],
        ids=lambda test: test.__name__,
    )
    def test_agree(self, rows, test):
        assert len(rows) > small_logs.MOST

        test.hypothesis.inner_test(self, rows)
