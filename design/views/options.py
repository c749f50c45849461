"""Phase 4: options, the criteria they are compared on, and their business case."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design import charts
from design.forms.options import (
    CaseLineForm,
    CaseRateForm,
    OptionForm,
    YardstickForm,
)
from design.maths.case import Case
from design.models import CaseLine, CaseRate, Option, Scheme, Yardstick
from design.models.options import case_of
from programmes.access import MelioraRequest
from programmes.kit import formats
from programmes.kit.charts import DataTable
from programmes.kit.errors import Text
from programmes.kit.pages import Column, Filter
from programmes.models import Programme
from programmes.phases import Phase
from programmes.views.gate_parts import gate_figures
from programmes.views.register import Register, add_register

KIND_TONES = {"cost": "neutral", "benefit": "positive"}
EFFECTS = ("time", "cost", "quality")


def case_figures(case: Case, currency: str) -> list[dict[str, Any]]:
    """Benefit, cost, NPV, IRR and payback, in words and with their methods."""
    years = case.payback_years
    return [
        {
            "label": _("Benefit"),
            "value": formats.money_short(case.benefit, currency),
            "note": _("over %(years)s years") % {"years": len(case.flows) - 1},
        },
        {"label": _("Cost"), "value": formats.money_short(case.cost, currency)},
        {
            "label": _("Net present value"),
            "value": formats.money_short(case.npv, currency),
            "note": _("at %(rate)s%% a year") % {"rate": formats.number(case.rate)},
            "method": "finance.npv",
        },
        {
            "label": _("Internal rate"),
            "value": _("n/a") if case.irr is None else formats.percent(case.irr, 1),
            "method": "finance.irr",
        },
        {
            "label": _("Payback"),
            "value": _("n/a") if years is None else formats.number(years, 1),
            "unit": "" if years is None else _("years"),
            "note": _("never within these years") if years is None else "",
            "method": "finance.payback",
        },
    ]


@gate_figures(Phase.DESIGN)
def design_figures(programme: Programme) -> list[dict[str, Any]]:
    """Key figures of the chosen option for the gate page."""
    scheme = Scheme.objects.of(programme).first()
    if scheme is None:
        return []
    lines = CaseLine.objects.of(programme).filter(option=scheme.option_id)
    case = case_of(lines, CaseRate.of(programme).percent)
    return case_figures(case, programme.currency) if case else []


def option_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    """The business case of the option, and whether it is the chosen one."""
    programme = request.programme
    lines = list(record.lines.filter(deleted_at=None).order_by("year", "kind", "pk"))
    rate = CaseRate.of(programme)
    case = case_of(lines, rate.percent)
    chosen = Scheme.objects.of(programme).first()
    may_choose = request.grants.may("scheme.edit") and chosen is None
    choose = reverse("scheme-new", args=[programme.code])
    more: dict[str, Any] = {
        **ledger(lines),
        "rate": rate,
        "case": case,
        "is_chosen": chosen is not None and chosen.option_id == record.pk,
        "choose_url": f"{choose}?option={record.pk}" if may_choose else "",
        "may_add_line": request.grants.may("case.edit"),
        "effects": effects_of(record),
        "facts": [
            {"label": _("Kind"), "value": record.get_kind_display(), "kind": ""},
            {
                "label": _("Description"),
                "value": record.description,
                "kind": "TextField",
            },
        ],
    }
    return more | (case_context(case, programme.currency) if case else {})


def ledger(lines: list[CaseLine]) -> dict[str, Any]:
    """The lines as a table: a row for each purpose, a column for each year."""
    years = range(max((one.year for one in lines), default=-1) + 1)
    rows: dict[tuple[str, str, str], dict[int, list[CaseLine]]] = {}
    for one in lines:
        key = (one.title, one.get_kind_display(), one.get_basis_display())
        rows.setdefault(key, {}).setdefault(one.year, []).append(one)
    return {
        "years": years,
        "ledger": [
            {
                "title": title,
                "kind": kind,
                "basis": basis,
                "cells": [by_year.get(year, []) for year in years],
            }
            for (title, kind, basis), by_year in rows.items()
        ],
    }


def effects_of(option: Option) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "low": getattr(option, f"{name}_low"),
            "likely": getattr(option, f"{name}_likely"),
            "high": getattr(option, f"{name}_high"),
        }
        for name, label in zip(
            EFFECTS, (_("Time"), _("Cost"), _("Quality")), strict=True
        )
    ]


def case_context(case: Case, currency: str) -> dict[str, Any]:
    sums = case.cumulative
    words: dict[str, Text] = {
        "year": _("Year"),
        "money": currency,
        "flow": _("Flow"),
        "sum": _("Sum"),
    }
    rows = zip(case.costs, case.benefits, case.flows, sums, strict=True)
    return {
        "figures": case_figures(case, currency),
        "finding": case_finding(case, currency),
        "chart": charts.case_flow(
            [float(one) for one in case.flows], [float(one) for one in sums], words
        ),
        "case_table": DataTable(
            (_("Year"), _("Cost"), _("Benefit"), _("Flow"), _("Sum")),
            [
                (year, *(formats.money(one, currency) for one in row))
                for year, row in enumerate(rows)
            ],
        ),
    }


def case_finding(case: Case, currency: str) -> str:
    """The case in one heading."""
    if case.npv <= 0:
        return _("At this rate it does not pay")
    if not case.payback_years:
        return _("It is worth %(worth)s today") % {
            "worth": formats.money_short(case.npv, currency)
        }
    return _("It pays back after %(years)s years and is worth %(worth)s today") % {
        "years": formats.number(case.payback_years, 1),
        "worth": formats.money_short(case.npv, currency),
    }


OPTIONS = add_register(
    Register(
        slug="options",
        phase=Phase.DESIGN,
        model=Option,
        title=gettext_lazy("Options"),
        one=gettext_lazy("option"),
        empty=gettext_lazy("At least three ways to the goals; one is to do nothing."),
        icon="split",
        columns=[
            Column("name", gettext_lazy("Option"), order="name"),
            Column("kind", gettext_lazy("Kind"), kind="choice", order="kind"),
            Column(
                "time_likely",
                gettext_lazy("Time, %"),
                kind="number",
                order="time_likely",
            ),
            Column(
                "cost_likely",
                gettext_lazy("Cost, %"),
                kind="number",
                order="cost_likely",
            ),
            Column(
                "quality_likely",
                gettext_lazy("Quality, %"),
                kind="number",
                order="quality_likely",
            ),
        ],
        form=OptionForm,
        search=["name", "description"],
        filters=[
            Filter("kind", gettext_lazy("Kind"), lambda: Option.Kind.choices, "kind")
        ],
        detail="design/options/option.html",
        detail_context=option_detail,
    )
)
CRITERIA = add_register(
    Register(
        slug="criteria",
        phase=Phase.DESIGN,
        model=Yardstick,
        title=gettext_lazy("Criteria"),
        one=gettext_lazy("criterion"),
        empty=gettext_lazy("What the options are scored on; weights add to 100%."),
        icon="ruler",
        columns=[
            Column("title", gettext_lazy("Criterion"), order="title"),
            Column("weight", gettext_lazy("Weight, %"), kind="number", order="weight"),
            Column("worst", gettext_lazy("0 points")),
            Column("best", gettext_lazy("100 points")),
        ],
        form=YardstickForm,
        search=["title"],
        sort="-weight",
    )
)
CASE = add_register(
    Register(
        slug="case",
        phase=Phase.DESIGN,
        model=CaseLine,
        title=gettext_lazy("Business case"),
        one=gettext_lazy("case line"),
        empty=gettext_lazy("What each option costs and brings in, year by year."),
        icon="scale",
        columns=[
            Column("title", gettext_lazy("What for"), order="title"),
            Column("option", gettext_lazy("Option"), order="option__name"),
            Column(
                "kind",
                gettext_lazy("Kind"),
                kind="choice",
                order="kind",
                tones=KIND_TONES,
            ),
            Column("year", gettext_lazy("Year"), kind="number", order="year"),
            Column("amount", gettext_lazy("Amount"), kind="money", order="amount"),
            Column("basis", gettext_lazy("Basis"), kind="choice", order="basis"),
        ],
        form=CaseLineForm,
        rows=lambda rows: rows.select_related("option"),
        search=["title", "option__name"],
        filters=[
            Filter("kind", gettext_lazy("Kind"), lambda: CaseLine.Kind.choices, "kind")
        ],
        sort="year",
    )
)
RATE = add_register(
    Register(
        slug="discount-rate",
        phase=Phase.DESIGN,
        model=CaseRate,
        title=gettext_lazy("Discount rate"),
        one=gettext_lazy("discount rate"),
        empty=gettext_lazy("8% a year is taken until a rate is set."),
        icon="percent",
        columns=[
            Column("percent", gettext_lazy("Rate, %"), kind="number"),
            Column("source", gettext_lazy("Source")),
        ],
        form=CaseRateForm,
        in_workspace=False,
    )
)
REGISTERS = [OPTIONS, CRITERIA, CASE, RATE]
