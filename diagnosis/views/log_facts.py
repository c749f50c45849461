"""What the page of an imported log shows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _

from diagnosis import log_charts
from diagnosis.forms.logs import ClosingForm
from diagnosis.mining.sources import LogError
from diagnosis.mining.spelling import spell
from diagnosis.models import EventLog
from diagnosis.services import lenses
from diagnosis.services.saved_filters import filters_of as saved_of
from diagnosis.views.log_detail import address_of, detail_of, map_address
from diagnosis.views.log_filters import chips, filters_of, forms_for, query_of
from diagnosis.views.log_tabs import tabs
from programmes.access import MelioraRequest
from programmes.kit.formats import duration, number, percent

LONGEST_CHIPS = 14
MOST_CLOSING = 40
SHOWN_BAD = 10


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
    measure = chosen(request, "measure", lenses.TIMINGS, "time")
    query = query_of(texts)
    return {
        "chips": chips(filters, level=level, measure=measure),
        "narrow": forms_for(log),
        "saved": saved(log, texts),
        "texts": texts,
        "query": f"?{query}" if query else "",
        "tabs": tabs(log, "logs-detail", f"?{query}" if query else ""),
        "may_export": request.grants.may("export"),
        "may_report": request.grants.may("problem.create"),
        "is_empty": not found["overview"]["cases"],
        "figures": figures(found["overview"], whole["overview"] if filters else None),
        "levels": switch(level, measure, "level", texts),
        "measures": switch(level, measure, "measure", texts),
        "closing": closing_form(log, whole),
        **shown(request, log, found, (level, measure), texts),
    }


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
    slow = lenses.slowest(chart)
    address = address_of(texts, *view)
    months, bins = found["throughput"], found["durations"]
    return {
        "picture": lenses.picture(log, chart, *view, texts, map_address(texts, *view)),
        "detail": detail_of(request, log, chart, texts, address),
        "slowest": slow,
        "slowest_report": report_link(log, slow, texts) if slow else "",
        "edges": [
            (one, address(one.source, one.target))
            for one in chart.edges[: lenses.TOP_EDGES]
        ],
        "nodes": [
            (one, address(one.activity, None))
            for one in chart.nodes[: lenses.TOP_EDGES]
        ],
        "edge_count": len(chart.edges),
        "has_waits": chart.waits,
        "variants": variants(found["variants"], texts),
        "covered": sum(one["share"] for one in found["variants"]),
        "variant_count": found["overview"]["variants"],
        "throughput": log_charts.throughput_chart(months),
        "throughput_table": log_charts.throughput_table(months),
        "durations": log_charts.durations_chart(bins),
        "durations_table": log_charts.durations_table(bins),
        "rework": found["rework"],
        "quality": quality(log),
        "bad_rows": log.quality.get("bad_rows", [])[:SHOWN_BAD],
        "bad_total": log.quality.get("bad_rows_total", 0),
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
    level: str, measure: str, name: str, texts: list[str]
) -> list[dict[str, Any]]:
    """The links of a segmented control; all other choices stay as they are."""
    words = {
        "main": _("Main path"),
        "80": percent(0.8),
        "all": _("All"),
        "time": _("Time"),
        "frequency": _("Frequency"),
    }
    keys = lenses.LEVELS if name == "level" else lenses.TIMINGS
    now = {"level": level, "measure": measure}
    links = []
    for key in keys:
        query = {**now, name: key}
        links.append(
            {
                "label": words[key],
                "href": f"?{query_of(texts, **query)}#map",
                "is_now": key == now[name],
            }
        )
    return links


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
            else _("%(events)s events") % {"events": number(found["events"])},
        },
        {
            "label": _("Median throughput time"),
            "value": duration(found["median_s"]),
            "note": _("nine in ten within %(time)s")
            % {"time": duration(found["p90_s"])},
        },
        {
            "label": _("Variants"),
            "value": number(found["variants"]),
            "note": _("%(n)s activities") % {"n": number(found["activities"])},
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
            "chips": one["path"][:LONGEST_CHIPS],
            "more": max(len(one["path"]) - LONGEST_CHIPS, 0),
            "bar": one["share"] / top,
            "href": "?" + query_of([*texts, spell("variant", one["number"], True)]),
        }
        for place, one in enumerate(rows, start=1)
    ]


def quality(log: EventLog) -> list[tuple[str, int]]:
    """What the import met, as label and count."""
    held = log.quality
    lines = [
        (_("Rows read"), held.get("rows", 0)),
        (_("Rows left out"), held.get("bad_rows_total", 0)),
        (_("Start times that cannot be right"), held.get("bad_starts_total", 0)),
        (_("Events that stood before an earlier one"), held.get("out_of_order", 0)),
        (_("Start rows joined to their completion"), held.get("folded", 0)),
        (_("Cases of a single event"), held.get("single_event_cases", 0)),
    ]
    return [(label, int(value)) for label, value in lines]
