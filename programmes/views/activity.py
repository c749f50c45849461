"""The activity feed of a programme: filtered by the address, paged, and as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.access import MelioraRequest, access
from programmes.kit.chips import chips, kept
from programmes.kit.formats import day
from programmes.kit.pages import MOST_EXPORTED, csv_answer
from programmes.models import Activity
from programmes.phases import Phase
from programmes.reports import PHASES
from programmes.services.activity import VERBS, noun
from programmes.views.differences import kinds
from programmes.views.exports import note_export

HEAD = (
    gettext_lazy("When"),
    gettext_lazy("By"),
    gettext_lazy("What"),
    gettext_lazy("Kind"),
    gettext_lazy("Name"),
    gettext_lazy("Note"),
)

ICONS = {
    "approved": ("check", "positive"),
    "approved_with_conditions": ("check", "attention"),
    "returned": ("undo-2", "attention"),
    "submitted": ("pen-line", "decision"),
    "signed": ("pen-line", "positive"),
    "confirmed": ("check", "positive"),
    "issued": ("file-text", "neutral"),
    "deleted": ("trash-2", "neutral"),
}


def feed_rows(rows: Any) -> list[dict[str, Any]]:
    """Activities as the timeline component shows them."""
    found = []
    for one in rows:
        icon, tone = ICONS.get(one.verb, ("history", "neutral"))
        found.append(
            {
                "icon": icon,
                "tone": tone,
                "actor": one.actor,
                "verb": VERBS[one.verb],
                "label": ": ".join(filter(None, [noun(one.kind), one.label])),
                "url": one.url,
                "note": one.note,
                "at": one.at,
            }
        )
    return found


@dataclass(frozen=True)
class Wanted:
    """The filters of the address; unknown values are off."""

    person: int = 0
    phase: int = 0
    verb: str = ""
    kind: str = ""
    record: str = ""
    start: date | None = None
    end: date | None = None

    @classmethod
    def of(cls, given: Any, kinds: Mapping[str, str]) -> Wanted:
        person, phase = given.get("person", ""), given.get("phase", "")
        verb, kind = given.get("verb", ""), given.get("kind", "")
        return cls(
            person=int(person) if person.isascii() and person.isdigit() else 0,
            phase=int(phase) if phase in {str(int(one)) for one in Phase} else 0,
            verb=verb if verb in VERBS else "",
            kind=kind if kind in kinds else "",
            record=given.get("record", "").replace("\0", "").strip()[:200],
            start=day_of(given.get("from", "")),
            end=day_of(given.get("to", "")),
        )

    def narrow(self, rows: Any) -> Any:
        equal = {"actor": self.person, "verb": self.verb, "kind": self.kind}
        rows = rows.filter(**{name: one for name, one in equal.items() if one})
        if self.record:
            rows = rows.filter(label__icontains=self.record)
        if self.phase:
            rows = rows.filter(kind__in=kinds_of(self.phase))
        if self.start:
            rows = rows.filter(at__gte=midnight(self.start))
        if self.end:
            rows = rows.filter(at__lt=midnight(self.end + timedelta(days=1)))
        return rows

    def words(self, people: Mapping[int, str], kinds: Mapping[str, str]) -> Any:
        """What each filter that is on says, for its chip."""
        return {
            "person": people.get(self.person, "") if self.person else "",
            "phase": Phase(self.phase).label if self.phase else "",
            "verb": VERBS.get(self.verb, ""),
            "kind": kinds.get(self.kind, ""),
            "record": f"“{self.record}”" if self.record else "",
            "from": _("from %(day)s") % {"day": day(self.start)} if self.start else "",
            "to": _("until %(day)s") % {"day": day(self.end)} if self.end else "",
        }


def day_of(text: str) -> date | None:
    """The day, or None where it is none, or too far off to be counted from."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if MINYEAR < found.year < MAXYEAR else None


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def kinds_of(phase: int) -> list[str]:
    """What was done to things of the phase: its records, gate, money and reports."""
    records = [one.model._meta.label_lower for one in kinds() if one.phase == phase]
    reports = [f"document.{one}" for one, where in PHASES.items() if where == phase]
    return [*records, *reports, f"gate.{phase}", f"money.{phase}"]


def feed_of(request: MelioraRequest) -> tuple[Any, Wanted, dict[int, str], Any]:
    """The lines that are asked for, and what can be asked for; two queries."""
    rows = Activity.objects.filter(programme=request.programme).order_by()
    people = {
        key: name or email
        for key, name, email in rows.exclude(actor=None)
        .values_list("actor", "actor__name", "actor__email")
        .distinct()
    }
    used = rows.exclude(kind="").values_list("kind", flat=True).distinct()
    names = {one: capfirst(noun(one)) for one in used}
    wanted = Wanted.of(request.GET, names)
    found = wanted.narrow(rows).select_related("actor").order_by("-at", "-pk")
    return found, wanted, people, names


@access("programme.read")
def activity(request: MelioraRequest, code: str) -> HttpResponse:
    found, wanted, people, names = feed_of(request)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    on = chips(request.GET, wanted.words(people, names))
    rest = kept(request.GET, "page")
    context = {
        "page": page,
        "rows": feed_rows(page),
        "wanted": wanted,
        "chips": on,
        "people": by_name(people),
        "kinds": by_name(names),
        "verbs": by_name(VERBS),
        "phases": list(Phase),
        "export_url": f"{reverse('activity-export', args=[code])}?{rest}"
        if request.grants.may("export")
        else "",
        "crumbs": [
            {"label": request.programme.name, "href": f"/p/{code}/"},
            {"label": _("Activity")},
        ],
        "nav": "activity",
    }
    return render(request, "programmes/activity/activity.html", context)


def by_name(choices: Mapping[Any, Any]) -> list[tuple[Any, str]]:
    pairs = [(key, str(label)) for key, label in choices.items()]
    return sorted(pairs, key=lambda one: one[1].casefold())


@access("export")
def export(request: MelioraRequest, code: str) -> HttpResponse:
    """The lines that are asked for, as CSV."""
    found, _wanted, _people, _names = feed_of(request)
    note_export(request, "activity")
    lines = (
        [
            timezone.localtime(one.at).isoformat(),
            str(one.actor or _("Meliora")),
            str(VERBS[one.verb]),
            noun(one.kind),
            one.label,
            one.note,
        ]
        for one in found[:MOST_EXPORTED]
    )
    return csv_answer(f"{code}-activity", HEAD, lines)


urlpatterns = [
    path("p/<slug:code>/activity/", activity, name="activity"),
    path("p/<slug:code>/activity/export.csv", export, name="activity-export"),
]
