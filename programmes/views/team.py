"""Who works in a programme, in which role."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.people import MembershipForm
from programmes.kit.errors import Refusal
from programmes.models import Membership
from programmes.permissions import who_may
from programmes.services.programmes import grant_role, revoke_role


@access("programme.read", write="team.edit")
def team(request: MelioraRequest, code: str) -> HttpResponse:
    """The team, and the form that adds to it."""
    form = MembershipForm(request.POST or None, enterprise=request.enterprise)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            member = grant_role(
                by=request.user, programme=request.programme, now=timezone.now(), **data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(member)s saved.") % {"member": member})
            return HttpResponseRedirect(request.path)
    members = Membership.objects.filter(programme=request.programme)
    context = {
        "members": members.select_related("person", "unit").order_by(
            "role", "person__name"
        ),
        "form": form,
        "may_edit": request.grants.may("team.edit"),
        "who_may": who_may("team.edit"),
        "crumbs": [
            {"label": request.programme.name, "href": f"/p/{code}/"},
            {"label": _("Team")},
        ],
        "nav": "team",
    }
    status = 422 if form.errors else 200
    return render(request, "programmes/team/team.html", context, status=status)


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
    path("p/<slug:code>/team/<int:pk>/revoke/", revoke, name="team-revoke"),
]
