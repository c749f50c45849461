"""Method packs: which there are, what each version says, and which one is used."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.packs import ReleaseForm
from programmes.kit.errors import Refusal
from programmes.method_packs import Pack, read_pack
from programmes.models import EnterpriseRole, MethodPack, Programme
from programmes.pack_files import write_yaml
from programmes.pack_texts import said
from programmes.pack_words import asks, compare, facts, gate_label, tolerances
from programmes.permissions import who_may
from programmes.services import pack_editing as services
from programmes.services import pack_moves
from programmes.services.packs import ensure_pack, packs_of


def may_edit(request: MelioraRequest) -> bool:
    person: Any = request.person
    return person is not None and EnterpriseRole.Role.METHOD_OWNER in person.offices


def crumbs(*more: Any) -> list[dict[str, Any]]:
    return [{"label": _("Method packs"), "href": reverse("packs")}, *more]


def find(request: MelioraRequest, pk: int) -> MethodPack:
    rows = MethodPack.objects.select_related("enterprise", "created_by")
    found: MethodPack = get_object_or_404(rows, pk=pk, enterprise=request.enterprise)
    return found


def to_pack(pack: MethodPack) -> HttpResponse:
    return HttpResponseRedirect(reverse("pack", args=[pack.pk]))


@access()
def packs(request: MelioraRequest) -> HttpResponse:
    if request.person is None:
        raise Http404
    rows = MethodPack.objects.filter(enterprise=request.enterprise)
    versions: dict[str, list[MethodPack]] = {}
    for one in rows.annotate(used=Count("programmes")).order_by("key", "-version"):
        versions.setdefault(one.key, []).append(one)
    titles = {one.key: one for one in packs_of(request.enterprise)}
    groups = [
        {
            "key": key,
            "title": titles[key].title
            if key in titles
            else said(versions[key][0].title),
            "note": titles[key].note if key in titles else "",
            "versions": versions.get(key, []),
        }
        for key in [*titles, *(one for one in versions if one not in titles)]
    ]
    context = {
        "groups": groups,
        "may_edit": may_edit(request),
        "who_may": who_may("pack.edit"),
        "crumbs": [{"label": _("Method packs")}],
        "nav": "packs",
    }
    return render(request, "programmes/packs/packs.html", context)


def gates_of(pack: Pack) -> list[dict[str, Any]]:
    return [
        {
            "label": gate_label(rules),
            "number": rules.phase,
            "facts": facts(rules),
            "asks": asks(rules),
        }
        for rules in pack.gates
    ]


@access()
def pack(request: MelioraRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    return pack_page(request, found, ReleaseForm())


def pack_page(
    request: MelioraRequest, found: MethodPack, form: ReleaseForm, status: int = 200
) -> HttpResponse:
    read = read_pack(found.content)
    before = version_before(found)
    context = {
        "pack": found,
        "about": said(read.note),
        "gates": gates_of(read),
        "tolerances": tolerances(read),
        "before": before,
        "changes": compare(read_pack(before.content), read) if before else [],
        "programmes": Programme.objects.visible_to(request.user)
        .filter(pack=found)
        .order_by("name"),
        "may_edit": may_edit(request),
        "who_may": who_may("pack.edit"),
        "form": form,
        "crumbs": crumbs({"label": str(found)}),
        "nav": "packs",
    }
    return render(request, "programmes/packs/pack.html", context, status=status)


def version_before(found: MethodPack) -> MethodPack | None:
    rows = MethodPack.objects.filter(
        enterprise=found.enterprise_id, key=found.key, version__lt=found.version
    )
    return rows.order_by("-version").first()


@access("pack.edit", enterprise=True)
@require_POST
def take(request: MelioraRequest, slug: str) -> HttpResponse:
    """Write a pack of the program into the enterprise, to be seen and drafted from."""
    try:
        found = ensure_pack(enterprise=request.enterprise, key=slug, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("packs"))
    return to_pack(found)


@access("pack.edit", enterprise=True)
@require_POST
def draft(request: MelioraRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    try:
        made = services.draft_pack(by=request.user, pack=found, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return to_pack(found)
    messages.success(request, _("Drafted. Change its gates, then release it."))
    return to_pack(made)


@access("pack.edit", enterprise=True)
@require_POST
def release(request: MelioraRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    form = ReleaseForm(request.POST)
    if form.is_valid():
        try:
            services.release_pack(
                by=request.user,
                pack=found,
                note=form.cleaned_data["note"],
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Released. Programmes can begin with it."))
            return to_pack(found)
    return pack_page(request, found, form, 422)


@access("pack.edit", enterprise=True)
@require_POST
def delete(request: MelioraRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    try:
        services.delete_draft(by=request.user, pack=found)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return to_pack(found)
    messages.success(request, _("The draft is deleted."))
    return HttpResponseRedirect(reverse("packs"))


@access()
def export(request: MelioraRequest, pk: int) -> HttpResponse:
    """The version as a file that another enterprise can import."""
    found = find(request, pk)
    response = HttpResponse(
        write_yaml(found.content), content_type="application/yaml; charset=utf-8"
    )
    name = f"{found.key}-{found.version}.yaml"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


# --- the pack of a programme ------------------------------------------------------


@access("programme.read")
def programme_pack(request: MelioraRequest, code: str) -> HttpResponse:
    programme = request.programme
    kept = programme.pack
    read = read_pack(kept.content) if kept else None
    newer = pack_moves.newer_versions(programme)
    gates = list(programme.gates.all())
    offers = [
        {
            "pack": one,
            "changes": compare(read, read_pack(one.content)) if read else [],
            "why_not": pack_moves.why_not(programme, gates, read_pack(one.content)),
        }
        for one in reversed(newer[-3:])
    ]
    context = {
        "kept": kept,
        "gates": gates_of(read) if read else [],
        "offers": offers,
        "may_move": request.grants.may("pack.move"),
        "why_not": request.grants.why_not("pack.move"),
        "crumbs": [
            {"label": programme.name, "href": f"/p/{code}/"},
            {"label": _("Method pack")},
        ],
        "nav": "overview",
    }
    return render(request, "programmes/packs/programme.html", context)


@access("pack.move")
@require_POST
def move(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    programme = request.programme
    found = get_object_or_404(MethodPack, pk=pk, enterprise=programme.enterprise_id)
    try:
        pack_moves.move_programme(
            by=request.user, programme=programme, pack=found, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("The programme keeps %(pack)s from now on.")
        messages.success(request, said % {"pack": found})
    return HttpResponseRedirect(reverse("programme-pack", args=[code]))


urlpatterns = [
    path("packs/", packs, name="packs"),
    path("packs/take/<slug:slug>/", take, name="pack-take"),
    path("packs/<int:pk>/", pack, name="pack"),
    path("packs/<int:pk>/draft/", draft, name="pack-draft"),
    path("packs/<int:pk>/release/", release, name="pack-release"),
    path("packs/<int:pk>/delete/", delete, name="pack-delete"),
    path("packs/<int:pk>/pack.yaml", export, name="pack-file"),
    path("p/<slug:code>/pack/", programme_pack, name="programme-pack"),
    path("p/<slug:code>/pack/<int:pk>/move/", move, name="programme-pack-move"),
]
