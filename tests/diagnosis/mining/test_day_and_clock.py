"""A day and a time of day in two columns: found, joined, and told where they fail."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from diagnosis.mining.analyse import analyse_log
from diagnosis.mining.clock import is_clock, is_day, joined
from diagnosis.mining.preview import guess_mapping
from diagnosis.mining.sources import Mapping
from diagnosis.mining.store import import_log

BEGIN = datetime(2025, 3, 30, 6, 5, 9, tzinfo=UTC)
MOMENTS = [BEGIN + timedelta(hours=5 * n) for n in range(40)]
STEPS = ("Create", "Approve", "Pay", "Close")


def write(path, head, day, clock, more=()) -> None:
    rows = [
        (f"49{n // 4:05d}", STEPS[n % 4], one.strftime(day), one.strftime(clock))
        for n, one in enumerate(MOMENTS)
    ]
    path.write_text("".join(";".join(row) + "\n" for row in [head, *rows, *more]))


class TestDayAndClock:
    @pytest.mark.parametrize(
        ("head", "day", "clock"),
        [
            (("VBELN", "VTEXT", "ERDAT", "ERZET"), "%Y%m%d", "%H%M%S"),
            (("Vorgang", "Aktivität", "Datum", "Uhrzeit"), "%d.%m.%Y", "%H:%M:%S"),
            (("Case", "Activity", "Date", "Time"), "%m/%d/%Y", "%I:%M:%S %p"),
            (("Order", "Status", "Day", "At time"), "%Y-%m-%d", "%H:%M:%S"),
            (("Order", "Status", "Day", "Time"), "%d.%m.%Y 00:00:00", "%H:%M:%S"),
        ],
    )
    def test_are_found_and_joined(self, tmp_path, head, day, clock):
        path = tmp_path / "log.csv"
        write(path, head, day, clock)

        guess, answer = guess_mapping(path), analyse_log(path)

        assert (guess.case, guess.activity) == head[:2]
        assert (guess.timestamp, guess.time) == head[2:]
        assert {edge["max_s"] for edge in answer["dfg"]} == {5 * 3600}
        assert answer["bad_rows"] == []

    def test_of_a_workbook(self, tmp_path):
        book = Workbook()
        book.active.append(("Case", "Activity", "Date", "Time"))
        for n, one in enumerate(MOMENTS):
            clock = time(one.hour, one.minute, one.second)
            book.active.append((f"c{n // 4}", STEPS[n % 4], one.date(), clock))
        book.save(tmp_path / "log.xlsx")

        answer = analyse_log(tmp_path / "log.xlsx")

        assert {edge["max_s"] for edge in answer["dfg"]} == {5 * 3600}

    def test_say_the_row_that_fails(self, tmp_path):
        head = ("case", "activity", "date", "time")
        path = tmp_path / "log.csv"
        write(path, head, "%d.%m.%Y", "%H:%M", [("1", "Pay", "31.02.2025", "08:00")])

        mapping = Mapping(*head[:3], time="time", timestamp_format="dd.MM.yyyy")
        bad = import_log(path, tmp_path / "store", mapping).quality["bad_rows"]

        assert [(one["row"], one["value"]) for one in bad] == [(42, "31.02.2025 08:00")]

    def test_is_an_option_of_the_command(self, tmp_path):
        path, said = tmp_path / "log.csv", io.StringIO()
        write(path, ("a", "b", "c", "d"), "%Y-%m-%d", "%H:%M:%S")

        call_command(
            "analyse_log", str(path), "--case=a", "--activity=b", "--timestamp=c",
            "--time=d", stdout=said,
        )  # fmt: skip

        edges = json.loads(said.getvalue())["dfg"]
        assert {edge["max_s"] for edge in edges} == {5 * 3600}

    def test_a_moment_takes_no_clock(self, tmp_path):
        path = tmp_path / "log.csv"
        write(path, ("case", "activity", "time", "break"), "%Y-%m-%d %H:%M", "%H:%M")

        assert guess_mapping(path).time is None


class TestShapes:
    def test_times_of_day_are_known(self):
        assert is_clock(["08:15", "23:59:59", "7:05 PM", ""])
        assert is_clock(["081500", "80000"], named=True)
        assert not is_clock(["081500", "80000"])
        assert not is_clock(["26:15", "08:99"])

    def test_days_are_known(self):
        assert is_day(["2025-01-01", "01.02.2025 00:00:00", ""])
        assert not is_day(["2025-01-01 08:00"])

    def test_a_lost_zero_comes_back(self):
        assert joined("20250101", "80000") == "20250101 080000"
