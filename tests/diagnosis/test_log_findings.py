"""The first sentence of each page of a log, with none, one and many of everything."""

from __future__ import annotations

import pytest

from diagnosis import log_findings

LONG = "§Determine and confirm the necessity of a second opinion"
SLOW = {"source": "§A", "target": LONG, "median_s": 172_800, "share": 0.34}


def flow(cases: int, events: int, slow=None, waits: bool = True) -> str:
    return log_findings.flow({"cases": cases, "events": events}, slow, waits)


class TestFlow:
    def test_names_the_slowest_wait_and_cuts_long_names(self) -> None:
        said = flow(9, 20, SLOW)

        assert said.startswith("From “§A” to “§Determine and confirm the necessity of")
        assert "…” cases wait 2.0\xa0d by the median: 34% of all time" in said
        assert len(said) < 160

    def test_calls_a_gap_no_wait(self) -> None:
        assert "wait" not in flow(9, 20, SLOW, waits=False)

    def test_says_why_there_is_none(self) -> None:
        assert flow(0, 0) == ""
        assert "single event" in flow(3, 3)
        assert flow(3, 6).startswith("No time passes between the activities of a case.")


def paths(cases: int, many: int, *shares: float) -> str:
    rows = [{"share": one} for one in shares]
    return log_findings.paths(
        {"overview": {"cases": cases, "variants": many}, "variants": rows}
    )


class TestPaths:
    @pytest.mark.parametrize(
        ("said", "given"),
        [
            ("", (0, 0)),
            ("There is 1 case, and so one path.", (1, 1, 1.0)),
            ("All 7 cases take the same path.", (7, 1, 1.0)),
            ("No two of the 2 cases take the same path.", (2, 2, 0.5, 0.5)),
            (
                "The most frequent of 2 paths holds 80% of 10 cases.",
                (10, 2, 0.8, 0.2),
            ),
            (
                "The most frequent of 31 paths holds 50% of 1,000 cases, the 2 most "
                "frequent hold 75%.",
                (1000, 31, 0.5, 0.25),
            ),
        ],
    )
    def test_tell_how_alike_cases_are(self, said, given) -> None:
        assert paths(*given) == said


class TestCases:
    @pytest.mark.parametrize(
        ("said", "cases", "open_cases"),
        [
            ("", 0, 0),
            ("No case is over yet.", 2, 2),
            ("1 completed case took 1.0\xa0h.", 2, 1),
            (
                "Half of 3 completed cases took 1.0\xa0h or less, nine in ten "
                "2.0\xa0h or less.",
                3,
                0,
            ),
        ],
    )
    def test_tell_how_long(self, said, cases, open_cases) -> None:
        found = {"cases": cases, "open_cases": open_cases}

        assert log_findings.cases({**found, "median_s": 3600, "p90_s": 7200}) == said


class TestOthers:
    def test_times(self) -> None:
        row = {"activity": "§A", "before": {"median": "2 d"}, "is_wait": True}

        assert log_findings.times(None, 0).startswith("No time passes")
        assert log_findings.times(row, 0.5).startswith("Most waiting stands before")
        gap = log_findings.times({**row, "is_wait": False}, 0.5)
        assert gap.startswith("Most time passes before “§A”: 2 d by the median, 50%")

    def test_work(self) -> None:
        most = {"giver": "§A", "taker": "§B", "n": 1, "share": 1.0}

        assert log_findings.work({"total": 0, "kept": 0}, None) == ""
        assert "No case is handed" in log_findings.work({"total": 0, "kept": 1}, None)
        moved = {"total": 1, "kept": 1}
        assert log_findings.work(moved, None) == "50% of steps change hands."
        assert "from “§A” to “§B”: 1, 100% of all" in log_findings.work(moved, most)

    def test_workload(self) -> None:
        hour = {"day": "Friday", "from": 9, "to": 10, "n": 1}

        assert log_findings.workload(hour, 0, 0, False) == ""
        one = log_findings.workload(hour, 1, 0, False)
        assert one == "The one event falls on Friday from 9 to 10 o'clock."
        assert "1 of 5 events" in log_findings.workload(hour, 5, 0, False)
        assert "days, not times" in log_findings.workload(hour, 5, 0, True)

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"is_share": True, "effect": 0.5}, "Slow cases differ most by “§A”: 9"),
            ({"is_share": True, "effect": -0.5}, "Fast cases differ most by “§A”: 1"),
            ({"is_share": False, "effect": 1}, "the median is 9, in fast ones 1."),
        ],
    )
    def test_contrast(self, more, said) -> None:
        row = {"label": "§A", "slow": "9", "fast": "1", **more}

        assert said in log_findings.contrast([row])
        assert log_findings.contrast([]) == ""

    def test_conformance(self) -> None:
        told = {"cases": 2, "conforming": 1, "share": 0.5}

        assert log_findings.conformance(None, "§P", "") == ""
        assert log_findings.conformance({**told, "cases": 0}, "§P", "") == ""
        half = log_findings.conformance(told, "§P", "§So.")
        assert half.endswith("The most frequent deviation: §So.")
        alone = log_findings.conformance({**told, "cases": 1}, "§P", "")
        assert alone == "The one case went as “§P” foresees."

    def test_comparison(self) -> None:
        median = {"one": "1 h", "other": "2 h"}
        edge = {"source": "§A", "target": "§B", "difference": "+5.0%"}

        plain = log_findings.comparison(median, None)
        assert plain == "The median case takes 1 h on the left, 2 h on the right."
        said = log_findings.comparison(median, edge)
        assert "“§A” → “§B” differs most, +5.0%" in said

    def test_quality(self) -> None:
        row = {"label": "§Late", "count": 3, "share": 0.1, "of_what": "of cases"}

        assert log_findings.quality([], 1) == "Nothing is doubtful in 1 event."
        one = log_findings.quality([row], 9)
        assert one == "There is 1 kind of doubt. §Late: 3, 10.0% of cases."
        assert "2 kinds" in log_findings.quality([row, {**row, "share": 0.01}], 9)

    def test_versions(self) -> None:
        assert "the only version" in log_findings.versions(1, 1, "§a.csv")
        assert "version 2 of 3" in log_findings.versions(3, 2, "§a.csv")
