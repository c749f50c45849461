"""Phase 1: the mandate with its signature, and the registers of the master plan."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.charter import lint, load_charter
from programmes.forms.mandate import (
    ItAssetForm,
    MandateForm,
    NeedForm,
    ObjectiveForm,
    ScopeItemForm,
)
from programmes.kit.errors import Refusal
from programmes.kit.formats import scaled, unit_said
from programmes.kit.given import whole
from programmes.kit.pages import Column, Filter
from programmes.models import (
    Document,
    ItAsset,
    Mandate,
    Need,
    Objective,
    ScopeItem,
    SystemUse,
)
from programmes.permissions import who_may
from programmes.phases import Phase
from programmes.reports import documents
from programmes.services.programmes import sign_mandate
from programmes.services.records import label_of, save_record
from programmes.services.systems import save_system
from programmes.views.history import history_rows
from programmes.views.register import Register, add_register
from programmes.views.workspace import Tile, add_tile

PRIORITY_TONES = {"1must": "critical", "2should": "attention", "3could": "neutral"}


def with_people(*names: str) -> Any:
    def rows(queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related(*names)

    return rows


def with_processes(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Systems with their owners and the processes they support; two queries."""
    uses = SystemUse.objects.filter(
        deleted_at=None, process__deleted_at=None
    ).select_related("process")
    return rows.select_related("owner").prefetch_related(
        Prefetch("uses", uses.order_by("process"), to_attr="links")
    )


def processes_of(system: Any) -> str:
    """As a file takes them back."""
    return "; ".join(one.process.name for one in system.links)


OBJECTIVES = add_register(
    Register(
        slug="objectives",
        phase=Phase.MASTER_PLAN,
        model=Objective,
        title=gettext_lazy("Objectives"),
        one=gettext_lazy("objective"),
        empty=gettext_lazy("What the programme is to reach, each with a measure."),
        icon="target",
        columns=[
            Column("title", gettext_lazy("Objective"), order="title"),
            Column("level", gettext_lazy("Level"), kind="choice", order="level"),
            Column("measure", gettext_lazy("Measure")),
            Column(
                "target",
                gettext_lazy("Target"),
                kind="number",
                order="target",
                value=lambda row: scaled(row.target, row.unit),
            ),
            Column("unit", gettext_lazy("Unit"), value=lambda row: unit_said(row.unit)),
            Column("owner", gettext_lazy("Owner"), kind="person", order="owner__name"),
            Column("due_on", gettext_lazy("By"), kind="date", order="due_on"),
        ],
        form=ObjectiveForm,
        list_template="programmes/alignment/objectives.html",
        can_import=True,
        rows=with_people("owner", "programme__enterprise"),
        search=["title", "measure"],
        filters=[
            Filter(
                "level", gettext_lazy("Level"), lambda: Objective.Level.choices, "level"
            )
        ],
    )
)
NEEDS = add_register(
    Register(
        slug="needs",
        phase=Phase.MASTER_PLAN,
        model=Need,
        title=gettext_lazy("Needs"),
        one=gettext_lazy("need"),
        empty=gettext_lazy("What people in the enterprise need, from whom, how much."),
        icon="message-square-text",
        columns=[
            Column("title", gettext_lazy("Need"), order="title"),
            Column("source", gettext_lazy("Source"), order="source"),
            Column(
                "priority",
                gettext_lazy("Priority"),
                kind="choice",
                order="priority",
                tones=PRIORITY_TONES,
            ),
            Column("objective", gettext_lazy("Serves"), order="objective__title"),
            Column("is_out", gettext_lazy("Declared out"), kind="flag", order="is_out"),
        ],
        form=NeedForm,
        list_template="programmes/alignment/needs.html",
        can_import=True,
        rows=with_people("objective"),
        search=["title", "source"],
        filters=[
            Filter(
                "priority",
                gettext_lazy("Priority"),
                lambda: Need.Priority.choices,
                "priority",
            )
        ],
        sort="priority",
    )
)
SCOPE = add_register(
    Register(
        slug="scope",
        phase=Phase.MASTER_PLAN,
        model=ScopeItem,
        title=gettext_lazy("Scope"),
        one=gettext_lazy("scope item"),
        empty=gettext_lazy(
            "The processes and units that are in, and what is left out."
        ),
        icon="crosshair",
        columns=[
            Column("name", gettext_lazy("Name"), order="name"),
            Column("kind", gettext_lazy("Kind"), kind="choice", order="kind"),
            Column("is_in", gettext_lazy("In scope"), kind="flag", order="is_in"),
            Column("unit", gettext_lazy("Unit"), order="unit__name"),
            Column("owner", gettext_lazy("Owner"), kind="person", order="owner__name"),
        ],
        form=ScopeItemForm,
        can_import=True,
        rows=with_people("owner", "unit"),
        search=["name", "reason"],
        filters=[
            Filter(
                "kind", gettext_lazy("Kind"), lambda: ScopeItem.Kind.choices, "kind"
            ),
        ],
    )
)
IT_ASSETS = add_register(
    Register(
        slug="it",
        phase=Phase.MASTER_PLAN,
        model=ItAsset,
        title=gettext_lazy("IT construction"),
        one=gettext_lazy("IT system"),
        empty=gettext_lazy(
            "The systems that the processes use, and how good they are."
        ),
        icon="server",
        columns=[
            Column("name", gettext_lazy("System"), order="name"),
            Column("owner", gettext_lazy("Owner"), kind="person", order="owner__name"),
            Column("state", gettext_lazy("State"), kind="choice", order="state"),
            Column(
                "interface", gettext_lazy("Interface"), kind="choice", order="interface"
            ),
            Column(
                "data_quality",
                gettext_lazy("Data"),
                kind="rating",
                order="data_quality",
            ),
            Column("fit", gettext_lazy("Fit"), kind="rating", order="fit"),
            Column("ease", gettext_lazy("Ease"), kind="rating", order="ease"),
            Column(
                "processes", gettext_lazy("Supports the processes"), value=processes_of
            ),
        ],
        form=ItAssetForm,
        save=save_system,
        list_template="programmes/alignment/systems.html",
        can_import=True,
        rows=with_processes,
        search=["name", "note"],
    )
)
REGISTERS = [
    OBJECTIVES,
    NEEDS,
    SCOPE,
    IT_ASSETS,
]
add_tile(
    Tile(
        Phase.MASTER_PLAN,
        gettext_lazy("Mandate"),
        "file-signature",
        "mandate",
        first=True,
    )
)


