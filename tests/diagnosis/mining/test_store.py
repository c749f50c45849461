"""The store, the lenses and the analysis, on logs small enough to count by hand."""

import csv
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import mean, median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.demo.event_log import write_demo_log
from diagnosis.mining.analyse import analyse_log, analyse_store
from diagnosis.mining.engine import connect
from diagnosis.mining.filters import (
    AttributeFilter,
    ContainsFilter,
    DurationFilter,
    EndpointFilter,
    FollowsFilter,
    TimeFilter,
    VariantFilter,
    filters_key,
)
from diagnosis.mining.lenses import (
    durations,
    open_log,
    overview,
    rework,
    throughput,
    variants,
)
from diagnosis.mining.maps import bottleneck, process_map
from diagnosis.mining.series import Asked, series
from diagnosis.mining.sources import LogError
from diagnosis.mining.store import import_log, read_meta, sweep

REGISTER, EXAMINE, CASUAL = "register request", "examine thoroughly", "examine casually"
CHECK, DECIDE, AGAIN = "check ticket", "decide", "reinitiate request"
PAY, REJECT = "pay compensation", "reject request"
EXAMPLE = {
    "1": [
        (REGISTER, "30-12-2010:11.02"), (EXAMINE, "31-12-2010:10.06"),
        (CHECK, "05-01-2011:15.12"), (DECIDE, "06-01-2011:11.18"),
        (REJECT, "07-01-2011:14.24"),
    ],
    "2": [
        (REGISTER, "30-12-2010:11.32"), (CHECK, "30-12-2010:12.12"),
        (CASUAL, "30-12-2010:14.16"), (DECIDE, "05-01-2011:11.22"),
        (PAY, "08-01-2011:12.05"),
    ],
    "3": [
        (REGISTER, "30-12-2010:14.32"), (CASUAL, "30-12-2010:15.06"),
        (CHECK, "30-12-2010:16.34"), (DECIDE, "06-01-2011:09.18"),
        (AGAIN, "06-01-2011:12.18"), (EXAMINE, "06-01-2011:13.06"),
        (CHECK, "08-01-2011:11.43"), (DECIDE, "09-01-2011:09.55"),
        (PAY, "15-01-2011:10.45"),
    ],
    "4": [
        (REGISTER, "06-01-2011:15.02"), (CHECK, "07-01-2011:12.06"),
        (EXAMINE, "08-01-2011:14.43"), (DECIDE, "09-01-2011:12.02"),
        (REJECT, "12-01-2011:15.44"),
    ],
    "5": [
        (REGISTER, "06-01-2011:09.02"), (CASUAL, "07-01-2011:10.16"),
        (CHECK, "08-01-2011:11.22"), (DECIDE, "10-01-2011:13.28"),
        (AGAIN, "11-01-2011:16.18"), (CHECK, "14-01-2011:14.33"),
        (CASUAL, "16-01-2011:15.50"), (DECIDE, "19-01-2011:11.18"),
        (AGAIN, "20-01-2011:12.48"), (CASUAL, "21-01-2011:09.06"),
        (CHECK, "21-01-2011:11.34"), (DECIDE, "23-01-2011:13.12"),
        (REJECT, "24-01-2011:14.56"),
    ],
    "6": [
        (REGISTER, "06-01-2011:15.02"), (CASUAL, "06-01-2011:16.06"),
        (CHECK, "07-01-2011:16.22"), (DECIDE, "07-01-2011:16.52"),
        (PAY, "16-01-2011:11.47"),
    ],
}  # fmt: skip


@pytest.fixture
def example(tmp_path):
    """The running example of process mining (6 cases, 42 events)."""
    path = tmp_path / "example.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case", "activity", "time"])
        for case, events in EXAMPLE.items():
            for activity, at in events:
                moment = datetime.strptime(at, "%d-%m-%Y:%H.%M").replace(tzinfo=UTC)
                writer.writerow([case, activity, moment.strftime("%d.%m.%Y %H:%M")])
    return path


@pytest.fixture
def store(example, tmp_path):
    import_log(example, tmp_path / "store")
    with open_log(tmp_path / "store") as log:
        yield log


