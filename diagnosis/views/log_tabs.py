"""The tabs of an event log: one line a page, and the filters go along."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from diagnosis.models import EventLog
from programmes.access import MelioraRequest
from programmes.kit.errors import Text


@dataclass(frozen=True)
class Tab:
    """A page of a log: the name of its address (code, pk) and its label."""

    name: str
    label: Text


TABS = [
    Tab("logs-detail", gettext_lazy("Overview")),
    Tab("log-paths", gettext_lazy("Paths")),
    Tab("log-cases", gettext_lazy("Cases")),
    Tab("log-times", gettext_lazy("Times")),
    Tab("log-work", gettext_lazy("Resources")),
    Tab("log-workload", gettext_lazy("Workload")),
    Tab("log-costs", gettext_lazy("Costs")),
    Tab("log-contrast", gettext_lazy("Slow and fast")),
    Tab("log-conformance", gettext_lazy("Conformance")),
    Tab("log-compare", gettext_lazy("Compare")),
    Tab("log-quality", gettext_lazy("Quality")),
    Tab("log-versions", gettext_lazy("Versions")),
]
INSIDE = {"log-case": "log-cases"}
"""Pages below a tab, and that tab."""


FILES = {"csv": "export", "xlsx": "xlsx-export"}
"""The kinds of files of a tab, and how the names of their addresses end."""
NAMES: dict[str, Text] = {"csv": gettext_lazy("CSV"), "xlsx": gettext_lazy("XLSX")}


@dataclass(frozen=True)
class Link:
    """A tab as drawn."""

    href: str
    label: Text
    current: bool


def tabs(log: EventLog, here: str, query: str = "") -> list[Link]:
    """The tabs of a log; `query` is the filters as `?f=…`, or nothing."""
    given = [log.programme.code, log.pk]
    here = INSIDE.get(here, here)
    has_money = log.mapping.get("cost") or log.mapping.get("amount")
    return [
        Link(f"{reverse(one.name, args=given)}{query}", one.label, one.name == here)
        for one in TABS
        if one.name != "log-costs" or has_money or here == "log-costs"
    ]


def files(request: MelioraRequest, log: EventLog, here: str) -> list[tuple[Text, str]]:
    """The tables of a tab as CSV and XLSX, with everything that the address asks for;
    none for a tab without such."""
    found = []
    asked = request.GET.urlencode()
    for kind, name in ((kind, f"{here}-{suffix}") for kind, suffix in FILES.items()):
        try:
            address = reverse(name, args=[log.programme.code, log.pk])
        except NoReverseMatch:
            return []
        found.append((NAMES[kind], f"{address}?{asked}" if asked else address))
    return found
