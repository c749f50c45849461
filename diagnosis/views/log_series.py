"""A measure of a log by week or month, and into an indicator with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diagnosis import foreseen
from diagnosis.forms.log_filters import suggested
from diagnosis.forms.log_series import FeedForm, SeriesForm
from diagnosis.measure_words import measure_said
from diagnosis.mining.series import MEASURES
from diagnosis.mining.sources import LogError
from diagnosis.models import EventLog, LogFeed
from diagnosis.services import lenses
from diagnosis.services.log_feeds import (
    Choice,
    feed_indicator,
    feed_new_indicator,
    points_of,
)
from diagnosis.views.conformance import Comparison, comparison
from diagnosis.views.log_filters import chips, filters_of, query_of, words_of
from diagnosis.views.logs import LOGS, log_url
from programmes.access import MelioraRequest, access, may_own
from programmes.kit.errors import Refusal
from programmes.kit.formats import day, is_share, number, scaled, unit_said
from programmes.models import Indicator
from programmes.views.register import crumbs

SHOWN = 60
GIVEN = ("measure", "activity", "then", "path", "period")


@access("measurement.record")
def feed(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Choose a measure, see its values, record them for an indicator."""
    this = comparison(request, pk)
    form = form_of(request, this)
    may_add = request.grants.may("indicator.edit") or may_own(request, "indicator.edit")
    posted = request.method == "POST"
    target = FeedForm(
        request.POST if posted else None, programme=request.programme, may_add=may_add
    )
    choice = None
    if form.is_valid():
        measure = form.cleaned_data["measure"]
        choice = Choice(measure, tuple(form.about()), tuple(this.texts))
    if posted and choice and target.is_valid():
        saved = record(request, this.log, choice, form, target)
        if saved:
            said = _("%(name)s is fed by this log, and again with its next import.")
            messages.success(request, said % {"name": saved.name})
            query = query_of(this.texts)
            return HttpResponseRedirect(
                log_url(request, this.log) + (f"?{query}" if query else "")
            )
    context = {
        "record": this.log,
        "form": form,
        "target": target,
        "texts": this.texts,
        "suggested": suggested(foreseen.activities_of(this.log)),
        "chips": chips([(t, f) for t, f in filters_of(request) if t in this.texts]),
        "fed": list(
            LogFeed.objects.filter(log=this.log, indicator__deleted_at=None)
            .select_related("indicator")
            .order_by("pk")[:SHOWN]
        ),
        "back_url": log_url(request, this.log),
        "crumbs": crumbs(
            request,
            LOGS,
            {"label": this.log.name, "href": log_url(request, this.log)},
            {"label": _("Into an indicator")},
        ),
        "nav": "phase3",
        **(values(this.log, choice, form.cleaned_data["period"]) if choice else {}),
    }
    status = 422 if posted else 200
    return render(request, "diagnosis/logs/feed.html", context, status=status)


def form_of(request: MelioraRequest, this: Comparison) -> SeriesForm:
    """Bound as soon as the address names a measure."""
    found = lenses.everything(this.log, this.texts)
    given = {name: request.GET[name] for name in GIVEN if name in request.GET}
    given.setdefault("period", LogFeed.Period.MONTH)
    return SeriesForm(
        given if "measure" in given else None,
        activities=foreseen.activities_of(this.log),
        paths=[one["path"] for one in found["variants"]],
        is_compared=this.told is not None,
    )


def values(log: EventLog, choice: Choice, period: str) -> dict[str, Any]:
    """The series as a table, the newest first."""
    try:
        points = points_of(log, choice, period)
    except LogError as error:
        return {"said": str(error), "points": []}
    unit = MEASURES[choice.measure].unit
    shown = list(reversed(points[-SHOWN:]))
    places = places_of([one["value"] for one in shown], unit)
    return {
        "said": measure_said(choice.measure, choice.about),
        "unit": unit_said(unit),
        "points": [
            {
                "start": day(date.fromisoformat(one["start"])),
                "value": number(scaled(one["value"], unit), places),
                "number": one["number"],
            }
            for one in shown
        ],
    }


def places_of(values: list[float | None], unit: str) -> int:
    """The decimals of a column: one, none where all are whole or hundreds."""
    known = [scaled(one, unit) for one in values if one is not None]
    is_whole = all(float(one).is_integer() for one in known)
    least = min((abs(one) for one in known if one), default=0)
    return 0 if (is_whole and not is_share(unit)) or least >= 100 else 1


def record(
    request: MelioraRequest,
    log: EventLog,
    choice: Choice,
    form: SeriesForm,
    target: FeedForm,
) -> Indicator | None:
    """The indicator that was fed, or None: then the form says why not."""
    chosen = [words_of(one) for text, one in filters_of(request)]
    said = measure_said(choice.measure, choice.about)
    indicator: Indicator | None = target.cleaned_data["indicator"]
    given: Any = {
        "by": request.user,
        "log": log,
        "choice": choice,
        "now": timezone.now(),
    }
    try:
        if indicator is not None:
            result = feed_indicator(indicator=indicator, **given)
        else:
            indicator, result = feed_new_indicator(
                name=target.cleaned_data["name"],
                period=form.cleaned_data["period"],
                definition="; ".join([said, *chosen]),
                **given,
            )
    except Refusal as refusal:
        target.add_error(None, str(refusal))
        return None
    stored = result.accepted + result.replaced
    told = ngettext("%(n)s value recorded.", "%(n)s values recorded.", stored)
    messages.success(request, told % {"n": stored})
    return indicator


urlpatterns = [
    path("p/<slug:code>/logs/<int:pk>/indicator/", feed, name="log-feed"),
]