class TestRunningExample:
    def test_gives_the_published_numbers(self, example):
        answer = analyse_log(example)

        hours = {key: v / 3600 for key, v in answer["case_duration_s"].items()}
        assert (answer["cases"], answer["events"]) == (6, 42)
        assert answer["variants"] == 6
        assert hours["mean"] == pytest.approx(268.58, abs=0.01)
        assert hours["min"] == pytest.approx(144.7, abs=0.1)
        assert hours["max"] == pytest.approx(437.9, abs=0.1)
        edges = {(e["from"], e["to"]): e["count"] for e in answer["dfg"]}
        assert edges[CHECK, DECIDE] == 6
        assert answer["rework"] == {CHECK: 2, DECIDE: 2, CASUAL: 1, AGAIN: 1}

    def test_lenses_agree_with_the_analysis(self, store, tmp_path):
        answer = analyse_store(tmp_path / "store")

        seen = overview(store)
        chart = process_map(store)

        assert seen.rework_case_share == pytest.approx(2 / 6)
        assert seen.mean_s == pytest.approx(answer["case_duration_s"]["mean"])
        assert seen.p90_s == pytest.approx(answer["case_duration_s"]["p90"])
        assert {n.activity: n.starts for n in chart.nodes if n.starts} == answer[
            "start"
        ]
        assert {n.activity: n.ends for n in chart.nodes if n.ends} == answer["end"]
        assert {r.activity: r.cases for r in rework(store)} == answer["rework"]
        for edge, row in zip(chart.edges, answer["dfg"], strict=True):
            assert (edge.source, edge.target) == (row["from"], row["to"])
            assert edge.median_s == pytest.approx(row["median_s"])
            assert edge.sum_s == pytest.approx(row["sum_s"])
        assert not chart.waits

    def test_finds_the_slowest_step(self, store):
        worst = bottleneck(process_map(store))

        assert (worst.source, worst.target, worst.count) == (DECIDE, PAY, 3)

    def test_lists_variants_durations_and_throughput(self, store):
        assert len(variants(store)) == 6
        assert sum(v.share for v in variants(store)) == pytest.approx(1)
        assert variants(store, 1)[0].path[0] == REGISTER
        assert sum(b.cases for b in durations(store)) == 6
        months = throughput(store)
        assert [(m.start, m.started, m.ended) for m in months] == [
            (date(2010, 12, 1), 3, 0),
            (date(2011, 1, 1), 3, 6),
        ]
        assert sum(w.ended for w in throughput(store, "week")) == 6

    def test_counts_open_cases_apart(self, store):
        seen = overview(store, [PAY])

        assert (seen.cases, seen.open_cases) == (6, 3)


class TestFilters:
    @pytest.mark.parametrize(
        ("chosen", "cases"),
        [
            (ContainsFilter(PAY), 3),
            (ContainsFilter(PAY, keep=False), 3),
            (ContainsFilter(DECIDE, times=3), 1),
            (FollowsFilter(CASUAL, CHECK), 3),
            (FollowsFilter(EXAMINE, PAY, directly=False), 1),
            (FollowsFilter(EXAMINE, PAY, directly=False, keep=False), 5),
            (EndpointFilter(first=(REGISTER,), last=(REJECT,)), 3),
            (VariantFilter((1, 2)), 2),
            (VariantFilter((1,), keep=False), 5),
            (DurationFilter(least_s=400 * 3600), 1),
            (DurationFilter(below_s=200 * 3600), 2),
            (TimeFilter(since=datetime(2011, 1, 1, tzinfo=UTC)), 3),
            (TimeFilter(until=datetime(2011, 1, 1, tzinfo=UTC), mode="started"), 3),
            (TimeFilter(until=datetime(2011, 1, 9, tzinfo=UTC), mode="ended"), 2),
            (TimeFilter(until=datetime(2010, 12, 31, tzinfo=UTC), mode="touching"), 3),
            (AttributeFilter("activity", (PAY, REJECT)), 6),
            (AttributeFilter("activity", (PAY,), keep=False), 3),
        ],
    )
    def test_choose_whole_cases(self, store, chosen, cases):
        kept = store.where([chosen])

        assert overview(kept).cases == cases
        assert process_map(kept).cases == cases

    def test_compose(self, store):
        kept = store.where([ContainsFilter(PAY)]).where([VariantFilter((1,), False)])

        assert overview(kept).cases in (2, 3)
        assert store.where([]) is store

    def test_may_leave_nothing(self, store):
        none = store.where([ContainsFilter("nothing like it")])

        assert overview(none).median_s is None
        assert bottleneck(process_map(none)) is None
        assert (variants(none), durations(none), throughput(none)) == ([], [], [])

    def test_have_a_key_that_ignores_their_order(self):
        one, two = ContainsFilter("A"), VariantFilter((1,))

        assert filters_key([one, two]) == filters_key([two, one])
        assert filters_key([one]) != filters_key([two])

    def test_refuse_an_unknown_attribute(self, store):
        with pytest.raises(LogError, match="no attribute"):
            store.where([AttributeFilter("colour", ("red",))])


