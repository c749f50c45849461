"""Phase 3: event logs, from the file to the map and into indicators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from diagnosis.forms.logs import (
    ROLES,
    EventLogForm,
    LogConnectForm,
    LogUploadForm,
    MappingForm,
)
from diagnosis.mining.preview import Preview, preview
from diagnosis.mining.sources import LogError
from diagnosis.models import EventLog
from diagnosis.services import connected_logs
from diagnosis.services import logs as services
from diagnosis.stores import connections_of
from diagnosis.views.log_facts import page_facts
from programmes import jobs
from programmes.access import MelioraRequest, access, may_own
from programmes.kit.errors import Refusal, Unavailable
from programmes.kit.given import words
from programmes.kit.pages import Column, Filter
from programmes.models import Job, Programme
from programmes.permissions import who_may
from programmes.phases import Phase
from programmes.views.register import Register, add_register, crumbs
from programmes.views.workspace import Tile, add_tile

STATE_TONES = {
    "uploaded": "attention",
    "importing": "accent",
    "ready": "positive",
    "failed": "critical",
}


def list_context(request: MelioraRequest) -> dict[str, Any]:
    return {
        "may_upload": request.grants.may("log.edit"),
        "who_may": who_may("log.edit"),
    }


def detail_context(request: MelioraRequest, record: EventLog) -> dict[str, Any]:
    """A log that is ready shows its figures; any other says what is to be done."""
    job = record.job
    is_open = job is not None and job.state in (Job.State.QUEUED, Job.State.RUNNING)
    is_importing = record.state == EventLog.State.IMPORTING
    context: dict[str, Any] = {
        "job": job,
        "label": jobs.label_of(job) if job else "",
        "is_open": is_open and (is_importing or bool(record.connection)),
        "may_feed": request.grants.may("measurement.record")
        or may_own(request, "measurement.record"),
    }
    if record.is_ready:
        try:
            context |= page_facts(request, record)
        except Unavailable as silent:
            context["silent"] = str(silent)
    return context


LOGS = add_register(
    Register(
        slug="logs",
        phase=Phase.DIAGNOSIS,
        model=EventLog,
        title=gettext_lazy("Event logs"),
        one=gettext_lazy("event log"),
        empty=gettext_lazy(
            "What your systems recorded about each case: drop a file, see how work "
            "really flows."
        ),
        icon="route",
        columns=[
            Column("name", gettext_lazy("Log"), order="name"),
            Column(
                "process", gettext_lazy("Process"), order="process__scope_item__name"
            ),
            Column(
                "state",
                gettext_lazy("State"),
                kind="choice",
                order="state",
                tones=STATE_TONES,
            ),
            Column("edition", gettext_lazy("Version"), kind="number", order="edition"),
            Column("cases", gettext_lazy("Cases"), kind="number", order="cases"),
            Column("events", gettext_lazy("Events"), kind="number", order="events"),
            Column("first_at", gettext_lazy("From"), kind="date", order="first_at"),
            Column("last_at", gettext_lazy("To"), kind="date", order="last_at"),
        ],
        form=EventLogForm,
        rows=lambda rows: rows.select_related("process__scope_item", "job"),
        search=["name", "file_name"],
        filters=[
            Filter(
                "state", gettext_lazy("State"), lambda: EventLog.State.choices, "state"
            )
        ],
        sort="name",
        detail="diagnosis/logs/log.html",
        detail_context=detail_context,
        list_template="diagnosis/logs/list.html",
        list_context=list_context,
        can_add=False,
        in_workspace=False,
    )
)
REGISTERS = [LOGS]


def log_words(programme: Programme) -> str:
    count = EventLog.objects.of(programme).filter(state=EventLog.State.READY).count()
    if not count:
        return _("nothing yet")
    return ngettext("%(n)s imported", "%(n)s imported", count) % {"n": count}


add_tile(
    Tile(
        Phase.DIAGNOSIS,
        gettext_lazy("Event logs"),
        "route",
        "logs-list",
        state=log_words,
    )
)


def find(request: MelioraRequest, pk: int) -> EventLog:
    rows = EventLog.objects.of(request.programme).select_related("job")
    found: EventLog = get_object_or_404(rows, pk=pk)
    return found


def log_url(request: MelioraRequest, log: EventLog) -> str:
    return LOGS.url("detail", request.programme, log.pk)


@access("log.edit")
def upload(request: MelioraRequest, code: str) -> HttpResponse:
    """Take the file; XES goes straight on, a table asks for its columns."""
    posted = request.method == "POST"
    form = LogUploadForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        programme=request.programme,
    )
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            log = services.receive_log(
                by=request.user,
                programme=request.programme,
                name=form.cleaned_data["name"],
                file_name=file.name,
                chunks=file.chunks(),
                process=form.cleaned_data["process"],
                now=timezone.now(),
            )
            if services.needs_mapping(log):
                return HttpResponseRedirect(f"{log_url(request, log)}columns/")
            services.start_import(
                by=request.user, log=log, mapping={}, now=timezone.now()
            )
            return HttpResponseRedirect(log_url(request, log))
        except Refusal as refusal:
            form.add_error("file", str(refusal))
    return upload_page(request, form, connect_form(request))


def connect_form(request: MelioraRequest, data: Any = None) -> LogConnectForm | None:
    """The second way to a log; None where the enterprise has no connection."""
    offered = connections_of(request.programme)
    if not offered:
        return None
    return LogConnectForm(data, programme=request.programme, offered=offered)


def upload_page(
    request: MelioraRequest, form: LogUploadForm, connect: LogConnectForm | None
) -> HttpResponse:
    context = {
        "form": form,
        "connect": connect,
        "back_url": LOGS.url("list", request.programme),
        "crumbs": crumbs(request, LOGS, {"label": _("Import log")}),
        "nav": "phase3",
    }
    is_wrong = form.errors or (connect is not None and connect.errors)
    status = 422 if is_wrong else 200
    return render(request, "diagnosis/logs/upload.html", context, status=status)


@access("log.edit")
@require_POST
def connect(request: MelioraRequest, code: str) -> HttpResponse:
    """Add the log of a connection; a job reads what its tables hold."""
    form = connect_form(request, request.POST)
    if form is None:
        raise Http404
    if form.is_valid():
        try:
            log = connected_logs.connect_log(
                by=request.user,
                programme=request.programme,
                now=timezone.now(),
                **form.cleaned_data,
            )
            return HttpResponseRedirect(log_url(request, log))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return upload_page(request, LogUploadForm(programme=request.programme), form)


@access("log.edit")
def columns(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """The guessed columns with a preview; confirming starts the import."""
    log = find(request, pk)
    if log.is_ready or log.connection:
        return HttpResponseRedirect(log_url(request, log))
    wanted = words(request.POST or request.GET, "timestamp_format", 60)
    try:
        seen = preview(log.source, wanted or None)
    except LogError as error:
        messages.error(request, services.words_of(error, log))
        return HttpResponseRedirect(log_url(request, log))
    posted = request.method == "POST"
    earlier = services.remembered(log, [one.name for one in seen.columns])
    form = MappingForm(
        request.POST if posted else None,
        seen=seen,
        known=earlier.mapping if earlier else None,
    )
    if posted and "look" not in request.POST and form.is_valid():
        try:
            services.start_import(
                by=request.user,
                log=log,
                mapping=form.mapping(),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(log_url(request, log))
    return columns_page(request, log, form, seen, earlier)


def columns_page(
    request: MelioraRequest,
    log: EventLog,
    form: MappingForm,
    seen: Preview,
    earlier: EventLog | None,
) -> HttpResponse:
    context = {
        "log": log,
        "form": form,
        "seen": seen,
        "earlier": earlier,
        "heads": [(one.name, ROLES.get(one.role or "", "")) for one in seen.columns],
        "dates": [one for one in seen.columns if one.date_format],
        "back_url": log_url(request, log),
        "crumbs": crumbs(
            request,
            LOGS,
            {"label": log.name, "href": log_url(request, log)},
            {"label": _("Columns")},
        ),
        "nav": "phase3",
    }
    status = 422 if form.errors else 200
    return render(request, "diagnosis/logs/columns.html", context, status=status)


@access("log.edit")
@require_POST
def again(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Start the import of a log that needs no columns once more; read a connected
    one anew.
    """
    log = find(request, pk)
    given: dict[str, Any] = {"by": request.user, "log": log, "now": timezone.now()}
    try:
        if log.connection:
            connected_logs.refresh_log(**given)
        else:
            services.start_import(mapping=log.mapping, **given)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(log_url(request, log))


@access("log.edit")
@require_POST
def closing(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Which activities end a case."""
    log = find(request, pk)
    try:
        services.set_closing(
            by=request.user,
            log=log,
            activities=request.POST.getlist("closing")[:200],
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved. Cases without an end count as open."))
    back = "quality/" if request.POST.get("back") == "quality" else ""
    return HttpResponseRedirect(f"{log_url(request, log)}{back}")


BASE = "p/<slug:code>/logs/"
urlpatterns = [
    path(f"{BASE}upload/", upload, name="log-upload"),
    path(f"{BASE}connect/", connect, name="log-connect"),
    path(f"{BASE}<int:pk>/columns/", columns, name="log-columns"),
    path(f"{BASE}<int:pk>/import/", again, name="log-import"),
    path(f"{BASE}<int:pk>/closing/", closing, name="log-closing"),
]
