"""What belonged to a record at a moment: its steps, scores, lines, in small tables."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.db.models import CASCADE, ForeignKey
from django.utils.functional import Promise

from programmes.kit.together import together
from programmes.models import Record
from programmes.past import Past, names_of
from programmes.views.history import Names, shown

MOST_LABELS = 8


def parts_then(past: Past, record: Record) -> list[dict[str, Any]]:
    """Two queries, however many kinds of part there are."""
    links = part_links(type(record))
    asked = {
        name: past.newest(link.model).filter(**{link.attname: record.pk})
        for name, link in links.items()
    }
    found = together(past.programme, **asked) if asked else {}
    tables = {
        name: [one for one in rows if one.history_type != "-" and not one.deleted_at]
        for name, rows in found.items()
    }
    fields = {name: fields_of(link) for name, link in links.items()}
    names = names_then(past, tables, fields)
    return [
        table_of(links[name].model, rows, fields[name], names, record)
        for name, rows in tables.items()
        if rows and fields[name]
    ]


def part_links(model: type[Record]) -> dict[str, Any]:
    """The links of parts to their whole, under a name for a query."""
    return {
        f"{one._meta.app_label}_{one._meta.model_name}": field
        for one in apps.get_models()
        if issubclass(one, Record) and one is not model
        for field in one._meta.concrete_fields
        if isinstance(field, ForeignKey)
        and field.related_model is model
        and field.remote_field.on_delete is CASCADE
    }


def fields_of(link: Any) -> list[Any]:
    """What people see of a part; a field without translated words is the machine's."""
    found = [
        one
        for one in link.model._meta.concrete_fields
        if one is not link
        and (one.name in link.model.material or isinstance(one.verbose_name, Promise))
    ]
    return found[:MOST_LABELS]


def names_then(
    past: Past, tables: dict[str, list[Any]], fields: dict[str, list[Any]]
) -> Names:
    """What the rows are called that parts point to; one query."""
    keys: dict[Any, set[Any]] = defaultdict(set)
    for name, rows in tables.items():
        for field in fields[name]:
            if field.is_relation:
                keys[field.related_model] |= {
                    getattr(one, field.attname) for one in rows
                }
    return names_of(past, {model: wanted - {None} for model, wanted in keys.items()})


def table_of(
    model: type[Record],
    rows: list[Any],
    fields: list[Any],
    names: Names,
    record: Record,
) -> dict[str, Any]:
    return {
        "title": model._meta.verbose_name_plural,
        "labels": [one.verbose_name for one in fields],
        "rows": [
            [
                {
                    "label": field.verbose_name,
                    "value": shown(
                        field, getattr(row, field.attname), record, names, frozenset()
                    ),
                }
                for field in fields
            ]
            for row in rows
        ],
    }
