"""Narrowing an event log: the filters in the address, as chips, and what comes out."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diagnosis.forms.log_filters import FORMS, MODE_WORDS, FilterForm, suggested
from diagnosis.log_words import CHIPS, short
from diagnosis.mining.filters import (
    AttributeFilter,
    ContainsFilter,
    DoubtFilter,
    DurationFilter,
    EndpointFilter,
    Filter,
    FollowsFilter,
    MoveFilter,
    NumberFilter,
    TimeFilter,
    VariantFilter,
)
from diagnosis.mining.sources import LogError
from diagnosis.mining.spelling import DAY, read_filters
from diagnosis.models import EventLog
from diagnosis.services import lenses, log_lenses
from diagnosis.views.log_tabs import TABS
from programmes.access import MelioraRequest, access
from programmes.kit.formats import day, number
from programmes.kit.given import words
from programmes.kit.pages import safe_cell


@dataclass(frozen=True)
class Chip:
    """A filter in words, and the address without it."""

    label: str
    href: str


def filters_of(request: MelioraRequest) -> list[tuple[str, Filter]]:
    """Text and filter of each that the address names."""
    return read_filters(request.GET.getlist("f"))


def query_of(texts: Iterable[str], **more: str) -> str:
    return urlencode([*more.items(), *(("f", text) for text in texts)])


def chips(filters: list[tuple[str, Filter]], **more: str) -> list[Chip]:
    texts = [text for text, _filter in filters]
    return [
        Chip(
            words_of(one),
            "?" + query_of([other for other in texts if other != text], **more),
        )
        for text, one in filters
    ]


def words_of(one: Filter) -> str:
    """The sentence on a chip."""
    says = {
        TimeFilter: time_words,
        DurationFilter: duration_words,
        AttributeFilter: attribute_words,
        NumberFilter: range_words,
        ContainsFilter: activity_words,
        VariantFilter: variant_words,
        FollowsFilter: follows_words,
        EndpointFilter: ends_words,
        DoubtFilter: doubt_words,
        MoveFilter: move_words,
    }
    say: Any = says[type(one)]
    return str(say(one))


def time_words(one: TimeFilter) -> str:
    since = day(one.since.date()) if one.since else "…"
    until = day(one.until.date()) if one.until else "…"
    return f"{since} – {until}, {MODE_WORDS[one.mode]}"


def duration_words(one: DurationFilter) -> str:
    least, below = (
        None if one is None else number(one / DAY) for one in (one.least_s, one.below_s)
    )
    if least is None:
        return _("shorter than %(n)s days") % {"n": below}
    if below is None:
        return _("%(n)s days or longer") % {"n": least}
    return _("%(least)s to %(below)s days") % {"least": least, "below": below}


def attribute_words(one: AttributeFilter) -> str:
    sign = "=" if one.keep else "≠"
    return f"{short(one.attribute)} {sign} {short(one.values[0])}"


def range_words(one: NumberFilter) -> str:
    """ "amount ≥ 100", "100 ≤ amount ≤ 500" """
    name = short(one.attribute)
    if one.least is None:
        return f"{name} ≤ {number(one.most)}"
    if one.most is None:
        return f"{name} ≥ {number(one.least)}"
    return f"{number(one.least)} ≤ {name} ≤ {number(one.most)}"


def activity_words(one: ContainsFilter) -> str:
    said = _("with %(name)s") if one.keep else _("without %(name)s")
    return said % {"name": short(one.activity)}


def variant_words(one: VariantFilter) -> str:
    said = _("path %(n)s") if one.keep else _("not path %(n)s")
    return said % {"n": one.variants[0]}


def follows_words(one: FollowsFilter) -> str:
    sign = "→" if one.directly else "⇢"
    return f"{short(one.first)} {sign} {short(one.then)}"


def ends_words(one: EndpointFilter) -> str:
    parts = []
    if one.first:
        parts.append(_("begins with %(name)s") % {"name": short(one.first[0])})
    if one.last:
        parts.append(_("ends with %(name)s") % {"name": short(one.last[0])})
    return ", ".join(parts)


def doubt_words(one: DoubtFilter) -> str:
    if one.kind == "missing":
        said = _("with events without %(name)s") % {"name": short(one.about[0])}
    else:
        said = str(CHIPS[one.kind])
    return said if one.keep else _("not: %(words)s") % {"words": said}


def move_words(one: MoveFilter) -> str:
    """ "Ship → end, past 3 activities" """
    source = _("start") if one.source is None else short(one.source)
    target = _("end") if one.target is None else short(one.target)
    past = ngettext("past %(n)s activity", "past %(n)s activities", len(one.over))
    return f"{source} → {target}, {past % {'n': len(one.over)}}"


def known(log: EventLog) -> dict[str, list[str]]:
    """What the forms offer: the activities and attributes of the whole log."""
    names = sorted(log_lenses.activities(log))
    return {"activities": names, **lenses.attributes(log)}


def forms_for(log: EventLog) -> list[FilterForm]:
    offered = known(log)
    needs = {"attribute": offered["attributes"], "number": offered["numbers"]}
    return [form(**offered) for kind, form in FORMS.items() if needs.get(kind, True)]


def choosing(log: EventLog) -> dict[str, Any]:
    """What the part of a page has in which cases are chosen."""
    return {
        "narrow": forms_for(log),
        "suggested": {
            "activity": suggested(log_lenses.activities(log)),
            "attribute": suggested(lenses.attributes(log)["attributes"]),
        },
    }


def ready_log(request: MelioraRequest, pk: int) -> EventLog:
    log: EventLog = get_object_or_404(EventLog.objects.of(request.programme), pk=pk)
    if not log.is_ready:
        raise Http404
    return log


@access("programme.read")
def narrow(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Add the filter of a form to those in the address, and show the tab again."""
    log = ready_log(request, pk)
    texts = [text for text, _filter in filters_of(request)]
    kind = FORMS.get(words(request.GET, "kind", 20))
    form = kind(request.GET, **known(log)) if kind else None
    if form and form.is_valid():
        texts = list(dict.fromkeys([*texts, form.text()]))
    elif form:
        said = [str(one) for errors in form.errors.values() for one in errors]
        messages.error(request, said[0])
    here = request.GET.get("tab", "")
    tab = here if here in [one.name for one in TABS] else "logs-detail"
    page = reverse(tab, args=[code, pk])
    return HttpResponseRedirect(f"{page}?{query_of(texts)}")


