"""Conformance: what happened against the process as it is described."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from diagnosis import foreseen, log_findings
from diagnosis.conformance_words import (
    deviation_said,
    filter_of,
    never_happened,
    replay_note,
    skipped,
)
from diagnosis.foreseen import Foreseen
from diagnosis.forms.step_mapping import StepMappingForm, on_a_page
from diagnosis.mining.sources import LogError
from diagnosis.models import EventLog
from diagnosis.services import lenses
from diagnosis.services.processes import steps_of
from diagnosis.services.step_mapping import save_step_mapping
from diagnosis.views.log_filters import filters_of, query_of
from diagnosis.views.log_frame import Tables, export_paths, frame
from diagnosis.views.logs import LOGS, log_url
from programmes.access import MelioraRequest, access, may_own
from programmes.kit.errors import Refusal
from programmes.kit.formats import number, percent
from programmes.kit.sheets import Sheet
from programmes.views.register import crumbs

SHOWN = 40
HOUR = 3600


@dataclass(frozen=True)
class Comparison:
    """A log, what its process foresees and what the log says to it."""

    log: EventLog
    texts: list[str]
    found: Foreseen | None = None
    told: dict[str, Any] | None = None


def log_of(request: MelioraRequest, pk: int) -> EventLog:
    """An imported log with its process; 404 for any other."""
    rows = EventLog.objects.of(request.programme).filter(state=EventLog.State.READY)
    log: EventLog = get_object_or_404(rows.select_related("process__scope_item"), pk=pk)
    return log


def comparison(request: MelioraRequest, pk: int) -> Comparison:
    """The comparison for the cases that the address asks for, as far as it can be."""
    log = log_of(request, pk)
    texts = [text for text, _one in filters_of(request)]
    try:
        lenses.everything(log, texts)
    except LogError as error:
        messages.error(request, str(error))
        texts = []
    if log.process is None:
        return Comparison(log, texts)
    found = foreseen.foreseen(log, steps_of(log.process))
    if not found.is_mapped:
        return Comparison(log, texts, found)
    return Comparison(log, texts, found, foreseen.compared(log, found, texts))


@access("programme.read")
def conformance(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """The page: shares, deviations as sentences, steps and what is not mapped."""
    this = comparison(request, pk)
    filters = [(t, f) for t, f in filters_of(request) if t in this.texts]
    context: dict[str, Any] = {
        **frame(request, this.log, "log-conformance", filters),
        "may_time": bool(this.log.process)
        and request.grants.may("process.edit", this.log.process),
        "may_report": request.grants.may("problem.create"),
        "may_feed": request.grants.may("measurement.record")
        or may_own(request, "measurement.record"),
        "found": this.found,
    }
    if this.found and this.told:
        context |= facts(this, this.found, this.told)
    return render(request, "diagnosis/logs/conformance.html", context)


def facts(this: Comparison, found: Foreseen, told: dict[str, Any]) -> dict[str, Any]:
    rows = deviations(this, found, told)
    first = rows[0]["said"] if rows else ""
    return {
        "told": told,
        "says": log_findings.conformance(told, str(this.log.process), first),
        "figures": figures(told),
        "deviations": rows[:SHOWN],
        "deviation_count": told["deviation_count"],
        "never": never_happened(found.steps, told, found),
        "steps": step_rows(found, told),
        "unknown": found.unknown[:SHOWN],
        "left_out": found.left_out,
        "replay_note": replay_note(found),
        "feed_query": query_of(this.texts, measure="conforming_share"),
    }


def figures(told: dict[str, Any]) -> list[dict[str, Any]]:
    replay = told["replay"]
    cards = [
        {
            "label": _("Moves as foreseen"),
            "value": percent(told["fitness"], 1),
            "note": _("%(n)s of %(all)s from step to step")
            % {"n": number(told["permitted"]), "all": number(told["moves"])},
            "method": "conformance.dfg_fitness",
        },
        {
            "label": _("Cases as foreseen"),
            "value": percent(told["share"], 1),
            "note": _("%(n)s of %(all)s cases")
            % {"n": number(told["conforming"]), "all": number(told["cases"])},
            "method": "conformance.dfg_fitness",
        },
        {
            "label": _("Kinds of deviation"),
            "value": number(told["deviation_count"]),
            "note": _("moves that no way of the process has"),
        },
    ]
    if replay and replay["fitness"] is not None:
        cards.append(
            {
                "label": _("Fitness of replayed tokens"),
                "value": number(replay["fitness"], 3),
                "note": _("%(missing)s missing, %(remaining)s left over")
                % {
                    "missing": number(replay["missing"]),
                    "remaining": number(replay["remaining"]),
                },
                "method": "conformance.token_replay",
            }
        )
    return cards


def deviations(
    this: Comparison, found: Foreseen, told: dict[str, Any]
) -> list[dict[str, Any]]:
    """Each deviation as a sentence, with the addresses of its cases."""
    page = reverse("logs-detail", args=[this.log.programme.code, this.log.pk])
    report = reverse("log-problem", args=[this.log.programme.code, this.log.pk])
    rows = []
    for one in told["deviations"]:
        text = filter_of(one, found.left_out)
        texts = list(dict.fromkeys([*this.texts, text])) if text else []
        ends = {"from": one["source"] or "", "to": one["target"] or ""}
        rows.append(
            {
                **one,
                "said": deviation_said(one, found),
                "skipped": skipped(one, found),
                "href": f"{page}?{query_of(texts)}" if texts else "",
                "report": f"{report}?{query_of(this.texts, kind='deviation', **ends)}",
            }
        )
    return rows


def step_rows(found: Foreseen, told: dict[str, Any]) -> list[dict[str, Any]]:
    names: dict[str, list[str]] = {}
    for activity, key in found.model.steps.items():
        names.setdefault(key, []).append(activity)
    return [
        {
            "step": one,
            "activities": names.get(one.key, []),
            "cases": told["step_cases"].get(one.key, 0),
            "share": told["step_cases"].get(one.key, 0) / max(told["cases"], 1),
            "is_silent": one.key in found.silent,
        }
        for one in found.steps
    ]


def conformance_tables(request: MelioraRequest, pk: int) -> Tables:
    """All deviations of the chosen cases, and what the log shows of each step."""
    this = comparison(request, pk)
    head = [
        _("From"),
        _("To"),
        _("Deviation"),
        _("Times"),
        _("Cases"),
        _("Share"),
        _("Median extra hours"),
    ]
    found, told = this.found, this.told
    rows = deviations(this, found, told) if found and told else []
    lines = (
        (
            one["source"] or "",
            one["target"] or "",
            one["said"],
            one["count"],
            one["cases"],
            round(one["share"], 6),
            "" if one["extra_s"] is None else round(one["extra_s"] / HOUR, 3),
        )
        for one in rows
    )
    steps = step_rows(found, told) if found and told else []
    step_head = [_("Step"), _("Activities"), _("Cases"), _("Share")]
    step_lines = (
        (
            f"{one['step'].key} {one['step'].name}",
            ", ".join(one["activities"]),
            None if one["is_silent"] else one["cases"],
            None if one["is_silent"] else round(one["share"], 6),
        )
        for one in steps
    )
    sheets = [
        Sheet(_("Deviations"), head, lines),
        Sheet(_("Steps of the process"), step_head, step_lines),
    ]
    return Tables(this.log, _("conformance"), sheets)


@access("log.edit")
def mapping(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Which activity is which step; saved a page at a time."""
    log = log_of(request, pk)
    back = reverse("log-conformance", args=[code, pk])
    if log.process is None:
        return HttpResponseRedirect(back)
    found = foreseen.foreseen(log, steps_of(log.process))
    pages = Paginator(list(found.chosen), on_a_page(len(found.steps)))
    page = pages.get_page(request.GET.get("page"))
    posted = request.method == "POST"
    form = StepMappingForm(
        request.POST if posted else None, activities=list(page), found=found
    )
    if posted and form.is_valid():
        try:
            save_step_mapping(
                by=request.user,
                log=log,
                activities=form.mapping(),
                unrecorded=form.cleaned_data.get("unrecorded", []),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Activities and steps saved."))
            onward = f"?page={page.next_page_number()}" if page.has_next() else ""
            return HttpResponseRedirect(request.path + onward if onward else back)
    context = {
        "record": log,
        "form": form,
        "page": page,
        "back_url": back,
        "crumbs": crumbs(
            request,
            LOGS,
            {"label": log.name, "href": log_url(request, log)},
            {"label": _("Conformance"), "href": back},
            {"label": _("Activities and steps")},
        ),
        "nav": "phase3",
    }
    status = 422 if form.errors else 200
    return render(request, "diagnosis/logs/mapping.html", context, status=status)


BASE = "p/<slug:code>/logs/<int:pk>/"
urlpatterns = [
    path(f"{BASE}conformance/", conformance, name="log-conformance"),
    *export_paths(f"{BASE}conformance", "log-conformance", conformance_tables),
    path(f"{BASE}conformance/steps/", mapping, name="log-mapping"),
]
