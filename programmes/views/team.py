"""Who works in a programme, in which role, and with how much of their time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.charter import FULL, team_of
from programmes.forms.people import MembershipForm, TeamLinesForm
from programmes.kit.errors import Refusal
from programmes.kit.pages import csv_answer
from programmes.models import Membership, Programme
from programmes.permissions import who_may
from programmes.services.programmes import grant_role, revoke_role
from programmes.services.team import grant_roles


@access("programme.read", write="team.edit")
def team(request: MelioraRequest, code: str) -> HttpResponse:
    """The team with its time, and the forms that add to it."""
    is_many = "lines" in request.POST
    data = request.POST or None
    form = MembershipForm(None if is_many else data, enterprise=request.enterprise)
    many = TeamLinesForm(data if is_many else None)
    chosen: Any = many if is_many else form
    if request.method == "POST" and chosen.is_valid() and added(request, chosen):
        return HttpResponseRedirect(request.path)
    members = list(team_of(request.programme).select_related("person", "unit"))
    context = {
        "members": members,
        "people": people_of(members),
        "elsewhere": elsewhere(request, members),
        "form": form,
        "many": many,
        "may_edit": request.grants.may("team.edit"),
        "may_export": request.grants.may("export"),
        "who_may": who_may("team.edit"),
        "crumbs": [
            {"label": request.programme.name, "href": f"/p/{code}/"},
            {"label": _("Team")},
        ],
        "nav": "team",
    }
    status = 422 if chosen.errors else 200
    return render(request, "programmes/team/team.html", context, status=status)


def added(request: MelioraRequest, form: forms.BaseForm) -> bool:
    """Give the role or roles; a refusal is shown on the form."""
    known: dict[str, Any] = {
        "by": request.user,
        "programme": request.programme,
        "now": timezone.now(),
    }
    try:
        if isinstance(form, TeamLinesForm):
            found = grant_roles(text=form.cleaned_data["lines"], **known)
            said = ngettext("%(n)s role saved.", "%(n)s roles saved.", len(found))
            messages.success(request, said % {"n": len(found)})
        else:
            member = grant_role(**known, **form.cleaned_data)
            messages.success(request, _("%(member)s saved.") % {"member": member})
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def people_of(members: Sequence[Any]) -> list[dict[str, Any]]:
    """Each person once: their time here and over all programmes; the fullest first."""
    found: dict[int, dict[str, Any]] = {}
    for one in members:
        row = found.setdefault(
            one.person_id, {"person": one.person, "here": 0, "load": one.load}
        )
        row["here"] += one.capacity_percent
    rows = [row for row in found.values() if row["load"]]
    for row in rows:
        top = max(row["load"], FULL)
        row["is_over"] = row["load"] > FULL
        row["here_share"] = row["here"] / top
        row["load_share"] = row["load"] / top
        row["full_share"] = FULL / top
    return sorted(rows, key=lambda row: (-row["load"], row["person"].name))


def elsewhere(request: MelioraRequest, members: Sequence[Any]) -> list[Membership]:
    """Where else those work who are over their time, as far as one may see it."""
    over = {one.person_id for one in members if one.load > FULL}
    if not over:
        return []
    rows = Membership.objects.filter(person__in=over, capacity_percent__gt=0)
    rows = rows.filter(
        programme__in=Programme.objects.visible_to(request.user).filter(
            enterprise=request.programme.enterprise_id
        )
    ).exclude(programme=request.programme)
    return list(
        rows.select_related("person", "programme").order_by("person__name", "pk")
    )


@access("export")
def export(request: MelioraRequest, code: str) -> HttpResponse:
    """The team as CSV."""
    head = [
        _("Person"),
        _("Mail"),
        _("Role"),
        _("Function"),
        _("Unit"),
        _("Working time, %"),
        _("Over all programmes, %"),
    ]
    rows = team_of(request.programme).select_related("person", "unit")
    return csv_answer(
        f"{code}-team",
        head,
        (
            (
                one.person.name,
                one.person.email,
                one.get_role_display(),
                one.seat,
                one.unit or "",
                one.capacity_percent,
                one.load,
            )
            for one in rows
        ),
    )


@access("team.edit")
@require_POST
def revoke(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    member = get_object_or_404(Membership, programme=request.programme, pk=pk)
    try:
        revoke_role(by=request.user, membership=member, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(member)s removed.") % {"member": member})
    return HttpResponseRedirect(f"/p/{code}/team/")


urlpatterns = [
    path("p/<slug:code>/team/", team, name="team"),
    path("p/<slug:code>/team/export.csv", export, name="team-export"),
    path("p/<slug:code>/team/<int:pk>/revoke/", revoke, name="team-revoke"),
]
