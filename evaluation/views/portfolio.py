"""Where each programme stands: decisions, exceptions, one row a programme."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation.views.attention import EXCEPTIONS, exceptions_of, kinds_of
from evaluation.views.standing import Standing, behind, standings_of, years_of
from programmes.access import MelioraRequest, access
from programmes.gating import rules_at
from programmes.kit.pages import Column, Filter, Listing, csv_answer, listing
from programmes.lifecycle import GateState
from programmes.models import Gate, Membership, Programme
from programmes.pack_words import question_of
from programmes.phases import Phase
from programmes.services.gate_steps import gate_url
from programmes.templatetags.kit import GATES
from programmes.views.exports import note_export
from programmes.views.shell import (
    GATE_LOOKS,
    decisions_for,
    is_administrator,
    may_create_programmes,
)

COLUMNS = [
    Column("name", gettext_lazy("Programme"), order="name"),
    Column("phase", gettext_lazy("Phase"), kind="choice", order="phase"),
    Column("state", gettext_lazy("Status"), kind="choice", order="state"),
]
FILTERS = [
    Filter("phase", gettext_lazy("Phase"), lambda: Phase.choices, "phase"),
    Filter("state", gettext_lazy("State"), lambda: Programme.State.choices, "state"),
]
# A row draws a track and a bullet: more of them make the page heavy.
PER_PAGE = 15
MOST_EXCEPTIONS = 8


@access()
def portfolio(request: MelioraRequest) -> HttpResponse:
    today = timezone.localdate()
    standings = standings_of(request.user)
    found = listed(request, standings)
    rows = rows_of(list(found.page), standings, today)
    years = years_of(request.user)
    context = {
        "listing": found,
        "rows": rows,
        "top": max([one["standing"].reach for one in rows], default=1) or 1,
        "waiting": waiting_decisions(request),
        "tiles": tiles_of(list(standings.values()), today),
        "exceptions": exceptions_of(list(standings.values()), today)[:MOST_EXCEPTIONS],
        "years": years,
        "years_top": max((reach_of(one) for one in years), default=0),
        "may_create": request.person is not None
        and may_create_programmes(request.person),
        "may_manage": is_administrator(request),
        "today": timezone.now(),
        "crumbs": [{"label": _("Portfolio")}],
        "nav": "portfolio",
    }
    return render(request, "evaluation/portfolio/portfolio.html", context)


def listed(
    request: MelioraRequest, standings: dict[int, Standing], *, per_page: int = PER_PAGE
) -> Listing:
    """The programmes one may see, as the list, the timeline and the file show them."""
    today = timezone.localdate()

    def with_exception(rows: QuerySet[Any], kind: str) -> QuerySet[Any]:
        found = [key for key, one in standings.items() if kind in kinds_of(one, today)]
        return rows.filter(pk__in=found)

    exception = Filter(
        "exception",
        _("Exception"),
        lambda: list(EXCEPTIONS.items()),
        narrow=with_exception,
    )
    return listing(
        programmes_of(request),
        request.GET,
        COLUMNS,
        search=["name", "code"],
        filters=[*FILTERS, exception],
        default="name",
        per_page=per_page,
    )


def reach_of(year: dict[str, Any]) -> Decimal:
    return max(year["planned"] or Decimal(0), year["measured"] or Decimal(0))


def programmes_of(request: MelioraRequest) -> QuerySet[Programme]:
    return Programme.objects.visible_to(request.user).select_related(
        "enterprise", "unit"
    )


def waiting_decisions(request: MelioraRequest) -> list[dict[str, Any]]:
    reviews = decisions_for(request.user).select_related(
        "gate__programme__pack", "submitted_by"
    )
    return [
        {
            "title": _("%(gate)s, %(programme)s: %(question)s")
            % {
                "gate": one.gate,
                "programme": one.gate.programme.name,
                "question": question_of(rules_at(one.gate)),
            },
            "ask": one.ask,
            "by": one.submitted_by,
            "due_on": one.due_on,
            "href": gate_url(one.gate),
        }
        for one in reviews.order_by("due_on")
    ]


def rows_of(
    programmes: list[Programme], standings: dict[int, Standing], today: date
) -> list[dict[str, Any]]:
    """One dict a programme from two queries, however many there are."""
    ids = [one.pk for one in programmes]
    gates: dict[int, dict[int, Gate]] = {}
    for gate in Gate.objects.filter(programme__in=ids):
        closed = dict.fromkeys(map(int, gate.phases), gate)
        gates.setdefault(gate.programme_id, {}).update(closed)
    leads = Membership.objects.filter(programme__in=ids, role="lead")
    persons = {
        one.programme_id: one.person
        for one in leads.select_related("person").order_by("-pk")
    }
    return [
        {
            "programme": one,
            "href": f"/p/{one.code}/",
            "phase_label": Phase(one.phase).label,
            "track": small_track(one, gates[one.pk]),
            "standing": standings[one.pk],
            "lead": persons.get(one.pk),
            "status": status_of(one, standings[one.pk], today),
            "exceptions": [
                EXCEPTIONS[kind] for kind in kinds_of(standings[one.pk], today)
            ],
        }
        for one in programmes
    ]


def small_track(programme: Programme, gates: dict[int, Gate]) -> list[dict[str, Any]]:
    steps = []
    for phase in Phase:
        gate = gates[phase]
        look = GATE_LOOKS[GateState(gate.state)]
        is_here = programme.phase in gate.phases
        if look == "preparing" and not is_here:
            look = "todo"
        state = "done" if phase < programme.phase else "todo"
        # The diamond of a gate that closes several phases stands at the last of them.
        steps.append(
            {
                "n": int(phase),
                "name": phase.label,
                "state": "current" if is_here else state,
                "gate_state": look if phase == gate.phase else "",
            }
        )
    return steps


def status_of(programme: Programme, standing: Standing, today: date) -> dict[str, Any]:
    """The badge of a row, the most serious first, and a line below it."""
    if programme.state != Programme.State.ACTIVE:
        return look("neutral", programme.get_state_display(), "pause")
    if standing.is_in_review:
        return look("decision", _("In review"), "pen-line")
    if standing.signals:
        said = ngettext("%(n)s signal", "%(n)s signals", standing.signals)
        return look("critical", said % {"n": standing.signals}, "triangle-alert")
    if standing.is_returned:
        return look("attention", _("Returned"), "undo-2")
    if days := standing.days_late(today):
        return look("attention", _("Late"), "clock", behind(days))
    if standing.late:
        said = ngettext("%(n)s task is late", "%(n)s tasks are late", standing.late)
        return look("attention", _("Late"), "clock", said % {"n": standing.late})
    return look("positive", _("On track"), "check")


def look(tone: str, label: Any, icon: str, note: str = "") -> dict[str, Any]:
    return {"tone": tone, "label": label, "icon": icon, "note": note}


def tiles_of(standings: list[Standing], today: date) -> dict[str, Any]:
    """Sums over all programmes one may see, on whatever page they stand."""
    soon = [one for one in standings if one.is_soon(today)]
    looks = sorted((one.look for one in soon), key=list(GATES).index, reverse=True)
    computed = [one.as_of for one in standings if one.as_of]
    return {
        "measured": sum((one.measured for one in standings), Decimal(0)),
        "foreseen": sum((one.foreseen for one in standings), Decimal(0)),
        "expected": sum((one.expected for one in standings), Decimal(0)),
        "running": sum((one.running for one in standings), Decimal(0)),
        "planned": sum((one.planned for one in standings), Decimal(0)),
        "actual": sum((one.actual for one in standings), Decimal(0)),
        "gates": looks,
        "gates_note": gates_note(looks),
        "as_of": min(computed, default=None),
    }


def gates_note(looks: list[str]) -> str:
    """How many of the gates wait for a decision, and how many are prepared."""
    if not looks:
        return _("none is due")
    ready = looks.count("ready")
    parts = [
        (ready, ngettext("%(n)s ready", "%(n)s ready", ready)),
        (
            len(looks) - ready,
            ngettext(
                "%(n)s in preparation", "%(n)s in preparation", len(looks) - ready
            ),
        ),
    ]
    return ", ".join(words % {"n": n} for n, words in parts if n)


@access()
def export(request: MelioraRequest) -> HttpResponse:
    """The portfolio as CSV, all pages."""
    today = timezone.localdate()
    standings = standings_of(request.user)
    found = listed(request, standings, per_page=10_000)
    rows = rows_of(list(found.page), standings, today)
    head = [
        _("Code"),
        _("Programme"),
        _("Phase"),
        _("Gate"),
        _("Gate due"),
        _("Status"),
        _("Yearly benefit, likely"),
        _("Planned"),
        _("Actual"),
        _("Currency"),
        _("Lead"),
        _("Exceptions"),
        _("Days without a change"),
        _("Usual days"),
        _("Stalled after days"),
    ]
    lines = (
        [
            row["programme"].code,
            row["programme"].name,
            row["phase_label"],
            row["standing"].gate_label,
            row["standing"].due_on,
            row["status"]["label"],
            row["standing"].expected,
            row["standing"].planned,
            row["standing"].actual,
            row["programme"].currency,
            row["lead"] or "",
            ", ".join(map(str, row["exceptions"])),
            row["standing"].quiet_days(today),
            row["standing"].usual_days,
            row["standing"].limit_days,
        ]
        for row in rows
    )
    note_export(request, "portfolio")
    return csv_answer("portfolio", head, lines)


urlpatterns = [
    path("", portfolio, name="portfolio"),
    path("export.csv", export, name="portfolio-export"),
]
