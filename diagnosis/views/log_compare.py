"""Two versions of a log, or two choices of its cases, beside each other."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from diagnosis import log_findings
from diagnosis.forms.log_versions import CompareForm, label_of
from diagnosis.log_words import FIGURES
from diagnosis.mining.compare import Comparison, EdgePair, Pair, compare
from diagnosis.mining.sources import LogError
from diagnosis.models import EventLog, SavedFilter
from diagnosis.services import lenses
from diagnosis.services.saved_filters import filters_of as saved_of
from diagnosis.views.log_filters import filters_of, words_of
from diagnosis.views.log_frame import Tables, export_paths, frame
from diagnosis.views.log_pages import log_with_process, page_url
from programmes.access import MelioraRequest, access
from programmes.kit.formats import duration, number, percent
from programmes.kit.sheets import Sheet

SHOWN = 30
SHOWN_PATHS = 12
LONGEST_PATH = 10
READY = EventLog.State.READY


class Sides:
    """What is compared with what, as the address says."""

    def __init__(self, request: MelioraRequest, log: EventLog) -> None:
        self.log = log
        ready: Any = EventLog.objects.of(log.programme).filter(state=READY)
        related = Q(uuid=log.line) | Q(series=log.line) | Q(derived_from=log)
        related |= Q(pk=log.derived_from_id)
        self.versions = list(ready.filter(related).order_by("-edition", "pk"))
        self.choices = saved_of(log)
        self.filters = filters_of(request)
        self.form = CompareForm(
            request.GET or None, versions=self.versions, choices=self.choices
        )
        data = self.form.cleaned_data if self.form.is_valid() else {}
        picked = [one for one in self.versions if str(one.pk) == data.get("other")]
        self.other: EventLog = picked[0] if picked else log
        found = [one for one in self.choices if str(one.pk) == data.get("saved")]
        self.saved: SavedFilter | None = found[0] if found else None

    @property
    def is_same(self) -> bool:
        """Nothing is chosen yet that differs."""
        return self.other == self.log and not self.saved and not self.filters

    def compared(self) -> Comparison:
        """:raises LogError: a side lacks an attribute that a filter names."""
        one = [text for text, _filter in self.filters]
        other = list(self.saved.filters) if self.saved else []
        return compare(
            lenses.everything(self.log, one),
            lenses.everything(self.other, other),
            lenses.paths(self.log, one),
            lenses.paths(self.other, other),
        )

    def titles(self) -> tuple[str, str]:
        """What each column of the tables is about."""
        mine = ", ".join(words_of(one) for _text, one in self.filters)
        theirs = self.saved.name if self.saved else ""
        sides = ((self.log, mine), (self.other, theirs))
        whole = _("all cases")
        one, other = (f"{label_of(log)}: {cases or whole}" for log, cases in sides)
        return one, other


@access("programme.read")
def compared(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Figures, activities, edges and paths of both sides with their differences."""
    log = log_with_process(request, pk, state=READY)
    sides = Sides(request, log)
    more = {
        name: request.GET[name] for name in ("other", "saved") if name in request.GET
    }
    context = frame(request, log, "log-compare", sides.filters, more)
    if sides.is_same:
        context["files"] = []
    else:
        try:
            context |= facts(sides.compared())
        except LogError as error:
            messages.error(request, str(error))
    titles = sides.titles()
    context |= {
        "form": sides.form,
        "one": titles[0],
        "other": titles[1],
        "is_same": sides.is_same,
    }
    return render(request, "diagnosis/logs/compare.html", context)


def facts(found: Comparison) -> dict[str, Any]:
    figures = {one.name: figure(one) for one in found.figures}
    first = edge(found.edges[0]) if found.edges and found.edges[0].difference else None
    return {
        "figures": list(figures.values()),
        "says": log_findings.comparison(figures["median_s"], first),
        "came": found.came[:SHOWN],
        "vanished": found.vanished[:SHOWN],
        "edges": [edge(one) for one in found.edges[:SHOWN]],
        "edge_count": len(found.edges),
        "paths": [
            {
                **shares(one),
                "chips": one.path[:LONGEST_PATH],
                "more": max(len(one.path) - LONGEST_PATH, 0),
            }
            for one in found.paths[:SHOWN_PATHS]
        ],
        "path_count": len(found.paths),
    }


def figure(pair: Pair) -> dict[str, str]:
    """Both values and the difference, in the unit of the figure."""
    say: Any = number
    if pair.name.endswith("_s"):
        say = duration
    elif pair.name.endswith("_share"):
        say = one_place
    relative = pair.relative
    return {
        "label": str(FIGURES[pair.name]),
        "one": "·" if pair.one is None else say(pair.one),
        "other": "·" if pair.other is None else say(pair.other),
        "difference": difference(pair, say),
        "relative": "" if relative is None else percent(relative, signed=True),
    }


def one_place(value: float) -> str:
    return percent(value, 1)


def difference(pair: Pair, say: Any) -> str:
    value = pair.difference
    if value is None:
        return "·"
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{say(abs(value))}"


def edge(pair: EdgePair) -> dict[str, Any]:
    return {"source": pair.source, "target": pair.target, **shares(pair)}


def shares(pair: Any) -> dict[str, str]:
    times = [
        "·" if one is None else duration(one)
        for one in (pair.one_median_s, pair.other_median_s)
    ]
    return {
        "one_share": one_place(pair.one_share),
        "other_share": one_place(pair.other_share),
        "difference": percent(pair.difference, 1, signed=True),
        "one_median": times[0],
        "other_median": times[1],
    }


def compare_tables(request: MelioraRequest, pk: int) -> Tables | HttpResponse:
    """All direct successions of both sides, the figures and the paths."""
    log = log_with_process(request, pk, state=READY)
    sides = Sides(request, log)
    one, other = sides.titles()
    try:
        found = sides.compared()
    except LogError as error:
        messages.error(request, str(error))
        there = page_url("log-compare", log)
        return HttpResponseRedirect(f"{there}?{request.GET.urlencode()}")
    times = [
        _("Share of cases, %(side)s") % {"side": one},
        _("Share of cases, %(side)s") % {"side": other},
        _("Median seconds, %(side)s") % {"side": one},
        _("Median seconds, %(side)s") % {"side": other},
    ]
    edges = ([row.source, row.target, *pair(row)] for row in found.edges)
    paths = ([" → ".join(row.path), *pair(row)] for row in found.paths)
    figures = ([FIGURES[row.name], row.one, row.other] for row in found.figures)
    sheets = [
        Sheet(_("Connections"), [_("From"), _("To"), *times], edges),
        Sheet(_("Paths"), [_("Path"), *times], paths),
        Sheet(_("Figures"), [_("Figure"), one, other], figures),
    ]
    return Tables(log, _("compared"), sheets)


def pair(row: Any) -> list[Any]:
    """Shares and medians of both sides."""
    return [row.one_share, row.other_share, row.one_median_s, row.other_median_s]


BASE = "p/<slug:code>/logs/<int:pk>/compare"
urlpatterns = [
    path(f"{BASE}/", compared, name="log-compare"),
    *export_paths(BASE, "log-compare", compare_tables),
]
