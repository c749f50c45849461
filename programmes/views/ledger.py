"""The ledger for auditors and administrators: what was entered, and is it whole?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models.fields.json import KT
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from programmes import jobs
from programmes.access import MelioraRequest, access
from programmes.gate_words import OUTCOMES
from programmes.kit.pages import MOST_EXPORTED, Column, Filter, csv_answer, listing
from programmes.lifecycle import Outcome
from programmes.models import (
    ApiToken,
    Document,
    EnterpriseRole,
    LedgerCheck,
    LedgerEntry,
    Membership,
    Person,
    Programme,
)
from programmes.services.ledger import head_of
from programmes.services.ledger_check import NOUNS, WORDS
from programmes.views.exports import note_export

LABELS = {
    "programme": gettext_lazy("programme"),
    "gate": gettext_lazy("gate"),
    "round": gettext_lazy("round"),
    "outcome": gettext_lazy("outcome"),
    "person": gettext_lazy("person"),
    "giver": gettext_lazy("for"),
    "taker": gettext_lazy("by"),
    "for": gettext_lazy("for"),
    "role": gettext_lazy("role"),
    "roles": gettext_lazy("roles"),
    "code": gettext_lazy("criterion"),
    "cast": gettext_lazy("ballots"),
    "failures": gettext_lazy("failed tries before"),
    "scopes": gettext_lazy("rights"),
    "from": gettext_lazy("from"),
    "to": gettext_lazy("until"),
    "until": gettext_lazy("until"),
    "sort": gettext_lazy("kind"),
    "number": gettext_lazy("number"),
    "what": gettext_lazy("list"),
    "pack": gettext_lazy("evidence"),
    "pdf": gettext_lazy("fingerprint"),
}
PEOPLE = ("person", "giver", "taker", "for")
HASHES = ("pack", "pdf")
CHOICES: dict[str, dict[str, Any]] = {
    "outcome": {Outcome(key).value: label for key, label in OUTCOMES},
    "role": dict(Membership.Role.choices),
    "roles": dict(EnterpriseRole.Role.choices),
    "scopes": dict(ApiToken.Scope.choices),
    "sort": dict(Document.Kind.choices),
}
COLUMNS = [
    Column("seq", gettext_lazy("Number"), kind="number", order="seq"),
    Column("at", gettext_lazy("When"), kind="moment", order="at"),
    Column("kind", gettext_lazy("What"), order="kind"),
    Column("actor", gettext_lazy("Who"), order="actor__name"),
]
NEWEST = "-seq"


def rows_of(request: MelioraRequest, programmes: dict[int, str]) -> Any:
    rows = LedgerEntry.objects.filter(enterprise=request.enterprise)
    rows = rows.annotate(programme_key=KT("facts__programme"))
    kind = Filter(
        "kind", gettext_lazy("What"), lambda: LedgerEntry.Kind.choices, "kind"
    )
    programme = Filter(
        "programme",
        gettext_lazy("Programme"),
        lambda: list(programmes.items()),
        "programme_key",
    )
    return listing(
        rows.select_related("actor"),
        request.GET,
        COLUMNS,
        filters=[kind, programme],
        default=NEWEST,
    )


def programmes_of(request: MelioraRequest) -> dict[int, str]:
    rows = Programme.objects.filter(enterprise=request.enterprise).order_by("name")
    return dict(rows.values_list("pk", "name"))


@access("ledger.read", enterprise=True)
def ledger(request: MelioraRequest) -> HttpResponse:
    programmes = programmes_of(request)
    found = rows_of(request, programmes)
    checks = LedgerCheck.objects.filter(enterprise=request.enterprise)
    last = checks.order_by("-at", "-pk").first()
    context = {
        "listing": found,
        "rows": list(told(found.page, programmes)),
        "head": head_of(request.enterprise.pk),
        "check": last,
        "findings": [finding(one) for one in last.findings] if last else [],
        "crumbs": [{"label": _("Ledger")}],
        "nav": "ledger",
    }
    return render(request, "programmes/ledger/ledger.html", context)


def told(
    entries: Iterable[LedgerEntry], programmes: dict[int, str]
) -> Iterator[dict[str, Any]]:
    """Entries with their facts in words; the names of people come from their table."""
    shown = list(entries)
    keys = {one.facts.get(name) for one in shown for name in PEOPLE}
    names = dict(Person.objects.filter(pk__in=keys - {None}).values_list("pk", "name"))
    for one in shown:
        words = partial(value_words, programmes=programmes, names=names)
        yield {
            "entry": one,
            "facts": [
                {"label": label, "text": words(key, one.facts[key]), "key": key}
                for key, label in LABELS.items()
                if one.facts.get(key) not in (None, "", [])
            ],
        }


def value_words(
    key: str, value: Any, *, programmes: dict[int, str], names: dict[int, str]
) -> str:
    if key == "programme":
        return programmes.get(value, str(value))
    if key in PEOPLE:
        return names.get(value, str(value))
    if key in HASHES:
        return str(value)[:12]
    several = value if isinstance(value, list) else [value]
    return ", ".join(str(CHOICES.get(key, {}).get(one, one)) for one in several)


def finding(found: dict[str, Any]) -> dict[str, Any]:
    """A finding as it was kept, in words."""
    noun, _space, key = found["thing"].partition(" ")
    return {
        "seq": found["seq"],
        "noun": f"{NOUNS[noun]} {key}".strip() if noun else "",
        "words": WORDS[found["code"]],
    }


@access("ledger.read", enterprise=True)
@require_POST
def check(request: MelioraRequest) -> HttpResponse:
    """Begin a check in the background."""
    jobs.enqueue(
        "ledger.check",
        {"enterprise": request.enterprise.pk},
        by=request.user,
        key=f"ledger-{request.enterprise.pk}",
    )
    messages.success(request, _("The check has begun; its result appears here."))
    return HttpResponseRedirect(reverse("ledger"))


@access("ledger.read", enterprise=True)
def export(request: MelioraRequest) -> HttpResponse:
    """The entries as they are kept: with these columns anybody can compute the MACs
    again who has the key."""
    found = rows_of(request, programmes_of(request))
    rows: Any = found.page.paginator.object_list
    head = ["seq", "at", "kind", "actor", "facts", "prev", "mac"]
    lines = (
        [
            *(one.seq, one.at, one.kind, one.actor_id),
            *(json.dumps(one.facts, sort_keys=True), one.prev, one.mac),
        ]
        for one in rows[:MOST_EXPORTED]
    )
    note_export(request, "ledger")
    return csv_answer("ledger", head, lines)


urlpatterns = [
    path("ledger/", ledger, name="ledger"),
    path("ledger/check/", check, name="ledger-check"),
    path("ledger/export.csv", export, name="ledger-export"),
]
