"""The difference of two moments: rows added, changed, removed and brought back.

The whole difference is read in one query, of whatever kinds the rows are; what linked
rows are called is a second one, for the rows that are shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey
from django.utils.translation import gettext_lazy as _

from programmes.kit.errors import Text
from programmes.kit.together import together
from programmes.models import Account, Programme, Record
from programmes.past import Past, names_of
from programmes.phases import Phase
from programmes.views.history import Names, changed_fields, shown
from programmes.views.register import REGISTERS, Register

KINDS: dict[str, tuple[Text, str]] = {
    "added": (_("added"), "positive"),
    "changed": (_("changed"), "accent"),
    "removed": (_("removed"), "critical"),
    "restored": (_("restored"), "neutral"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of record: the phase and the list it belongs to."""

    model: type[Record]
    phase: int
    title: Text
    register: Register | None
    whole: Any = None

    def urls(self, programme: Programme, row: Any) -> tuple[str, str]:
        """The page and the history of the row, or the page of what it is part of."""
        if self.register is None:
            return "", ""
        if self.whole is not None:
            key = getattr(row, self.whole.attname)
            return self.register.url("detail", programme, key), ""
        page, history = (
            self.register.url(name, programme, row.id) for name in ("detail", "history")
        )
        return page, history


@dataclass(frozen=True)
class FieldChange:
    """A field with its value before and after, and the entry that wrote it last."""

    field: Any
    old: Any
    new: Any
    entry: Any
    is_material: bool


@dataclass
class Difference:
    """What became of one row between the moments."""

    kind: Kind
    what: str
    entry: Any
    entries: list[Any]
    fields: list[FieldChange] = field(default_factory=list)

    @property
    def key(self) -> tuple[Any, Any]:
        return self.kind.model, self.entry.id

    @property
    def is_material(self) -> bool:
        if self.what == "changed":
            return any(one.is_material for one in self.fields)
        return bool(self.kind.model.material)

    @property
    def people(self) -> set[int]:
        return {one.history_user_id for one in self.entries} - {None}


def kinds() -> list[Kind]:
    """All kinds of record: by phase, and as the phase pages list them."""
    registers: dict[Any, Register] = {}
    for one in REGISTERS:
        registers.setdefault(one.model, one)
    order = list(registers)
    found = [kind_of(one, registers) for one in apps.get_models() if is_record(one)]
    last = len(order)

    def place(kind: Kind) -> tuple[int, int]:
        home = kind.register.model if kind.register else None
        return kind.phase, order.index(home) if home in order else last

    return sorted(found, key=place)


def is_record(model: Any) -> bool:
    return issubclass(model, Record)


def kind_of(model: Any, registers: dict[Any, Register]) -> Kind:
    own = registers.get(model)
    title = model._meta.verbose_name_plural
    if own:
        return Kind(model, int(own.phase), own.title, own)
    for one in model._meta.concrete_fields:
        if isinstance(one, ForeignKey) and one.related_model in registers:
            home = registers[one.related_model]
            return Kind(model, int(home.phase), title, home, one)
    phase = min(model.evidence_of, default=Phase.MASTER_PLAN)
    return Kind(model, int(phase), title, None)


def differences(
    programme: Programme, start: datetime, end: datetime
) -> list[Difference]:
    """All that differs, by phase and list; one query."""
    before = Past(programme, start)
    asked = {}
    for place, kind in enumerate(kinds()):
        history: Any = kind.model.history
        entries = history.filter(
            programme=programme, history_date__gt=start, history_date__lte=end
        )
        asked[f"after_{place}"] = entries.order_by("history_date", "history_id")
        touched = entries.order_by().values("id")
        earlier = before.newest(kind.model).select_related(None)
        asked[f"before_{place}"] = earlier.filter(id__in=touched)
    found = together(programme, **asked)
    return [
        one
        for place, kind in enumerate(kinds())
        for one in of_kind(kind, found[f"before_{place}"], found[f"after_{place}"])
    ]


def of_kind(kind: Kind, before: list[Any], after: list[Any]) -> Iterable[Difference]:
    bases = {one.id: one for one in before}
    entries: dict[int, list[Any]] = defaultdict(list)
    for one in after:
        entries[one.id].append(one)
    for key, rows in entries.items():
        found = difference(kind, bases.get(key), rows)
        if found:
            yield found


def difference(kind: Kind, base: Any, entries: list[Any]) -> Difference | None:
    """What became of a row; None where it ends as it began."""
    last = entries[-1]
    was, is_now = stands(base), stands(last)
    if was and not is_now:
        return Difference(kind, "removed", last, entries)
    if not is_now:
        return None
    what = "changed" if was else "restored" if base is not None else "added"
    fields = [
        FieldChange(one, old, new, written_in(one, base, entries), is_of(kind, one))
        for one, old, new in changed_fields(last, base)
    ]
    if what == "changed" and not fields:
        return None
    return Difference(kind, what, last, entries, fields)


def stands(entry: Any) -> bool:
    return entry is not None and entry.history_type != "-" and entry.deleted_at is None


def is_of(kind: Kind, changed: Any) -> bool:
    return changed.name in kind.model.material


def written_in(changed: Any, base: Any, entries: list[Any]) -> Any:
    """The last entry in which the field got another value."""
    found, before = entries[0], base
    for entry in entries:
        old = getattr(before, changed.attname, None)
        if before is None or getattr(entry, changed.attname) != old:
            found = entry
        before = entry
    return found


# --- words ------------------------------------------------------------------------


def in_words(
    programme: Programme, found: list[Difference], end: datetime
) -> list[dict[str, Any]]:
    """The differences as pages and files show them; two queries."""
    names = names_for(programme, found, end)
    people = Account.objects.in_bulk({key for one in found for key in one.people})
    return [told(programme, one, names, people) for one in found]


def names_for(programme: Programme, found: list[Difference], end: datetime) -> Names:
    keys: dict[Any, set[Any]] = defaultdict(set)
    for one in found:
        model, pk = one.key
        keys[model].add(pk)
        for change in one.fields:
            if change.field.is_relation:
                values = {change.old, change.new} - {None}
                keys[change.field.related_model] |= values
    return names_of(Past(programme, end), keys)


def told(
    programme: Programme, one: Difference, names: Names, people: dict[int, Account]
) -> dict[str, Any]:
    row = one.entry.instance
    row.programme = programme
    money = one.kind.register.money if one.kind.register else frozenset()
    url, history_url = one.kind.urls(programme, one.entry)
    word, tone = KINDS[one.what]
    return {
        "what": one.what,
        "word": word,
        "tone": tone,
        "phase": one.kind.phase,
        "list": one.kind.title,
        "label": names.get(one.key, ""),
        "url": url if one.what != "removed" or one.kind.whole else "",
        "history_url": history_url if one.what != "removed" else "",
        "is_material": one.is_material,
        **by_whom(one.entry, people),
        "fields": [
            {
                "label": change.field.verbose_name,
                "old": shown(change.field, change.old, row, names, money),
                "new": shown(change.field, change.new, row, names, money),
                "is_material": change.is_material,
                **by_whom(change.entry, people),
            }
            for change in one.fields
        ],
    }


def by_whom(entry: Any, people: dict[int, Account]) -> dict[str, Any]:
    return {
        "who": people.get(entry.history_user_id),
        "at": entry.history_date,
        "why": entry.history_change_reason or "",
    }
