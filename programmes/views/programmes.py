"""Opening a programme and changing its name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from programmes.access import MelioraRequest, access
from programmes.forms.people import ProgrammeForm
from programmes.kit.errors import Refusal
from programmes.services import programmes as services
from programmes.services.packs import DEFAULT


@access("programme.create", enterprise=True)
def new(request: MelioraRequest) -> HttpResponse:
    form = ProgrammeForm(request.POST or None, enterprise=request.enterprise)
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
            return HttpResponseRedirect(f"/p/{programme.code}/phases/1/")
    context = {
        "form": form,
        "title": _("New programme"),
        "back_url": "/",
        "crumbs": [
            {"label": _("Portfolio"), "href": "/"},
            {"label": _("New programme")},
        ],
        "nav": "portfolio",
    }
    return render(
        request, "records/form.html", context, status=422 if form.errors else 200
    )


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
    path("p/<slug:code>/edit/", edit, name="programme-edit"),
]
