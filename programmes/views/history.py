"""Field-level history of a record: who changed what, from what, to what."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from programmes.kit import formats
from programmes.views.facts import written

MOST = 200
# (model, key) -> how the row is called.
Names = dict[tuple[Any, Any], str]


def history_rows(
    record: Any, money: frozenset[str] = frozenset()
) -> list[dict[str, Any]]:
    """The newest first: who, when, and the changed fields with both values.

    One query, and one for each kind of record that the fields point to.

    :param money: the names of the fields that are amounts.
    """
    past = list(
        record.history.select_related("history_user").order_by("-history_id")[:MOST]
    )
    names = names_in(past)
    rows = []
    for row, earlier in zip(past, [*past[1:], None], strict=False):
        rows.append(
            {
                "at": row.history_date,
                "who": row.history_user,
                "why": row.history_change_reason or "",
                "kind": row.history_type,
                "fields": [
                    {
                        "label": field.verbose_name,
                        "old": shown(field, old, record, names, money),
                        "new": shown(field, new, record, names, money),
                    }
                    for field, old, new in changed_fields(row, earlier)
                ],
            }
        )
    return rows


def activity_url(record: Any) -> str:
    """The lines of the activity feed about the record."""
    label = str(record) if record.is_named else ""
    query = urlencode({"kind": record._meta.label_lower, "record": label})
    return f"{reverse('activity', args=[record.programme.code])}?{query}"


def changed_fields(row: Any, earlier: Any) -> list[tuple[Any, Any, Any]]:
    """The fields that differ, with the value before and after."""
    fields = []
    for field in row.tracked_fields:
        # A field without translated words is the machine's own.
        if not isinstance(field.verbose_name, Promise):
            continue
        new = getattr(row, field.attname, None)
        old = getattr(earlier, field.attname, None) if earlier else None
        if new == old or (earlier is None and new in (None, "", False)):
            continue
        fields.append((field, old, new))
    return fields


def names_in(past: list[Any]) -> Names:
    """What the rows are called that the past points to, deleted ones too."""
    keys: dict[Any, set[Any]] = defaultdict(set)
    for row, earlier in zip(past, [*past[1:], None], strict=False):
        for field, old, new in changed_fields(row, earlier):
            if field.is_relation:
                keys[field.related_model] |= {old, new} - {None}
    names: Names = {}
    for model, wanted in keys.items():
        # What a row must have is joined: its name may take that in.
        rows = model._base_manager.filter(pk__in=wanted).select_related()
        names |= {(model, one.pk): str(one) for one in rows}
    return names


def shown(
    field: Any, value: Any, record: Any, names: Names, money: frozenset[str]
) -> Any:
    """A choice by its label, a related row by its name."""
    if value in (None, ""):
        return formats.MISSING
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    if field.is_relation:
        gone = _("no. %(number)s, removed") % {"number": value}
        return names.get((field.related_model, value), gone)
    return written(value, field.name, record, money)
