"""What changed between two moments, filtered by the address, paged, and as CSV."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.access import MelioraRequest, access
from programmes.kit import formats
from programmes.kit.chips import chips, kept
from programmes.kit.pages import MOST_EXPORTED, csv_answer
from programmes.models import Account
from programmes.moments import NOW, Moment, NoMoment, read_moment
from programmes.phases import Phase
from programmes.views.differences import KINDS, Difference, differences, in_words
from programmes.views.exports import note_export
from programmes.views.looking_back import approvals

PER_PAGE = 30
HEAD = (
    gettext_lazy("Phase"),
    gettext_lazy("List"),
    gettext_lazy("Row"),
    gettext_lazy("What"),
    gettext_lazy("Field"),
    gettext_lazy("Before"),
    gettext_lazy("After"),
    gettext_lazy("By"),
    gettext_lazy("When"),
    gettext_lazy("Reason"),
    gettext_lazy("Material"),
)


@dataclass(frozen=True)
class Wanted:
    """The filters of the address; unknown values are off."""

    phase: int = 0
    person: int = 0
    what: str = ""
    is_material: bool = False

    @classmethod
    def of(cls, given: Any) -> Wanted:
        phase, person = given.get("phase", ""), given.get("person", "")
        what = given.get("what", "")
        return cls(
            phase=int(phase) if phase in {str(int(one)) for one in Phase} else 0,
            person=int(person) if person.isascii() and person.isdigit() else 0,
            what=what if what in KINDS else "",
            is_material=given.get("material") == "1",
        )

    def takes(self, one: Difference) -> bool:
        return (
            self.phase in (0, one.kind.phase)
            and self.what in ("", one.what)
            and (not self.person or self.person in one.people)
            and (one.is_material or not self.is_material)
        )


def moments(request: MelioraRequest) -> tuple[Moment, Moment]:
    """From the programme's begin until today, where nothing is asked for.

    :raises NoMoment: one cannot be read, or they are the wrong way round.
    """
    programme, now = request.programme, timezone.now()
    first = timezone.localtime(programme.created_at).date().isoformat()
    start = read_moment(programme, request.GET.get("from") or first, now)
    end = read_moment(programme, request.GET.get("to") or NOW, now)
    if start.at >= end.at:
        raise NoMoment(_("The first moment must come before the second."))
    return start, end


@access("programme.read")
def changes(request: MelioraRequest, code: str) -> HttpResponse:
    """Rows that differ, by phase and list, with their fields."""
    try:
        start, end = moments(request)
    except NoMoment as refusal:
        return changes_page(request, [], {"why": str(refusal)}, status=422)
    wanted = Wanted.of(request.GET)
    found = differences(request.programme, start.at, end.at)
    chosen = [one for one in found if wanted.takes(one)]
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    people = {key for one in found for key in one.people}
    names = dict(Account.objects.filter(pk__in=people).values_list("pk", "name"))
    more = {
        "start": start,
        "end": end,
        "page": page,
        "counts": counted(chosen),
        "wanted": wanted,
        "people": sorted(names.items(), key=lambda one: one[1].casefold()),
        "chips": chips_of(request, wanted, names),
        "is_empty": not found,
        "export_url": f"{reverse('changes-export', args=[code])}?{kept(request.GET)}"
        if request.grants.may("export")
        else "",
    }
    rows = in_words(request.programme, list(page), end.at)
    return changes_page(request, rows, more)


def counted(chosen: list[Difference]) -> list[dict[str, Any]]:
    """How many rows of each kind."""
    counts = Counter(one.what for one in chosen)
    return [
        {"word": word, "tone": tone, "count": counts[key]}
        for key, (word, tone) in KINDS.items()
        if counts[key]
    ]


def chips_of(
    request: MelioraRequest, wanted: Wanted, names: dict[int, str]
) -> list[dict[str, Any]]:
    phase = Phase(wanted.phase).label if wanted.phase else ""
    shown = {
        "phase": phase,
        "person": names.get(wanted.person, ""),
        "what": KINDS[wanted.what][0] if wanted.what else "",
        "material": _("material only") if wanted.is_material else "",
    }
    return chips(request.GET, shown)


def changes_page(
    request: MelioraRequest,
    rows: list[dict[str, Any]],
    more: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    programme = request.programme
    context = {
        "groups": [
            {"phase": phase, "label": Phase(phase).label, "title": title, "rows": all_}
            for (phase, title), all_ in grouped(rows)
        ],
        "phases": list(Phase),
        "kinds": KINDS,
        "approvals": approvals(programme),
        "first": timezone.localtime(programme.created_at).date().isoformat(),
        "last": timezone.localdate().isoformat(),
        "crumbs": [
            {"label": programme.name, "href": f"/p/{programme.code}/"},
            {"label": _("What changed")},
        ],
        "nav": "activity",
        **more,
    }
    return render(request, "programmes/past/changes.html", context, status=status)


def grouped(rows: list[dict[str, Any]]) -> list[tuple[tuple[int, str], list[Any]]]:
    groups = groupby(rows, key=lambda one: (one["phase"], str(one["list"])))
    return [(key, list(some)) for key, some in groups]


@access("export")
def export(request: MelioraRequest, code: str) -> HttpResponse:
    """The same rows as CSV: a line for each field."""
    try:
        start, end = moments(request)
    except NoMoment as refusal:
        return changes_page(request, [], {"why": str(refusal)}, status=422)
    note_export(request, "changes")
    wanted = Wanted.of(request.GET)
    found = differences(request.programme, start.at, end.at)
    chosen = [one for one in found if wanted.takes(one)][:MOST_EXPORTED]
    rows = in_words(request.programme, chosen, end.at)
    name = f"{code}-changes-{start.day.isoformat()}-{end.day.isoformat()}"
    return csv_answer(name, HEAD, (line for row in rows for line in lines(row)))


def lines(row: dict[str, Any]) -> list[list[Any]]:
    head = [row["phase"], str(row["list"]), row["label"], str(row["word"])]
    if not row["fields"]:
        return [[*head, "", "", "", *tail(row)]]
    return [
        [
            *head,
            str(one["label"]),
            str(one["old"]),
            str(one["new"]),
            *tail(one),
        ]
        for one in row["fields"]
    ]


def tail(one: dict[str, Any]) -> list[Any]:
    here = timezone.localtime(one["at"])
    who = str(one["who"] or _("Meliora"))
    return [who, here.isoformat(), one["why"], formats.yes_no(one["is_material"])]


urlpatterns = [
    path("p/<slug:code>/changes/", changes, name="changes"),
    path("p/<slug:code>/changes/export.csv", export, name="changes-export"),
]
