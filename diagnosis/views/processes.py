"""Phase 3: the processes in scope, described and confirmed by their owners."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from diagnosis.forms.processes import (
    IpoForm,
    ProcessForm,
    SipocForm,
    StepsForm,
    rearranged,
)
from diagnosis.models import Process
from diagnosis.models.processes import IPO_CELLS
from diagnosis.services import processes as services
from diagnosis.views.process_facts import page_facts
from programmes.access import MelioraRequest, access
from programmes.forms.records import ReasonForm
from programmes.kit.errors import Refusal
from programmes.kit.given import whole
from programmes.kit.pages import Column
from programmes.models import Programme, ScopeItem
from programmes.permissions import who_may
from programmes.phases import Phase
from programmes.views.reasons import reason_form
from programmes.views.register import Register, add_register, crumbs
from programmes.views.workspace import Tile, add_tile

# A service with the keywords that each of the three tables has.
Save = Callable[..., Any]


def in_scope(request: MelioraRequest) -> QuerySet[ScopeItem]:
    rows = ScopeItem.objects.of(request.programme)
    chosen: QuerySet[ScopeItem] = rows.filter(kind=ScopeItem.Kind.PROCESS, is_in=True)
    return chosen.select_related("owner").order_by("name", "pk")


def list_context(request: MelioraRequest) -> dict[str, Any]:
    """The processes in scope that nobody has described yet."""
    described = Process.objects.of(request.programme).values("scope_item")
    waiting = list(in_scope(request).exclude(pk__in=described))
    return {
        "waiting": [
            {"item": one, "may": request.grants.may("process.edit", one)}
            for one in waiting
        ],
        "who_may": who_may("process.edit"),
    }


def detail_context(request: MelioraRequest, record: Process) -> dict[str, Any]:
    url = reverse("processes-detail", args=[request.programme.code, record.pk])
    return {
        "siblings": list(Process.objects.of(request.programme).order_by("pk")),
        "url": url,
        "may_confirm": request.grants.may("process.confirm", record),
        **page_facts(record),
    }


def with_counts(rows: Any) -> Any:
    return rows.with_counts()


PROCESSES = add_register(
    Register(
        slug="processes",
        phase=Phase.DIAGNOSIS,
        model=Process,
        title=gettext_lazy("Processes"),
        one=gettext_lazy("process"),
        empty=gettext_lazy(
            "How each process in scope works today, confirmed by its owner."
        ),
        icon="workflow",
        columns=[
            Column("name", gettext_lazy("Process"), order="scope_item__name"),
            Column(
                "owner",
                gettext_lazy("Owner"),
                kind="person",
                order="scope_item__owner__name",
            ),
            Column("trigger", gettext_lazy("Trigger")),
            Column(
                "step_count", gettext_lazy("Steps"), kind="number", order="step_count"
            ),
            Column(
                "cell_count",
                gettext_lazy("Study"),
                kind="percent",
                value=lambda row: row.cell_count / IPO_CELLS,
                order="cell_count",
            ),
            Column("map_is_valid", gettext_lazy("Flow sound"), kind="flag"),
            Column("is_confirmed", gettext_lazy("Confirmed"), kind="flag"),
        ],
        form=ProcessForm,
        rows=with_counts,
        search=["scope_item__name", "trigger"],
        sort="name",
        detail="diagnosis/processes/process.html",
        detail_context=detail_context,
        list_template="diagnosis/processes/list.html",
        list_context=list_context,
        can_add=False,
        in_workspace=False,
    )
)
REGISTERS = [PROCESSES]


def described_words(programme: Programme) -> str:
    described = Process.objects.of(programme)
    confirmed = Q(confirmed_version=F("version"))
    found = described.aggregate(
        all=Count("pk"), confirmed=Count("pk", filter=confirmed)
    )
    if not found["all"]:
        return _("nothing yet")
    return _("%(confirmed)s of %(all)s confirmed") % found


add_tile(
    Tile(
        Phase.DIAGNOSIS,
        gettext_lazy("Processes"),
        "workflow",
        "processes-list",
        state=described_words,
    )
)


def find(request: MelioraRequest, pk: int) -> Process:
    found: Process = get_object_or_404(Process.objects.of(request.programme), pk=pk)
    return found


def page(request: MelioraRequest, process: Process, label: Any) -> dict[str, Any]:
    """What the three editing pages share."""
    back = PROCESSES.url("detail", request.programme, process.pk)
    return {
        "process": process,
        "back_url": back,
        "title": label,
        "crumbs": crumbs(
            request, PROCESSES, {"label": process.name, "href": back}, {"label": label}
        ),
        "nav": "phase3",
    }


def saved(
    request: MelioraRequest, process: Process, why: ReasonForm, save: Save
) -> bool:
    """Call the service with the version that the person saw, and with their reason."""
    is_given = "record_version" in request.POST
    seen = whole(request.POST, "record_version") if is_given else None
    try:
        save(
            by=request.user,
            process=process,
            now=timezone.now(),
            version=seen,
            reason=why.reason,
        )
    except Refusal as refusal:
        why.refuse(refusal)
        return False
    messages.success(request, _("%(name)s saved.") % {"name": process})
    return True


def both_right(form: Any, why: ReasonForm) -> bool:
    """Each is asked, so that each shows its own error."""
    return all([form.is_valid(), why.is_valid()])


@access("process.edit")
@require_POST
def describe(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    item = get_object_or_404(ScopeItem.objects.of(request.programme), pk=pk)
    try:
        process = services.describe_process(
            by=request.user, scope_item=item, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(PROCESSES.url("list", request.programme))
    return HttpResponseRedirect(PROCESSES.url("edit", request.programme, process.pk))


@access("process.edit")
def sipoc(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    process = find(request, pk)
    items = list(process.sipoc.filter(deleted_at=None).order_by("place", "pk"))
    form = SipocForm(
        request.POST or None,
        items=items,
        initial={"record_version": process.version},
    )
    why = reason_form(request, items)
    context = page(request, process, _("What goes in, what comes out"))
    if both_right(form, why):
        save = partial(services.save_sipoc, lines=form.lines())
        if saved(request, process, why, save):
            return HttpResponseRedirect(str(context["back_url"]))
    context |= {"form": form, "why": why}
    status = 422 if form.errors or why.errors else 200
    return render(request, "diagnosis/processes/sipoc.html", context, status=status)


@access("process.edit")
def ipo(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    process = find(request, pk)
    cells = list(process.cells.filter(deleted_at=None))
    form = IpoForm(request.POST or None, cells)
    why = reason_form(request, cells)
    context = page(request, process, _("Input-processing-output study"))
    if request.method == "POST" and both_right(form, why):
        save = partial(services.save_ipo, cells=form.cells())
        if saved(request, process, why, save):
            return HttpResponseRedirect(str(context["back_url"]))
    context |= {"rows": form.rows(), "forms": list(form.forms.values()), "why": why}
    status = 422 if request.method == "POST" else 200
    return render(request, "diagnosis/processes/ipo.html", context, status=status)


@access("process.edit")
def steps(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """The table; its buttons rearrange it without saving."""
    process = find(request, pk)
    there = services.steps_of(process)
    why = reason_form(request, there)
    context = {**page(request, process, _("Steps")), "why": why}
    posted = request.method == "POST"
    moved = rearranged(request.POST) if posted else None
    if moved is not None:
        return steps_page(request, context, moved)
    if not posted:
        return steps_page(request, context, StepsForm.of(there))
    form = StepsForm.bound(request.POST)
    if both_right(form, why):
        save = partial(services.save_steps, rows=form.step_rows())
        if saved(request, process, why, save):
            return HttpResponseRedirect(str(context["back_url"]))
    return steps_page(request, context, form, status=422)


def steps_page(
    request: MelioraRequest,
    context: dict[str, Any],
    form: StepsForm,
    status: int = 200,
) -> HttpResponse:
    context |= {"rows": form.rows, "count": len(form.rows)}
    return render(request, "diagnosis/processes/steps.html", context, status=status)


@access("process.confirm")
@require_POST
def confirm(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    process = find(request, pk)
    try:
        services.confirm_process(
            by=request.user,
            process=process,
            version=whole(request.POST, "version"),
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You confirmed the process as it works today."))
    return HttpResponseRedirect(PROCESSES.url("detail", request.programme, pk))


BASE = "p/<slug:code>/processes/"
urlpatterns = [
    path(f"{BASE}describe/<int:pk>/", describe, name="process-describe"),
    path(f"{BASE}<int:pk>/sipoc/", sipoc, name="process-sipoc"),
    path(f"{BASE}<int:pk>/study/", ipo, name="process-ipo"),
    path(f"{BASE}<int:pk>/steps/", steps, name="process-steps"),
    path(f"{BASE}<int:pk>/confirm/", confirm, name="process-confirm"),
]
