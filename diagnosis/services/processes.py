"""Describing processes: the description, its lines, its study, its steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from diagnosis.bpmn.flow import check_flow
from diagnosis.flow_words import problem_said
from diagnosis.models import IpoCell, Process, SipocItem, Step
from diagnosis.models.processes import as_flow
from programmes.gate_packs import material_values
from programmes.kit.errors import Refusal
from programmes.models import (
    Account,
    EvidenceChange,
    GateReview,
    Person,
    Record,
    ScopeItem,
)
from programmes.permissions import require
from programmes.services import activity, material
from programmes.services.records import (
    Invalid,
    lock_version,
    refuse_under_review,
    save_record,
    validate,
)

AnyRow = TypeVar("AnyRow", bound=Record)
# What the rows are to be, by what identifies a row.
Wanted = dict[tuple[str, ...], dict[str, Any]]
MOST_STEPS = 200


class NotInScope(Refusal):
    """Only processes that are in scope are described."""

    code = "not-in-scope"


class NotDescribed(Refusal):
    """There is too little to confirm."""

    code = "not-described"


@dataclass(frozen=True)
class Cell:
    """What a person wrote into one cell of the study."""

    row: str
    column: str
    text: str = ""
    finding: str = ""
    severity: int = 0
    is_not_applicable: bool = False
    reason: str = ""


@dataclass(frozen=True)
class StepRow:
    """One row of the table of steps; the order of the rows is that of the steps."""

    name: str
    key: str = ""
    kind: str = "task"
    role: str = ""
    system: str = ""
    work_minutes: Decimal | None = None
    wait_minutes: Decimal | None = None
    volume: int | None = None
    value_class: str = ""
    ways: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the SIPOC."""

    kind: str
    text: str
    requirement: str = ""


@dataclass(frozen=True)
class Edit:
    """Who edits the rows below a process, when, what they had seen, and why."""

    by: Account
    now: datetime
    version: int | None
    reason: str


def describe_process(*, by: Account, scope_item: ScopeItem, now: datetime) -> Process:
    """Begin the description of a process in scope. Twice gives the same one.

    :raises NotAllowed: neither lead nor owner of the process.
    :raises NotInScope: it is no process, or out of scope.
    """
    require(by, "process.edit", scope_item.programme, scope_item)
    if scope_item.kind != ScopeItem.Kind.PROCESS or not scope_item.is_in:
        raise NotInScope(_("Only a process that is in scope can be described."))
    with transaction.atomic():
        ScopeItem.objects.select_for_update().get(pk=scope_item.pk)
        rows = Process.objects.of(scope_item.programme).filter(scope_item=scope_item)
        found: Process | None = rows.select_related("scope_item").first()
        if found:
            return found
        process = Process(programme=scope_item.programme, scope_item=scope_item)
        return save_record(by=by, record=process, now=now)


def save_sipoc(
    *,
    by: Account,
    process: Process,
    lines: Sequence[Line],
    now: datetime,
    version: int | None = None,
    reason: str = "",
) -> Process:
    """Replace the lines; those that stay as they are keep their row.

    :raises NotAllowed, UnderReview, Conflict, Invalid: as for save_record.
    :raises ReasonNeeded: a gate was approved on what changes; no reason is given.
    """
    wanted: Wanted = {}
    for place, line in enumerate(lines, start=1):
        wanted[line.kind, line.text] = {
            "kind": line.kind,
            "text": line.text,
            "requirement": line.requirement,
            "place": place,
        }
    edit = Edit(by, now, version, reason)
    return replace_rows(edit, process, SipocItem, ("kind", "text"), wanted)


def save_ipo(
    *,
    by: Account,
    process: Process,
    cells: Sequence[Cell],
    now: datetime,
    version: int | None = None,
    reason: str = "",
) -> Process:
    """Save the nine cells of the input-processing-output study.

    :raises NotAllowed, UnderReview, Conflict, Invalid: as for save_record.
    :raises ReasonNeeded: a gate was approved on what changes; no reason is given.
    """
    wanted: Wanted = {(one.row, one.column): vars(one) for one in cells}
    edit = Edit(by, now, version, reason)
    return replace_rows(edit, process, IpoCell, ("row", "column"), wanted)


def save_steps(
    *,
    by: Account,
    process: Process,
    rows: Sequence[StepRow],
    now: datetime,
    version: int | None = None,
    reason: str = "",
) -> Process:
    """Replace the table of steps; a step is known by its number.

    :raises NotAllowed, UnderReview, Conflict, Invalid: as for save_record; Invalid
        also for two rows with the same number.
    :raises ReasonNeeded: a gate was approved on what changes; no reason is given.
    """
    if len(rows) > MOST_STEPS:
        raise Invalid(_("At most %(most)s steps.") % {"most": MOST_STEPS})
    wanted: Wanted = {}
    used = {one.key for one in rows if one.key}
    for place, row in enumerate(rows, start=1):
        key = row.key or free_key(used)
        if (key,) in wanted:
            raise Invalid(_("The number %(key)s is used twice.") % {"key": key})
        wanted[(key,)] = {**vars(row), "key": key, "place": place}
    edit = Edit(by, now, version, reason)
    return replace_rows(edit, process, Step, ("key",), wanted)


