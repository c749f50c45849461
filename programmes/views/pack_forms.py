"""Writing method packs: the whole, each gate, and a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from programmes.access import MelioraRequest, access
from programmes.forms.packs import GateRulesForm, PackFileForm, PackForm
from programmes.kit.errors import Refusal
from programmes.method_packs import read_pack
from programmes.models import MethodPack
from programmes.pack_words import gate_label
from programmes.services import pack_editing as services
from programmes.views.packs import crumbs, find, to_pack


def only_drafts(request: MelioraRequest, found: MethodPack) -> bool:
    """Is it a draft? A released one is shown instead of its form, with the reason."""
    if found.released_at is None:
        return True
    said = _("A released version is not changed; draft a new one from it.")
    messages.error(request, said)
    return False


@access("pack.edit", enterprise=True)
def edit(request: MelioraRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    if not only_drafts(request, found):
        return to_pack(found)
    read = read_pack(found.content)
    limits = read.tolerances
    form = PackForm(
        request.POST or None,
        initial={
            "title": read.title,
            "note": read.note,
            "time": limits.time,
            "cost": limits.cost,
            "benefit": limits.benefit,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.save_draft(by=request.user, pack=found, content=form.content(read))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The draft is saved."))
            return to_pack(found)
    title = _("Title and tolerances")
    return form_page(request, form, title, found)


@access("pack.edit", enterprise=True)
def edit_gate(request: MelioraRequest, pk: int, number: int) -> HttpResponse:
    found = find(request, pk)
    if not 1 <= number <= 8:
        raise Http404(number)
    if not only_drafts(request, found):
        return to_pack(found)
    rules = read_pack(found.content).gate_of(number)
    form = GateRulesForm(request.POST or None, rules=rules)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_gate(
                by=request.user, pack=found, number=number, content=form.content()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("%(gate)s is saved.") % {"gate": gate_label(rules)}
            messages.success(request, said)
            return HttpResponseRedirect(
                f"{reverse('pack', args=[pk])}#gate-{rules.phase}"
            )
    context = {
        "form": form,
        "pack": found,
        "title": gate_label(rules),
        "crumbs": crumbs(
            {"label": str(found), "href": reverse("pack", args=[pk])},
            {"label": gate_label(rules)},
        ),
        "nav": "packs",
    }
    status = 422 if form.errors else 200
    return render(request, "programmes/packs/gate.html", context, status=status)


@access("pack.edit", enterprise=True)
def read_file(request: MelioraRequest) -> HttpResponse:
    form = PackFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.import_pack(
                by=request.user,
                enterprise=request.enterprise,
                key=form.cleaned_data["key"],
                source=form.cleaned_data["file"],
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Read as a draft. Look at it, then release."))
            return to_pack(made)
    return form_page(request, form, _("Import a pack"))


def form_page(
    request: MelioraRequest, form: Any, title: str, found: MethodPack | None = None
) -> HttpResponse:
    back = reverse("pack", args=[found.pk]) if found else reverse("packs")
    more = [{"label": str(found), "href": back}] if found else []
    context = {
        "form": form,
        "title": title,
        "back_url": back,
        "crumbs": crumbs(*more, {"label": title}),
        "nav": "packs",
    }
    status = 422 if form.errors else 200
    return render(request, "records/form.html", context, status=status)


urlpatterns = [
    path("packs/import/", read_file, name="pack-import"),
    path("packs/<int:pk>/edit/", edit, name="pack-edit"),
    path("packs/<int:pk>/gates/<int:number>/", edit_gate, name="pack-gate"),
]
