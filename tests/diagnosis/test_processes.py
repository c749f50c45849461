"""Describing processes: services and the criteria of gate 3."""

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
from programmes.models import Activity, ScopeItem
from programmes.services.indicators import freeze_contract
from programmes.services.records import Invalid, UnderReview, delete_record, save_record
from tests.diagnosis.fill import CELLS, LINES, STEPS, describe
from tests.diagnosis.process_ready import begun, confirmed, measured
from tests.world import NOW, scope_process


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
