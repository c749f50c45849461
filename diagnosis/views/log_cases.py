"""The cases of an event log, one case, and all paths."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis import log_findings
from diagnosis.mining.spelling import spell
from diagnosis.services import lenses, log_lenses
from diagnosis.services.log_lenses import moment_of
from diagnosis.views import log_frame
from diagnosis.views.log_facts import LONGEST_CHIPS
from diagnosis.views.log_filters import query_of, ready_log
from programmes.access import MelioraRequest, access
from programmes.kit.formats import duration, number
from programmes.kit.given import whole, words
from programmes.kit.sheets import Sheet

LONGEST_SEARCH = 100
LONGEST_ID = 500
SHOWN_EVENTS = 200
PATHS_EXPORTED = 5_000
SORTS = ("case", "start", "end", "duration", "events", "variant")
FIRST = "-duration"


def given(request: MelioraRequest) -> dict[str, Any]:
    """Order, page and search of the address."""
    sort = request.GET.get("sort", FIRST)
    return {
        "sort": sort if sort.removeprefix("-") in SORTS else FIRST,
        "search": words(request.GET, "q", LONGEST_SEARCH),
    }


@access("programme.read")
def cases(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """The cases, the longest first."""
    chosen = given(request)
    number_of_page = whole(request.GET, "page", 1)
    asked = log_frame.ask(
        request,
        pk,
        lambda log, texts: log_lenses.case_page(
            log, texts, page=number_of_page, **chosen
        ),
    )
    found = asked.found
    context = {
        "rows": [case_row(asked, one) for one in found["rows"]],
        "page": log_frame.paged(found),
        "search": chosen["search"],
        "sort": chosen["sort"],
        "total": found["total"],
        "says": log_findings.cases(everything(asked)["overview"]),
    }
    kept = {"sort": chosen["sort"], "q": chosen["search"]}
    return log_frame.page(
        request, asked, "log-cases", context, {k: v for k, v in kept.items() if v}
    )


def everything(asked: log_frame.Asked) -> dict[str, Any]:
    """The figures of the chosen cases, for the first sentence; from the cache."""
    return lenses.everything(asked.log, asked.texts)


def case_row(asked: log_frame.Asked, one: dict[str, Any]) -> dict[str, Any]:
    return {
        **one,
        "start": moment_of(one["start"]),
        "end": moment_of(one["end"]),
        "href": case_url(asked, one["case"]),
        "path_href": "?"
        + query_of([*asked.texts, spell("variant", one["variant"], True)]),
    }


def case_url(asked: log_frame.Asked, case: str) -> str:
    address = reverse("log-case", args=[asked.log.programme.code, asked.log.pk])
    return f"{address}?{query_of(asked.texts, case=case)}"


def case_tables(request: MelioraRequest, pk: int) -> log_frame.Tables:
    """The chosen cases."""
    chosen = given(request)
    asked = log_frame.ask(
        request,
        pk,
        lambda log, texts: list(log_lenses.all_cases(log, texts, **chosen)),
    )
    head = [
        gettext_lazy("Case"),
        gettext_lazy("Begun"),
        gettext_lazy("Ended"),
        gettext_lazy("Seconds"),
        gettext_lazy("Events"),
        gettext_lazy("Path"),
    ]
    rows = (
        (one.case, one.start, one.end, one.duration_s, one.events, one.variant)
        for one in asked.found
    )
    return log_frame.Tables(asked.log, _("cases"), [Sheet(_("Cases"), head, rows)])


@access("programme.read")
def case(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """One case, event by event; without a case, the list."""
    name = request.GET.get("case", "").replace("\0", "")[:LONGEST_ID]
    if not name:
        log = ready_log(request, pk)
        return HttpResponseRedirect(reverse("log-cases", args=[code, log.pk]))
    asked = log_frame.ask(
        request, pk, lambda log, _texts: log_lenses.timeline(log, name)
    )
    found = asked.found
    if found is None:
        raise Http404
    back = reverse("log-cases", args=[code, pk]) + asked.query
    events = found["events"][:SHOWN_EVENTS]
    longest = max((one["before_s"] or 0 for one in events), default=0) or 1
    context = {
        "case": case_row(asked, found["case"]),
        "figures": case_figures(found["case"], events),
        "attributes": found["attributes"],
        "events": [event_row(one, longest) for one in events],
        "total": found["total"],
        "has_work": any(one["work_s"] is not None for one in events),
        "has_resource": any(one["resource"] for one in events),
        "has_attributes": any(one["attributes"] for one in events),
        "back_url": back,
        "case_name": name,
    }
    return log_frame.page(request, asked, "log-case", context, {"case": name})


def case_figures(
    one: dict[str, Any], events: list[dict[str, Any]]
) -> list[tuple[str, str, str]]:
    """Label, value and note of the cards."""
    worst = max(events, key=lambda event: event["before_s"] or 0)
    longest = _("Longest wait") if worst["is_wait"] else _("Longest time between")
    return [
        (_("Took"), duration(one["duration_s"]), ""),
        (_("Events"), number(one["events"]), ""),
        (_("Path"), _("no. %(n)s") % {"n": number(one["variant"])}, ""),
        (
            longest,
            duration(worst["before_s"]),
            _("before %(name)s") % {"name": worst["activity"]}
            if worst["before_s"]
            else "",
        ),
    ]


def event_row(one: dict[str, Any], longest: float) -> dict[str, Any]:
    return {
        **one,
        "start": moment_of(one["start"]) if one["start"] else None,
        "end": moment_of(one["end"]),
        "bar": (one["before_s"] or 0) / longest,
    }


def event_tables(request: MelioraRequest, pk: int) -> log_frame.Tables | HttpResponse:
    """The events of one case."""
    name = request.GET.get("case", "").replace("\0", "")[:LONGEST_ID]
    if not name:
        log = ready_log(request, pk)
        there = reverse("log-cases", args=[log.programme.code, log.pk])
        return HttpResponseRedirect(there)
    asked = log_frame.ask(
        request, pk, lambda log, _texts: log_lenses.timeline(log, name)
    )
    if asked.found is None:
        raise Http404
    events = asked.found["events"]
    extra = list(dict.fromkeys(key for one in events for key, _v in one["attributes"]))
    head = [
        gettext_lazy("No."),
        gettext_lazy("Activity"),
        gettext_lazy("Start"),
        gettext_lazy("End"),
        gettext_lazy("Resource"),
        gettext_lazy("Seconds before"),
        gettext_lazy("Seconds of work"),
        *extra,
    ]
    rows = (
        [
            *(one[key] for key in ("seq", "activity", "start", "end", "resource")),
            *(one[key] for key in ("before_s", "work_s")),
            *(dict(one["attributes"]).get(key) for key in extra),
        ]
        for one in events
    )
    return log_frame.Tables(asked.log, name[:60], [Sheet(name[:60], head, rows)])


@access("programme.read")
def paths(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """All paths, the most frequent first."""
    number_of_page = whole(request.GET, "page", 1)
    asked = log_frame.ask(
        request,
        pk,
        lambda log, texts: log_lenses.path_page(log, texts, number_of_page),
    )
    found = asked.found
    top = max((one["share"] for one in found["rows"]), default=1) or 1
    context = {
        "rows": [path_row(asked, one, top) for one in found["rows"]],
        "page": log_frame.paged(found),
        "total": found["total"],
        "case_count": found["cases"],
        "says": log_findings.paths(everything(asked)),
    }
    return log_frame.page(request, asked, "log-paths", context)


def path_row(asked: log_frame.Asked, one: dict[str, Any], top: float) -> dict[str, Any]:
    return {
        **one,
        "chips": one["steps"][:LONGEST_CHIPS],
        "more": max(len(one["steps"]) - LONGEST_CHIPS, 0),
        "length": len(one["steps"]),
        "bar": one["share"] / top,
        "href": reverse("logs-detail", args=[asked.log.programme.code, asked.log.pk])
        + "?"
        + query_of([*asked.texts, spell("variant", one["number"], True)]),
    }


def path_tables(request: MelioraRequest, pk: int) -> log_frame.Tables:
    """The most frequent paths."""
    asked = log_frame.ask(
        request,
        pk,
        lambda log, texts: log_lenses.path_page(log, texts, 1, PATHS_EXPORTED),
    )
    head = [
        gettext_lazy("No."),
        gettext_lazy("Path"),
        gettext_lazy("Steps"),
        gettext_lazy("Cases"),
        gettext_lazy("Share"),
        gettext_lazy("Running share"),
        gettext_lazy("Median seconds"),
    ]
    rows = (
        (
            one["place"],
            " → ".join(one["steps"]),
            len(one["steps"]),
            one["cases"],
            one["share"],
            one["cumulative"],
            one["median_s"],
        )
        for one in asked.found["rows"]
    )
    return log_frame.Tables(asked.log, _("paths"), [Sheet(_("Paths"), head, rows)])


BASE = "p/<slug:code>/logs/<int:pk>/"
urlpatterns = [
    path(f"{BASE}cases/", cases, name="log-cases"),
    *log_frame.export_paths(f"{BASE}cases", "log-cases", case_tables),
    path(f"{BASE}case/", case, name="log-case"),
    *log_frame.export_paths(f"{BASE}case", "log-case", event_tables),
    path(f"{BASE}paths/", paths, name="log-paths"),
    *log_frame.export_paths(f"{BASE}paths", "log-paths", path_tables),
]
