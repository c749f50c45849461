"""Phase 4: the options side by side, weighted, with the one that leads."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from design import charts
from design.forms.options import ScoresForm
from design.maths.scoring import WeightedScores, weighted_scores
from design.maths.sensitivity import MOST, sensitivity
from design.models import CaseLine, CaseRate, Option, Scheme, Score, Yardstick
from design.models.options import case_of
from design.services.options import record_scores
from programmes.access import MelioraRequest, access
from programmes.kit import formats
from programmes.kit.charts import DataTable
from programmes.kit.errors import Refusal
from programmes.permissions import who_may
from programmes.phases import Phase
from programmes.views.gate_parts import add_gate_panel
from programmes.views.reasons import reason_form
from programmes.views.workspace import Tile, add_tile

# A range needs somebody who could overtake.
LEAST_RANKED = 2
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

add_tile(
    Tile(
        Phase.DESIGN,
        gettext_lazy("Comparison of the options"),
        "scale",
        "comparison",
        first=True,
    )
)

add_gate_panel(Phase.DESIGN, gettext_lazy("Options considered"), "comparison")


@dataclass
class Column:
    """An option as a column of the comparison."""

    option: Option
    letter: str
    score: float | None = None
    rank: int | None = None
    is_picked: bool = False
    benefit: str = ""
    cost: str = ""
    npv: str = ""
    payback: str = ""


def loaded(request: MelioraRequest) -> tuple[list[Option], list[Yardstick], Any]:
    """Options, criteria and points by (option, criterion) of the programme."""
    programme = request.programme
    options = list(Option.objects.of(programme).order_by("pk"))
    yardsticks = list(Yardstick.objects.of(programme).order_by("-weight", "pk"))
    points = {
        (one.option_id, one.yardstick_id): one.points
        for one in Score.objects.of(programme)
    }
    return options, yardsticks, points


def letter(position: int) -> str:
    return LETTERS[position] if position < len(LETTERS) else str(position + 1)


@access("programme.read")
def comparison(request: MelioraRequest, code: str) -> HttpResponse:
    options, yardsticks, points = loaded(request)
    scheme = Scheme.objects.of(request.programme).select_related("option").first()
    columns = [Column(one, letter(n)) for n, one in enumerate(options)]
    context: dict[str, Any] = {
        "columns": columns,
        "scheme": scheme,
        "weights": sum((one.weight for one in yardsticks), Decimal(0)),
        "has_nothing": any(one.is_nothing for one in options),
        "meta": meta(options, yardsticks),
        "may_edit": request.grants.may("option.edit"),
        "may_choose": request.grants.may("scheme.edit") and scheme is None,
        "who_may": who_may("option.edit"),
        "crumbs": crumbs(request, {"label": _("Comparison")}),
        "nav": "phase4",
    }
    if options and any(one.weight for one in yardsticks):
        found = weighted_scores(
            [[points.get((o.pk, y.pk)) for y in yardsticks] for o in options],
            [one.weight for one in yardsticks],
        )
        rank(columns, found)
        add_cases(request, columns)
        context |= compared(columns, yardsticks, points, found)
    if request.headers.get("HX-Request"):
        ranked = sorted(columns, key=lambda one: (one.rank is None, one.rank or 0))
        context["considered"] = ranked
        return render(request, "design/options/considered.html", context)
    return render(request, "design/options/comparison.html", context)


def meta(options: list[Option], yardsticks: list[Yardstick]) -> list[str]:
    return [
        ngettext("%(n)s option", "%(n)s options", len(options)) % {"n": len(options)},
        ngettext("%(n)s criterion", "%(n)s criteria", len(yardsticks))
        % {"n": len(yardsticks)},
    ]


def rank(columns: list[Column], found: WeightedScores) -> None:
    for column, score, place in zip(columns, found.scores, found.ranks, strict=True):
        column.score, column.rank, column.is_picked = score, place, place == 1


def add_cases(request: MelioraRequest, columns: list[Column]) -> None:
    """Worth and payback of each option: two queries for all."""
    programme = request.programme
    rate = CaseRate.of(programme).percent
    lines: dict[int, list[CaseLine]] = {}
    for line in CaseLine.objects.of(programme):
        lines.setdefault(line.option_id, []).append(line)
    for column in columns:
        case = case_of(lines.get(column.option.pk, []), rate)
        if case is None:
            continue
        column.benefit = formats.money_short(case.benefit, programme.currency)
        column.cost = formats.money_short(case.cost, programme.currency)
        column.npv = formats.money_short(case.npv, programme.currency)
        years = case.payback_years
        column.payback = (
            _("never") if years is None else _("%(n)s years") % {"n": round(years, 1)}
        )


def compared(
    columns: list[Column],
    yardsticks: list[Yardstick],
    points: dict[tuple[int, int], Decimal],
    found: WeightedScores,
) -> dict[str, Any]:
    """The rows of the table, the finding, and the chart of contributions."""
    rows = []
    for position, yardstick in enumerate(yardsticks):
        given = [points.get((one.option.pk, yardstick.pk)) for one in columns]
        top = max((one for one in given if one is not None), default=None)
        rows.append(
            {
                "yardstick": yardstick,
                "weight": found.weights[position],
                "cells": [
                    {
                        "points": one,
                        "share": (one or 0) / 100,
                        "is_best": one is not None and one == top,
                        "is_picked": column.is_picked,
                    }
                    for one, column in zip(given, columns, strict=True)
                ],
            }
        )
    ranked = sorted(
        (one for one in columns if one.score is not None),
        key=lambda one: -(one.score or 0),
    )
    return {
        "rows": rows,
        "finding": finding(ranked),
        "incomplete": [one for one in columns if one.score is None],
        "winner": ranked[0].option if ranked else None,
        **contribution_chart(ranked, columns, yardsticks, found),
        **ranges(ranked, yardsticks, points, found),
    }


def finding(ranked: list[Column]) -> dict[str, str]:
    """The comparison in one heading and one sentence."""
    if not ranked:
        return {"title": _("No option is scored on all criteria yet"), "text": ""}
    best = [one for one in ranked if one.rank == 1]
    if len(best) > 1:
        names = ", ".join(one.option.name for one in best)
        return {"title": _("%(names)s share the lead") % {"names": names}, "text": ""}
    first = best[0]
    title = _("%(letter)s, %(name)s, is the best compromise") % {
        "letter": first.letter,
        "name": first.option.name,
    }
    score = formats.number(first.score, 1)
    if len(ranked) == 1:
        return {"title": title, "text": _("%(score)s of 100.") % {"score": score}}
    second = ranked[1]
    text = _("%(score)s of 100, %(ahead)s ahead of %(second)s.") % {
        "score": score,
        "ahead": formats.number((first.score or 0) - (second.score or 0), 1),
        "second": f"{second.letter}, {second.option.name}",
    }
    return {"title": title, "text": text}


def ranges(
    ranked: list[Column],
    yardsticks: list[Yardstick],
    points: dict[tuple[int, int], Decimal],
    found: WeightedScores,
) -> dict[str, Any]:
    """How far each weight can move while the first option stays first."""
    if len(ranked) < LEAST_RANKED or ranked[1].rank == 1 or len(yardsticks) == 1:
        return {}
    if max(len(ranked), len(yardsticks)) > MOST:
        return {}
    matrix = [[float(points[o.option.pk, y.pk]) for y in yardsticks] for o in ranked]
    rows = []
    tested = sensitivity(matrix, found.weights)
    for yardstick, one in zip(yardsticks, tested.ranges, strict=True):
        then = [ranked[rival] for rival in (one.below, one.above) if rival is not None]
        rows.append(
            {
                "yardstick": yardstick,
                "now": one.now,
                "low": one.low,
                "high": one.high,
                "width": one.high - one.low,
                "then": list(dict.fromkeys(column.letter for column in then)),
            }
        )
    return {
        "ranges": rows,
        "first_share": tested.first_shares[0],
        "draws": tested.draws,
    }


def contribution_chart(
    ranked: list[Column],
    columns: list[Column],
    yardsticks: list[Yardstick],
    found: WeightedScores,
) -> dict[str, Any]:
    if not ranked:
        return {}
    label = {one.letter: f"{one.letter} {one.option.name}" for one in columns}
    parts = []
    table = []
    for position, column in enumerate(columns):
        if column.score is None:
            continue
        given = [part or 0.0 for part in found.contributions[position]]
        table.append(
            (
                label[column.letter],
                *(formats.number(part, 1) for part in given),
                formats.number(column.score, 1),
            )
        )
        parts += [
            {
                "option": label[column.letter],
                "criterion": one.title,
                "points": points,
                "n": n,
            }
            for n, (one, points) in enumerate(zip(yardsticks, given, strict=True))
        ]
    return {
        "chart": charts.contributions(parts, [label[one.letter] for one in ranked]),
        "legend": [(one.title, charts.hue(n)) for n, one in enumerate(yardsticks)],
        "chart_table": DataTable(
            (_("Option"), *(one.title for one in yardsticks), _("Score")), table
        ),
    }


def crumbs(request: MelioraRequest, *more: dict[str, Any]) -> list[dict[str, Any]]:
    programme = request.programme
    return [
        {"label": programme.name, "href": f"/p/{programme.code}/"},
        {
            "label": Phase.DESIGN.label,
            "href": reverse("phase", args=[programme.code, int(Phase.DESIGN)]),
        },
        *more,
    ]


@access("option.edit")
def scores(request: MelioraRequest, code: str) -> HttpResponse:
    """All scores in one form."""
    options, yardsticks, points = loaded(request)
    back = reverse("comparison", args=[code])
    initial = {
        f"s{key[0]}-{key[1]}": f"{value.normalize():f}" for key, value in points.items()
    }
    form = ScoresForm(
        request.POST or None, options=options, yardsticks=yardsticks, initial=initial
    )
    why = reason_form(request, list(Score.objects.of(request.programme)))
    if request.method == "POST" and all([form.is_valid(), why.is_valid()]):
        try:
            changed = record_scores(
                by=request.user,
                programme=request.programme,
                points=form.points(),
                now=timezone.now(),
                reason=why.reason,
            )
        except Refusal as refusal:
            why.refuse(refusal)
        else:
            said = ngettext("%(n)s score saved.", "%(n)s scores saved.", changed)
            messages.success(request, said % {"n": changed})
            return HttpResponseRedirect(back)
    names = {key: name for name, key in form.keys.items()}
    context = {
        "form": form,
        "why": why,
        "options": [(letter(n), one) for n, one in enumerate(options)],
        "rows": [
            (one, [form[names[option.pk, one.pk]] for option in options])
            for one in yardsticks
        ],
        "back_url": back,
        "crumbs": crumbs(
            request, {"label": _("Comparison"), "href": back}, {"label": _("Scores")}
        ),
        "nav": "phase4",
    }
    status = 422 if form.errors or why.errors else 200
    return render(request, "design/options/scores.html", context, status=status)


urlpatterns = [
    path("p/<slug:code>/comparison/", comparison, name="comparison"),
    path("p/<slug:code>/comparison/scores/", scores, name="scores"),
]
