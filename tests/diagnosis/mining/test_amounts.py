"""What cases are worth, and columns that belong to the whole case."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from diagnosis.mining.amounts import amounts
from diagnosis.mining.export import columns_of, rows, xes
from diagnosis.mining.lenses import open_log
from diagnosis.mining.sources import LogError, Mapping
from diagnosis.mining.store import import_log
from tests.diagnosis.mining import small_logs
from tests.diagnosis.mining.small_logs import quantile, traces

TABLE = """case;activity;time;worth;channel;note
1;a;2025-01-01;1.234,50;Web;x
1;b;2025-01-02;;Web;y
2;a;2025-01-01;100;;x
2;b;2025-01-02;50;Phone;
3;a;2025-01-01;;;
"""
XES = """<log><trace><string key="concept:name" value="1"/>
<string key="AMOUNT_REQ" value="2500"/>
<event><string key="concept:name" value="a"/>
<date key="time:timestamp" value="2025-01-31T08:00:00Z"/></event></trace></log>"""


def stored(folder, **more):
    path = folder / "log.csv"
    path.write_text(TABLE)
    import_log(path, folder / "store", Mapping("case", "activity", "time", **more))
    return open_log(folder / "store")


class TestAmounts:
    def test_are_the_largest_of_each_case(self, tmp_path):
        with stored(tmp_path, amount="worth") as log:
            found = amounts(log, ["b"])

        assert (found.name, found.cases, found.without) == ("worth", 2, 1)
        assert (found.total, found.median) == (1334.5, 667.25)
        assert (found.open_cases, found.open_total) == (0, 0.0)

    def test_of_open_cases_are_told_apart(self, tmp_path):
        with stored(tmp_path, amount="worth") as log:
            found = amounts(log, ["a"])

        assert (found.open_cases, found.open_total) == (2, 1334.5)

    def test_there_are_none_without_a_column(self, tmp_path):
        with stored(tmp_path) as log:
            assert amounts(log) is None

    def test_of_an_xes_are_told_by_the_name_of_a_number(self, tmp_path):
        path = tmp_path / "log.xes"
        path.write_text(XES.replace('<string key="AMOUNT', '<float key="AMOUNT'))
        import_log(path, tmp_path / "store")
        with open_log(tmp_path / "store") as log:
            found = amounts(log)

        assert (found.name, found.total) == ("AMOUNT_REQ", 2500.0)

    def test_no_text_of_an_xes_is_taken_for_one(self, tmp_path):
        path = tmp_path / "log.xes"
        path.write_text(XES)
        import_log(path, tmp_path / "store")
        with open_log(tmp_path / "store") as log:
            assert amounts(log) is None

    @settings(max_examples=15, deadline=None)
    @given(small_logs.rows())
    def test_equals_plain_python(self, drawn):
        with tempfile.TemporaryDirectory() as folder:
            store = small_logs.store_of(drawn, Path(folder), costed=True)
            with open_log(store) as log:
                found = amounts(log, ["a"])
        held = traces(drawn).values()
        worth = [max(row.amount for row in trace) for trace in held]
        left = [
            max(row.amount for row in trace)
            for trace in held
            if trace[-1].activity != "a"
        ]

        assert (found.cases, found.total) == (len(worth), sum(worth))
        assert found.p90 == pytest.approx(quantile(worth, 0.9))
        assert (found.open_cases, found.open_total) == (len(left), sum(left))


class TestCaseAttributes:
    def test_stand_with_the_cases(self, tmp_path):
        with stored(tmp_path, case_attributes=("channel",)) as log:
            rows = log.rows(log.cases.order_by("case"))
            level, column = log.column_of("channel")

        assert level == "case"
        assert [row[column] for row in rows] == ["Web", "Phone", None]
        assert log.meta.quality["varying"] == []

    def test_stay_with_the_events_where_they_differ(self, tmp_path):
        with stored(tmp_path, case_attributes=("note", "channel")) as log:
            levels = [log.column_of(name)[0] for name in ("note", "channel")]
            notes = [name for _column, name in columns_of(log)]

        assert levels == ["event", "case"]
        assert log.meta.quality["varying"] == [["note", "1"]]
        assert "note" in notes

    def test_go_along_when_events_are_exported(self, tmp_path):
        with stored(tmp_path, amount="worth", case_attributes=("channel",)) as log:
            columns = columns_of(log)
            first = next(rows(log, [column for column, _name in columns]))
            text = "".join(xes(log))

        names = [name for _column, name in columns]
        assert names == ["case", "activity", "time", "worth", "note", "case:channel"]
        assert first[3:] == (1234.5, "x", "Web")
        head = text.index("<event>")
        assert '<string key="channel" value="Web"/>' in text[:head]
        (tmp_path / "again.xes").write_text(text)
        import_log(tmp_path / "again.xes", tmp_path / "again")
        with open_log(tmp_path / "again") as again:
            assert again.column_of("channel")[0] == "case"

    def test_are_those_that_the_file_calls_so(self, tmp_path):
        path = tmp_path / "log.csv"
        path.write_text(TABLE.replace("channel", "case:channel"))
        import_log(path, tmp_path / "store", Mapping("case", "activity", "time"))
        with open_log(tmp_path / "store") as log:
            assert log.column_of("case:channel")[0] == "case"

    @pytest.mark.parametrize(
        "more", [{"case_attributes": ("none",)}, {"amount": "none"}]
    )
    def test_must_be_columns(self, tmp_path, more):
        with pytest.raises(LogError, match="There is no column “none”"):
            stored(tmp_path, **more)
