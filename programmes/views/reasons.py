"""The reason that a page asks for where an approval rests on what it edits."""

from __future__ import annotations

from collections.abc import Sequence

from programmes.access import MelioraRequest
from programmes.forms.records import ReasonForm, RecordForm
from programmes.models import Record
from programmes.services import material
from programmes.services.records import label_of


def ask_for(form: RecordForm, record: Record) -> None:
    """Give the form of a record the field for the reason, if a gate rests on it."""
    approvals = material.decisions_on(record)
    if approvals:
        form.ask_reason([str(one.gate) for one in approvals], sorted(record.material))


def reason_form(request: MelioraRequest, rows: Sequence[Record]) -> ReasonForm:
    """The reason beside a table of these rows, which are of one kind."""
    approvals = material.decisions_on_any(rows)
    kind = type(rows[0]) if approvals else Record
    return ReasonForm(
        request.POST if request.method == "POST" else None,
        [str(one.gate) for one in approvals],
        [label_of(kind, name) for name in sorted(kind.material)],
    )
