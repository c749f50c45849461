"""Rows and records of a register as templates show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programmes.kit.pages import Column
from programmes.models import Programme

if TYPE_CHECKING:
    from programmes.views.register import Register


def row_of(register: Register, programme: Programme, record: Any) -> dict[str, Any]:
    cells = [
        {
            "column": column,
            "kind": column.kind,
            "label": column.label,
            "value": column.of(record),
            "words": column.words(record),
            "tone": column.tones.get(str(column.of(record)), "neutral"),
        }
        for column in register.columns
    ]
    url = register.url("detail", programme, record.pk)
    return {"record": record, "cells": cells, "url": url}


def facts_of(register: Register, record: Any) -> list[dict[str, Any]]:
    """Every field of the form as label and shown value."""
    facts = []
    money = {one.name for one in register.columns if one.kind == "money"}
    for name in register.form._meta.fields or ():
        column = Column(name, "")
        model_field = record._meta.get_field(name)
        facts.append(
            {
                "label": model_field.verbose_name,
                "value": column.words(record),
                "kind": "money" if name in money else model_field.get_internal_type(),
            }
        )
    return facts
