"""What the page of an imported log shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diagnosis import log_findings
from diagnosis.forms.logs import ClosingForm
from diagnosis.log_words import money, short
from diagnosis.mining.map_pen import Address
from diagnosis.mining.maps import ProcessMap, cost_share, dearest
from diagnosis.mining.sources import LogError
from diagnosis.mining.spelling import spell
from diagnosis.models import EventLog
from diagnosis.services import lenses
from diagnosis.services.saved_filters import filters_of as saved_of
from diagnosis.views.log_detail import detail_of, is_long, place_address
from diagnosis.views.log_filters import chips, choosing, filters_of, query_of
from diagnosis.views.log_tabs import files, tabs
from programmes.access import MelioraRequest
from programmes.kit.formats import duration, number, percent

LONGEST_CHIPS = 9
MOST_CLOSING = 40
MOST_ENDS = 5
TOP_WAITS = 5
SHOWN_REWORK = 8


def page_facts(request: MelioraRequest, log: EventLog) -> dict[str, Any]:
    """All figures of a log, or of the cases its address asks for; from the cache
    they cost no query."""
    filters = filters_of(request)
    whole = lenses.everything(log)
    try:
        found = lenses.everything(log, [text for text, _one in filters])
    except LogError as error:
        messages.error(request, str(error))
        filters, found = [], whole
    texts = [text for text, _one in filters]
    level = chosen(request, "level", lenses.LEVELS, "80")
    measure = chosen(request, "measure", lenses.measures_of(log), "time")
    query = query_of(texts)
    view = {"level": level, "measure": measure}
    query = query_of(texts)
    return {
        "chips": chips(filters, **view),
        **choosing(log),
        "saved": saved(log, texts),
        "texts": texts,
        "query": f"?{query}" if query else "",
        "tabs": tabs(log, "logs-detail", f"?{query}" if query else ""),
        "may_export": request.grants.may("export"),
        "files": files(request, log, "logs-detail"),
        "may_report": request.grants.may("problem.create"),
        "is_empty": not found["overview"]["cases"],
        "figures": figures(found["overview"], whole["overview"] if filters else None),
        "levels": switch(view, "level", lenses.LEVELS, texts),
        "measures": switch(view, "measure", lenses.measures_of(log), texts),
        "measure": measure,
        "has_cost": bool(log.mapping.get("cost")),
        "quality": read_said(log),
        "ends": [short(one) for one in log.closing[:MOST_ENDS]],
        "ends_more": max(len(log.closing) - MOST_ENDS, 0),
        **shown(request, log, found, (level, measure), texts),
    }


def read_said(log: EventLog) -> str:
    """How many rows were read, and how many of them were left out."""
    rows, bad = log.quality.get("rows", 0), log.quality.get("bad_rows_total", 0)
    said = ngettext("%(n)s row was read", "%(n)s rows were read", rows)
    said %= {"n": number(rows)}
    if not bad:
        return said
    left = ngettext("%(n)s was left out", "%(n)s were left out", bad)
    return f"{said}, {left % {'n': number(bad)}}"


def saved(log: EventLog, texts: list[str]) -> list[dict[str, Any]]:
    """The saved choices as links; the one that is shown now is marked."""
    return [
        {
            "saved": one,
            "href": f"?{query_of(one.filters)}",
            "is_now": set(one.filters) == set(texts),
        }
        for one in saved_of(log)
    ]


def shown(
    request: MelioraRequest,
    log: EventLog,
    found: dict[str, Any],
    view: tuple[str, str],
    texts: list[str],
) -> dict[str, Any]:
    """What the lenses say about the chosen cases."""
    if not found["overview"]["cases"]:
        return {}
    chart = lenses.chart_of(found["map"])
    slow = lenses.slowest(chart, TOP_WAITS)
    address = place_address(chart, texts, *view)
    linked = None if is_long(texts) else address
    picture, is_cut = lenses.picture(log, chart, *view, texts, linked)
    as_table = not picture or request.GET.get("show") == "table"
    return {
        "says": dear_said(chart)
        if view[1] == "cost"
        else log_findings.flow(found["overview"], next(iter(slow), None), chart.waits),
        "picture": "" if as_table else picture,
        "is_cut": is_cut,
        "is_too_large": not picture,
        "map_href": f"?{query_of(texts, level=view[0], measure=view[1])}",
        "detail": detail_of(request, log, chart, texts, address),
        "slowest": [
            {**one, "href": address(one["source"], one["target"])} for one in slow
        ],
        "slowest_report": report_link(log, slow[0], texts) if slow else "",
        **(table_of(chart, address) if as_table else {}),
        "edge_count": len(chart.edges),
        "has_waits": chart.waits,
        "variants": variants(found["variants"], texts),
        "covered": sum(one["share"] for one in found["variants"]),
        "variant_count": found["overview"]["variants"],
        "rework": found["rework"][:SHOWN_REWORK],
        "rework_count": len(found["rework"]),
    }


def dear_said(chart: ProcessMap) -> str:
    """Which activity costs most."""
    node = dearest(chart.nodes)
    if node is None:
        return ""
    told = {
        "activity": node.activity,
        "median": node.cost_median,
        "share": cost_share(node, chart),
    }
    return log_findings.costs({"activities": [told]}, None, money)


def table_of(chart: ProcessMap, address: Address) -> dict[str, Any]:
    """The map as two tables."""
    return {
        "edges": [
            (one, address(one.source, one.target))
            for one in chart.edges[: lenses.TOP_EDGES]
        ],
        "nodes": [
            (one, address(one.activity, None))
            for one in chart.nodes[: lenses.TOP_EDGES]
        ],
        "node_count": len(chart.nodes),
    }


def report_link(log: EventLog, move: dict[str, Any], texts: list[str]) -> str:
    """The form of a problem about a slow move, filled in."""
    page = reverse("log-problem", args=[log.programme.code, log.pk])
    ends = {"from": move["source"], "to": move["target"]}
    return f"{page}?{query_of(texts, kind='edge', **ends)}"


def closing_form(log: EventLog, whole: dict[str, Any]) -> ClosingForm:
    """The ends that the whole log knows, the most frequent first."""
    nodes = lenses.chart_of(whole["map"]).nodes
    ends = sorted((one for one in nodes if one.ends), key=lambda one: -one.ends)
    names = [one.activity for one in ends[:MOST_CLOSING]]
    return ClosingForm(
        initial={"closing": log.closing},
        activities=list(dict.fromkeys([*log.closing, *names])),
    )


def chosen(
    request: MelioraRequest, name: str, known: tuple[str, ...], default: str
) -> str:
    value = request.GET.get(name, default)
    return value if value in known else default


def switch(
    now: dict[str, str], name: str, keys: Sequence[str], texts: list[str]
) -> list[dict[str, Any]]:
    """The links of a segmented control; all other choices stay as they are."""
    words = {
        "main": _("Main path"),
        "80": percent(0.8),
        "all": _("All"),
        "time": _("Time"),
        "frequency": _("Frequency"),
        "cost": _("Cost"),
    }
    return [
        {
            "label": words[key],
            "href": f"?{query_of(texts, **{**now, name: key})}#map",
            "is_now": key == now[name],
        }
        for key in keys
    ]


def figures(
    found: dict[str, Any], whole: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """The figures of the chosen cases, each with that of the whole log beside it."""
    cards = cards_of(found)
    if whole is not None:
        for card, other in zip(cards, cards_of(whole), strict=True):
            card["note"] = _("whole log: %(value)s") % {"value": other["value"]}
    return cards


def cards_of(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "label": _("Cases"),
            "value": number(found["cases"]),
            "note": _("%(open)s still open") % {"open": number(found["open_cases"])}
            if found["open_cases"]
            else ngettext("%(n)s event", "%(n)s events", found["events"])
            % {"n": number(found["events"])},
        },
        {
            "label": _("Median throughput time"),
            "value": duration(found["median_s"]),
            "note": _("nine in ten within %(time)s")
            % {"time": duration(found["p90_s"])},
        },
        {
            "label": _("Different paths"),
            "value": number(found["variants"]),
            "note": ngettext("%(n)s activity", "%(n)s activities", found["activities"])
            % {"n": number(found["activities"])},
        },
        {
            "label": _("Cases with rework"),
            "value": percent(found["rework_case_share"]),
            "note": _("an activity is repeated"),
        },
        {
            "label": _("Events that are rework"),
            "value": percent(found["rework_event_share"], 1),
            "note": _("of all events"),
        },
    ]


def variants(rows: list[dict[str, Any]], texts: list[str]) -> list[dict[str, Any]]:
    """Each path as chips; a long one is cut with how many more there are."""
    top = max((one["share"] for one in rows), default=1) or 1
    return [
        {
            **one,
            "place": place,
            "chips": [short(step) for step in one["path"][:LONGEST_CHIPS]],
            "more": max(len(one["path"]) - LONGEST_CHIPS, 0),
            "bar": one["share"] / top,
            "href": "?" + query_of([*texts, spell("variant", one["number"], True)]),
        }
        for place, one in enumerate(rows, start=1)
    ]
