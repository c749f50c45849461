"""Rows of several tables in one question to the database.

Each queryset becomes an array of JSON objects beside one row that is there anyhow; the
objects are read back into instances, with the relations of `select_related` and with
annotations. For pages that look at many small tables at once (gates, reports).
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, JSONField
from django.db.models.functions import JSONObject

# The key of the annotations in a JSON object; no field can have it.
MORE = "+"


class ExactDecoder(json.JSONDecoder):
    """Numbers with a point stay exact."""

    def __init__(self, **options: Any) -> None:
        super().__init__(parse_float=Decimal, **options)


class RowObject(JSONObject):
    output_field = JSONField(decoder=ExactDecoder)


def together(row: models.Model, **querysets: Any) -> dict[str, list[Any]]:
    """The rows of every queryset, by its name and in its order; one query.

    :param row: a saved row to ask beside, such as the programme.
    """
    # An annotation may not have the name of a field.
    asked = {
        f"rows_of_{name}": ArraySubquery(rows.values(json=as_json(rows)))
        for name, rows in querysets.items()
    }
    beside: dict[str, Any] = (
        type(row)._base_manager.filter(pk=row.pk).values(**asked).get()
    )
    return {
        name: [read(rows, one) for one in beside[f"rows_of_{name}"] or ()]
        for name, rows in querysets.items()
    }


def as_json(rows: Any) -> RowObject:
    parts = parts_of(rows.model, related_of(rows), loaded_of(rows))
    if rows.query.annotation_select:
        names = rows.query.annotation_select
        parts[MORE] = JSONObject(**{name: F(name) for name in names})
    return RowObject(**parts)


def related_of(rows: Any) -> dict[str, Any]:
    """What select_related names, as nested dicts."""
    found = rows.query.select_related
    return found if isinstance(found, dict) else {}


def loaded_of(rows: Any) -> list[str]:
    """The fields of the rows but for deferred ones."""
    names, is_deferred = rows.query.deferred_loading
    return [
        field.attname
        for field in rows.model._meta.concrete_fields
        if not is_deferred or field.name not in names
    ]


def parts_of(
    model: Any, related: dict[str, Any], loaded: list[str], prefix: str = ""
) -> dict[str, Any]:
    parts: dict[str, Any] = {name: F(f"{prefix}{name}") for name in loaded}
    for name, further in related.items():
        other = model._meta.get_field(name).related_model
        names = [field.attname for field in other._meta.concrete_fields]
        inner = parts_of(other, further, names, f"{prefix}{name}__")
        parts[name] = JSONObject(**inner)
    return parts


def read(rows: Any, found: dict[str, Any]) -> Any:
    """The instance with its annotations."""
    instance = instance_of(rows.model, related_of(rows), found)
    annotations = rows.query.annotation_select
    for name, value in found.get(MORE, {}).items():
        field = annotations[name].output_field
        setattr(instance, name, value_of(field, value))
    return instance


def instance_of(model: Any, related: dict[str, Any], found: dict[str, Any]) -> Any:
    fields = [one for one in model._meta.concrete_fields if one.attname in found]
    values = [value_of(one, found[one.attname]) for one in fields]
    instance = model.from_db("default", [one.attname for one in fields], values)
    for name, further in related.items():
        other = model._meta.get_field(name).related_model
        inner = found[name]
        there = inner[other._meta.pk.attname] is not None
        setattr(instance, name, instance_of(other, further, inner) if there else None)
    return instance


def value_of(field: Any, value: Any) -> Any:
    """What the field would have read from its own column."""
    if isinstance(field, JSONField):
        return json.loads(json.dumps(value, default=float))
    return None if value is None else field.to_python(value)