@access("programme.read")
def mandate(request: MelioraRequest, code: str) -> HttpResponse:
    """The mandate as text, with its signature."""
    found = get_object_or_404(
        Mandate.objects.select_related("signed_by"), programme=request.programme
    )
    found.programme = request.programme
    issued = list(
        documents(request.programme, Document.Kind.MANDATE).select_related("issued_by")
    )
    newest = issued[0] if issued else None
    context = {
        "mandate": found,
        "documents": issued,
        "is_printed": newest is not None
        and found.signed_at is not None
        and newest.issued_at >= found.signed_at,
        "findings": lint(load_charter(request.programme)),
        "sections": [
            (label_of(Mandate, name), getattr(found, name))
            for name in ("purpose", "direction", "authority", "limits")
        ],
        "may_edit": request.grants.may("mandate.edit"),
        "may_sign": request.grants.may("mandate.sign") and not found.is_signed,
        "who_signs": who_may("mandate.sign"),
        "changes": history_rows(found),
        "crumbs": mandate_crumbs(request),
        "nav": "phase1",
    }
    return render(request, "programmes/mandate/page.html", context)


def mandate_crumbs(request: MelioraRequest) -> list[dict[str, Any]]:
    programme = request.programme
    return [
        {"label": programme.name, "href": f"/p/{programme.code}/"},
        {"label": Phase.MASTER_PLAN.label, "href": f"/p/{programme.code}/phases/1/"},
        {"label": _("Mandate")},
    ]


@access("mandate.edit")
def edit_mandate(request: MelioraRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Mandate, programme=request.programme)
    form = MandateForm(
        request.POST or None,
        instance=found,
        programme=request.programme,
        user=request.user,
    )
    if request.method == "POST" and form.is_valid():
        try:
            save_record(
                by=request.user,
                record=form.instance,
                now=timezone.now(),
                version=form.seen_version,
                url=f"/p/{code}/mandate/",
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Mandate saved."))
            return HttpResponseRedirect(f"/p/{code}/mandate/")
    context = {
        "form": form,
        "title": _("Edit mandate"),
        "back_url": f"/p/{code}/mandate/",
        "crumbs": mandate_crumbs(request),
        "nav": "phase1",
    }
    status = 422 if form.errors else 200
    return render(request, "records/form.html", context, status=status)


@access("mandate.sign")
@require_POST
def sign(request: MelioraRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Mandate, programme=request.programme)
    version = whole(request.POST, "version")
    try:
        sign_mandate(
            by=request.user, mandate=found, version=version, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You signed the mandate."))
    return HttpResponseRedirect(f"/p/{code}/mandate/")


urlpatterns = [
    path("p/<slug:code>/mandate/", mandate, name="mandate"),
    path("p/<slug:code>/mandate/edit/", edit_mandate, name="mandate-edit"),
    path("p/<slug:code>/mandate/sign/", sign, name="mandate-sign"),
]
