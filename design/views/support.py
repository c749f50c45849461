"""Phase 5: information collected, steps checked, and what supports them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from design.forms.support import AuxiliaryInfoForm, MatrixForm, SupportSchemeForm
from design.models import (
    AuxiliaryInfo,
    Dimension,
    SchemeStep,
    StepDimension,
    SupportScheme,
)
from design.services.support import check_cells, make_task
from programmes.access import MelioraRequest, access
from programmes.kit.errors import Refusal
from programmes.kit.pages import Column, Filter
from programmes.permissions import who_may
from programmes.phases import Phase
from programmes.views.reasons import reason_form
from programmes.views.register import Register, add_register
from programmes.views.workspace import Tile, add_tile

STATE_TONES = {"agreed": "accent", "in_force": "positive"}

add_tile(
    Tile(
        Phase.SUPPORT,
        gettext_lazy("Steps and dimensions"),
        "grid-3x3",
        "step-matrix",
        first=True,
    )
)


def support_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    """The task made of it, or the button that makes one."""
    task = record.work_item
    if task is not None and task.deleted_at is not None:
        task = None
    return {"task": task, "may_plan": request.grants.may("work.edit") and task is None}


INFORMATION = add_register(
    Register(
        slug="information",
        phase=Phase.SUPPORT,
        model=AuxiliaryInfo,
        title=gettext_lazy("Auxiliary information"),
        one=gettext_lazy("information"),
        empty=gettext_lazy("Documents, data and interviews that the schemes draw on."),
        icon="library",
        columns=[
            Column("title", gettext_lazy("Information"), order="title"),
            Column("kind", gettext_lazy("Kind"), kind="choice", order="kind"),
            Column("source", gettext_lazy("Source"), order="source"),
            Column("step", gettext_lazy("For the step"), order="step__position"),
            Column(
                "collected_on",
                gettext_lazy("Collected"),
                kind="date",
                order="collected_on",
            ),
        ],
        form=AuxiliaryInfoForm,
        rows=lambda rows: rows.select_related("step"),
        search=["title", "source", "finding"],
        filters=[
            Filter(
                "kind", gettext_lazy("Kind"), lambda: AuxiliaryInfo.Kind.choices, "kind"
            )
        ],
    )
)
SUPPORT = add_register(
    Register(
        slug="support",
        phase=Phase.SUPPORT,
        model=SupportScheme,
        title=gettext_lazy("Supporting schemes"),
        one=gettext_lazy("supporting scheme"),
        empty=gettext_lazy("What must be in place so that each changed step works."),
        icon="life-buoy",
        columns=[
            Column("title", gettext_lazy("What is put in place"), order="title"),
            Column(
                "dimension", gettext_lazy("Dimension"), kind="choice", order="dimension"
            ),
            Column("step", gettext_lazy("For the step"), order="step__position"),
            Column("owner", gettext_lazy("Owner"), kind="person", order="owner__name"),
            Column("due_on", gettext_lazy("Ready by"), kind="date", order="due_on"),
            Column("cost", gettext_lazy("Cost"), kind="money", order="cost"),
            Column(
                "state",
                gettext_lazy("State"),
                kind="choice",
                order="state",
                tones=STATE_TONES,
            ),
        ],
        form=SupportSchemeForm,
        rows=lambda rows: rows.select_related("step", "owner", "work_item"),
        search=["title", "detail", "step__name"],
        filters=[
            Filter(
                "dimension",
                gettext_lazy("Dimension"),
                lambda: Dimension.choices,
                "dimension",
            ),
            Filter(
                "state",
                gettext_lazy("State"),
                lambda: SupportScheme.State.choices,
                "state",
            ),
        ],
        sort="due_on",
        detail="design/support/item.html",
        detail_context=support_detail,
    )
)
REGISTERS = [INFORMATION, SUPPORT]


@access("work.edit")
@require_POST
def plan_task(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Make a task of a supporting scheme."""
    rows = SupportScheme.objects.of(request.programme).select_related("programme")
    item = get_object_or_404(rows, pk=pk)
    task = make_task(by=request.user, item=item, now=timezone.now())
    messages.success(request, _("%(title)s is in the work plan.") % {"title": task})
    return HttpResponseRedirect(reverse("tasks-detail", args=[code, task.pk]))


