"""No record may point to a row of another programme, whichever door it comes by."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import ForeignKey

from programmes.models import OrgUnit, Person, Record
from programmes.services.records import Invalid, save_record
from programmes.views.register import REGISTERS
from tests.addresses import addresses
from tests.stage import Stage, rolled_back

pytestmark = pytest.mark.django_db

NAMES = addresses()
MODELS = list(dict.fromkeys(one.model for one in REGISTERS))


def pointers(model: type[Record]) -> list[Any]:
    """Foreign keys to what belongs to a programme or an enterprise."""
    return [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, ForeignKey)
        and (
            one.related_model in (Person, OrgUnit)
            or issubclass(one.related_model, Record)  # type: ignore[arg-type]
        )
    ]


POINTERS = [(model, one) for model in MODELS for one in pointers(model)]
LABELS = [f"{model.__name__}.{one.name}" for model, one in POINTERS]


def rows(model: Any, programme: Any) -> Any:
    if issubclass(model, Record):
        return model._default_manager.filter(programme=programme)
    return model._default_manager.filter(enterprise=programme.enterprise)


@pytest.mark.parametrize(("model", "field"), POINTERS, ids=LABELS)
class TestEachPointer:
    def test_refuses_a_row_of_another_enterprise(
        self, model: Any, field: Any, stage: Stage
    ) -> None:
        record = rows(model, stage.world.programme).filter(deleted_at=None).first()
        foreign = rows(field.related_model, stage.far.programme).first()
        assert record is not None
        assert foreign is not None
        setattr(record, field.name, foreign)

        with rolled_back(), pytest.raises(Invalid) as refusal:
            save_record(by=None, record=record, now=stage.world.now)

        assert field.name in refusal.value.fields

    def test_refuses_a_deleted_row(self, model: Any, field: Any, stage: Stage) -> None:
        if not issubclass(field.related_model, Record):
            pytest.skip("people and units are not deleted")
        with rolled_back():
            record = rows(model, stage.world.programme).filter(deleted_at=None).first()
            there = rows(field.related_model, stage.world.programme).first()
            copy = type(there)._default_manager.get(pk=there.pk)
            copy.pk, copy.deleted_at = None, stage.world.now
            try:
                with rolled_back():
                    copy.save_base(raw=True)
                    setattr(record, field.name, copy)

                    with pytest.raises(Invalid) as refusal:
                        save_record(by=None, record=record, now=stage.world.now)

                    assert field.name in refusal.value.fields
            except Exception as error:
                if "unique" not in str(error):
                    raise
                pytest.skip("its table takes one row only")
