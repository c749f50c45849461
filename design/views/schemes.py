"""Phases 4 and 5: the chosen scheme, its steps, and who answers for them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from design.forms.schemes import ResponsibilityForm, SchemeForm, StepForm
from design.models import Responsibility, Scheme, SchemeStep
from design.services.schemes import save_step
from programmes.access import MelioraRequest
from programmes.kit.pages import Column, Filter
from programmes.phases import Phase
from programmes.views.register import Register, add_register


def scheme_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    """The steps of the process to be."""
    steps = list(record.steps.filter(deleted_at=None).order_by("position", "pk"))
    return {
        "steps": steps,
        "changed": len([one for one in steps if one.is_changed]),
    }


def step_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    """What hangs on a step: dimensions, supporting schemes, people, information."""
    duties = record.responsibilities.filter(deleted_at=None).select_related("person")
    return {
        "affected": list(
            record.dimensions.filter(deleted_at=None, is_affected=True).order_by("pk")
        ),
        "supports": list(
            record.supports.filter(deleted_at=None)
            .select_related("owner")
            .order_by("due_on", "pk")
        ),
        "duties": list(duties.order_by("letter", "pk")),
        "information": list(record.information.filter(deleted_at=None).order_by("pk")),
    }


def raci(request: MelioraRequest) -> dict[str, Any]:
    """Steps against people and roles, as one table."""
    programme = request.programme
    steps = SchemeStep.objects.of(programme).filter(scheme__deleted_at=None)
    rows = list(
        Responsibility.objects.of(programme)
        .filter(step__deleted_at=None, step__scheme__deleted_at=None)
        .select_related("person")
        .order_by("letter", "pk")
    )
    holders = list(dict.fromkeys(one.holder for one in rows))
    letters: dict[tuple[int, str], list[str]] = {}
    for one in rows:
        letters.setdefault((one.step_id, one.holder), []).append(one.letter)
    table = [
        {
            "step": step,
            "cells": [(who, letters.get((step.pk, who), [])) for who in holders],
        }
        for step in steps.order_by("position", "pk")
    ]
    accountable = {
        one.step_id for one in rows if one.letter == "A" and one.person is not None
    }
    gaps = [one["step"] for one in table if one["step"].pk not in accountable]
    return {"holders": holders, "raci": table, "gaps": gaps}


SCHEME = add_register(
    Register(
        slug="scheme",
        phase=Phase.DESIGN,
        model=Scheme,
        title=gettext_lazy("Chosen scheme"),
        one=gettext_lazy("scheme"),
        empty=gettext_lazy("The option that is carried out, and why."),
        icon="badge-check",
        columns=[
            Column("title", gettext_lazy("Scheme"), order="title"),
            Column("option", gettext_lazy("Option"), order="option__name"),
            Column("updated_at", gettext_lazy("As of"), kind="moment"),
        ],
        form=SchemeForm,
        rows=lambda rows: rows.select_related("option"),
        detail="design/schemes/scheme.html",
        detail_context=scheme_detail,
    )
)
STEPS = add_register(
    Register(
        slug="scheme-steps",
        phase=Phase.DESIGN,
        model=SchemeStep,
        title=gettext_lazy("Steps to be"),
        one=gettext_lazy("step"),
        empty=gettext_lazy("The steps of the new process, and what changes in each."),
        icon="workflow",
        columns=[
            Column("name", gettext_lazy("Step"), order="name"),
            Column("position", gettext_lazy("No."), kind="number", order="position"),
            Column("role", gettext_lazy("Role"), order="role"),
            Column(
                "is_changed", gettext_lazy("Changed"), kind="flag", order="is_changed"
            ),
            Column("change", gettext_lazy("What changes")),
        ],
        form=StepForm,
        rows=lambda rows: rows.filter(scheme__deleted_at=None),
        search=["name", "role", "change"],
        sort="position",
        save=save_step,
        detail="design/schemes/step.html",
        detail_context=step_detail,
    )
)
RESPONSIBILITIES = add_register(
    Register(
        slug="responsibilities",
        phase=Phase.SUPPORT,
        model=Responsibility,
        title=gettext_lazy("Responsibilities"),
        one=gettext_lazy("responsibility"),
        empty=gettext_lazy(
            "Who does the work of each step, who answers for it, "
            "who is asked and who is told."
        ),
        icon="users",
        columns=[
            Column("step", gettext_lazy("Step"), order="step__position"),
            Column("letter", gettext_lazy("Letter"), kind="choice", order="letter"),
            Column("person", gettext_lazy("Person"), kind="person"),
            Column("role", gettext_lazy("Role"), order="role"),
        ],
        form=ResponsibilityForm,
        rows=lambda rows: rows.select_related("step", "person"),
        search=["step__name", "person__name", "role"],
        filters=[
            Filter(
                "letter",
                gettext_lazy("Letter"),
                lambda: Responsibility.Letter.choices,
                "letter",
            )
        ],
        sort="step",
        list_template="design/schemes/responsibilities.html",
        list_context=raci,
    )
)
REGISTERS = [SCHEME, STEPS, RESPONSIBILITIES]
