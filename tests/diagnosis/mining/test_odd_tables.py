"""Tables and logs as programs really export them: read whole, faults told by row."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from openpyxl import Workbook
from pyarrow import parquet

from diagnosis.mining.analyse import analyse_log
from diagnosis.mining.dates import guess_format
from diagnosis.mining.preview import guess_mapping
from diagnosis.mining.sources import sniff_dialect

HEAD = ("case_id", "activity", "timestamp")
ROWS = [
    (f"c{n // 3}", ("Receive", "Pick", "Ship")[n % 3], f"2025-11-{1 + n // 3:02d} 0{n}")
    for n in range(9)
]
ROWS = [(case, activity, f"{moment}:00") for case, activity, moment in ROWS]
MOMENTS = [
    datetime(2021, 1, 5, 8, tzinfo=UTC) + timedelta(hours=31 * n) for n in range(30)
]


def table(rows=ROWS, head=HEAD, mark=",") -> str:
    return "".join(mark.join(row) + "\n" for row in [head, *rows])


def totals(answer) -> tuple[int, int, int]:
    return answer["cases"], answer["events"], len(answer["bad_rows"])


def xes(*traces: str) -> bytes:
    return f"<log>{''.join(traces)}</log>".encode()


def trace(name: str, *events: str) -> str:
    named = f'<string key="concept:name" value="{name}"/>'
    return f"<trace>{named}{''.join(events)}</trace>"


def event(name: str, moment: str, more: str = "") -> str:
    return (
        f'<event><string key="concept:name" value="{name}"/>'
        f'<date key="time:timestamp" value="{moment}"/>{more}</event>'
    )


@pytest.fixture
def given(tmp_path):
    """Write a file and give its path."""

    def write(name, data):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return write


class TestTitleAboveTheHeader:
    @pytest.mark.parametrize(
        "above",
        [
            "Orders of 2025\n",
            "Orders of 2025\n\n",
            "\n\n",
            "Orders;;\nMade on 2025-12-01;;\n",
            "Report;Orders\nUser;me\n\n",
        ],
    )
    def test_is_passed_over_and_rows_keep_their_number(self, given, above):
        path = given("orders.csv", f"{above}{table(mark=';')}c9;Pick;soon\n")

        answer = analyse_log(path)

        assert totals(answer) == (3, 9, 1)
        assert answer["bad_rows"][0]["row"] == above.count("\n") + 11

    def test_of_a_file_with_commas(self, given):
        path = given("orders.csv", f"Event export 2021\n\n{table()}")

        assert sniff_dialect(path).header == HEAD
        assert totals(analyse_log(path)) == (3, 9, 0)

    def test_leaves_a_header_with_gaps_alone(self, given):
        rows = [(str(at), *row) for at, row in enumerate(ROWS)]

        path = given("orders.csv", table(rows, ("", *HEAD)))

        assert sniff_dialect(path).header == ("Column 1", *HEAD)

    def test_of_a_workbook(self, given):
        book = Workbook()
        cover, sheet = book.active, book.create_sheet("events")
        cover.append(["Report"])
        for row in [("Export", "2021-01-01"), (), HEAD, *ROWS, ("c9", "Pick", "soon")]:
            sheet.append(row)
        held = io.BytesIO()
        book.save(held)

        answer = analyse_log(given("orders.xlsx", held.getvalue()))

        assert totals(answer) == (3, 9, 1)
        assert answer["bad_rows"][0]["row"] == 13


class TestWordsForNothing:
    @pytest.mark.parametrize("word", ["NULL", "nan", "NaN", "None", "n/a", "#N/A"])
    def test_are_no_activity_and_no_case(self, given, word):
        rows = [*ROWS, ("c1", word, ROWS[0][2]), (word, "Pick", ROWS[0][2])]

        answer = analyse_log(given("log.csv", table(rows)))

        assert totals(answer) == (3, 9, 2)
        assert [(one["row"], one["value"]) for one in answer["bad_rows"]] == [
            (11, word),
            (12, word),
        ]

    def test_stand_for_themselves_where_a_value_can_be_missing(self, tmp_path):
        rows = [("c1", "NULL", "2025-01-01"), ("c1", None, "2025-01-02")]
        columns = dict(zip(HEAD, map(list, zip(*rows, strict=True)), strict=True))
        parquet.write_table(pa.table(columns), tmp_path / "log.parquet")

        answer = analyse_log(tmp_path / "log.parquet")

        assert (answer["start"], answer["bad_rows"][0]["row"]) == ({"NULL": 1}, 3)


class TestDates:
    @pytest.mark.parametrize(
        "form",
        [
            "%d/%b/%y %I:%M %p",
            "%a %b %d %H:%M:%S %Y",
            "%a %b %d %H:%M:%S UTC %Y",
            "%a, %d %b %Y %H:%M:%S",
            "%Y%m%d %H%M%S",
        ],
    )
    def test_of_other_programs_are_guessed(self, given, form):
        rows = [("c", "A", moment.strftime(form)) for moment in MOMENTS]

        answer = analyse_log(given("log.tsv", table(rows, mark="\t")))

        assert guess_format([row[2] for row in rows]).format == form
        assert (totals(answer), answer["dfg"][0]["sum_s"]) == (
            (1, 30, 0),
            29 * 31 * 3600,
        )

    @pytest.mark.parametrize(
        ("form", "scale"), [("epoch_us", 10**6), ("epoch_ns", 10**9)]
    )
    def test_counted_finely_are_guessed(self, given, form, scale):
        rows = [
            (
                "c",
                "A",
                str(
                    int((one - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
                    * scale
                ),
            )
            for one in MOMENTS
        ]

        answer = analyse_log(given("log.csv", table(rows)))

        assert guess_format([row[2] for row in rows]).format == form
        assert answer["dfg"][0]["max_s"] == 31 * 3600

    def test_of_a_spreadsheet_are_days_with_a_fraction(self, given):
        days = [
            (one - datetime(1899, 12, 30, tzinfo=UTC)) / timedelta(days=1)
            for one in MOMENTS
        ]
        rows = [("c", "A", f"{day:.9f}") for day in days]

        answer = analyse_log(given("log.csv", table(rows)))

        assert answer["dfg"][0]["mean_s"] == pytest.approx(31 * 3600, abs=0.002)

    def test_leave_amounts_and_long_identifiers_alone(self):
        assert guess_format(["35000.50", "41250.75", "28000.00"]) is None
        assert guess_format(["1288834974657123456", "1288834974657998877"]) is None

    def test_far_away_are_told_as_such(self, given):
        path = given("log.csv", table([*ROWS, ("c1", "Z", "9999-12-31 00:00:00")]))

        bad = analyse_log(path)["bad_rows"][0]

        assert (bad["row"], "outside the years" in bad["reason"]) == (11, True)

    @pytest.mark.parametrize(
        "moment",
        [
            "2020-01-01T10:00:01,500+00:00",
            "20200101T100001.5Z",
            "2020-01-01t11:00:01.500 +01:00",
        ],
    )
    def test_of_the_rarer_iso_forms_are_read(self, given, moment):
        first = event("A", "2020-01-01T10:00:00Z")

        answer = analyse_log(
            given("log.xes", xes(trace("1", first, event("B", moment))))
        )

        assert answer["dfg"][0]["sum_s"] == 1.5


class TestOtherForms:
    def test_of_text_with_four_bytes_a_letter(self, given):
        assert totals(analyse_log(given("log.csv", table().encode("utf-32"))))[1] == 9

    def test_of_text_kept_as_bytes(self, tmp_path):
        columns = list(zip(*ROWS, strict=True))
        cells = [pa.array([one.encode() for one in column]) for column in columns]
        parquet.write_table(pa.table(cells, HEAD), tmp_path / "log.parquet")

        assert guess_mapping(tmp_path / "log.parquet").activity == "activity"
        assert analyse_log(tmp_path / "log.parquet")["start"] == {"Receive": 3}

    @pytest.mark.parametrize("more", ["", "<!-- by way of the parser -->"])
    def test_of_traces_with_an_empty_name(self, given, more):
        moment = "2020-01-01T10:00:00Z"
        traces = [trace("", event("A", moment)), trace("x", more, event("B", moment))]

        assert totals(analyse_log(given("log.xes", xes(*traces)))) == (2, 2, 0)

    def test_of_intervals_give_the_gap_to_the_next_start(self, given):
        begun = '<date key="start_timestamp" value="2020-01-0{}T00:00:00Z"/>'
        events = [
            event("A", "2020-01-02T00:00:00Z", begun.format(1)),
            event("B", "2020-01-09T00:00:00Z", begun.format(5)),
        ]

        answer = analyse_log(given("log.xes", xes(trace("1", *events))))

        assert answer["dfg"][0]["sum_s"] == 3 * 86_400
        assert answer["case_duration_s"]["max"] == 7 * 86_400

    def test_of_intervals_in_a_table_keep_the_order_of_the_completions(self, given):
        lines = [
            "case,activity,timestamp,start_timestamp",
            "1,A,2020-01-05,2020-01-01",
            "1,B,2020-01-03,2020-01-02",
        ]

        answer = analyse_log(given("log.csv", "\n".join(lines) + "\n"))

        [edge] = answer["dfg"]
        assert (edge["from"], edge["to"], edge["sum_s"]) == ("B", "A", 2 * 86_400)
