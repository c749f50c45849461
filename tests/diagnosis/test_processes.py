"""Describing processes: services, pages and the criteria of gate 3."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from diagnosis.models import IpoCell, Process, SipocItem, Step
from diagnosis.models.processes import as_flow, read_ways
from diagnosis.services.processes import (
    MOST_STEPS,
    Cell,
    Line,
    NotDescribed,
    NotInScope,
    StepRow,
    confirm_process,
    describe_process,
    save_ipo,
    save_sipoc,
    save_steps,
    steps_of,
)
from programmes import gating
from programmes.kit.errors import Conflict, NotAllowed
from programmes.models import Activity, Indicator, ScopeItem
from programmes.services.indicators import freeze_contract, record_measurements
from programmes.services.records import Invalid, UnderReview, delete_record, save_record
from tests.diagnosis.fill import CELLS, LINES, STEPS, describe
from tests.world import NOW, scope_process


def begun(world):
    item = scope_process(world)
    return describe_process(by=world.lead, scope_item=item, now=NOW)


def confirmed(world, process):
    return confirm_process(
        by=world.owner, process=process, version=process.version, now=NOW
    )


class TestDescribeProcess:
    def test_begins_once(self, world) -> None:
        item = scope_process(world)

        first = describe_process(by=world.lead, scope_item=item, now=NOW)
        second = describe_process(by=world.owner, scope_item=item, now=NOW)

        assert first == second
        assert (str(first), first.owner) == (item.name, world.person("owner"))

    def test_refuses_what_is_out_of_scope(self, world) -> None:
        unit = world.save(ScopeItem, kind="unit", name="§Desk")
        out = world.save(ScopeItem, kind="process", name="§Returns", is_in=False)

        for item in (unit, out):
            with pytest.raises(NotInScope):
                describe_process(by=world.lead, scope_item=item, now=NOW)

    def test_refuses_who_does_not_own_it(self, world) -> None:
        item = world.save(ScopeItem, kind="process", name="§Theirs")

        for name in ("owner", "member", "viewer", "sponsor", "stranger"):
            account = world.accounts[name]

            with pytest.raises(NotAllowed):
                describe_process(by=account, scope_item=item, now=NOW)

    def test_can_be_begun_anew_after_deletion(self, world) -> None:
        process = begun(world)
        delete_record(by=world.lead, record=process, now=NOW)

        again = describe_process(by=world.lead, scope_item=process.scope_item, now=NOW)

        assert again != process


class TestSaveSipoc:
    def test_keeps_rows_that_stay(self, world) -> None:
        process = begun(world)
        save_sipoc(by=world.owner, process=process, lines=LINES, now=NOW)
        before = SipocItem.objects.get(text="§Order")

        save_sipoc(by=world.owner, process=process, lines=LINES[1:3], now=NOW)

        rows = SipocItem.objects.of(world.programme)
        assert set(rows.values_list("text", flat=True)) == {"§Order", "§Check credit"}
        assert SipocItem.objects.get(pk=before.pk).deleted_at is None
        assert process.version == 3

    def test_changes_a_requirement_in_place(self, world) -> None:
        process = begun(world)
        line = Line("output", "§Order", "§today")
        save_sipoc(by=world.lead, process=process, lines=[line], now=NOW)

        wanted = [replace(line, requirement="§within an hour")]
        save_sipoc(by=world.lead, process=process, lines=wanted, now=NOW)

        row = SipocItem.objects.get()
        assert (row.requirement, row.version) == ("§within an hour", 2)
        assert row.history.first().history_user == world.lead

    def test_refuses_an_old_version(self, world) -> None:
        process = begun(world)
        save_sipoc(by=world.lead, process=process, lines=LINES, now=NOW, version=1)

        with pytest.raises(Conflict):
            save_sipoc(by=world.lead, process=process, lines=[], now=NOW, version=1)

        assert SipocItem.objects.of(world.programme).count() == len(LINES)

    def test_refuses_who_does_not_own_it(self, world) -> None:
        process = begun(world)

        for name in ("member", "viewer", "sponsor", "stranger"):
            account = world.accounts[name]

            with pytest.raises(NotAllowed):
                save_sipoc(by=account, process=process, lines=LINES, now=NOW)

    def test_is_locked_while_gate_3_is_in_review(self, world, monkeypatch) -> None:
        process = begun(world)

        def locked(*_args):
            raise UnderReview("§locked")

        monkeypatch.setattr("diagnosis.services.processes.refuse_under_review", locked)
        with pytest.raises(UnderReview):
            save_sipoc(by=world.lead, process=process, lines=LINES, now=NOW)


class TestSaveIpo:
    def test_fills_the_grid(self, world) -> None:
        process = begun(world)

        save_ipo(by=world.owner, process=process, cells=CELLS, now=NOW)

        found = Process.objects.of(world.programme).with_counts().get()
        assert found.cell_count == 9

    def test_counts_neither_empty_nor_finding_alone(self, world) -> None:
        process = begun(world)
        cells = [
            Cell("input", "forms", finding="§Late"),
            Cell("input", "methods", is_not_applicable=True, reason="§By itself"),
        ]

        save_ipo(by=world.owner, process=process, cells=cells, now=NOW)

        found = Process.objects.of(world.programme).with_counts().get()
        assert found.cell_count == 1

    @pytest.mark.parametrize(
        "cell",
        [
            Cell("input", "forms", is_not_applicable=True),
            Cell("input", "forms", text="§X", is_not_applicable=True, reason="§Y"),
            Cell("input", "colour", text="§X"),
            Cell("input", "forms", text="§X", severity=4),
        ],
    )
    def test_refuses_a_wrong_cell_and_keeps_nothing(self, world, cell) -> None:
        process = begun(world)

        with pytest.raises(Invalid):
            save_ipo(by=world.owner, process=process, cells=[cell], now=NOW)

        assert not IpoCell.objects.exists()


class TestSaveSteps:
    def test_gives_free_numbers(self, world) -> None:
        process = begun(world)
        rows = [StepRow("§A"), StepRow("§B", key="1"), StepRow("§C")]

        save_steps(by=world.owner, process=process, rows=rows, now=NOW)

        assert [one.key for one in steps_of(process)] == ["2", "1", "3"]

    def test_moves_a_step_and_keeps_its_row(self, world) -> None:
        process = describe(world)
        before = Step.objects.get(key="2", deleted_at=None)

        rows = [STEPS[1], STEPS[0], *STEPS[2:]]
        save_steps(by=world.owner, process=process, rows=rows, now=NOW)

        assert steps_of(process)[0].pk == before.pk

    def test_takes_a_removed_step_away(self, world) -> None:
        process = describe(world)

        save_steps(by=world.owner, process=process, rows=STEPS[:2], now=NOW)

        assert len(steps_of(process)) == 2
        assert not process.map_is_valid

    def test_refuses_a_number_twice(self, world) -> None:
        process = begun(world)
        rows = [StepRow("§A", key="1"), StepRow("§B", key="1")]

        with pytest.raises(Invalid, match="twice"):
            save_steps(by=world.owner, process=process, rows=rows, now=NOW)

    def test_refuses_negative_minutes_and_too_many(self, world) -> None:
        process = begun(world)
        negative = [StepRow("§A", work_minutes=Decimal(-1))]

        for rows in (negative, [StepRow("§A")] * (MOST_STEPS + 1)):
            with pytest.raises(Invalid):
                save_steps(by=world.owner, process=process, rows=rows, now=NOW)

        assert not Step.objects.exists()


class TestAsFlow:
    def test_reads_ways(self) -> None:
        assert read_ways(" yes: 4; no : 5 ;; ") == [("4", "yes"), ("5", "no")]
        assert read_ways("7") == [("7", "")]

    def test_goes_on_to_the_next_row(self, world) -> None:
        flow = as_flow(steps_of(describe(world)))

        assert flow[0].next == (("2", ""),)
        assert flow[2].next == (("4", "§yes"), ("5", "§no"))
        assert flow[-1].next == ()


class TestConfirmProcess:
    def test_stands_until_the_next_edit(self, world) -> None:
        process = describe(world)

        confirmed(world, process)

        assert process.is_confirmed
        assert process.confirmed_by == world.person("owner")
        assert Activity.objects.filter(verb="confirmed").count() == 1
        save_sipoc(by=world.lead, process=process, lines=LINES[:1], now=NOW)
        assert not process.is_confirmed

    def test_twice_does_no_harm(self, world) -> None:
        process = confirmed(world, describe(world))

        confirmed(world, process)

        assert Activity.objects.filter(verb="confirmed").count() == 1

    def test_is_the_owners_alone(self, world) -> None:
        process = describe(world)

        for name in ("lead", "sponsor", "member", "viewer", "stranger"):
            account = world.accounts[name]

            with pytest.raises(NotAllowed):
                confirm_process(by=account, process=process, version=4, now=NOW)

    def test_refuses_an_old_version(self, world) -> None:
        process = describe(world)

        with pytest.raises(Conflict):
            confirm_process(by=world.owner, process=process, version=1, now=NOW)

    def test_refuses_a_flow_with_problems(self, world) -> None:
        process = begun(world)

        with pytest.raises(NotDescribed, match="one start"):
            confirmed(world, process)


def assessed(world, code):
    verdict = gating.assess(world.programme, 3, NOW)
    return next(one.assessment for one in verdict.items if one.criterion.code == code)


class TestGateThree:
    def test_asks_for_a_scope(self, world) -> None:
        for code in ("G3.A3", "G3.A4", "G3.A5"):
            found = assessed(world, code)
            assert found.result == "fail"
            assert found.links[0].url == "/p/o2c/scope/"

    def test_passes_a_described_process(self, world) -> None:
        process = describe(world)
        save_record(by=world.lead, record=process, now=NOW)

        assert assessed(world, "G3.A3").result == "pass"

    @pytest.mark.parametrize("lack", ["trigger", "input", "steps", "cell", "owner"])
    def test_names_a_process_that_lacks(self, world, lack) -> None:
        process = describe(world)
        given = {"by": world.lead, "process": process, "now": NOW}
        if lack == "trigger":
            process.trigger = " "
            save_record(by=world.lead, record=process, now=NOW)
        elif lack == "input":
            save_sipoc(lines=[*LINES[:1], *LINES[2:]], **given)
        elif lack == "steps":
            save_steps(rows=[], **given)
        elif lack == "cell":
            save_ipo(cells=CELLS[1:], **given)
        else:
            item = process.scope_item
            item.owner = None
            save_record(by=world.lead, record=item, now=NOW)

        found = assessed(world, "G3.A3")

        assert (found.result, found.done, found.of) == ("fail", 0, 1)
        assert found.links[0].url == f"/p/o2c/processes/{process.pk}/"

    def test_passes_a_confirmed_flow_until_it_changes(self, world) -> None:
        process = confirmed(world, describe(world))

        assert assessed(world, "G3.A4").result == "pass"
        save_steps(by=world.owner, process=process, rows=STEPS[:-1], now=NOW)
        assert assessed(world, "G3.A4").result == "fail"

    def test_passes_a_frozen_contract_with_six_values(self, world) -> None:
        indicator = measured(world, points=6)

        freeze_contract(by=world.lead, indicator=indicator, now=NOW)

        assert assessed(world, "G3.A5").result == "pass"

    def test_fails_open_contracts_and_few_values(self, world) -> None:
        indicator = measured(world, points=5)

        freeze_contract(by=world.lead, indicator=indicator, now=NOW)

        found = assessed(world, "G3.A5")
        assert (found.result, found.links[0].url) == ("fail", "/p/o2c/indicators/")

    def test_has_marks_without_counts(self, world) -> None:
        describe(world)
        before = assessed(world, "G3.A3").mark

        measured(world, points=3)

        assert assessed(world, "G3.A3").mark != before  # a second process in scope

    def test_costs_few_queries(self, world, django_assert_max_num_queries) -> None:
        describe(world)
        describe(world, scope_process(world, "§Billing"))

        with django_assert_max_num_queries(8):
            gating.assess(world.programme, 3, NOW)


def measured(world, points: int) -> Indicator:
    indicator = world.save(
        Indicator,
        code="days",
        name="§Days",
        definition="§Median",
        unit="§d",
        source="§ERP",
        owner=world.person("owner"),
        process=scope_process(world, "§Measured"),
    )
    rows = [
        {"series": "days", "at": f"2025-{month:02}-15", "value": month}
        for month in range(1, points + 1)
    ]
    record_measurements(
        by=world.lead, programme=world.programme, rows=rows, source="csv", now=NOW
    )
    return indicator


class TestProcessPages:
    def test_offer_to_describe(self, world, sign_in) -> None:
        item = scope_process(world)
        client = sign_in(world.owner)

        page = client.get("/p/o2c/processes/").content.decode()
        answer = client.post(f"/p/o2c/processes/describe/{item.pk}/")

        assert "1 process in scope is not described yet" in page
        process = Process.objects.get()
        assert answer["Location"] == f"/p/o2c/processes/{process.pk}/edit/"

    def test_refuse_to_describe_a_unit(self, world, sign_in) -> None:
        item = world.save(ScopeItem, kind="unit", name="§Desk")

        answer = sign_in(world.lead).post(f"/p/o2c/processes/describe/{item.pk}/")

        assert answer["Location"] == "/p/o2c/processes/"

    def test_show_everything_of_a_process(self, world, sign_in) -> None:
        process = describe(world)

        page = sign_in(world.viewer).get(f"/p/o2c/processes/{process.pk}/")

        text = page.content.decode()
        shown = ("§within 4 hours", "<svg", "6 steps, 2 roles", "100%", "12\xa0min")
        for words in shown:
            assert words in text
        assert "/steps/" not in text
        assert "/methods/process.value_added/" in text

    def test_say_that_a_step_without_a_class_adds_no_value(
        self, world, sign_in
    ) -> None:
        process = describe(world)
        rows = [replace(one, value_class="") for one in STEPS]
        save_steps(by=world.lead, process=process, rows=rows, now=NOW)

        page = sign_in(world.lead).get(f"/p/o2c/processes/{process.pk}/")

        assert "steps without a class add none" in page.content.decode()

    def test_tell_what_is_wrong_with_the_flow(self, world, sign_in) -> None:
        process = describe(world)
        save_steps(by=world.lead, process=process, rows=STEPS[:-1], now=NOW)

        page = sign_in(world.lead).get(f"/p/o2c/processes/{process.pk}/")

        assert "The flow has no end." in page.content.decode()

    def test_escape_what_people_typed(self, world, sign_in) -> None:
        process = begun(world)
        evil = '<script>alert("§")</script>'
        rows = [StepRow(evil, role=evil, kind="start"), StepRow("§E", kind="end")]
        save_steps(by=world.lead, process=process, rows=rows, now=NOW)

        page = sign_in(world.lead).get(f"/p/o2c/processes/{process.pk}/")

        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()

    def test_confirm(self, world, sign_in) -> None:
        process = describe(world)
        url = f"/p/o2c/processes/{process.pk}/confirm/"

        sign_in(world.owner).post(url, {"version": "x"})
        assert not Process.objects.get().is_confirmed
        sign_in(world.owner).post(url, {"version": process.version})

        assert Process.objects.get().is_confirmed
        assert sign_in(world.lead).post(url).status_code == 403

    @pytest.mark.parametrize("tail", ["", "sipoc/", "study/", "steps/"])
    def test_ask_few_queries(
        self, world, sign_in, tail, django_assert_max_num_queries
    ) -> None:
        process = describe(world)
        describe(world, scope_process(world, "§Billing"))
        client = sign_in(world.lead)

        # Thirteen are those of the door and the frame of every page.
        with django_assert_max_num_queries(18):
            client.get(f"/p/o2c/processes/{process.pk}/{tail}")

    def test_are_closed_to_strangers(self, world, sign_in) -> None:
        process = describe(world)

        for page in ("", "sipoc/", "study/", "steps/"):
            answer = sign_in(world.stranger).get(
                f"/p/o2c/processes/{process.pk}/{page}"
            )
            assert answer.status_code == 404

    def test_link_from_the_library(self, world, sign_in) -> None:
        process = describe(world)

        page = sign_in(world.viewer).get("/library/").content.decode()

        assert f"/p/o2c/processes/{process.pk}/" in page


class TestSipocPage:
    def test_saves_lines(self, world, sign_in) -> None:
        process = begun(world)
        data = {"record_version": 1, "input": "§Order\n\n§Order\n§Rating | §fresh"}

        answer = sign_in(world.owner).post(
            f"/p/o2c/processes/{process.pk}/sipoc/", data
        )

        assert answer.status_code == 302
        rows = SipocItem.objects.order_by("place")
        assert [(one.text, one.requirement) for one in rows] == [
            ("§Order", ""),
            ("§Rating", "§fresh"),
        ]

    def test_shows_what_is_too_long_and_what_is_stale(self, world, sign_in) -> None:
        process = begun(world)
        url = f"/p/o2c/processes/{process.pk}/sipoc/"
        client = sign_in(world.lead)

        long = client.post(url, {"input": "§" * 201, "record_version": 1})
        stale = client.post(url, {"input": "§A", "record_version": 9})

        assert (long.status_code, stale.status_code) == (422, 422)
        assert "§A" in stale.content.decode()
        assert not SipocItem.objects.exists()


class TestStudyPage:
    def test_saves_the_grid(self, world, sign_in) -> None:
        process = begun(world)
        data = {"record_version": 1}
        for row in IpoCell.Row.values:
            for column in IpoCell.Column.values:
                data[f"{row}-{column}-severity"] = "0"
        data["input-forms-text"] = "§Paper"
        data["output-methods-is_not_applicable"] = "on"
        data["output-methods-reason"] = "§None"

        answer = sign_in(world.owner).post(
            f"/p/o2c/processes/{process.pk}/study/", data
        )

        assert answer.status_code == 302
        assert IpoCell.objects.count() == 2

    def test_asks_for_a_reason(self, world, sign_in) -> None:
        process = begun(world)
        data = {
            f"{row}-{column}-severity": "0"
            for row in IpoCell.Row.values
            for column in IpoCell.Column.values
        }
        url = f"/p/o2c/processes/{process.pk}/study/"
        both = {"input-forms-is_not_applicable": "on", "input-forms-text": "§X"}

        answer = sign_in(world.owner).post(url, {**data, **both})
        stale = sign_in(world.owner).post(url, {**data, "record_version": 9})

        assert answer.status_code == 422
        assert "Say why it is not applicable." in answer.content.decode()
        assert stale.status_code == 422


def posted(rows, **more):
    data = {"rows": len(rows), "record_version": 1, **more}
    for place, row in enumerate(rows):
        data |= {f"s{place}-{name}": value for name, value in row.items()}
    return data


class TestStepsPage:
    ROWS = [{"name": "§A", "kind": "start"}, {"name": "§B", "kind": "end"}, {}]

    def test_saves_rows_and_leaves_empty_ones_out(self, world, sign_in) -> None:
        process = begun(world)

        answer = sign_in(world.owner).post(
            f"/p/o2c/processes/{process.pk}/steps/", posted(self.ROWS)
        )

        assert answer.status_code == 302
        assert [one.name for one in steps_of(process)] == ["§A", "§B"]

    @pytest.mark.parametrize(
        ("do", "order"),
        [
            ("up-1", ["§B", "§A"]),
            ("down-0", ["§B", "§A"]),
            ("remove-0", ["§B"]),
            ("add", ["§A", "§B"]),
            ("up-9", ["§A", "§B"]),
        ],
    )
    def test_rearranges_without_saving(self, world, sign_in, do, order) -> None:
        process = begun(world)

        answer = sign_in(world.owner).post(
            f"/p/o2c/processes/{process.pk}/steps/", posted(self.ROWS, do=do)
        )

        names = [one["name"].value() for one in answer.context["rows"]]
        assert [one for one in names if one] == order
        assert not Step.objects.exists()

    def test_shows_errors_and_refusals(self, world, sign_in) -> None:
        process = begun(world)
        client = sign_in(world.owner)
        url = f"/p/o2c/processes/{process.pk}/steps/"
        nameless = [{"role": "§Desk", "kind": "task"}]
        twice = [{**one, "key": "1"} for one in self.ROWS[:2]]

        for rows in (nameless, twice):
            answer = client.post(url, posted(rows))
            assert answer.status_code == 422

        assert "used twice" in answer.content.decode()
        assert not Step.objects.exists()
