"""What differs between two packs, or since an approval, in words for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField
from django.utils.translation import gettext as _

from programmes.gating import known_criteria
from programmes.models import EvidenceChange


@dataclass(frozen=True)
class Change:
    """One difference: of what, in which field, from what to what."""

    what: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Value:
    """A frozen value before it is put into words."""

    kind: str
    field: str
    text: str


def compare(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """What changed from one pack to the other: criteria first, then evidence.

    At most one query for each kind of row that changed links point to.
    """
    return [*criteria_changes(before, after), *evidence_changes(before, after)]


def criteria_changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    titles = {code: str(one.title) for code, one in known_criteria().items()}
    old = {one["code"]: one["result"] for one in before.get("criteria", ())}
    found = []
    for one in after.get("criteria", ()):
        was = old.get(one["code"], "")
        if was != one["result"]:
            title = titles.get(one["code"], one["code"])
            now = result_word(one["result"])
            found.append(Change(title, "", result_word(was), now))
    return found


def result_word(result: str) -> str:
    words = {
        "pass": _("met"),
        "fail": _("not met"),
        "not_applicable": _("not applicable"),
    }
    return words.get(result, "")


def evidence_changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    old = {(one["type"], one["id"]): one for one in before.get("evidence", ())}
    new = {(one["type"], one["id"]): one for one in after.get("evidence", ())}
    pairs = []
    for key, one in new.items():
        was = old.get(key, one)["fields"]
        for name, text in one["fields"].items():
            if was.get(name, "") != text:
                values = (
                    Value(key[0], name, was.get(name, "")),
                    Value(key[0], name, text),
                )
                pairs.append((one, *values))
    words = in_words(value for _row, *values in pairs for value in values)
    changed = [
        Change(
            named(row["type"], row["label"]),
            field_label(then.kind, then.field),
            words[then],
            words[now],
        )
        for row, then, now in pairs
    ]
    added = [one for key, one in new.items() if key not in old]
    gone = [one for key, one in old.items() if key not in new]
    return [
        *changed,
        *(Change(named(one["type"], one["label"]), "", "", _("new")) for one in added),
        *(
            Change(named(one["type"], one["label"]), "", "", _("deleted"))
            for one in gone
        ),
    ]


def frozen_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a pack with the names and values of their fields in words."""
    values = {
        (place, name): Value(row["type"], name, text)
        for place, row in enumerate(rows)
        for name, text in row["fields"].items()
        if text
    }
    words = in_words(values.values())
    return [
        {
            "what": named(row["type"], row["label"]),
            "version": row["version"],
            "fields": [
                {"label": field_label(row["type"], name), "value": words[value]}
                for (where, name), value in values.items()
                if where == place
            ],
        }
        for place, row in enumerate(rows)
    ]


def since_approval(rows: list[EvidenceChange]) -> list[dict[str, Any]]:
    """Kept changes with their words, for a page."""
    values = {
        one.pk: (
            Value(one.record_type, one.field, one.before),
            Value(one.record_type, one.field, one.after),
        )
        for one in rows
    }
    words = in_words(value for pair in values.values() for value in pair)
    return [
        {
            "change": one,
            "what": named(one.record_type, one.label),
            "field": field_label(one.record_type, one.field),
            "before": words[values[one.pk][0]],
            "after": words[values[one.pk][1]],
        }
        for one in rows
    ]


def in_words(values: Iterable[Value]) -> dict[Value, str]:
    """Names of linked rows, words of choices; else the text as it is."""
    wanted = list(values)
    keys: dict[Any, set[str]] = defaultdict(set)
    for one in wanted:
        field = field_of(one.kind, one.field)
        if field is not None and field.is_relation and one.text.isdigit():
            keys[field.related_model].add(one.text)
    names = {
        (model, str(row.pk)): str(row)
        for model, found in keys.items()
        for row in model._default_manager.filter(pk__in=found)
    }
    return {one: word_of(one, names) for one in wanted}


def word_of(value: Value, names: dict[Any, str]) -> str:
    field = field_of(value.kind, value.field)
    if field is None:
        return value.text
    if field.is_relation:
        return names.get((field.related_model, value.text), value.text)
    if isinstance(field, BooleanField):
        return {"True": _("yes"), "False": _("no")}.get(value.text, value.text)
    words = {str(key): str(label) for key, label in field.flatchoices}
    return words.get(value.text, value.text)


def field_of(kind: str, name: str) -> Any:
    """The field of a model, or None where the program no longer has it."""
    try:
        return apps.get_model(kind)._meta.get_field(name) if name else None
    except (LookupError, FieldDoesNotExist):
        return None


def field_label(kind: str, name: str) -> str:
    return str(getattr(field_of(kind, name), "verbose_name", name))


def named(kind: str, label: str) -> str:
    """“Noun: what somebody typed” of a frozen record."""
    try:
        noun = str(apps.get_model(kind)._meta.verbose_name)
    except LookupError:
        noun = kind
    return f"{noun}: {label}" if label else noun
