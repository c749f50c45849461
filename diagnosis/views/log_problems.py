"""From what an event log shows to a problem: one click, the form is filled in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diagnosis.conformance_words import deviation_said, filter_of
from diagnosis.forms.problems import ProblemForm
from diagnosis.mining.spelling import spell
from diagnosis.models import EventLog, Problem
from diagnosis.services import lenses
from diagnosis.services.log_problems import Shown, report_from_log
from diagnosis.views.conformance import Comparison, comparison
from diagnosis.views.log_filters import filters_of, words_of
from diagnosis.views.logs import LOGS, log_url
from diagnosis.views.problems import PROBLEMS
from programmes.access import MelioraRequest, access
from programmes.kit.errors import Refusal
from programmes.kit.formats import duration, number, percent
from programmes.kit.given import words
from programmes.views.register import crumbs

LONGEST_TITLE = 200
LONGEST_NAME = 300


@access("problem.create")
def problem(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """The form of a new problem, filled in with what the log shows."""
    this = comparison(request, pk)
    shown = what_shows(request, this)
    posted = request.method == "POST"
    form = ProblemForm(
        request.POST if posted else None,
        instance=Problem(programme=request.programme),
        programme=request.programme,
        user=request.user,
        initial=filled_in(this.log, shown),
    )
    if posted and form.is_valid():
        try:
            saved = report_from_log(
                by=request.user,
                log=this.log,
                record=form.instance,
                shown=shown,
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(name)s saved.") % {"name": saved})
            there = PROBLEMS.url("detail", request.programme, saved.pk)
            return HttpResponseRedirect(there)
    context = {
        "record": this.log,
        "form": form,
        "shown": shown,
        "back_url": log_url(request, this.log),
        "crumbs": crumbs(
            request,
            LOGS,
            {"label": this.log.name, "href": log_url(request, this.log)},
            {"label": _("Report a problem")},
        ),
        "nav": "phase3",
    }
    status = 422 if form.errors else 200
    return render(request, "diagnosis/logs/problem.html", context, status=status)


def filled_in(log: EventLog, shown: Shown) -> dict[str, Any]:
    lines = [f"{label}: {value}" for label, value in shown.figures]
    return {
        "title": shown.text[:LONGEST_TITLE].rstrip("."),
        "description": "\n".join([shown.text, *lines]),
        "source": _("Event log “%(name)s”") % {"name": log.name},
        "process": log.process.scope_item_id if log.process else None,
    }


def what_shows(request: MelioraRequest, this: Comparison) -> Shown:
    """The deviation or the slow move that the address names, else the chosen cases."""
    source = words(request.GET, "from", LONGEST_NAME) or None
    target = words(request.GET, "to", LONGEST_NAME) or None
    if words(request.GET, "kind", 20) == "deviation":
        named = deviation(this, source, target)
    else:
        named = slow_move(this, source, target)
    return named or chosen_cases(request, this)


def chosen_cases(request: MelioraRequest, this: Comparison) -> Shown:
    found = lenses.everything(this.log, this.texts)["overview"]
    chosen = [words_of(one) for text, one in filters_of(request) if text in this.texts]
    said = ngettext(
        "%(n)s case in “%(log)s”", "%(n)s cases in “%(log)s”", found["cases"]
    ) % {"n": number(found["cases"]), "log": this.log.name}
    figures = [
        (_("Median throughput time"), duration(found["median_s"])),
        (_("Nine in ten within"), duration(found["p90_s"])),
        (_("Cases with rework"), percent(found["rework_case_share"], 1)),
    ]
    text = f"{said}: {'; '.join(chosen)}" if chosen else said
    return Shown(text, figures, this.texts)


def deviation(this: Comparison, source: str | None, target: str | None) -> Shown | None:
    if this.found is None or this.told is None:
        return None
    for one in this.told["deviations"]:
        if (one["source"], one["target"]) == (source, target):
            break
    else:
        return None
    figures = [
        (_("Times"), number(one["count"])),
        (_("Cases"), number(one["cases"])),
        (_("Share of cases"), percent(one["share"], 1)),
    ]
    if one["extra_s"] is not None:
        longer = duration(one["extra_s"])
        figures.append((_("Median extra time of these cases"), longer))
    figures.append((_("Cases compared"), number(this.told["cases"])))
    text = filter_of(one, this.found.left_out)
    filters = [*this.texts, *([text] if text else [])]
    return Shown(deviation_said(one, this.found), figures, list(dict.fromkeys(filters)))


def slow_move(this: Comparison, source: str | None, target: str | None) -> Shown | None:
    found = lenses.everything(this.log, this.texts)
    chart = lenses.chart_of(found["map"])
    for one in chart.edges:
        if (one.source, one.target) == (source, target):
            break
    else:
        return None
    said = (
        _("Cases wait %(time)s by the median between “%(source)s” and “%(target)s”.")
        if chart.waits
        else _("“%(target)s” comes %(time)s after “%(source)s” by the median.")
    )
    figures = [
        (_("Times"), number(one.count)),
        (_("Cases"), number(one.cases)),
        (_("Share of cases"), percent(one.cases / max(chart.cases, 1), 1)),
        (_("Median"), duration(one.median_s)),
        (_("Nine in ten within"), duration(one.p90_s)),
        (_("In all"), duration(one.sum_s)),
    ]
    text = spell("follows", one.source, one.target, True)
    names = {
        "source": one.source,
        "target": one.target,
        "time": duration(one.median_s),
    }
    return Shown(said % names, figures, list(dict.fromkeys([*this.texts, text])))


urlpatterns = [
    path("p/<slug:code>/logs/<int:pk>/problem/", problem, name="log-problem"),
]
