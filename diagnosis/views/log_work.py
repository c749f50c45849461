"""Who works on the cases of a log, hands them over, and when."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis import log_findings
from diagnosis.log_words import WEEKDAYS, short
from diagnosis.services import log_lenses
from diagnosis.views import log_frame
from programmes.access import MelioraRequest, access
from programmes.kit.formats import number, percent
from programmes.kit.sheets import Sheet

SHOWN = 50
DAYS_ONLY = 0.25
"""With more events than this at midnight, the source knows days, not hours."""


@access("programme.read")
def work(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Resources and the hand-overs between them."""
    asked = log_frame.ask(request, pk, log_lenses.work)
    held, moved = asked.found["resources"], asked.found["hand_overs"]
    top = max((one["share"] for one in held["rows"]), default=1) or 1
    context = {
        "rows": [{**one, "bar": one["share"] / top} for one in held["rows"][:SHOWN]],
        "total": held["total"],
        "unnamed": held["unnamed"],
        "matrix": matrix(moved),
        "names": [*map(short, moved["names"]), *([_("others")] * has_rest(moved))],
        "figures": work_figures(held, moved),
        "says": log_findings.work(moved, most_handed(moved)),
    }
    return log_frame.page(request, asked, "log-work", context)


def has_rest(moved: dict[str, Any]) -> bool:
    """Whether anything goes to or comes from a resource without a name here."""
    counts = moved["counts"]
    return bool(counts) and bool(sum(counts[-1]) or sum(line[-1] for line in counts))


def matrix(moved: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the matrix: a name, and cells with count and strength 0 to 1.

    All others together would outshine each single one, so they have no strength.
    """
    size = len(moved["names"]) + has_rest(moved)
    names = [*moved["names"], _("others")]
    known = len(moved["names"])
    named = [n for line in moved["counts"][:known] for n in line[:known]]
    most = max(named, default=0) or 1
    return [
        {
            "name": short(names[place]),
            "cells": [
                {"n": n, "heat": n / most if max(place, other) < known else 0}
                for other, n in enumerate(line[:size])
            ],
            "sum": sum(line),
        }
        for place, line in enumerate(moved["counts"][:size])
    ]


def work_figures(
    held: dict[str, Any], moved: dict[str, Any]
) -> list[tuple[str, str, str]]:
    """Label, value and note of the cards."""
    steps = moved["total"] + moved["kept"]
    return [
        (_("Resources"), number(held["total"]), ""),
        (
            _("Hand-overs"),
            number(moved["total"]),
            _("%(n)s a case") % {"n": number(moved["per_case"], 1)},
        ),
        (
            _("Steps that stay with one resource"),
            percent(moved["kept"] / steps if steps else None),
            _("of steps that follow each other"),
        ),
        (
            _("Events without a resource"),
            number(held["unnamed"]),
            _("they hand nothing over"),
        ),
    ]


def most_handed(moved: dict[str, Any]) -> dict[str, Any] | None:
    """The two resources with the most hand-overs between them."""
    names = moved["names"]
    pairs = [
        (n, names[giver], names[taker])
        for giver, line in enumerate(moved["counts"][: len(names)])
        for taker, n in enumerate(line[: len(names)])
    ]
    if not moved["total"] or not pairs:
        return None
    n, giver, taker = max(pairs)
    share = n / moved["total"]
    return {"n": n, "giver": giver, "taker": taker, "share": share} if n else None


def work_tables(request: MelioraRequest, pk: int) -> log_frame.Tables:
    """The resources with what each hands to the busiest, and who hands to whom."""
    asked = log_frame.ask(request, pk, log_lenses.work)
    moved = asked.found["hand_overs"]
    given = dict(zip(moved["names"], moved["counts"], strict=False))
    head: list[Any] = [
        gettext_lazy("Resource"),
        gettext_lazy("Events"),
        gettext_lazy("Share"),
        gettext_lazy("Cases"),
        gettext_lazy("Activities"),
        *(_("to %(name)s") % {"name": name} for name in moved["names"]),
        _("to others"),
    ]
    rows = (
        [
            *(one[key] for key in ("name", "events", "share", "cases", "activities")),
            *given.get(one["name"], []),
        ]
        for one in asked.found["resources"]["rows"]
    )
    names = [*moved["names"], _("others")]
    pairs = (
        (giver, taker, n)
        for giver, line in zip(names, moved["counts"], strict=False)
        for taker, n in zip(names, line, strict=False)
        if n
    )
    sheets = [
        Sheet(_("Resources"), head, rows),
        Sheet(_("Hand-overs"), [_("From"), _("To"), _("Times")], pairs),
    ]
    return log_frame.Tables(asked.log, _("resources"), sheets)


@access("programme.read")
def workload(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Events by weekday and hour."""
    asked = log_frame.ask(request, pk, log_lenses.workload)
    found = asked.found
    hours, total = found["hours"], found["total"]
    most = max(map(max, hours)) or 1
    context = {
        "rows": [
            {
                "day": day,
                "cells": [{"n": n, "heat": n / most} for n in line],
                "sum": sum(line),
                "share": sum(line) / total if total else None,
            }
            for day, line in zip(WEEKDAYS, hours, strict=True)
        ],
        "hours": range(24),
        "total": total,
        "zone": found["zone"],
        "says": log_findings.workload(
            busiest(hours),
            total,
            found["weekend"],
            sum(line[0] for line in hours) > DAYS_ONLY * total,
        ),
    }
    return log_frame.page(request, asked, "log-workload", context)


def busiest(hours: list[list[int]]) -> dict[str, Any]:
    """The hour of the week with the most events."""
    n, day, hour = max(
        (n, -day, -hour)
        for day, line in enumerate(hours)
        for hour, n in enumerate(line)
    )
    return {"n": n, "day": WEEKDAYS[-day], "from": -hour, "to": 1 - hour}


def workload_tables(request: MelioraRequest, pk: int) -> log_frame.Tables:
    """Events by weekday and hour."""
    asked = log_frame.ask(request, pk, log_lenses.workload)
    head: list[Any] = [gettext_lazy("Weekday"), *(f"{hour}:00" for hour in range(24))]
    rows = (
        [str(day), *line]
        for day, line in zip(WEEKDAYS, asked.found["hours"], strict=True)
    )
    sheets = [Sheet(_("Workload"), head, rows)]
    return log_frame.Tables(asked.log, _("workload"), sheets)


BASE = "p/<slug:code>/logs/<int:pk>/"
urlpatterns = [
    path(f"{BASE}resources/", work, name="log-work"),
    *log_frame.export_paths(f"{BASE}resources", "log-work", work_tables),
    path(f"{BASE}workload/", workload, name="log-workload"),
    *log_frame.export_paths(f"{BASE}workload", "log-workload", workload_tables),
]
