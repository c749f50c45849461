"""One activity or one connection of the process map, as its address names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from diagnosis.log_words import money
from diagnosis.mining.map_pen import Address
from diagnosis.mining.maps import MapEdge, MapNode, ProcessMap
from diagnosis.mining.spelling import spell
from diagnosis.models import EventLog
from diagnosis.views.log_filters import query_of
from programmes.access import MelioraRequest
from programmes.kit.formats import duration, number, percent
from programmes.kit.given import words

LONGEST_NAME = 300
LONGEST_QUERY = 400
MOST_NEIGHBOURS = 6
Pairs = list[tuple[str, str]]


def place_address(
    chart: ProcessMap, texts: Sequence[str], level: str, measure: str
) -> Address:
    """Gives the address of a detail; filters, level and measure stay as they are.

    By place in the map, which is the same as long as the cases are: names would make
    a page of many links heavy. Addresses with names are understood too.
    """
    nodes = {one.activity: str(place) for place, one in enumerate(chart.nodes)}
    pairs = ((one.source, one.target) for one in chart.edges)
    edges = {pair: str(place) for place, pair in enumerate(pairs)}
    chosen = {} if level == "80" else {"level": level}
    chosen |= {} if measure == "time" else {"measure": measure}

    def address(source: str, target: str | None) -> str:
        named = {"n": nodes[source]} if target is None else {"e": edges[source, target]}
        return f"?{query_of(texts, **chosen, **named)}#detail"

    return address


def is_long(texts: Sequence[str]) -> bool:
    """Whether links with these filters would make a picture heavy."""
    return len(query_of(texts)) > LONGEST_QUERY


def detail_of(
    request: MelioraRequest,
    log: EventLog,
    chart: ProcessMap,
    texts: list[str],
    address: Address,
) -> dict[str, Any] | None:
    """What the page says of the activity or connection; None: none is named."""
    node = words(request.GET, "node", LONGEST_NAME)
    source, target = (words(request.GET, end, LONGEST_NAME) for end in ("from", "to"))
    place, move = (request.GET.get(name, "") for name in ("n", "e"))
    for index, activity in enumerate(chart.nodes):
        if activity.activity == node or str(index) == place:
            return of_node(log, chart, activity, texts, address)
    for index, edge in enumerate(chart.edges):
        if (edge.source, edge.target) == (source, target) or str(index) == move:
            return of_edge(log, chart, edge, texts)
    return None


def of_node(
    log: EventLog,
    chart: ProcessMap,
    node: MapNode,
    texts: list[str],
    address: Address,
) -> dict[str, Any]:
    share = percent(node.cases / max(chart.cases, 1), 1)
    figures = [
        (_("Cases"), f"{number(node.cases)} ({share})"),
        (_("Times"), number(node.events)),
        (_("Cases that repeat it"), number(node.rework_cases)),
        (_("Cases that begin with it"), number(node.starts)),
        (_("Cases that end with it"), number(node.ends)),
    ]
    if node.work_s is not None:
        figures += [
            (_("Work, median"), duration(node.work_s)),
            (_("Work, nine in ten within"), duration(node.work_p90_s)),
            (_("Work in all"), duration(node.work_sum_s)),
        ]
    if node.cost_sum is not None:
        figures += [
            (_("Cost in all"), money(node.cost_sum)),
            (_("Cost of an event, median"), money(node.cost_median)),
        ]
    name = node.activity
    edges = chart.edges
    return {
        "title": name,
        "figures": figures,
        "before": neighbours(edges, lambda one: one.target == name, "source", address),
        "after": neighbours(edges, lambda one: one.source == name, "target", address),
        "cases": cases_link(texts, spell("activity", name, True)),
        "feed": feed_link(log, texts, measure="activity_share", activity=name),
    }


def neighbours(
    edges: Sequence[MapEdge],
    chosen: Callable[[MapEdge], bool],
    end: str,
    address: Address,
) -> list[dict[str, Any]]:
    """The most frequent connections on one side of an activity."""
    return [
        {
            "name": getattr(one, end),
            "count": one.count,
            "median_s": one.median_s,
            "href": address(one.source, one.target),
        }
        for one in [edge for edge in edges if chosen(edge)][:MOST_NEIGHBOURS]
    ]


def of_edge(
    log: EventLog, chart: ProcessMap, edge: MapEdge, texts: list[str]
) -> dict[str, Any]:
    whole = sum(one.sum_s for one in chart.edges)
    ends = {"from": edge.source, "to": edge.target}
    asked = {"activity": edge.source, "then": edge.target}
    report = reverse("log-problem", args=[log.programme.code, log.pk])
    return {
        "title": f"{edge.source} → {edge.target}",
        "figures": edge_figures(chart, edge, whole),
        "cases": cases_link(texts, spell("follows", edge.source, edge.target, True)),
        "report": f"{report}?{query_of(texts, kind='edge', **ends)}",
        "feed": feed_link(log, texts, measure="edge_wait_hours", **asked),
    }


def edge_figures(chart: ProcessMap, edge: MapEdge, whole: float) -> Pairs:
    share = percent(edge.cases / max(chart.cases, 1), 1)
    part = percent(edge.sum_s / whole if whole else 0, 1)
    return [
        (_("Cases"), f"{number(edge.cases)} ({share})"),
        (_("Times"), number(edge.count)),
        (_("Wait, median") if chart.waits else _("Median"), duration(edge.median_s)),
        (_("Nine in ten within"), duration(edge.p90_s)),
        (_("Mean"), duration(edge.mean_s)),
        (_("Shortest"), duration(edge.min_s)),
        (_("Longest"), duration(edge.max_s)),
        (_("In all"), duration(edge.sum_s)),
        (_("Share of all time between activities"), part),
    ]


def cases_link(texts: list[str], text: str) -> str:
    return "?" + query_of(list(dict.fromkeys([*texts, text])))


def feed_link(log: EventLog, texts: list[str], **asked: str) -> str:
    page = reverse("log-feed", args=[log.programme.code, log.pk])
    return f"{page}?{query_of(texts, **asked)}"
