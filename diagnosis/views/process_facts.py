"""What the page of a process shows: its lines, its picture, its figures, its study."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diagnosis.bpmn.flow import check_flow
from diagnosis.bpmn.flow_svg import draw_flow
from diagnosis.flow_words import flow_said, problem_said
from diagnosis.maths.flow import ValueAdded, value_added
from diagnosis.maths.ipo import grid_completeness
from diagnosis.models import IpoCell, Process, SipocItem, Step
from diagnosis.models.processes import as_flow
from programmes.kit.formats import duration, number, percent


def page_facts(process: Process) -> dict[str, Any]:
    """Three queries: lines, cells, steps."""
    items = list(process.sipoc.filter(deleted_at=None).order_by("place", "pk"))
    cells = list(process.cells.filter(deleted_at=None))
    steps = list(process.steps.filter(deleted_at=None).order_by("place", "pk"))
    flow = as_flow(steps)
    told = flow_said(flow)
    problems = check_flow(flow) if steps else []
    return {
        "sipoc": sipoc_columns(items),
        "sipoc_note": sipoc_note(items),
        "steps": steps,
        "picture": draw_flow(flow, title=process.name, told=" ".join(told))
        if steps
        else "",
        "spoken": told,
        "problems": [problem_said(one) for one in problems],
        "flow_note": flow_note(steps),
        "figures": figures(steps),
        **study(cells),
    }


def sipoc_columns(items: list[SipocItem]) -> list[dict[str, Any]]:
    return [
        {
            "label": kind.label,
            "is_middle": kind is SipocItem.Kind.PROCESS,
            "items": [one for one in items if one.kind == kind],
        }
        for kind in SipocItem.Kind
    ]


def sipoc_note(items: list[SipocItem]) -> str:
    outputs = [one for one in items if one.kind == SipocItem.Kind.OUTPUT]
    if not outputs:
        return _("Suppliers, inputs, process, outputs, customers")
    measured = sum(bool(one.requirement) for one in outputs)
    return _("%(measured)s of %(outputs)s outputs have a measurable requirement") % {
        "measured": measured,
        "outputs": len(outputs),
    }


def flow_note(steps: list[Step]) -> str:
    roles = len({one.role for one in steps if one.role})
    count = ngettext("%(n)s step", "%(n)s steps", len(steps)) % {"n": len(steps)}
    by = ngettext("%(n)s role", "%(n)s roles", roles) % {"n": roles}
    return f"{count}, {by}"


def figures(steps: list[Step]) -> list[dict[str, Any]]:
    """Work, waiting and value of one pass through the steps, with their methods."""
    timed = [one for one in steps if one.work_minutes is not None]
    if not timed:
        return []
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
    return [*amounts(steps, timed, found), *ratios(timed, found)]


def amounts(
    steps: list[Step], timed: list[Step], found: ValueAdded
) -> list[dict[str, Any]]:
    volumes = [one.volume for one in steps if one.volume]
    return [
        {
            "label": _("Cases a year"),
            "value": number(max(volumes)) if volumes else "·",
            "note": _("at the busiest step"),
        },
        {
            "label": _("Work time"),
            "value": duration(found.processing, "min"),
            "note": _("%(timed)s of %(all)s steps timed")
            % {"timed": len(timed), "all": len(steps)},
        },
        {
            "label": _("Wait time"),
            "value": duration(found.waiting, "min"),
            "note": _("summed over the steps"),
        },
    ]


def ratios(timed: list[Step], found: ValueAdded) -> list[dict[str, Any]]:
    return [
        {
            "label": _("Cycle time efficiency"),
            "value": percent(found.cte, 1),
            "note": _("work by work and waiting"),
            "method": "process.value_added",
        },
        {
            "label": _("Adds value"),
            "value": percent(found.va_ratio),
            "note": _("of work time; steps without a class add none")
            if any(not one.value_class for one in timed)
            else _("of work time"),
            "method": "process.value_added",
        },
    ]


def study(cells: list[IpoCell]) -> dict[str, Any]:
    """The grid as printed, its completeness and what hurts most."""
    held = {(one.row, one.column): one for one in cells}
    grid: dict[str, dict[str, Any]] = {}
    for one in cells:
        if one.is_filled:
            given = (
                {"not_applicable": one.reason}
                if one.is_not_applicable
                else {"text": one.text, "severity": one.severity}
            )
            grid.setdefault(one.row, {})[one.column] = given
    found = grid_completeness(grid)
    worst = [held[one.row, one.column] for one in found.worst]
    return {
        "grid": [
            {
                "label": row.label,
                "cells": [
                    {"label": column.label, "cell": held.get((row, column))}
                    for column in IpoCell.Column
                ],
            }
            for row in IpoCell.Row
        ],
        "completeness": found.completeness,
        "worst": worst if found.severity else [],
    }
