"""Times of an event log into the table of steps: what is, what would be, then save."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diagnosis.services.step_times import Offer, offers, take_times, undo_times
from diagnosis.views.conformance import Comparison, comparison, log_of
from diagnosis.views.log_filters import chips, filters_of, query_of
from diagnosis.views.logs import LOGS, log_url
from diagnosis.views.processes import PROCESSES
from programmes.access import MelioraRequest, access
from programmes.forms.records import ReasonForm
from programmes.kit.errors import Conflict, Refusal
from programmes.kit.given import whole
from programmes.views.reasons import reason_form
from programmes.views.register import crumbs

MOST = 200
TAKEN = "step-times-taken"
"""In the session: the times that the steps had before, until they are undone."""


@access("process.edit")
def times(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """The table of old and new times; the chosen rows are taken over."""
    this = comparison(request, pk)
    told = offers(this.log, this.found, this.texts) if this.found else []
    why = reason_form(request, this.found.steps if this.found else [])
    posted = request.method == "POST"
    if posted and why.is_valid() and took(request, this, told, why):
        there = PROCESSES.url("detail", request.programme, this.log.process_id)
        return HttpResponseRedirect(there)
    query = query_of(this.texts)
    back = reverse("log-conformance", args=[code, pk])
    chosen = set(request.POST.getlist("step")) if posted else None
    context = {
        "record": this.log,
        "rows": [
            {
                "offer": one,
                "is_chosen": one.is_new if chosen is None else one.step.key in chosen,
            }
            for one in told
        ],
        "why": why,
        "chips": chips([(t, f) for t, f in filters_of(request) if t in this.texts]),
        "back_url": f"{back}?{query}" if query else back,
        "may_edit": request.grants.may("process.edit", this.log.process)
        if this.log.process
        else False,
        "crumbs": crumbs(
            request,
            LOGS,
            {"label": this.log.name, "href": log_url(request, this.log)},
            {"label": _("Conformance"), "href": back},
            {"label": _("Step times")},
        ),
        "nav": "phase3",
    }
    status = 422 if posted else 200
    return render(request, "diagnosis/logs/step-times.html", context, status=status)


def took(
    request: MelioraRequest, this: Comparison, told: list[Offer], why: ReasonForm
) -> bool:
    """Take the chosen times over, or say at the form why not."""
    if this.log.process is None:
        return False
    keys = request.POST.getlist("step")[:MOST]
    was = {
        one.step.key: [spelt(one.step.work_minutes), spelt(one.step.wait_minutes)]
        for one in told
        if one.step.key in keys
    }
    try:
        process = take_times(
            by=request.user,
            process=this.log.process,
            told=told,
            keys=keys,
            now=timezone.now(),
            version=whole(request.POST, "record_version"),
            reason=why.reason,
        )
    except Refusal as refusal:
        why.refuse(refusal)
        return False
    request.session[TAKEN] = {"version": process.version, "was": was, "pk": process.pk}
    back = reverse("log-step-times-undo", args=[request.programme.code, this.log.pk])
    said = _("Times of the log taken over into the steps.")
    messages.success(request, said, extra_tags=f"undo:{back}")
    return True


def spelt(minutes: Decimal | None) -> str | None:
    return None if minutes is None else str(minutes)


def read(minutes: str | None) -> Decimal | None:
    return None if minutes is None else Decimal(minutes)


@access("process.edit")
@require_POST
def undo(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Take the step times back that this person took over last."""
    log = log_of(request, pk)
    taken = request.session.get(TAKEN)
    if log.process is None or not taken or taken["pk"] != log.process_id:
        raise Http404
    was = {key: (read(work), read(wait)) for key, (work, wait) in taken["was"].items()}
    try:
        undo_times(
            by=request.user,
            process=log.process,
            was=was,
            version=taken["version"],
            now=timezone.now(),
        )
    except Conflict:
        said = _("The steps were changed after this, so it cannot be undone whole.")
        messages.error(request, said)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        del request.session[TAKEN]
        messages.success(request, _("The steps have their former times again."))
    there = PROCESSES.url("detail", request.programme, log.process_id)
    return HttpResponseRedirect(there)


urlpatterns = [
    path("p/<slug:code>/logs/<int:pk>/step-times/", times, name="log-step-times"),
    path(
        "p/<slug:code>/logs/<int:pk>/step-times/undo/",
        undo,
        name="log-step-times-undo",
    ),
]