def free_key(used: set[str]) -> str:
    """The lowest number that no step has."""
    number = 1
    while str(number) in used:
        number += 1
    used.add(str(number))
    return str(number)


def replace_rows(
    edit: Edit,
    process: Process,
    model: type[AnyRow],
    identity: tuple[str, ...],
    wanted: Wanted,
) -> Process:
    """Make the rows below a process be `wanted`, and give the process a new version.

    Confirming looks at the version of the process, so each edit voids it. Gates that
    were approved on the rows are marked.
    """
    require(edit.by, "process.edit", process.programme, process)
    with transaction.atomic():
        refuse_under_review(process.programme, process.evidence_of)
        lock_version(process, edit.version)
        manager: Any = model._default_manager
        kept = {
            tuple(getattr(one, name) for name in identity): one
            for one in manager.of(process.programme).filter(process=process)
        }
        reviews = material.decisions_on_any(list(kept.values()))
        # First away with what is gone: numbers may move from one row to another.
        for key, row in kept.items():
            if key not in wanted:
                remove(row, edit, reviews)
        for key, values in wanted.items():
            put(kept.get(key) or new_row(model, process), values, edit, reviews)
        process.map_is_valid = not check_flow(as_flow(steps_of(process)))
        return save_record(
            by=edit.by,
            record=process,
            now=edit.now,
            url=f"/p/{process.programme.code}/processes/{process.pk}/",
            reason=edit.reason,
        )


def new_row(model: type[AnyRow], process: Process) -> AnyRow:
    return model(programme=process.programme, process=process)


def remove(row: Record, edit: Edit, reviews: list[GateReview]) -> None:
    """Put a row away, and mark the gates that were approved on it."""
    row.deleted_at = edit.now
    write(row, edit)
    mark(row, {}, edit, reviews, material.Kind.DELETED)


def put(
    row: Record, values: dict[str, Any], edit: Edit, reviews: list[GateReview]
) -> None:
    """Write the values, unless the row holds them already."""
    if row.pk and all(getattr(row, name) == value for name, value in values.items()):
        return
    before = material_values(row) if row.pk else None
    for name, value in values.items():
        setattr(row, name, value)
    write(row, edit)
    changed = material.differing(before, material_values(row)) if before else {}
    if changed:
        mark(row, changed, edit, reviews, material.Kind.CHANGED)


def write(row: Record, edit: Edit) -> None:
    if row.pk is None:
        row.created_at, row.created_by = edit.now, edit.by
    else:
        row.version += 1
    row.updated_at = edit.now
    validate(row)
    row.stamp(edit.by, edit.now, edit.reason)
    row.save()


def mark(
    row: Record,
    changed: dict[str, tuple[str, str]],
    edit: Edit,
    reviews: list[GateReview],
    kind: EvidenceChange.Kind,
) -> None:
    """Mark the approved gates that rest on the row.

    :raises ReasonNeeded: there are some, and no reason is given.
    """
    there = material.given_on(reviews, row)
    material.refuse_without_reason(there, list(changed), row, edit.reason)
    material.mark(
        there, row, changed, by=edit.by, reason=edit.reason, now=edit.now, kind=kind
    )


def steps_of(process: Process) -> list[Step]:
    rows = Step.objects.of(process.programme).filter(process=process)
    return list(rows.order_by("place", "pk"))


def confirm_process(
    *, by: Account, process: Process, version: int, now: datetime
) -> Process:
    """The owner says: this is how it works. Any later edit voids it.

    :raises NotAllowed: not the owner of this process.
    :raises Conflict: it changed since the owner read it.
    :raises NotDescribed: it has no steps, or the flow has problems.
    """
    require(by, "process.confirm", process.programme, process)
    with transaction.atomic():
        refuse_under_review(process.programme, process.evidence_of)
        lock_version(process, version)
        problems = check_flow(as_flow(steps_of(process)))
        if problems:
            raise NotDescribed(
                _("Mend the flow first: %(problem)s")
                % {"problem": problem_said(problems[0])}
            )
        if process.is_confirmed:
            return process
        process.confirmed_at = now
        process.confirmed_by = person_of(by, process)
        process.confirmed_version = process.version + 1
        save_record(by=by, record=process, now=now, act="process.confirm")
        activity.record(
            by=by,
            verb="confirmed",
            kind=process._meta.label_lower,
            label=str(process),
            programme=process.programme,
            now=now,
            url=f"/p/{process.programme.code}/processes/{process.pk}/",
        )
    return process


def person_of(account: Account, process: Process) -> Person:
    people = Person.objects.filter(account=account, is_active=True)
    return people.get(enterprise_id=process.programme.enterprise_id)
