"""Forms of a process: its description, its lines, its study and its steps."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis.models import IpoCell, Process, SipocItem, Step
from diagnosis.services.processes import MOST_STEPS, Cell, Line, StepRow
from programmes.forms.records import RecordForm
from programmes.kit.given import whole

NEW_ROWS = 3
LONGEST = 200


class ProcessForm(RecordForm):
    class Meta:
        model = Process
        fields = ["trigger", "customer", "purpose"]


class SipocForm(forms.Form):
    """Five lists, one line each; a requirement stands after a bar."""

    record_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, items: list[SipocItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in SipocItem.Kind.choices:
            lines = [written(one) for one in items if one.kind == kind]
            self.fields[kind] = forms.CharField(
                label=label,
                required=False,
                max_length=4000,
                initial="\n".join(lines),
                widget=forms.Textarea(attrs={"rows": 6}),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for kind in SipocItem.Kind.values:
            for line in read_lines(kind, data.get(kind, "")):
                if len(line.text) > LONGEST or len(line.requirement) > LONGEST:
                    self.add_error(
                        kind,
                        _("A line has at most %(most)s signs.") % {"most": LONGEST},
                    )
                    break
        return data

    def lines(self) -> list[Line]:
        return [
            line
            for kind in SipocItem.Kind.values
            for line in read_lines(kind, self.cleaned_data[kind])
        ]


def written(item: SipocItem) -> str:
    return f"{item.text} | {item.requirement}" if item.requirement else item.text


def read_lines(kind: str, text: str) -> list[Line]:
    """ "Order | complete" a line; empty lines and repeats are left out."""
    found: dict[str, Line] = {}
    for raw in text.splitlines():
        what, _bar, requirement = raw.partition("|")
        if what.strip():
            found.setdefault(
                what.strip(), Line(kind, what.strip(), requirement.strip())
            )
    return list(found.values())


class CellForm(forms.Form):
    """One cell of the input-processing-output study."""

    text = forms.CharField(
        label=gettext_lazy("As it is"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    finding = forms.CharField(
        label=gettext_lazy("Finding"), required=False, max_length=300
    )
    severity = forms.TypedChoiceField(
        label=gettext_lazy("Severity"),
        choices=IpoCell.Severity.choices,
        coerce=int,
        initial=0,
    )
    is_not_applicable = forms.BooleanField(
        label=gettext_lazy("Not applicable"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Why not"), required=False, max_length=200
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("is_not_applicable"):
            data["reason"] = ""
            return data
        if data.get("text"):
            message = _("Describe the cell or mark it not applicable, not both.")
            self.add_error("text", message)
        if not data.get("reason"):
            self.add_error("reason", _("Say why it is not applicable."))
        return data


class IpoForm:
    """The nine cells in one form."""

    def __init__(self, data: QueryDict | None, cells: list[IpoCell]) -> None:
        held = {(one.row, one.column): one for one in cells}
        names = list(CellForm.base_fields)
        self.forms = {
            (row, column): CellForm(
                data,
                prefix=f"{row}-{column}",
                initial={name: getattr(cell, name) for name in names} if cell else {},
            )
            for row in IpoCell.Row.values
            for column in IpoCell.Column.values
            for cell in [held.get((row, column))]
        }

    def is_valid(self) -> bool:
        # Every cell is asked, so that each shows its own error.
        wrong = [one for one in self.forms.values() if not one.is_valid()]
        return not wrong

    def cells(self) -> list[Cell]:
        """The cells that hold anything."""
        found = [
            Cell(row=row, column=column, **form.cleaned_data)
            for (row, column), form in self.forms.items()
        ]
        return [one for one in found if one.text or one.finding or one.reason]

    def rows(self) -> list[dict[str, Any]]:
        """The grid as it is printed."""
        return [
            {
                "label": row.label,
                "cells": [
                    {"label": column.label, "form": self.forms[row, column]}
                    for column in IpoCell.Column
                ],
            }
            for row in IpoCell.Row
        ]


class StepForm(forms.Form):
    """One row of the table of steps."""

    key = forms.CharField(
        label=gettext_lazy("No."),
        required=False,
        max_length=12,
        validators=[
            RegexValidator(r"^[A-Za-z0-9_-]+$", gettext_lazy("Letters and digits."))
        ],
    )
    name = forms.CharField(
        label=gettext_lazy("Step"),
        max_length=120,
        error_messages={"required": gettext_lazy("Each step needs a name.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=Step.Kind.choices, initial=Step.Kind.TASK
    )
    role = forms.CharField(label=gettext_lazy("Role"), required=False, max_length=80)
    system = forms.CharField(
        label=gettext_lazy("System"), required=False, max_length=80
    )
    work_minutes = forms.DecimalField(
        label=gettext_lazy("Work, min"), required=False, min_value=0, max_digits=12
    )
    wait_minutes = forms.DecimalField(
        label=gettext_lazy("Wait, min"), required=False, min_value=0, max_digits=12
    )
    volume = forms.IntegerField(
        label=gettext_lazy("Times a year"),
        required=False,
        min_value=0,
        max_value=2_000_000_000,
    )
    value_class = forms.ChoiceField(
        label=gettext_lazy("Value"),
        required=False,
        choices=[("", "—"), *((one, one) for one in Step.Value.values)],
    )
    ways = forms.CharField(label=gettext_lazy("Then"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"empty_permitted": True, "use_required_attribute": False}
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = field.label
            if name.endswith("minutes"):
                field.widget.attrs["step"] = "any"

    def has_changed(self) -> bool:
        """A row counts when anything but the kind was filled in."""
        return any(
            str(self[name].value() or "").strip()
            for name in self.fields
            if name != "kind"
        )


class StepsForm:
    """The table of steps: rows in order, moved and removed by buttons."""

    def __init__(self, rows: list[StepForm]) -> None:
        self.rows = rows

    @classmethod
    def of(cls, steps: list[Step]) -> StepsForm:
        names = list(StepForm.base_fields)
        rows = [{name: plain(getattr(one, name)) for name in names} for one in steps]
        return cls.from_values([*rows, *({} for _ in range(NEW_ROWS))])

    @classmethod
    def from_values(cls, rows: list[dict[str, Any]]) -> StepsForm:
        return cls(
            [
                StepForm(prefix=f"s{place}", initial={"kind": "task", **row})
                for place, row in enumerate(rows)
            ]
        )

    @classmethod
    def bound(cls, data: QueryDict) -> StepsForm:
        return cls([StepForm(data, prefix=f"s{place}") for place in range(count(data))])

    def is_valid(self) -> bool:
        wrong = [one for one in self.rows if not one.is_valid()]
        return not wrong

    def step_rows(self) -> list[StepRow]:
        return [StepRow(**one.cleaned_data) for one in self.rows if one.has_changed()]


def plain(value: Any) -> Any:
    """240.00 minutes are typed and read as 240."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def count(data: QueryDict) -> int:
    return min(whole(data, "rows"), MOST_STEPS + NEW_ROWS)


def rearranged(data: QueryDict) -> StepsForm | None:
    """The table after "add", "up-3", "down-3", "remove-3"; None: it is to be saved."""
    verb, _dash, place = data.get("do", "").partition("-")
    if verb not in {"add", "up", "down", "remove"}:
        return None
    names = list(StepForm.base_fields)
    rows: list[dict[str, Any]] = [
        {name: data.get(f"s{row}-{name}", "") for name in names}
        for row in range(count(data))
    ]
    at = whole({"place": place}, "place", -1)
    if verb == "add":
        rows += [{} for _ in range(NEW_ROWS)]
    elif 0 <= at < len(rows):
        row = rows.pop(at)
        if verb != "remove":
            rows.insert(max(at - 1, 0) if verb == "up" else at + 1, row)
    return StepsForm.from_values(rows)