@access("programme.read", write="support.edit")
def matrix(request: MelioraRequest, code: str) -> HttpResponse:
    """Which dimension each step affects; the lead ticks, everybody reads."""
    programme = request.programme
    steps = list(
        SchemeStep.objects.of(programme)
        .filter(scheme__deleted_at=None)
        .order_by("position", "pk")
    )
    cells = {
        (one.step_id, one.dimension): one
        for one in StepDimension.objects.of(programme).select_related("checked_by")
    }
    initial = {
        f"c{step}-{dimension}": "yes" if one.is_affected else "no"
        for (step, dimension), one in cells.items()
    }
    form = MatrixForm(request.POST or None, steps=steps, initial=initial)
    why = reason_form(request, list(cells.values()))
    if request.method == "POST" and all([form.is_valid(), why.is_valid()]):
        try:
            changed = check_cells(
                by=request.user,
                programme=programme,
                cells=form.cells(),
                now=timezone.now(),
                reason=why.reason,
            )
        except Refusal as refusal:
            why.refuse(refusal)
        else:
            said = ngettext("%(n)s check saved.", "%(n)s checks saved.", changed)
            messages.success(request, said % {"n": changed})
            return HttpResponseRedirect(request.path)
    context = {
        "form": form,
        "why": why,
        "may_edit": request.grants.may("support.edit"),
        "who_may": who_may("support.edit"),
        "crumbs": [
            {"label": programme.name, "href": f"/p/{code}/"},
            {
                "label": Phase.SUPPORT.label,
                "href": reverse("phase", args=[code, int(Phase.SUPPORT)]),
            },
            {"label": _("Steps and dimensions")},
        ],
        "nav": "phase5",
        **matrix_context(request, steps, cells, form),
    }
    status = 422 if form.errors or why.errors else 200
    return render(request, "design/support/matrix.html", context, status=status)


def matrix_context(
    request: MelioraRequest,
    steps: list[SchemeStep],
    cells: dict[tuple[int, str], StepDimension],
    form: MatrixForm,
) -> dict[str, Any]:
    """Rows of the table with what supports each cell, and the finding above it."""
    supports: dict[tuple[int | None, str], list[SupportScheme]] = {}
    for item in SupportScheme.objects.of(request.programme).order_by("pk"):
        supports.setdefault((item.step_id, item.dimension), []).append(item)
    rows = []
    open_cells = unserved = 0
    for step in steps:
        row = []
        for dimension in Dimension.values:
            cell = cells.get((step.pk, dimension))
            there = supports.get((step.pk, dimension), [])
            is_affected = cell is not None and cell.is_affected
            open_cells += cell is None and step.is_changed
            unserved += is_affected and not there
            row.append(
                {
                    "field": form[f"c{step.pk}-{dimension}"],
                    "cell": cell,
                    "label": Dimension(dimension).label,
                    "supports": there,
                    "is_bare": is_affected and not there,
                    "query": f"?step={step.pk}&dimension={dimension}",
                }
            )
        rows.append({"step": step, "cells": row})
    return {
        "rows": rows,
        "dimensions": Dimension.labels,
        "open_cells": open_cells,
        "unserved": unserved,
        "finding": matrix_finding(bool(steps), open_cells, unserved),
    }


def matrix_finding(has_steps: bool, open_cells: int, unserved: int) -> dict[str, str]:
    if not has_steps:
        return {}
    if open_cells:
        text = ngettext(
            "%(n)s check of a changed step is open",
            "%(n)s checks of changed steps are open",
            open_cells,
        )
        return {"tone": "attention", "title": text % {"n": open_cells}}
    if unserved:
        text = ngettext(
            "%(n)s affected dimension has no supporting scheme",
            "%(n)s affected dimensions have no supporting scheme",
            unserved,
        )
        return {"tone": "attention", "title": text % {"n": unserved}}
    title = _("Each changed step is checked, and each effect is supported")
    return {"tone": "positive", "title": title}


urlpatterns = [
    path("p/<slug:code>/matrix/", matrix, name="step-matrix"),
    path("p/<slug:code>/support/<int:pk>/task/", plan_task, name="support-task"),
]
