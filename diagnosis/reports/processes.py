"""How each process works today: SIPOC, study of its parts, picture, times."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diagnosis.bpmn.flow_svg import draw_flow
from diagnosis.flow_words import flow_said
from diagnosis.maths.flow import value_added
from diagnosis.models import IpoCell, Process, SipocItem, Step
from diagnosis.models.processes import as_flow
from programmes.kit import formats
from programmes.models import Programme
from programmes.reports import (
    Block,
    Cell,
    Figure,
    Figures,
    Note,
    Pairs,
    Picture,
    Section,
    Table,
    pairs,
    table,
    words,
)

HURTS = IpoCell.Severity.HIGH


def alive(name: str, rows: Any, order: str) -> Any:
    kept = rows.filter(deleted_at=None).order_by(order, "pk")
    return Prefetch(name, queryset=kept, to_attr=f"{name}_alive")


def processes(programme: Programme, as_of: datetime) -> Section | None:
    """Four queries, whatever the number of processes."""
    rows = list(
        Process.objects.of(programme)
        .select_related("scope_item__owner", "confirmed_by")
        .prefetch_related(
            alive("sipoc", SipocItem.objects.all(), "place"),
            alive("cells", IpoCell.objects.all(), "pk"),
            alive("steps", Step.objects.all(), "place"),
        )
        .order_by("scope_item__name", "pk")
    )
    if not rows:
        return None
    blocks: list[Block] = []
    for one in rows:
        blocks += process_blocks(one)
    confirmed = sum(one.is_confirmed for one in rows)
    lead = ngettext(
        "%(n)s process is described; %(confirmed)s is confirmed by its owner.",
        "%(n)s processes are described; %(confirmed)s are confirmed by their owners.",
        len(rows),
    ) % {"n": len(rows), "confirmed": confirmed}
    said = _("Times and value classes are those entered for the steps.")
    return Section(
        "processes",
        _("Processes as they are"),
        lead,
        tuple(blocks),
        (Note(said, "process.value_added"),),
    )


def process_blocks(process: Process) -> list[Block]:
    sipoc: list[SipocItem] = process.sipoc_alive  # type: ignore[attr-defined]
    cells: list[IpoCell] = process.cells_alive  # type: ignore[attr-defined]
    steps: list[Step] = process.steps_alive  # type: ignore[attr-defined]
    blocks: list[Block] = [
        pairs(
            [
                (_("Purpose"), process.purpose),
                (_("Trigger"), process.trigger),
                (_("Customer"), process.customer),
                (_("Owner"), process.owner),
                (_("Confirmed"), confirmed(process)),
            ],
            title=process.name,
        )
    ]
    if sipoc:
        blocks.append(sipoc_pairs(process, sipoc))
    if cells:
        blocks.append(study(process, cells))
    if steps:
        blocks += step_blocks(process, steps)
    return blocks


def confirmed(process: Process) -> str:
    if not process.is_confirmed:
        return _("not yet")
    return f"{process.confirmed_by}, {formats.day(process.confirmed_at)}"


def step_blocks(process: Process, steps: list[Step]) -> list[Block]:
    flow = as_flow(steps)
    told = " ".join(flow_said(flow))
    picture = Picture(
        _("How %(name)s flows") % {"name": process.name},
        _("Lanes are roles; the arrows are what follows."),
        told,
        draw_flow(flow, title=process.name, told=told, print=True),
    )
    head = [_("Step"), _("Role"), _("System"), _("Work"), _("Wait"), _("Value")]
    rows = [
        (
            one.name,
            words(one.role),
            words(one.system),
            formats.duration(one.work_minutes, "min"),
            formats.duration(one.wait_minutes, "min"),
            Cell(
                words(one.get_value_class_display()),
                tone="attention" if one.value_class == Step.Value.NVA else "",
            ),
        )
        for one in steps
        if one.kind == Step.Kind.TASK
    ]
    title = _("Steps of %(name)s") % {"name": process.name}
    return [picture, times(steps), table(head, rows, title=title, numbers=[3, 4])]


def times(steps: list[Step]) -> Figures:
    found = value_added(
        [
            {
                "class": one.value_class or Step.Value.NVA,
                "processing": float(one.work_minutes or 0),
                "waiting": float(one.wait_minutes or 0),
            }
            for one in steps
        ]
    )
    return Figures(
        (
            Figure(_("Work"), formats.duration(found.processing, "min"), _("a pass")),
            Figure(_("Wait"), formats.duration(found.waiting, "min"), _("a pass")),
            Figure(
                _("Cycle time efficiency"),
                formats.percent(found.cte, 1),
                _("work by work and waiting"),
            ),
            Figure(
                _("Adds value"), formats.percent(found.va_ratio), _("of the work time")
            ),
        )
    )


def sipoc_pairs(process: Process, items: list[SipocItem]) -> Pairs:
    rows = [
        (
            str(kind.label),
            "\n".join(
                f"{one.text} ({one.requirement})" if one.requirement else one.text
                for one in items
                if one.kind == kind
            ),
        )
        for kind in SipocItem.Kind
    ]
    title = _("From supplier to customer: %(name)s") % {"name": process.name}
    return pairs(rows, title=title)


def study(process: Process, cells: list[IpoCell]) -> Table:
    """The grid, a row for each cell that was looked at."""
    held = {(one.row, one.column): one for one in cells}
    rows = [
        (
            f"{row.label}: {column.label}",
            cell.reason if cell.is_not_applicable else words(cell.text),
            words(cell.finding),
            Cell(
                str(cell.severity),
                is_number=True,
                tone="critical" if cell.severity >= HURTS else "",
            ),
        )
        for row in IpoCell.Row
        for column in IpoCell.Column
        if (cell := held.get((row, column))) is not None
    ]
    head = [_("Part"), _("As it is"), _("Finding"), _("Severity")]
    title = _("Input, processing, output: %(name)s") % {"name": process.name}
    note = _("Severity from 0, no harm, to 3, hurts customers.")
    return table(head, rows, title=title, note=note, numbers=[3])
