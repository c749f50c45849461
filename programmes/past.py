"""Records as they were at a moment, read from their history.

Rows that were deleted since are there as they stood, rows that came later are not. One
query for a kind of record, and one for each kind that its links name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from programmes.kit.together import together
from programmes.models import Programme, Record

# What is linked, and what is linked from there: {"process": {"scope_item": {}}}.
Paths = dict[str, Any]


class Past:
    """The programme's records at one moment."""

    def __init__(self, programme: Programme, at: datetime) -> None:
        self.programme, self.at = programme, at
        self.found: dict[Any, dict[int, Any]] = {}

    def rows(self, model: type[Record]) -> list[Any]:
        """All rows of a kind that were not deleted then, oldest first."""
        rows = self.read(model, self.newest(model))
        return [one for one in rows.values() if one.deleted_at is None]

    def row(self, model: type[Record], pk: int) -> Any:
        """One row, or None: it was not there then."""
        one = self.read(model, self.newest(model).filter(id=pk)).get(pk)
        return one if one is not None and one.deleted_at is None else None

    def newest(self, model: Any) -> Any:
        """The last entry of each row's history up to the moment."""
        past = model.history.filter(
            programme=self.programme, history_date__lte=self.at
        ).select_related("history_user")
        return past.order_by("id", "-history_date", "-history_id").distinct("id")

    def read(self, model: type[Record], entries: Any) -> dict[int, Any]:
        rows = {}
        for entry in entries:
            if entry.history_type == "-":
                continue
            row = entry.instance
            row.programme = self.programme
            rows[row.pk] = row
        self.found.setdefault(model, {}).update(rows)
        return rows

    def link(self, rows: Iterable[Any], paths: Paths) -> None:
        """Give each row what it is linked to, as that was then."""
        rows = list(rows)
        if not rows:
            return
        for name, deeper in paths.items():
            field = rows[0]._meta.get_field(name)
            if name == "programme" or not field.many_to_one:
                continue
            keys = {getattr(one, field.attname) for one in rows} - {None}
            targets = self.named(field.related_model, keys)
            self.link(targets.values(), deeper)
            for one in rows:
                field.set_cached_value(one, targets.get(getattr(one, field.attname)))

    def named(self, model: Any, keys: set[int]) -> Mapping[int, Any]:
        """Rows by key: records as they were, people and units as they are."""
        known = self.found.setdefault(model, {})
        missing = keys - known.keys()
        if missing and issubclass(model, Record):
            self.read(model, self.newest(model).filter(id__in=missing))
        elif missing:
            known |= model._base_manager.in_bulk(missing)
        return {key: known[key] for key in keys if key in known}


def follow(row: Any, path: str) -> Any:
    """What an ORM path leads to; None where the past does not know it."""
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row


def names_of(past: Past, keys: Mapping[Any, set[Any]]) -> dict[tuple[Any, Any], str]:
    """What rows were called at the moment, of whatever kinds; one query."""
    asked = {}
    for model, wanted in keys.items():
        if issubclass(model, Record):
            rows = past.newest(model).filter(id__in=wanted)
        else:
            rows = model._base_manager.filter(pk__in=wanted)
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        asked[name] = rows.select_related(None).select_related(*wholes_of(model))
    found = together(past.programme, **asked) if asked else {}
    return {
        (type(row), row.pk): str(row)
        for rows in found.values()
        for row in (as_row(one) for one in rows)
    }


def wholes_of(model: Any) -> list[str]:
    """What a row cannot be without: its name may take that in."""
    return [
        one.name
        for one in model._meta.concrete_fields
        if one.many_to_one and not one.null and one.name != "programme"
    ]


def as_row(found: Any) -> Any:
    """The row that an entry of the history describes; a row is itself."""
    row = getattr(found, "instance", found)
    if row is not found:
        for name in wholes_of(type(row)):
            setattr(row, name, getattr(found, name))
    return row
