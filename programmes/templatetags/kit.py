"""The components of the templates, and one door to all of them: ``{% load kit %}``."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from programmes.kit import charts, icons, svg
from programmes.templatetags import kit_blocks, kit_filters, kit_forms, kit_tables
from programmes.templatetags.kit_blocks import short_id

register = template.Library()
for part in (kit_blocks, kit_filters, kit_forms, kit_tables):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)

Words = str | Promise

TRACK = _("Phases and gates")
TREND = _("Trend")
AGAINST = _("Value against target")
INDEX = _("Index against 100")
GRADES = _("Grades given")

GATES: dict[str, tuple[Words, str]] = {
    "todo": (_("Not reached"), ""),
    "preparing": (_("In preparation"), ""),
    "ready": (_("Ready for a decision"), "pen-line"),
    "approved": (_("Passed"), "check"),
    "conditional": (_("Passed with conditions"), "check"),
    "returned": (_("Returned for rework"), "undo-2"),
    "hold": (_("On hold"), "pause"),
    "stopped": (_("Stopped"), "x"),
}
FLAGS: dict[str, Words] = {
    "stale": _("changed since approval"),
    "reaffirm": _("to be re-affirmed"),
}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """{% icon "check" "sm" %}: a Lucide icon, hidden from screen readers."""
    return icons.icon(name, size)


@register.simple_tag
def badge(tone: str, text: Words, icon: str = "") -> SafeString:
    """{% badge "positive" _("On track") "check" as name %}"""
    given = {"tone": tone, "text": text, "icon": icon}
    return render_to_string("components/badge.html", given)


@register.simple_tag
def gate(
    state: str,
    href: str = "",
    label: Words | None = None,
    size: str = "",
    flag: str = "",
) -> SafeString:
    """
    {% gate "ready" href label size flag %}: the diamond of a gate.

    Without a label it says its state; an empty label hides it (words stand beside it).
    """
    words, sign = GATES[state]
    said = words if label is None else label
    if said and flag:
        said = f"{said}, {FLAGS[flag]}"
    given = {"state": state, "href": href, "label": said, "size": size}
    return render_to_string(
        "components/gate.html", {**given, "flag": flag, "sign": sign}
    )


@register.inclusion_tag("components/track.html")
def track(phases: Iterable[Any], label: Words = TRACK) -> dict[str, Any]:
    """{% track phases %}: phases with n, name, dates, state, href, gate_*, share."""
    return {"phases": phases, "label": label}


@register.simple_tag
def minitrack(phases: Sequence[Any], title: Words = "") -> SafeString:
    """{% minitrack phases title %}: the track of a table row."""
    current = next((p for p in phases if svg.read(p, "state", "") == "current"), None)
    if not title and current is not None:
        number, name = svg.read(current, "n", ""), svg.read(current, "name", "")
        title = _("Phase %(number)s, %(name)s") % {"number": number, "name": name}
    return svg.minitrack(phases, title=title or TRACK)


@register.simple_tag
def person(person: Any, size: str = "") -> SafeString:
    """{% person p "lg" %}: avatar and name of an object with name, initials, hue."""
    given = {"person": person, "size": size}
    return render_to_string("components/person.html", given)


@register.inclusion_tag("components/kpi.html")
def kpi(
    name: Words,
    value: object,
    unit: Words = "",
    *,
    href: str = "",
    picture: SafeString | str = "",
    sub: Words | Sequence[Words] = (),
    tone: str = "",
    flag: Words = "",
    icon: str = "",
) -> dict[str, Any]:
    """{% kpi name value unit href=… picture=… sub=… tone=… flag=… icon=… %}"""
    lines = [sub] if isinstance(sub, str | Promise) else sub
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "href": href,
        "picture": picture,
        "lines": [line for line in lines if line],
        "tone": tone,
        "flag": flag,
        "icon": icon,
    }


@register.simple_tag
def spark(
    values: Sequence[float],
    target: float | None = None,
    title: Words = TREND,
    *,
    signal: bool = False,
) -> SafeString:
    """{% spark values target title signal=True as picture %}"""
    return svg.spark(values, target, title=title, signal=signal)


@register.simple_tag
def bullet(
    value: float,
    target: float | None = None,
    top: float | None = None,
    title: Words = AGAINST,
    tone: str = "accent",
    *,
    width: int = 160,
) -> SafeString:
    """{% bullet value target top title tone width=120 as picture %}"""
    return svg.bullet(value, target, top, title=title, tone=tone, width=width)


@register.simple_tag
def index_bar(index: float, title: Words = INDEX) -> SafeString:
    """{% index_bar 104 title %}"""
    return svg.index_bar(index, title=title)


@register.simple_tag
def dots(counts: Sequence[int], title: Words = GRADES) -> SafeString:
    """{% dots counts title %}: how often each grade was given."""
    return svg.dots(counts, title=title)


@register.simple_tag
def drawing(picture: str) -> SafeString:
    """{% drawing picture %}: an SVG that a layout engine made, checked."""
    return svg.drawn(picture)


@register.inclusion_tag("components/progress.html")
def progress(
    label: Words,
    share: float,
    step: Words = "",
    rest: Words = "",
    *,
    poll: str = "",
    cancel: str = "",
) -> dict[str, Any]:
    """{% progress label share step rest poll=url cancel=url %}: long work."""
    held = min(max(float(share), 0.0), 1.0)
    return {
        "label": label,
        "share": held,
        "now": round(held * 100),
        "step": step,
        "rest": rest,
        "poll": poll,
        "cancel": cancel,
    }


@register.inclusion_tag("components/chart.html")
def chart(
    spec: Mapping[str, Any],
    caption: Words,
    alt: Words,
    table: charts.DataTable | Mapping[str, Any] | None = None,
    *,
    visible: bool = True,
) -> dict[str, Any]:
    """
    {% chart spec caption alt table %}: a figure, its words and its numbers.

    :param alt: what the picture shows, read instead of it
    :param table: a ``DataTable``; its numbers stand behind "Show the data"
    :param visible: False hides the caption where a panel's heading already says it
    """
    page = charts.for_page(spec)
    return {
        "spec": page,
        "id": short_id("chart", json.dumps(page, default=str) + str(caption)),
        "caption": caption,
        "alt": alt,
        "table": table,
        "visible": visible,
        "height": charts.height_of(page),
    }


@register.simple_tag
def keys(text: str) -> SafeString:
    """{% keys "Ctrl K" %}: keyboard keys, one beside the other."""
    html = SafeString("")
    for key in text.split():
        html += format_html("<kbd>{}</kbd>", conditional_escape(key))
    return html
