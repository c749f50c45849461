"""One's own settings, the phone's menu, and help."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.act_words import ACT_WORDS
from programmes.forms.people import SettingsForm
from programmes.kit.given import whole
from programmes.models import Account, Person
from programmes.permissions import POLICY, ROLE_WORDS
from programmes.phases import QUESTIONS, Phase


@access()
def settings(request: MelioraRequest) -> HttpResponse:
    account = Account.objects.get(pk=request.user.pk)
    form = SettingsForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Settings saved."))
        return HttpResponseRedirect(request.path)
    people = Person.objects.filter(account=request.user, is_active=True)
    context = {
        "form": form,
        "people": people.select_related("enterprise").prefetch_related("roles"),
        "crumbs": [{"label": _("Settings")}],
        "nav": "settings",
    }
    status = 422 if form.errors else 200
    return render(request, "programmes/settings/settings.html", context, status=status)


@access()
@require_POST
def choose_enterprise(request: MelioraRequest) -> HttpResponse:
    """Work in another of the enterprises in which one is a person."""
    wanted = whole(request.POST, "enterprise")
    people = Person.objects.filter(account=request.user, is_active=True)
    if people.filter(enterprise=wanted).exists():
        request.session["enterprise"] = wanted
    return HttpResponseRedirect("/")


@access()
def menu(request: MelioraRequest) -> HttpResponse:
    """The sidebar as a page, for phones."""
    context = {"crumbs": [{"label": _("Menu")}], "nav": "menu"}
    return render(request, "programmes/settings/menu.html", context)


@access()
def help_page(request: MelioraRequest) -> HttpResponse:
    """The eight phases with their questions, and what each role does."""
    roles = [
        (label, [ACT_WORDS[act] for act in acts_of(role)])
        for role, label in ROLE_WORDS.items()
    ]
    context = {
        "phases": [(int(one), one.label, QUESTIONS[one]) for one in Phase],
        "roles": roles,
        "crumbs": [{"label": _("Help")}],
        "nav": "help",
    }
    return render(request, "programmes/settings/help.html", context)


def acts_of(role: Any) -> list[str]:
    """What the role may do; roles of the enterprise included."""
    return [
        act
        for act, one in POLICY.items()
        if role in one.roles | one.own or role in one.enterprise
    ]


urlpatterns = [
    path("settings/", settings, name="settings"),
    path("settings/enterprise/", choose_enterprise, name="choose-enterprise"),
    path("menu/", menu, name="menu"),
    path("help/", help_page, name="help"),
]
