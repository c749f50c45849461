"""The tabs of an event log: cases, paths, times, resources, workload, slow and fast."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from diagnosis.mining.spelling import spell
from diagnosis.views.log_tabs import TABS
from tests.diagnosis.fill import LENSES, import_now, receive
from tests.diagnosis.lens_ready import MAPPING, ROWS, lead, log, media, read, url

__all__ = ["lead", "log", "media"]

NOBODY = spell("activity", "§None", True)
TABLES = {
    "cases": "cases",
    "paths": "paths",
    "times": "times",
    "work": "resources",
    "workload": "workload",
    "costs": "costs",
    "contrast": "slow-and-fast",
}


SHEETS = {"map": 3, "times": 3, "costs": 2, "work": 2, "conformance": 2}


class TestTabs:
    def test_keep_the_filters(self, lead, log) -> None:
        text = read(lead, log, "cases/", f=spell("activity", "§Ship", True))

        assert text.count("?f=%5B%22activity%22%2C%22%C2%A7Ship%22%2Ctrue%5D") >= len(
            TABS
        )
        assert "with §Ship" in text
        assert text.count('aria-current="page">Cases') == 2

    @pytest.mark.parametrize("tab", TABLES.values())
    def test_say_that_no_case_is_left(self, lead, log, tab) -> None:
        text = read(lead, log, f"{tab}/", f=NOBODY)

        assert "No case passes all filters" in text or "nothing to compare" in text

    @pytest.mark.parametrize("tab", TABLES.values())
    def test_leave_out_what_the_log_cannot_answer(self, lead, log, tab) -> None:
        text = read(lead, log, f"{tab}/", f=spell("attribute", "§None", "x", True))

        assert "no attribute" in text
        assert "log-filters" in text
        assert 'class="chip"' not in text

    @pytest.mark.parametrize("tab", TABLES.values())
    def test_ask_few_queries(
        self, lead, log, tab, django_assert_max_num_queries
    ) -> None:
        read(lead, log, f"{tab}/")

        with django_assert_max_num_queries(12):
            read(lead, log, f"{tab}/")

    def test_are_there_for_imported_logs_only(self, world, lead) -> None:
        waiting = receive(world)

        for tab in (*TABLES.values(), "case"):
            more = f"{tab}/?case=1"
            assert lead.get(url(waiting, more)).status_code == 404

    def test_return_to_the_tab_after_choosing_cases(self, lead, log) -> None:
        given = {"kind": "activity", "name": "§Ship", "keep": "1", "tab": "log-times"}

        there = lead.get(url(log, "filter/"), given)["Location"]
        odd = lead.get(url(log, "filter/"), {**given, "tab": "§"})["Location"]

        assert there.startswith(url(log, "times/?f="))
        assert odd.startswith(url(log, "?f="))

    @pytest.mark.parametrize("lens", LENSES)
    def test_give_their_table_as_csv(self, lead, log, lens) -> None:
        tab = TABLES.get(lens, lens)

        answer = lead.get(url(log, f"{tab}.csv"), {"case": "2"})

        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/csv")
        assert answer.content.decode().count("\n") > 2

    @pytest.mark.parametrize("lens", [*LENSES, "map", "conformance", "quality"])
    def test_give_all_their_tables_as_a_workbook(self, lead, log, lens) -> None:
        tab = TABLES.get(lens, lens)

        answer = lead.get(url(log, f"{tab}.xlsx"), {"case": "2"})

        assert answer.status_code == 200
        book = load_workbook(BytesIO(answer.content))
        assert len(book.worksheets) == SHEETS.get(lens, 1)
        assert all(one.max_row >= 1 for one in book.worksheets)

    def test_neutralise_formulas_in_a_workbook(self, world, lead) -> None:
        text = "\n".join(ROWS).replace("\n4;", "\n=1+1;")
        bad = import_now(world, receive(world, text=text), MAPPING)

        book = load_workbook(BytesIO(lead.get(url(bad, "cases.xlsx")).content))

        cells = {row[0].value: row[0] for row in book.worksheets[0].iter_rows()}
        assert cells["=1+1"].data_type == "s"

    @pytest.mark.parametrize("lens", LENSES)
    def test_keep_the_table_from_those_who_may_not(
        self, world, sign_in, log, lens
    ) -> None:
        tab = TABLES.get(lens, lens)
        member = sign_in(world.member)

        assert member.get(url(log, f"{tab}.csv")).status_code == 403
        assert f"{tab}.csv" not in read(member, log, f"{tab}/", case="1")
        stranger = sign_in(world.stranger)
        assert stranger.get(url(log, f"{tab}/")).status_code == 404


class TestEndsOfTime:
    """Systems write a far day for "never", and 1900 for "nobody knows"."""

    @pytest.fixture
    def endless(self, world):
        far = [
            "5;§Receive;1900-01-01 00:00;1900-01-01 00:00;§Ann;north;1;80",
            "5;§Ship;2199-12-31 23:30;2199-12-31 23:30;§Bo;north;1;80",
        ]
        text = "\n".join([*ROWS, *far]) + "\n"
        return import_now(world, receive(world, text=text), MAPPING)

    @pytest.mark.parametrize("tab", [*TABLES.values(), "case"])
    def test_are_shown(self, lead, endless, tab) -> None:
        assert read(lead, endless, f"{tab}/", case="5", by="week")

    def test_are_counted_in_working_time(self, world, lead, endless) -> None:
        from programmes.models import WorkCalendar

        world.save(WorkCalendar, country="DE", region="BY")

        assert "Only these hours count" in read(lead, endless, "times/", time="work")


class TestCases:
    def test_stand_longest_first(self, lead, log) -> None:
        text = read(lead, log, "cases/")

        places = [text.index(f"case={name}") for name in ("4", "2", "3%2Fx", "1")]
        assert places == sorted(places)

    def test_are_found_by_their_name(self, lead, log) -> None:
        found = read(lead, log, "cases/", q="X", sort="case")
        none = read(lead, log, "cases/", q="§none")

        assert "1–1 of 1" in found
        assert "No case has this in its name" in none

    @pytest.mark.parametrize("asked", ["§", "-§", "-case", "events"])
    def test_take_any_order(self, lead, log, asked) -> None:
        assert "1–4 of 4" in read(lead, log, "cases/", sort=asked, page="9")

    def test_have_a_page_each(self, lead, log) -> None:
        text = read(lead, log, "case/", case="3/x")

        for words in ("Case 3/x", "§Receive", "§Ann", "23.0", "north", "All cases"):
            assert words in text

    def test_are_told_from_cases_that_are_not_there(self, lead, log) -> None:
        assert lead.get(url(log, "case/"))["Location"] == url(log, "cases/")
        assert lead.get(url(log, "case.csv"))["Location"] == url(log, "cases/")
        for more in ("case/", "case.csv"):
            assert lead.get(url(log, more), {"case": "§"}).status_code == 404

    def test_say_when_starts_are_not_known(self, world, lead) -> None:
        plain = import_now(world, receive(world))

        text = read(lead, plain, "case/", case="2")

        assert "no start times" in text
        assert "time 2" in text

    def test_are_guarded_in_the_file(self, world, lead) -> None:
        text = "\n".join(ROWS).replace("\n4;", "\n=1+1;")
        bad = import_now(world, receive(world, text=text), MAPPING)

        assert "'=1+1" in lead.get(url(bad, "cases.csv")).content.decode()


class TestLenses:
    def test_show_all_paths(self, lead, log) -> None:
        text = read(lead, log, "paths/")

        assert "of 3 paths holds 50%" in text
        assert "50.0" in text

    def test_part_waiting_from_working(self, lead, log) -> None:
        text = read(lead, log, "times/")

        assert "Waiting against working" in text
        assert "Most waiting stands before" in text
        assert "Most cases open" in text

    def test_never_call_a_gap_waiting(self, world, lead) -> None:
        plain = import_now(world, receive(world))

        text = read(lead, plain, "times/")

        assert "Transition, median" in text
        assert "It is no waiting time" in text
        assert "Waiting, all cases" not in text

    @pytest.mark.parametrize("begins", ["7", "99", "§"])
    def test_count_in_working_time(self, lead, log, begins) -> None:
        given = {"time": "work", "from": begins, "by": "week"}

        text = read(lead, log, "times/", **given)

        assert "Only these hours count" in text
        assert "Median case, working time" in text
        assert lead.get(url(log, "times.csv"), given).status_code == 200

    def test_count_in_shifts_that_are_chosen(self, lead, log) -> None:
        given = {"time": "work", "day": ["0", "1", "4"], "from": "22:00", "to": "6:00"}
        given |= {"again": "12:00", "until": "13:30"}

        text = read(lead, log, "times/", **given)
        kept = read(lead, log, "times/", **{**given, "day": "014"})

        assert 'value="22:00"' in text
        assert 'value="13:30"' in text
        assert text.count("checked") >= 3
        assert "day=014&amp;from=22%3A00" in text
        figures = [one.split("</dl>")[0] for one in text.split('class="numbers"')[1:]]
        assert figures[0] in kept
        assert text != read(lead, log, "times/", time="work")

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"day": "9"}, "Select a valid choice"),
            ({"from": "8:00", "to": "25:00"}, "valid time"),
            ({"again": "12:00"}, "both ends of the second shift"),
        ],
    )
    def test_say_what_is_wrong_with_a_week(self, lead, log, wrong, said) -> None:
        text = read(lead, log, "times/", time="work", **wrong)

        assert said in text
        assert "Median case, working time" in text

    def test_leave_out_holidays(self, world, lead, log) -> None:
        from programmes.models import WorkCalendar

        before = read(lead, log, "times/", time="work", **{"from": "8"})
        world.save(WorkCalendar, country="DE", region="BY")

        assert read(lead, log, "times/", time="work", **{"from": "8"}) != before

    def test_show_who_hands_over_to_whom(self, lead, log) -> None:
        text = read(lead, log, "resources/")

        assert "Most hand-overs go from “§Ann” to “§Bo”: 2," in text
        assert "they hand nothing over" in text

    def test_say_that_a_log_names_nobody(self, world, lead) -> None:
        plain = import_now(world, receive(world))

        assert "does not say who did the work" in read(lead, plain, "resources/")

    def test_show_the_hours_of_the_week(self, lead, log) -> None:
        text = read(lead, log, "workload/")

        assert "Saturday and Sunday hold 0.0" in text
        assert "time zone UTC" in text

    def test_tell_what_slow_cases_have(self, lead, log) -> None:
        text = read(lead, log, "slow-and-fast/")

        assert "§Region = south" in text
        assert "of slow cases" in text

    def test_take_a_limit_in_days(self, lead, log) -> None:
        named = read(lead, log, "slow-and-fast/", days="30")
        none = read(lead, log, "slow-and-fast/", days="9999")

        assert "2 slow cases of 30" in named
        assert "nothing to compare" in none
        for odd in ("§", "-1", "1e9", "nan"):
            assert "slowest quarter" in read(lead, log, "slow-and-fast/", days=odd)


class TestSmallLogs:
    """What is not there is said, and how to get it; no chart is empty."""

    TABS = ["", *(f"{one}/" for one in TABLES.values()), "conformance/", "quality/"]
    ONE = "§Case;§Do;§At\n1;§Receive;2025-11-03 08:00\n"
    SAME = "§Case;§Do;§At\n1;§A;2025-11-03\n1;§B;2025-11-03\n2;§A;2025-11-03\n"

    def log(self, world, text):
        given = {"case": "§Case", "activity": "§Do", "timestamp": "§At"}
        return import_now(world, receive(world, text=text), given)

    @pytest.mark.parametrize("text", [ONE, ONE + "2;§Receive;2025-11-04 08:00\n", SAME])
    def test_have_no_empty_chart(self, world, lead, text) -> None:
        log = self.log(world, text)

        for tab in self.TABS:
            assert "data-chart=" not in read(lead, log, tab), tab

    def test_say_which_column_may_be_wrong(self, world, lead) -> None:
        one, same = (self.log(world, text) for text in (self.ONE, self.SAME))

        assert "right column names the case" in read(lead, one, "")
        assert "right column names the time" in read(lead, same, "times/")

    def test_count_one_as_one(self, world, lead) -> None:
        log = self.log(world, self.ONE)

        text = "".join(read(lead, log, tab) for tab in self.TABS)
        for wrong in ("1 cases", "1 events", "1 activities", "1 paths", "1 different"):
            assert f">{wrong}" not in text
            assert f" {wrong}" not in text

    def test_clear_only_filters_that_are_there(self, world, lead) -> None:
        log = self.log(world, self.ONE)

        assert "Clear filters" not in read(lead, log, "slow-and-fast/")
        found = read(lead, log, "slow-and-fast/", f=spell("activity", "§Receive", True))
        assert "Clear filters" in found
