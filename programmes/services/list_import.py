"""Reading rows of a file into records, by the same forms and services as by hand.

A run is tried in a transaction that is undone again, so that a preview says exactly
what the import would do; only a confirmed run stays.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _

from programmes.kit.errors import Refusal, Text
from programmes.kit.sheets import Table
from programmes.models import Account, Person, Programme, Record
from programmes.services import material
from programmes.services.records import Invalid

ID = "id"
YES = {"yes", "y", "true", "1", "x", "ja", "oui", "si", "sí", "是"}
NO = {"no", "n", "false", "0", "-", "nein", "non", "否"}
MOST_NAMED = 6


@dataclass(frozen=True)
class Target:
    """Where the rows go.

    :param form: the RecordForm of the list.
    :param labels: further names of columns: name of the field -> label.
    :param rows: the records that `id` may name.
    :param save: save_record, or a service with the same keywords.
    """

    model: type[Record]
    form: Callable[..., Any]
    labels: dict[str, Text]
    rows: Any
    save: Callable[..., Any]
    create_act: str = ""


@dataclass
class Outcome:
    """What becomes of one row; errors are pairs of column and message."""

    line: int
    label: str
    action: str = "wrong"
    errors: list[tuple[str, str]] = field(default_factory=list)


class Wrong(ValueError):
    """A cell cannot be read; the message says how to mend it."""


@dataclass
class Reader:
    """The columns of a file, and the rows that their cells may name."""

    programme: Programme
    user: Account
    target: Target
    columns: list[str]
    ignored: list[str]
    fields: dict[str, Any]
    head: list[str]
    known: dict[str, dict[str, set[int]]] = field(default_factory=dict)

    def names(self, name: str) -> dict[str, set[int]]:
        """Rows that a linking field may point to, by their names in small letters."""
        if name not in self.known:
            found: dict[str, set[int]] = defaultdict(set)
            for row in self.fields[name].queryset:
                found[str(row).casefold()].add(row.pk)
                if isinstance(row, Person) and row.email:
                    found[row.email.casefold()].add(row.pk)
            self.known[name] = found
        return self.known[name]

    def learn(self, record: Record) -> None:
        """A later row of the file may point to this one."""
        for name, found in self.known.items():
            if self.fields[name].queryset.model is self.target.model:
                found[str(record).casefold()].add(record.pk)


def open_reader(
    programme: Programme, user: Account, target: Target, head: list[str]
) -> Reader:
    """Find the fields of the columns.

    :raises Invalid: no column is known, or one is there twice.
    """
    blank = target.form(
        programme=programme, user=user, instance=target.model(programme=programme)
    )
    columns = [*target.form._meta.fields, *blank.linked]  # type: ignore[attr-defined]
    fields = {name: one for name, one in blank.fields.items() if name in columns}
    names = {ID: ID}
    for name, one in fields.items():
        for said in (name, one.label, target.labels.get(name)):
            if said:
                names.setdefault(str(said).casefold().strip(), name)
    columns = [names.get(one.casefold().strip(), "") for one in head]
    known = [one for one in columns if one]
    twice = sorted({one for one in known if known.count(one) > 1})
    if twice:
        raise Invalid(_("This column is there twice: %(name)s.") % {"name": twice[0]})
    if not set(known) - {ID}:
        raise Invalid(
            _("No column of the first line is known. Expected some of: %(names)s.")
            % {"names": ", ".join(str(one.label) for one in fields.values())}
        )
    ignored = [one for one, name in zip(head, columns, strict=True) if one and not name]
    return Reader(programme, user, target, columns, ignored, fields, head)


def import_rows(
    *,
    by: Account,
    programme: Programme,
    target: Target,
    table: Table,
    now: datetime,
    reason: str = "",
    confirmed: bool = False,
) -> tuple[Reader, list[Outcome]]:
    """Try all rows, and keep the good ones where it is confirmed.

    :raises Invalid: the head is wrong. What is wrong with rows stands in the outcomes.
    """
    reader = open_reader(programme, by, target, table.head)
    with transaction.atomic():
        seen: set[str] = set()
        outcomes = [
            import_row(reader, line, cells, seen, reason, now)
            for line, cells in table.rows
        ]
        if not confirmed:
            transaction.set_rollback(True)
    return reader, outcomes


def import_row(
    reader: Reader,
    line: int,
    cells: list[str],
    seen: set[str],
    reason: str,
    now: datetime,
) -> Outcome:
    given = dict(zip(reader.columns, cells, strict=False))
    given.pop("", None)
    first = next((one for one in cells if one), "")
    outcome = Outcome(line, first[:80])
    try:
        record = find(reader, given.pop(ID, ""), seen)
    except Wrong as wrong:
        outcome.errors.append((ID, str(wrong)))
        return outcome
    data = filled(reader, record, given, outcome)
    if outcome.errors:
        return outcome
    store(reader, record, data, reason, now, outcome)
    return outcome


def find(reader: Reader, key: str, seen: set[str]) -> Record:
    """The record of the id, or a new one.

    :raises Wrong: it is no record of this list, or was there before.
    """
    if not key:
        return reader.target.model(programme=reader.programme)
    if key in seen:
        raise Wrong(_("This id is there twice; keep one of the rows."))
    seen.add(key)
    rows = reader.target.rows
    is_key = re.fullmatch(r"\d{1,18}", key) is not None
    found: Record | None = rows.filter(pk=int(key)).first() if is_key else None
    if found is None:
        raise Wrong(_("No row of this list has this id; leave it empty for a new row."))
    return found


def filled(
    reader: Reader, record: Record, given: dict[str, str], outcome: Outcome
) -> dict[str, Any]:
    """What the form would have sent: cells of the file over what stands."""
    names = list(reader.fields)
    data: dict[str, Any] = forms.models.model_to_dict(record, fields=names)
    is_new = record.pk is None
    data |= links_that_stand(reader, record)
    for name, text in given.items():
        if is_new and not text:
            continue
        try:
            data[name] = read_cell(reader, name, text)
        except Wrong as wrong:
            outcome.errors.append((column_of(reader, name), str(wrong)))
    if not is_new:
        data["record_version"] = record.version
    return data


def links_that_stand(reader: Reader, record: Record) -> dict[str, Any]:
    """Fields that choose several records, as the form of the record has them."""
    names = reader.target.form.linked  # type: ignore[attr-defined]
    if not names or record.pk is None:
        return {}
    form = reader.target.form(
        instance=record, programme=reader.programme, user=reader.user
    )
    return {name: form.initial.get(name, []) for name in names}


def store(
    reader: Reader,
    record: Record,
    data: dict[str, Any],
    reason: str,
    now: datetime,
    outcome: Outcome,
) -> None:
    is_new = record.pk is None
    before = values_of(reader, record)
    form = reader.target.form(
        {**data, "change_reason": reason},
        instance=record,
        programme=reader.programme,
        user=reader.user,
    )
    approvals = material.decisions_on(record)
    if approvals:
        form.ask_reason([str(one.gate) for one in approvals], sorted(record.material))
    if not form.is_valid():
        outcome.errors += said(reader, form.errors)
        return
    is_linked = set(form.changed_data) & set(form.linked)
    if not is_new and not is_linked and values_of(reader, form.instance) == before:
        outcome.action = "same"
        return
    try:
        saved = reader.target.save(
            by=reader.user,
            record=form.instance,
            now=now,
            version=form.seen_version,
            act=reader.target.create_act if is_new else "",
            **form.reason,
            **form.extra(),
        )
    except Refusal as refusal:
        fields = {name: [str(text)] for name, text in refusal.fields.items()}
        outcome.errors += said(reader, fields or {"": [str(refusal)]})
        return
    reader.learn(saved)
    outcome.action = "new" if is_new else "changed"


def values_of(reader: Reader, record: Record) -> dict[str, Any]:
    linked = reader.target.form.linked  # type: ignore[attr-defined]
    names = [name for name in reader.fields if name not in linked]
    fields = [record._meta.get_field(name) for name in names]
    return {one.name: getattr(record, one.attname) for one in fields}  # type: ignore[union-attr]


def said(reader: Reader, errors: Any) -> list[tuple[str, str]]:
    return [
        (column_of(reader, name), str(text))
        for name, texts in errors.items()
        for text in texts
    ]


def column_of(reader: Reader, name: str) -> str:
    """The column as the file names it, or as the form does."""
    if name in reader.columns:
        return reader.head[reader.columns.index(name)]
    if name == "change_reason":
        return _("Reason of the change")
    found = reader.fields.get(name)
    return str(found.label) if found else ""


def read_cell(reader: Reader, name: str, text: str) -> Any:
    """What the field takes for the text. :raises Wrong: saying how to mend it."""
    found = reader.fields[name]
    if isinstance(found, forms.BooleanField):
        return read_flag(text)
    if isinstance(found, forms.ModelMultipleChoiceField):
        parts = [one.strip() for one in text.split(";")]
        return [read_link(reader, name, one) for one in parts if one]
    if not text:
        return ""
    if isinstance(found, forms.ModelChoiceField):
        return read_link(reader, name, text)
    if isinstance(found, forms.ChoiceField):
        return read_choice(found, text)
    if isinstance(found, forms.DecimalField | forms.IntegerField):
        return read_number(text)
    return read_day(text) if isinstance(found, forms.DateField) else text


def read_flag(text: str) -> bool:
    said = text.casefold()
    if said in YES or said == _("yes").casefold():
        return True
    if not said or said in NO or said == _("no").casefold():
        return False
    raise Wrong(_("Write yes or no."))


def read_link(reader: Reader, name: str, text: str) -> int:
    known = reader.names(name)
    found = known.get(text.casefold(), set())
    if len(found) == 1:
        return next(iter(found))
    if found:
        raise Wrong(
            _("“%(text)s” is there more than once; people can be given by mail.")
            % {"text": text[:60]}
        )
    some = ", ".join(sorted(known)[:MOST_NAMED]) or _("none")
    raise Wrong(
        _("“%(text)s” is not known here. Known: %(some)s. Add it first, or clear it.")
        % {"text": text[:60], "some": some}
    )


def read_choice(found: forms.ChoiceField, text: str) -> Any:
    """A choice by its key or its label."""
    choices = [(key, str(label)) for key, label in flat(found.choices) if key != ""]
    for key, label in choices:
        if text.casefold() in (str(key).casefold(), label.casefold()):
            return key
    names = ", ".join(label for _key, label in choices)
    raise Wrong(_("Write one of: %(names)s.") % {"names": names})


def flat(choices: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for key, label in choices:
        found += flat(label) if isinstance(label, list | tuple) else [(key, label)]
    return found


def read_number(text: str) -> str:
    """A number with decimal point or comma, with or without marks of thousands."""
    bare = re.sub(r"[\s'’\u00a0\u202f%€$£]", "", text)
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", bare):
        raise Wrong(
            _("“%(text)s” can be read in two ways; write it without the comma.")
            % {"text": text[:40]}
        )
    last = max(bare.rfind(","), bare.rfind("."))
    if "," in bare and "." in bare:
        mark = bare[last]
        bare = bare.replace("," if mark == "." else ".", "").replace(mark, ".")
    elif bare.count(",") == 1:
        bare = bare.replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}([.,])\d{3}(\1\d{3})+", bare):
        bare = re.sub(r"[.,]", "", bare)
    try:
        value = Decimal(bare)
    except InvalidOperation:
        raise Wrong(_("Write a number, such as 1250.5.")) from None
    if not value.is_finite() or value.copy_abs() >= Decimal(10) ** 18:
        raise Wrong(_("Write a number, such as 1250.5."))
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_day(text: str) -> str:
    for form in (
        r"(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)(T.*| .*)?",
        r"(?P<d>\d\d?)\.\s?(?P<m>\d\d?)\.\s?(?P<y>\d{4})",
    ):
        found = re.fullmatch(form, text)
        if found:
            try:
                parts = {key: int(found[key]) for key in "ymd"}
                return date(parts["y"], parts["m"], parts["d"]).isoformat()
            except ValueError:
                break
    raise Wrong(_("Write the day as 2026-01-31."))
