"""After an approval material fields ask why and mark the gate; others are free."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from programmes.lifecycle import GateState, Outcome, ReviewState
from programmes.models import (
    EvidenceChange,
    Gate,
    GateReview,
    Measurement,
    Programme,
    Record,
)
from programmes.services.material import ReasonNeeded
from programmes.services.measurements import record_measurements
from programmes.services.records import UnderReview, save_record
from tests.stage import Stage, rolled_back
from tests.world import NOW

pytestmark = pytest.mark.django_db

FEWEST = 20
PLAIN = (
    models.CharField,
    models.TextField,
    models.DateField,
    models.DecimalField,
    models.IntegerField,
    models.BooleanField,
)


# What cannot change alone: keys, and fields that a constraint binds to others.
BOUND = {
    "diagnosis.evidence.link",
    "diagnosis.ipocell.column",
    "diagnosis.ipocell.is_not_applicable",
    "diagnosis.ipocell.row",
    "diagnosis.step.key",
    "design.stepdimension.dimension",
    "programmes.budgetline.currency",
    "programmes.budgetline.planned_foreign",
    "programmes.budgetline.rate",
    "programmes.indicator.code",
    "programmes.need.is_out",
}


def fields_of(model: type[Record], *, is_material: bool) -> list[str]:
    """Plain fields that a person can change, in or out of what is material."""
    own = [
        one
        for one in model._meta.concrete_fields
        if one.model is not Record and isinstance(one, PLAIN)
    ]
    return [
        one.name
        for one in own
        if one.editable
        and not one.primary_key
        and (one.name in model.material) == is_material
        and f"{model._meta.label_lower}.{one.name}" not in BOUND
    ]


RECORDS = sorted(
    (
        one
        for one in apps.get_models()
        if issubclass(one, Record) and one.material and one.evidence_of
    ),
    key=lambda one: one._meta.label_lower,
)
MATERIAL = [(m, f) for m in RECORDS for f in fields_of(m, is_material=True)]
FREE = [(m, f) for m in RECORDS for f in fields_of(m, is_material=False)]


def label(case: Any) -> str:
    return case._meta.label_lower if isinstance(case, type) else str(case)


def changed(record: Record, name: str) -> Any:
    """Another value that the field may take."""
    field: Any = record._meta.get_field(name)
    value = getattr(record, name)
    if field.choices:
        keys = [key for key, _label in field.flatchoices if key != value]
        return keys[0]
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateField):
        return (value or date(2026, 3, 2)) + timedelta(days=1)
    if isinstance(field, models.DecimalField | models.IntegerField):
        return value - 1 if value and value > 1 else Decimal(2)
    return f"§{value}x"[: field.max_length or 200]


@pytest.fixture
def apart() -> Iterator[None]:
    with rolled_back():
        yield


def at_gate(stage: Stage, model: type[Record], state: ReviewState) -> Record:
    """A record of the world whose gate is approved, or in review, as it stands."""
    manager: Any = model._default_manager
    record: Record | None = manager.of(stage.world.programme).order_by("pk").first()
    if record is None:
        pytest.skip(f"the world has no {model._meta.verbose_name}")
    is_open = state is ReviewState.OPEN
    gate = Gate.objects.get(
        programme=stage.world.programme, phase=record.evidence_of[0]
    )
    gate.reviews.filter(state=ReviewState.OPEN).update(state=ReviewState.WITHDRAWN)
    last = gate.reviews.order_by("-round").first()
    GateReview.objects.create(
        gate=gate,
        round=(last.round if last else 0) + 1,
        state=state,
        ask="§May we?",
        evidence={},
        fingerprint="0" * 64,
        submitted_by=stage.world.lead,
        submitted_at=max(NOW, record.created_at),
        due_on=NOW.date(),
        outcome="" if is_open else Outcome.APPROVE,
        decided_by=None if is_open else stage.world.sponsor,
        decided_at=None if is_open else NOW,
    )
    gate.state = GateState.IN_REVIEW if is_open else GateState.PASSED
    gate.changed_at = None
    gate.save()
    return record


def save(stage: Stage, record: Record, reason: str = "") -> None:
    save_record(by=None, record=record, now=NOW, reason=reason)


def gate_of(record: Record) -> Gate:
    return Gate.objects.get(programme=record.programme, phase=record.evidence_of[0])


class TestMaterialFields:
    def test_are_many(self) -> None:
        assert len(MATERIAL) >= FEWEST
        assert len({m.evidence_of[0] for m, _field in MATERIAL}) >= 6

    @pytest.mark.parametrize(("model", "name"), MATERIAL, ids=label)
    def test_ask_why_and_mark_the_gate(
        self, model: type[Record], name: str, stage: Stage, apart: None
    ) -> None:
        record = at_gate(stage, model, ReviewState.DECIDED)
        setattr(record, name, changed(record, name))

        with pytest.raises(ReasonNeeded), rolled_back():
            save(stage, record)
        assert gate_of(record).changed_at is None
        record.version -= 1
        save(stage, record, "§They asked for it")

        assert gate_of(record).changed_at == NOW
        rows = EvidenceChange.objects.filter(
            record_type=model._meta.label_lower, record_id=record.pk, field=name
        )
        assert rows.filter(reason="§They asked for it").count() >= 1

    @pytest.mark.parametrize(("model", "name"), MATERIAL[::3], ids=label)
    def test_are_locked_in_review(
        self, model: type[Record], name: str, stage: Stage, apart: None
    ) -> None:
        record = at_gate(stage, model, ReviewState.OPEN)
        setattr(record, name, changed(record, name))

        with pytest.raises(UnderReview):
            save(stage, record, "§They asked for it")


class TestOtherFields:
    @pytest.mark.parametrize(("model", "name"), FREE, ids=label)
    def test_change_freely(
        self, model: type[Record], name: str, stage: Stage, apart: None
    ) -> None:
        record = at_gate(stage, model, ReviewState.DECIDED)
        setattr(record, name, changed(record, name))

        save(stage, record)

        assert gate_of(record).changed_at is None


class TestMeasurements:
    def test_mark_no_gate(self, stage: Stage, apart: None) -> None:
        Gate.objects.filter(programme=stage.world.programme).update(
            state=GateState.PASSED, changed_at=None
        )
        programme = Programme.objects.get(pk=stage.world.programme.pk)

        record_measurements(
            by=stage.world.lead,
            programme=programme,
            rows=[{"series": "cycle", "at": "2026-03-02", "value": "8"}],
            source=Measurement.Source.HAND,
            now=NOW,
        )

        assert not Gate.objects.filter(programme=programme).exclude(changed_at=None)