class TestImportLog:
    def test_cancelling_leaves_nothing_behind(self, example, tmp_path):
        class CancelledError(Exception):
            pass

        for wanted in ("read", "sort", "write", "finish"):

            def progress(step, share, wanted=wanted):
                if step == wanted:
                    raise CancelledError

            parent = tmp_path / "stores"
            with pytest.raises(CancelledError):
                import_log(example, parent / "one", progress=progress)
            assert list(parent.iterdir()) == []

    def test_sweeps_what_a_killed_import_left(self, tmp_path):
        (tmp_path / ".partial-dead" / "stage").mkdir(parents=True)

        assert sweep(tmp_path) == 0
        assert sweep(tmp_path, older_than=-1) == 1
        assert list(tmp_path.iterdir()) == []

    def test_never_overwrites_a_store(self, example, tmp_path):
        import_log(example, tmp_path / "store")

        with pytest.raises(FileExistsError):
            import_log(example, tmp_path / "store")

    def test_describes_itself(self, example, tmp_path):
        meta = import_log(example, tmp_path / "store")

        assert meta == read_meta(tmp_path / "store")
        assert (meta.cases, meta.events, meta.variants) == (6, 42, 6)
        assert sorted(p.name for p in (tmp_path / "store").iterdir()) == [
            "cases",
            "events",
            "meta.json",
            "variants.parquet",
        ]

    def test_reports_starts_after_the_end(self, tmp_path):
        path = tmp_path / "log.csv"
        path.write_text(
            "case,activity,start time,end time,cost\n"
            '1,A,2026-01-01 08:00,2026-01-01 09:00,"1.234,50 €"\n'
            '1,B,2026-01-03 08:00,2026-01-02 09:00,"0,50 €"\n'
        )

        meta = import_log(path, tmp_path / "store")
        with open_log(tmp_path / "store") as log:
            case = log.rows(log.cases)[0]

        assert meta.quality["bad_starts_total"] == 1
        assert meta.quality["bad_starts"][0]["row"] == 3
        assert case["cost"] == pytest.approx(1235.0)
        assert case["duration_s"] == 25 * 3600


class TestConnect:
    def test_reaches_its_directories_only(self, tmp_path):
        inside, outside = tmp_path / "in", tmp_path / "out"
        for folder in (inside, outside):
            folder.mkdir()
            (folder / "a.csv").write_text("a\n1\n")
        with connect([inside]) as link:
            assert link.execute(f"FROM read_csv('{inside}/a.csv')").fetchall()
            for statement in (
                f"FROM read_csv('{outside}/a.csv')",
                "SET enable_external_access = true",
                "INSTALL httpfs",
            ):
                with pytest.raises(Exception, match=r"(?i)disabled|locked|permission"):
                    link.execute(statement)


LOGS = st.lists(
    st.tuples(st.sampled_from("123"), st.sampled_from("ABC'\","), st.integers(0, 5)),
    min_size=1,
    max_size=25,
)


class TestAnalyseLog:
    @settings(max_examples=30, deadline=None)
    @given(LOGS)
    def test_equals_a_plain_count(self, tmp_path_factory, rows):
        path = tmp_path_factory.mktemp("plain") / "log.csv"
        base = datetime(2026, 1, 1, tzinfo=UTC)
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["case", "activity", "time"])
            for case, activity, hours in rows:
                writer.writerow([case, activity, base + timedelta(hours=hours)])

        answer = analyse_log(path)

        cases = defaultdict(list)
        for case, activity, hours in rows:
            cases[case].append((hours, activity))
        gaps = defaultdict(list)
        for events in cases.values():
            events.sort(key=lambda pair: pair[0])
            for (h1, a), (h2, b) in pairwise(events):
                gaps[a, b].append((h2 - h1) * 3600)
        paths = Counter(tuple(a for _, a in events) for events in cases.values())
        assert answer["variant_counts"] == sorted(paths.values(), reverse=True)
        assert {(e["from"], e["to"]) for e in answer["dfg"]} == set(gaps)
        for edge in answer["dfg"]:
            found = gaps[edge["from"], edge["to"]]
            assert edge["count"] == len(found)
            assert edge["mean_s"] == pytest.approx(mean(found))
            assert edge["median_s"] == pytest.approx(median(found))
            assert (edge["min_s"], edge["max_s"]) == (min(found), max(found))


class TestDemoLog:
    def test_is_the_same_each_time_and_shows_the_change(self, tmp_path):
        dates = {"until": date(2026, 11, 1), "changed_on": date(2026, 6, 1)}
        count = write_demo_log(tmp_path / "a.csv", **dates)
        write_demo_log(tmp_path / "b.csv", **dates)

        meta = import_log(tmp_path / "a.csv", tmp_path / "store")
        with open_log(tmp_path / "store") as log:
            asked = Asked("median_throughput_days")
            rows = series(log, asked, ["Invoice", "Cancel order"])
            days = {one.start: one.value for one in rows}
            worst = bottleneck(process_map(log))

        assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
        assert meta.events == count
        assert (worst.source, worst.target) == ("Check data", "Check credit")
        before = mean(days[date(2026, m, 1)] for m in (2, 3, 4, 5))
        after = mean(days[date(2026, m, 1)] for m in (7, 8, 9, 10))
        assert after < before - 0.7
