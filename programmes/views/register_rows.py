"""Rows and records of a register as templates show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from programmes.kit.pages import Column
from programmes.models import Programme

if TYPE_CHECKING:
    from programmes.views.register import Register


def row_of(
    register: Register,
    programme: Programme,
    record: Any,
    columns: Sequence[Column] | None = None,
) -> dict[str, Any]:
    """A row of the list.

    :param columns: others than the register's.
    """
    cells = [
        {
            "column": column,
            "kind": column.kind,
            "label": column.label,
            "value": column.of(record),
            "words": column.words(record),
            "tone": column.tones.get(str(column.of(record)), "neutral"),
        }
        for column in columns or register.columns
    ]
    url = register.url("detail", programme, record.pk)
    return {"record": record, "cells": cells, "url": url}
