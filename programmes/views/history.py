"""Field-level history of a record: who changed what, from what, to what."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from programmes.kit import formats

MOST = 200
Names = dict[tuple[Any, Any], str]


def history_rows(record: Any) -> list[dict[str, Any]]:
    """The newest first: who, when, and the changed fields with both values.

    One query, and one for each kind of row that the record points to.
    """
    past = list(
        record.history.select_related("history_user").order_by("-history_id")[:MOST]
    )
    names = names_of(past)
    rows = []
    for index, row in enumerate(past):
        earlier = past[index + 1] if index + 1 < len(past) else None
        rows.append(
            {
                "at": row.history_date,
                "who": row.history_user,
                "why": row.history_change_reason or "",
                "kind": row.history_type,
                "fields": changed_fields(row, earlier, names),
            }
        )
    return rows


def names_of(past: list[Any]) -> Names:
    """Names of the rows that these versions point to."""
    keys: dict[Any, set[Any]] = {}
    for row in past:
        for field in row.tracked_fields:
            if field.is_relation and isinstance(field.verbose_name, Promise):
                found = keys.setdefault(field.related_model, set())
                found.add(getattr(row, field.attname))
    return {
        (model, one.pk): str(one)
        for model, found in keys.items()
        for one in model._default_manager.filter(pk__in=found - {None})
    }


def changed_fields(row: Any, earlier: Any, names: Names) -> list[dict[str, Any]]:
    fields = []
    for field in row.tracked_fields:
        # A field without translated words is the machine's own.
        if not isinstance(field.verbose_name, Promise):
            continue
        new = getattr(row, field.attname, None)
        old = getattr(earlier, field.attname, None) if earlier else None
        if new == old or (earlier is None and new in (None, "", False)):
            continue
        fields.append(
            {
                "label": field.verbose_name,
                "old": shown(field, old, names),
                "new": shown(field, new, names),
            }
        )
    return fields


def shown(field: Any, value: Any, names: Names) -> Any:
    """A choice by its label, a related row by its name."""
    if value in (None, ""):
        return "·"
    if isinstance(value, bool):
        return formats.yes_no(value)
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    if field.is_relation:
        gone = _("no. %(number)s") % {"number": value}
        return names.get((field.related_model, value), gone)
    return written(value)


def written(value: Any) -> Any:
    """A value as pages write it."""
    if isinstance(value, Decimal | float):
        return formats.number(value)
    if isinstance(value, datetime):
        return formats.moment(timezone.localtime(value), timezone.localdate())
    if isinstance(value, date):
        return formats.day(value, timezone.localdate())
    return value