class Lines:
    """Takes what the writer of CSV writes and hands it on."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterator[Any]) -> Iterator[str]:
    writer: Any = csv.writer(Lines())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([safe_cell(one) for one in row])


@access("export")
def events(request: MelioraRequest, code: str, pk: int, kind: str) -> HttpResponse:
    """The events of the chosen cases as CSV or XES."""
    log = ready_log(request, pk)
    texts = [text for text, _filter in filters_of(request)]
    try:
        lenses.everything(log, texts)
    except LogError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("logs-detail", args=[code, pk]))
    as_xes = kind == "xes"
    pieces = lenses.exported(log, texts, as_xes)
    answer: Any = StreamingHttpResponse(
        pieces if as_xes else csv_lines(pieces),
        content_type="application/xml" if as_xes else "text/csv; charset=utf-8",
    )
    plain = "".join(one for one in log.name if one.isprintable())
    said = content_disposition_header(True, f"{plain}.{kind}")
    answer["Content-Disposition"] = said or "attachment"
    return answer  # type: ignore[no-any-return]


urlpatterns = [
    path("p/<slug:code>/logs/<int:pk>/filter/", narrow, name="log-filter"),
    path(
        "p/<slug:code>/logs/<int:pk>/events.csv",
        events,
        {"kind": "csv"},
        name="log-events-csv",
    ),
    path(
        "p/<slug:code>/logs/<int:pk>/events.xes",
        events,
        {"kind": "xes"},
        name="log-events-xes",
    ),
]
