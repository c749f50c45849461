"""People and units of the enterprise: the administrator's pages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.accounts.invitations import password_link, send_invitation
from programmes.forms.people import PersonForm, UnitForm
from programmes.kit.errors import Refusal
from programmes.kit.pages import Column, listing
from programmes.models import OrgUnit, Person
from programmes.services import people as services

COLUMNS = [
    Column("name", gettext_lazy("Name"), order="name"),
    Column("email", gettext_lazy("E-mail"), order="email"),
    Column("job_title", gettext_lazy("Job title"), order="job_title"),
    Column("unit", gettext_lazy("Unit"), order="unit__name"),
    Column("is_active", gettext_lazy("Active"), kind="flag", order="is_active"),
]
LINK = "invitation_link"


def people_crumbs(*more: Any) -> list[dict[str, Any]]:
    return [{"label": _("People"), "href": reverse("people")}, *more]


@access("people.edit", enterprise=True)
def people(request: MelioraRequest) -> HttpResponse:
    rows = Person.objects.filter(enterprise=request.enterprise).select_related(
        "unit", "account"
    )
    found = listing(
        rows.prefetch_related("roles"),
        request.GET,
        COLUMNS,
        search=["name", "email", "job_title"],
        default="name",
    )
    context = {
        "listing": found,
        "units": OrgUnit.objects.filter(enterprise=request.enterprise).order_by("name"),
        "invitation": request.session.pop(LINK, None),
        "crumbs": [{"label": _("People")}],
        "nav": "people",
    }
    return render(request, "programmes/people/people.html", context)


@access("people.edit", enterprise=True)
def new_person(request: MelioraRequest) -> HttpResponse:
    return person_form(request, None)


@access("people.edit", enterprise=True)
def edit_person(request: MelioraRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Person, pk=pk, enterprise=request.enterprise)
    return person_form(request, found)


def person_form(request: MelioraRequest, person: Person | None) -> HttpResponse:
    roles = [one.role for one in person.roles.all()] if person else []
    form = PersonForm(
        request.POST or None,
        instance=person,
        enterprise=request.enterprise,
        initial={"roles": roles},
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(request, person, form)
        except Refusal as refusal:
            refused = "email" if "email" in refusal.fields else None
            form.add_error(refused, str(refusal))
        else:
            messages.success(request, _("%(name)s saved.") % {"name": saved})
            return HttpResponseRedirect(reverse("people"))
    title = _("Edit person") if person else _("Add person")
    context = {
        "form": form,
        "title": title,
        "back_url": reverse("people"),
        "crumbs": people_crumbs({"label": title}),
        "nav": "people",
    }
    return render(
        request, "records/form.html", context, status=422 if form.errors else 200
    )


def save(request: MelioraRequest, person: Person | None, form: PersonForm) -> Person:
    """The person and the roles, both or neither."""
    with transaction.atomic():
        saved = services.save_person(
            by=request.user,
            enterprise=request.enterprise,
            person=person,
            now=timezone.now(),
            details=details_of(form),
        )
        services.set_roles(
            by=request.user,
            person=saved,
            roles=form.cleaned_data["roles"],
            now=timezone.now(),
        )
    return saved


def details_of(form: PersonForm) -> services.Details:
    data = form.cleaned_data
    return services.Details(
        name=data["name"],
        email=data["email"],
        job_title=data["job_title"],
        unit=data["unit"],
        external_id=data["external_id"],
    )


@access("people.edit", enterprise=True)
@require_POST
def invite(request: MelioraRequest, pk: int) -> HttpResponse:
    """Open a sign-in; the link is mailed, and shown once unless it opens more."""
    person = get_object_or_404(Person, pk=pk, enterprise=request.enterprise)
    try:
        account = services.open_account(
            by=request.user, person=person, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("people"))
    link = password_link(account, request.build_absolute_uri("/"))
    send_invitation(account, request.enterprise, link)
    if services.is_ours_alone(account, request.enterprise):
        request.session[LINK] = {"name": person.name, "link": link}
    else:
        said = _("%(name)s has a sign-in elsewhere, so the link was only mailed.")
        messages.success(request, said % {"name": person.name})
    return HttpResponseRedirect(reverse("people"))


@access("people.edit", enterprise=True)
@require_POST
def activate(request: MelioraRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person, pk=pk, enterprise=request.enterprise)
    wanted = not person.is_active
    try:
        services.set_active(
            by=request.user, person=person, is_active=wanted, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("%(name)s is active again.") if wanted else _("%(name)s has left.")
        messages.success(
            request, said % {"name": person}, extra_tags=f"undo:{request.path}"
        )
    return HttpResponseRedirect(reverse("people"))


@access("people.edit", enterprise=True)
def new_unit(request: MelioraRequest) -> HttpResponse:
    return unit_form(request, None)


@access("people.edit", enterprise=True)
def edit_unit(request: MelioraRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(OrgUnit, pk=pk, enterprise=request.enterprise)
    return unit_form(request, found)


def unit_form(request: MelioraRequest, unit: OrgUnit | None) -> HttpResponse:
    form = UnitForm(request.POST or None, instance=unit, enterprise=request.enterprise)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.save_unit(
                by=request.user, enterprise=request.enterprise, unit=unit, **data
            )
        except Refusal as refusal:
            names = [one for one in refusal.fields if one in form.fields]
            form.add_error(names[0] if names else None, str(refusal))
        else:
            messages.success(request, _("%(name)s saved.") % {"name": data["name"]})
            return HttpResponseRedirect(reverse("people"))
    title = _("Edit unit") if unit else _("Add unit")
    context = {
        "form": form,
        "title": title,
        "back_url": reverse("people"),
        "crumbs": people_crumbs({"label": title}),
        "nav": "people",
    }
    return render(
        request, "records/form.html", context, status=422 if form.errors else 200
    )


urlpatterns = [
    path("people/", people, name="people"),
    path("people/new/", new_person, name="person-new"),
    path("people/<int:pk>/edit/", edit_person, name="person-edit"),
    path("people/<int:pk>/invite/", invite, name="person-invite"),
    path("people/<int:pk>/activate/", activate, name="person-activate"),
    path("people/units/new/", new_unit, name="unit-new"),
    path("people/units/<int:pk>/edit/", edit_unit, name="unit-edit"),
]
