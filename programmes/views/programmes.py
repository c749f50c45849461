"""Opening a programme and changing its name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.people import ProgrammeForm
from programmes.kit.errors import Refusal
from programmes.kit.given import words
from programmes.services import programmes as services
from programmes.services.packs import DEFAULT
from programmes.views.charter_steps import STEPS

DRAFT = "new-programme"
MOST = 2000


@access("programme.create", enterprise=True)
def new(request: MelioraRequest) -> HttpResponse:
    drafts = request.session.get(DRAFT, {})
    form = ProgrammeForm(
        request.POST or None, enterprise=request.enterprise, initial=drafts
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            programme = services.create_programme(
                by=request.user,
                enterprise=request.enterprise,
                now=timezone.now(),
                code=data["code"],
                name=data["name"],
                summary=data["summary"],
                unit=data["unit"],
                starts_on=data["starts_on"],
                pack=data["pack"] or DEFAULT,
            )
        except Refusal as refusal:
            form.add_error("code" if refusal.fields else None, str(refusal))
        else:
            messages.success(
                request, _("The programme is open. Begin with its mandate.")
            )
            request.session.pop(DRAFT, None)
            first = reverse("charter-step", args=[programme.code, STEPS[0].key])
            return HttpResponseRedirect(first)
    context = {
        "form": form,
        "steps": STEPS,
        "crumbs": [
            {"label": _("Portfolio"), "href": "/"},
            {"label": _("New programme")},
        ],
        "nav": "portfolio",
    }
    status = 422 if form.errors else 200
    return render(request, "programmes/charter/new.html", context, status=status)


@access("programme.create", enterprise=True)
@require_POST
def keep_new(request: MelioraRequest) -> HttpResponse:
    """Keep one field of the programme that is not there yet, as it is left."""
    fields = ProgrammeForm(enterprise=request.enterprise).fields
    typed = {name: words(request.POST, name, MOST) for name in fields}
    kept = {name: text for name, text in typed.items() if name in request.POST}
    request.session[DRAFT] = {**request.session.get(DRAFT, {}), **kept}
    return render(request, "programmes/charter/saved.html", {})


@access("programme.edit")
def edit(request: MelioraRequest, code: str) -> HttpResponse:
    form = ProgrammeForm(
        request.POST or None, instance=request.programme, enterprise=request.enterprise
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.edit_programme(
            by=request.user,
            programme=request.programme,
            name=data["name"],
            summary=data["summary"],
            unit=data["unit"],
            now=timezone.now(),
        )
        messages.success(request, _("Programme saved."))
        return HttpResponseRedirect(f"/p/{code}/")
    title = _("Edit programme")
    context = {
        "form": form,
        "title": title,
        "back_url": f"/p/{code}/",
        "nav": "overview",
        "crumbs": [
            {"label": request.programme.name, "href": f"/p/{code}/"},
            {"label": title},
        ],
    }
    return render(
        request, "records/form.html", context, status=422 if form.errors else 200
    )


urlpatterns = [
    path("programmes/new/", new, name="programme-new"),
    path("programmes/new/keep/", keep_new, name="programme-new-keep"),
    path("p/<slug:code>/edit/", edit, name="programme-edit"),
]
