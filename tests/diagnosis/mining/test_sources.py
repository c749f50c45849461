"""Reading what people hand in: every trap a table of text has set so far."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnosis.mining.analyse import analyse_log
from diagnosis.mining.dates import guess_format, strptime_format
from diagnosis.mining.numbers import NOTHING
from diagnosis.mining.preview import preview
from diagnosis.mining.sources import LogError, Mapping, sniff_dialect, sniff_encoding

ROWS = [
    ("1", "Receive", "2026-03-02 08:00:00"),
    ("1", "Check", "2026-03-02 09:30:00"),
    ("2", "Receive", "2026-03-03 08:00:00"),
    ("2", "Ship", "2026-03-05 08:00:00"),
]


def written(
    folder: Path,
    *,
    mark: str = ",",
    end: str = "\n",
    encoding: str = "utf-8",
    rows: list[tuple[str, ...]] = ROWS,
    header: tuple[str, ...] = ("Case ID", "Activity", "Time"),
) -> Path:
    path = folder / "log.csv"
    text = end.join(mark.join(row) for row in [header, *rows]) + end
    path.write_bytes(text.encode(encoding))
    return path


class TestAnalyseTable:
    @pytest.mark.parametrize("mark", [",", ";", "\t", "|", "^"])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_reads_any_delimiter_and_line_end(self, tmp_path, mark, end):
        answer = analyse_log(written(tmp_path, mark=mark, end=end))

        assert (answer["cases"], answer["events"]) == (2, 4)
        assert answer["dfg"][0]["from"] == "Receive"

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "utf-16-le"]
    )
    def test_reads_any_encoding(self, tmp_path, encoding):
        rows = [("1", "Prüfen", when) for _, _, when in ROWS]

        answer = analyse_log(written(tmp_path, encoding=encoding, rows=rows))

        assert answer["start"] == {"Prüfen": 1}

    def test_reads_bytes_that_are_latin_late_in_the_file(self, tmp_path):
        rows = [*ROWS * 2000, ("9", "Lösen", "2026-03-05 08:00:00")]

        path = written(tmp_path, encoding="latin-1", rows=rows)

        assert sniff_encoding(path) == "cp1252"
        assert "Lösen" in analyse_log(path)["end"]

    def test_reads_short_dates_with_the_day_first(self, tmp_path):
        rows = [("1", "A", "9.3.10 8:05"), ("1", "B", "11.3.10 10:30")]

        answer = analyse_log(written(tmp_path, rows=rows))

        assert answer["case_duration_s"]["max"] == 2 * 86400 + 2 * 3600 + 25 * 60

    def test_reads_times_in_their_zone(self, tmp_path):
        rows = [("1", "A", "28.03.2026 12:00"), ("1", "B", "29.03.2026 12:00")]
        mapping = Mapping("Case ID", "Activity", "Time", timezone="Europe/Berlin")

        answer = analyse_log(written(tmp_path, rows=rows), mapping)

        assert answer["case_duration_s"]["max"] == 23 * 3600

    def test_reads_a_sep_line_blank_lines_and_quoted_line_ends(self, tmp_path):
        path = tmp_path / "log.csv"
        path.write_text(
            'sep=;\nCase ID;Activity;Time\n\n1;"A\n;1";2026-01-01\n1;B;2026-01-02\n'
        )

        answer = analyse_log(path)

        assert answer["start"] == {"A\n;1": 1}
        assert answer["bad_rows"] == []

    def test_reads_gzip(self, tmp_path):
        path = written(tmp_path)
        packed = tmp_path / "log.csv.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))

        assert analyse_log(packed) == analyse_log(path)

    def test_keeps_names_that_differ_in_capitals(self, tmp_path):
        path = written(tmp_path, header=("case", "Case", "Time"))

        mapping = Mapping("case", "Case", "Time")

        assert analyse_log(path, mapping)["activities"] == 3

    def test_orders_by_time_then_by_row(self, tmp_path):
        rows = [
            ("1", "C", "2026-01-02"),
            ("1", "A", "2026-01-01"),
            ("1", "B", "2026-01-01"),
        ]

        answer = analyse_log(written(tmp_path, rows=rows))

        assert [(e["from"], e["to"]) for e in answer["dfg"]] == [
            ("A", "B"),
            ("B", "C"),
        ]


class TestBadRows:
    def test_are_listed_with_row_column_and_reason(self, tmp_path):
        rows = [
            *ROWS,
            ("3", "A"),
            ("", "A", "2026-01-01 08:00:00"),
            ("3", "", "2026-01-01 08:00:00"),
            ("3", "A", "yesterday"),
            ("3", "A", "2026-01-01 08:00:00"),
        ]

        bad = analyse_log(written(tmp_path, rows=rows))["bad_rows"]

        assert [row["row"] for row in bad] == [6, 7, 8, 9]
        assert [row["column"] for row in bad] == ["", "Case ID", "Activity", "Time"]
        assert bad[3]["value"] == "yesterday"

    def test_are_numbered_past_blank_and_broken_rows(self, tmp_path):
        path = tmp_path / "log.csv"
        path.write_text(
            "case,activity,time\n1,A,2026-01-01\n\n1,B\n1,C,2026-01-02\n1,D,never\n"
        )

        seen = preview(path)
        bad = analyse_log(path)["bad_rows"]

        assert [row["row"] for row in bad] == [4, 6]
        assert seen.columns[2].unparsed_examples == ((6, "never"),)


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"\n\n", "no content"),
            (b"alone\n1\n2\n", "one column"),
            (b"case,activity,time\n", "no rows"),
            (b"a,b,c\nx,y,z\n", "No column looks like"),
            (b"PK\x03\x04rest", "as XLSX or as CSV"),
            (b'case,activity,time\n1,A,2026-01-01\n"1,B,2026-01-02\n', ""),
            (b"case,activity,time\n1,A,soon\n", "time"),
        ],
    )
    def test_say_what_to_do(self, tmp_path, content, words):
        path = tmp_path / "log.csv"
        path.write_bytes(content)

        if words:
            with pytest.raises(LogError, match=words):
                analyse_log(path)
        else:
            analyse_log(path)

    def test_name_the_columns_there_are(self, tmp_path):
        with pytest.raises(LogError, match="the columns are Case ID, Activity, Time"):
            analyse_log(written(tmp_path), Mapping("Order", "Activity", "Time"))

    def test_refuse_an_unknown_zone_and_format(self, tmp_path):
        path = written(tmp_path)

        for extra in ({"timezone": "Mars/One"}, {"timestamp_format": "quarter"}):
            with pytest.raises(LogError):
                analyse_log(path, Mapping("Case ID", "Activity", "Time", **extra))

    def test_refuse_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(LogError, match=r"no file none\.csv"):
            analyse_log(tmp_path / "none.csv")


class TestPreview:
    def test_guesses_roles_and_shows_rows(self, tmp_path):
        header = ("Customer ID", "Order ID", "Task", "Begin", "End", "Agent", "Amount")
        rows = [
            ("K1", "7", "A", "1.2.2026 8:00", "1.2.2026 9:00", "Ann", "1.234,50"),
            ("K1", "7", "B", "13.2.2026 8:00", "13.2.2026 9:00", "Bob", "1.234,50"),
            ("K1", "8", "A", "1.2.2026 8:00", "1.2.2026 9:00", "Ann", "9,00"),
            ("K1", "8", "B", "2.2.2026 8:00", "2.2.2026 9:00", "Bob", "9,00"),
        ]

        seen = preview(written(tmp_path, mark=";", header=header, rows=rows))

        assert seen.mapping == Mapping(
            "Order ID",
            "Task",
            "End",
            "Begin",
            "Agent",
            timestamp_format="%d.%m.%Y %H:%M",
            amount="Amount",
        )
        assert seen.rows[0] == rows[0]
        assert seen.complete

    def test_notes_that_day_and_month_may_be_exchanged(self, tmp_path):
        rows = [("1", "A", "03/04/2026 8:00"), ("1", "B", "03/05/2026 8:00")]

        seen = preview(written(tmp_path, rows=rows))

        assert seen.columns[2].alternative
        assert "day comes first" in seen.notes[0]


class TestDates:
    @pytest.mark.parametrize(
        ("value", "form"),
        [
            ("9.3.10 8:05", "%d.%m.%y %H:%M"),
            ("2010-01-13 08:40:25+02:00", "iso"),
            ("2010-01-13T08:40:25.123Z", "iso"),
            ("13/01/2010", "%d/%m/%Y"),
            ("01/13/2010 08:05 PM", "%m/%d/%Y %I:%M %p"),
            ("13-Jan-2010 08:05:09", "%d-%b-%Y %H:%M:%S"),
            ("20100113080509", "%Y%m%d%H%M%S"),
            ("1262304000", "epoch_s"),
            ("1262304000000", "epoch_ms"),
        ],
    )
    def test_are_recognised(self, value, form):
        guess = guess_format([value])

        assert guess is not None
        assert guess.format == form

    @pytest.mark.parametrize(
        "value", ["12345", "A-2010-01", "Customer 2010", "3.14159"]
    )
    def test_are_not_seen_where_there_are_none(self, value):
        assert guess_format([value]) is None

    @pytest.mark.parametrize(
        ("pattern", "form"),
        [
            ("d.m.yy H:MM", "%d.%m.%y %H:%M"),
            ("dd.MM.yyyy HH:mm:ss", "%d.%m.%Y %H:%M:%S"),
            ("yyyy-MM-dd'T'HH:mm", "%Y-%m-%dT%H:%M"),
            ("%d/%m/%Y", "%d/%m/%Y"),
            ("MM/dd/yyyy hh:mm a", "%m/%d/%Y %I:%M %p"),
        ],
    )
    def test_patterns_are_understood(self, pattern, form):
        assert strptime_format(pattern) == form


CELL = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"'),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() and text not in NOTHING)


class TestRoundTrip:
    @settings(max_examples=25, deadline=None)
    @given(
        names=st.lists(CELL, min_size=2, max_size=6),
        mark=st.sampled_from([",", ";", "\t"]),
        end=st.sampled_from(["\n", "\r\n", "\r"]),
    )
    def test_activities_come_back_as_written(self, tmp_path_factory, names, mark, end):
        path = tmp_path_factory.mktemp("round") / "log.csv"
        lines = [mark.join(("case", "activity", "time"))]
        lines += [
            mark.join(("1", f'"{name}"', f"2026-01-01 00:00:{index:02}"))
            for index, name in enumerate(names)
        ]
        path.write_bytes(end.join(lines).encode("utf-8"))

        answer = analyse_log(path, Mapping("case", "activity", "time"))

        assert list(answer["start"]) == names[:1]
        assert list(answer["end"]) == names[-1:]
        assert answer["activities"] == len(set(names))

    def test_dialect_names_are_unique(self, tmp_path):
        path = tmp_path / "log.csv"
        path.write_text("a,a,,b\n1,2,3,4\n")

        assert sniff_dialect(path).header == ("a", "a (2)", "Column 3", "b")
