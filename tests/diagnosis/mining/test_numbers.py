"""Amounts of a table are numbers: in filters, contrasts and exports; codes are not."""

from __future__ import annotations

import pytest

from diagnosis.mining import export
from diagnosis.mining.filters import AttributeFilter, NumberFilter
from diagnosis.mining.lenses import open_log, overview
from diagnosis.mining.numbers import decimal_mark
from diagnosis.mining.sources import Mapping
from diagnosis.mining.store import attributes_of, import_log

NAMED = Mapping("case", "activity", "time")
MANY = [str(100 + 3 * n) for n in range(20)]


class TestDecimalMark:
    @pytest.mark.parametrize(
        ("form", "commas", "mark"),
        [
            ("{n}.50", False, "."),
            ("{n},50", True, ","),
            ("1.{n}0,50", True, ","),
            ("1,{n}0.50", False, "."),
            ("1.{n}0", True, ","),
            ("1.{n}0", False, "."),
            ("0.{n}", True, "."),
            ("-{n}.25", False, "."),
            ("{n}e-05", False, "."),
            ("{n}", False, "."),
        ],
    )
    def test_is_found(self, form, commas, mark):
        values = [form.format(n=n) for n in range(11, 30)]

        assert decimal_mark("amount", [*values, "", "NULL"], commas) == mark

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("amount", [*MANY, "x"]),
            ("amount", [*MANY, "0815"]),
            ("amount", []),
            ("amount", ["NULL", ""]),
            ("priority", ["1", "2", "3"]),
            ("customerId", MANY),
            ("Zip code", MANY),
            ("key", MANY),
            ("reference", [f"{10**19 + n}" for n in range(20)]),
            ("version", [f"1.2.{n}" for n in range(20)]),
            ("rate", ["1.5", "2.5"]),
        ],
    )
    def test_is_none_of_codes_and_texts(self, name, values):
        assert decimal_mark(name, values, commas=False) is None


class TestAmounts:
    @pytest.fixture
    def log(self, tmp_path):
        path = tmp_path / "log.csv"
        rows = [
            f"c{n};Check;2025-01-{1 + n:02d};{n * 250},{n % 10}0;{n:03d};{n % 3}"
            for n in range(20)
        ]
        rows.append("c20;Check;2025-02-01;;;")
        head = "case;activity;time;amount;code;class"
        path.write_text("\n".join([head, *rows]) + "\n")
        import_log(path, tmp_path / "store", NAMED)
        with open_log(tmp_path / "store") as opened:
            yield opened

    def test_are_known_by_their_values(self, log):
        kinds = {one.name: one.kind for one in attributes_of(log.meta)}

        assert kinds == {"amount": "number", "code": "text", "class": "text"}

    @pytest.mark.parametrize(
        ("chosen", "cases"),
        [
            (NumberFilter("amount", 1000), 16),
            (NumberFilter("amount", None, 1000), 4),
            (NumberFilter("amount", 250, 1000), 3),
            (AttributeFilter("amount", ("250.1", "0")), 2),
            (AttributeFilter("amount", ("250,10", "word")), 1),
            (AttributeFilter("code", ("001",)), 1),
        ],
    )
    def test_are_chosen_by_range_and_value(self, log, chosen, cases):
        assert overview(log.where([chosen])).cases == cases

    def test_leave_as_numbers_without_a_tail(self, log):
        rows = list(export.rows(log, [column for column, _ in export.columns_of(log)]))
        text = "".join(export.xes(log))

        amounts = {row[0]: row[-3] for row in rows}
        assert (amounts["c0"], amounts["c1"], amounts["c20"]) == (0, 250.1, None)
        assert '<float key="amount" value="250.1"/>' in text
        assert '<string key="code" value="001"/>' in text

    def test_become_text_where_one_value_is_none(self, tmp_path):
        path = tmp_path / "log.csv"
        lines = [f"c{n},Check,2025-01-01,{n}.5" for n in range(30_000)]
        lines[12_345] = "c,Check,2025-01-01,about 9"
        path.write_text("\n".join(["case,activity,time,amount", *lines]) + "\n")

        found = import_log(path, tmp_path / "store", NAMED)

        assert [one["kind"] for one in found.attributes] == ["text"]
