"""Rows that are edited as a table ask why and mark the gate, as single records do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from design.models import Score, StepDimension
from design.services.options import record_scores
from design.services.support import check_cells
from diagnosis.forms.processes import StepsForm
from diagnosis.models import IpoCell, SipocItem, Step
from diagnosis.services.processes import (
    StepRow,
    save_ipo,
    save_sipoc,
    save_steps,
    steps_of,
)
from evaluation.models import EvaluationSetup
from programmes.lifecycle import ReviewState
from programmes.models import EvidenceChange, Record
from programmes.services.material import ReasonNeeded
from programmes.services.records import UnderReview
from tests.diagnosis.fill import CELLS, LINES, STEPS
from tests.stage import Stage, rolled_back
from tests.test_material import at_gate, gate_of
from tests.world import NOW

pytestmark = pytest.mark.django_db

WHY = "§They asked for it"
Edit = Callable[[Stage, Any, str], object]


def steps_edit(change: dict[str, Any]) -> Edit:
    def edit(stage: Stage, record: Step, reason: str) -> object:
        rows = [
            replace(one, **change) if one.key == record.key else one for one in STEPS
        ]
        return save_steps(
            by=stage.world.lead,
            process=record.process,
            rows=rows,
            now=NOW,
            reason=reason,
        )

    return edit


def step_gone(stage: Stage, record: Step, reason: str) -> object:
    rows = [one for one in STEPS if one.key != record.key]
    return save_steps(
        by=stage.world.lead, process=record.process, rows=rows, now=NOW, reason=reason
    )


def line_gone(stage: Stage, record: SipocItem, reason: str) -> object:
    lines = [one for one in LINES if one.text != record.text]
    return save_sipoc(
        by=stage.world.lead, process=record.process, lines=lines, now=NOW, reason=reason
    )


def cell_changed(stage: Stage, record: IpoCell, reason: str) -> object:
    cells = [
        replace(one, text="§Other")
        if (one.row, one.column) == (record.row, record.column)
        else one
        for one in CELLS
    ]
    return save_ipo(
        by=stage.world.lead, process=record.process, cells=cells, now=NOW, reason=reason
    )


def score_set(points: Decimal | None) -> Edit:
    def edit(stage: Stage, record: Score, reason: str) -> object:
        return record_scores(
            by=stage.world.lead,
            programme=stage.world.programme,
            points={(record.option_id, record.yardstick_id): points},
            now=NOW,
            reason=reason,
        )

    return edit


def check_turned(stage: Stage, record: StepDimension, reason: str) -> object:
    cells = {(record.step_id, record.dimension): not record.is_affected}
    return check_cells(
        by=stage.world.lead,
        programme=stage.world.programme,
        cells=cells,
        now=NOW,
        reason=reason,
    )


def check_gone(stage: Stage, record: StepDimension, reason: str) -> object:
    return check_cells(
        by=stage.world.lead,
        programme=stage.world.programme,
        cells={(record.step_id, record.dimension): None},
        now=NOW,
        reason=reason,
    )


# What is edited, how, and the field that is kept beside the decision ("": all of it).
EDITS: list[Any] = [
    pytest.param(Step, steps_edit({"name": "§Other"}), "name", id="step"),
    pytest.param(Step, step_gone, "", id="step-gone"),
    pytest.param(SipocItem, line_gone, "", id="sipoc-gone"),
    pytest.param(IpoCell, cell_changed, "text", id="cell"),
    pytest.param(Score, score_set(Decimal(33)), "points", id="score"),
    pytest.param(Score, score_set(None), "", id="score-gone"),
    pytest.param(StepDimension, check_turned, "is_affected", id="check"),
    pytest.param(StepDimension, check_gone, "", id="check-gone"),
]


@pytest.fixture
def apart() -> Iterator[None]:
    with rolled_back():
        yield


@pytest.mark.usefixtures("apart")
class TestTables:
    @pytest.mark.parametrize(("model", "edit", "name"), EDITS)
    def test_ask_why_and_mark_the_gate(
        self, model: type[Record], edit: Edit, name: str, stage: Stage
    ) -> None:
        record = at_gate(stage, model, ReviewState.DECIDED)

        with pytest.raises(ReasonNeeded), rolled_back():
            edit(stage, record, " ")
        assert gate_of(record).changed_at is None
        edit(stage, record, WHY)

        assert gate_of(record).changed_at == NOW
        found = EvidenceChange.objects.get(
            record_type=model._meta.label_lower, record_id=record.pk
        )
        assert (found.field, found.reason) == (name, WHY)
        history: Any = record.history
        assert history.latest().history_change_reason == WHY

    @pytest.mark.parametrize(("model", "edit", "name"), EDITS)
    def test_are_locked_in_review(
        self, model: type[Record], edit: Edit, name: str, stage: Stage
    ) -> None:
        record = at_gate(stage, model, ReviewState.OPEN)

        with pytest.raises(UnderReview):
            edit(stage, record, WHY)

    def test_take_new_rows_and_other_fields_without_a_word(self, stage: Stage) -> None:
        record = at_gate(stage, Step, ReviewState.DECIDED)
        edit = steps_edit({"work_minutes": Decimal(7)})
        more = [*STEPS, StepRow("§Later", "7", role="§Desk")]

        edit(stage, record, "")
        save_steps(by=stage.world.lead, process=record.process, rows=more, now=NOW)

        assert gate_of(record).changed_at is None


def posted_steps(record: Any) -> tuple[str, dict[str, Any]]:
    rows = StepsForm.of(steps_of(record.process)).rows
    data = {one.html_name: one.value() or "" for form in rows for one in form}
    return (
        f"processes/{record.process_id}/steps/",
        {**data, "rows": len(rows), "s0-name": "§Typed"},
    )


def posted_lines(record: Any) -> tuple[str, dict[str, Any]]:
    return f"processes/{record.process_id}/sipoc/", {"input": "§Typed"}


def posted_cells(record: Any) -> tuple[str, dict[str, Any]]:
    data = {f"{one.row}-{one.column}-severity": "0" for one in CELLS}
    url = f"processes/{record.process_id}/study/"
    return url, {**data, "input-contents-text": "§Typed"}


def posted_scores(record: Any) -> tuple[str, dict[str, Any]]:
    name = f"s{record.option_id}-{record.yardstick_id}"
    return "comparison/scores/", {name: "33.25"}


def posted_checks(record: Any) -> tuple[str, dict[str, Any]]:
    answer = "no" if record.is_affected else "yes"
    return "matrix/", {f"c{record.step_id}-{record.dimension}": answer}


def posted_weights(record: Any) -> tuple[str, dict[str, Any]]:
    weights = {"economic": "33.25", "management": "33.25", "qualitative": "33.5"}
    return "evaluation/setup/", {**weights, "rate": "7"}


def shown_at_gate(stage: Stage, model: type[Record], state: ReviewState) -> Record:
    if model is EvaluationSetup:
        stage.world.save(EvaluationSetup)
    return at_gate(stage, model, state)


PAGES: list[Any] = [
    pytest.param(Step, posted_steps, "§Typed", id="steps"),
    pytest.param(SipocItem, posted_lines, "§Typed", id="sipoc"),
    pytest.param(IpoCell, posted_cells, "§Typed", id="study"),
    pytest.param(Score, posted_scores, "33.25", id="scores"),
    pytest.param(StepDimension, posted_checks, "", id="checks"),
    pytest.param(EvaluationSetup, posted_weights, "33.25", id="weights"),
]


@pytest.mark.usefixtures("apart")
class TestTablePages:
    @pytest.mark.parametrize(("model", "posted", "typed"), PAGES)
    def test_ask_for_the_reason_and_keep_what_was_typed(
        self, model: type[Record], posted: Any, typed: str, stage: Stage
    ) -> None:
        record = shown_at_gate(stage, model, ReviewState.DECIDED)
        path, data = posted(record)
        url = f"/p/{stage.world.programme.code}/{path}"

        shown = stage.ask("lead", url).content.decode()
        refused = stage.ask("lead", url, "POST", data)
        taken = stage.ask("lead", url, "POST", {**data, "change_reason": WHY})

        assert f"{gate_of(record)} was approved on this" in shown
        assert refused.status_code == 422
        page = refused.content.decode()
        assert "Give the reason; it is shown beside the approval." in page
        assert typed in page
        assert taken.status_code == 302

    @pytest.mark.parametrize(("model", "posted", "typed"), PAGES)
    def test_ask_nothing_before_an_approval(
        self, model: type[Record], posted: Any, typed: str, stage: Stage
    ) -> None:
        record = shown_at_gate(stage, model, ReviewState.OPEN)

        page = stage.ask("lead", f"/p/{record.programme.code}/{posted(record)[0]}")

        assert page.status_code == 200
        assert "change_reason" not in page.content.decode()
