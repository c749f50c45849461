"""What every page shows around its content: navigation, programme, person."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from programmes.access import MelioraRequest, in_order, pinned
from programmes.lifecycle import GateState
from programmes.models import (
    EnterpriseRole,
    Gate,
    PhasePlan,
    Programme,
)
from programmes.models import decisions_for as decisions_for
from programmes.permissions import POLICY
from programmes.phases import Phase

GATE_LOOKS = {
    GateState.PREPARING: "preparing",
    GateState.IN_REVIEW: "ready",
    GateState.PASSED: "approved",
    GateState.CONDITIONAL: "conditional",
    GateState.ON_HOLD: "hold",
    GateState.STOPPED: "stopped",
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context; nothing is loaded for pages without the shell."""
    return {"shell": SimpleLazyObject(lambda: build(request))}


def build(request: Any) -> dict[str, Any]:
    user = request.user
    if not user.is_authenticated:
        return {"theme": "", "shortcuts": False, "nav": [], "tabs": [], "foot": []}
    person = getattr(request, "person", None)
    programme = getattr(request, "programme", None)
    waiting = getattr(request, "waiting", 0)
    rows = programmes_of(request)
    may_create = person is not None and may_create_programmes(person)
    home = f"/p/{programme.code}/" if programme else "/"
    return {
        "enterprise": getattr(getattr(request, "enterprise", None), "name", ""),
        "person": person,
        "theme": user.theme,
        "shortcuts": user.has_shortcuts,
        "unread": getattr(request, "unread", 0),
        "notifications_href": reverse("inbox"),
        "account_href": reverse("settings"),
        "search_href": reverse("search"),
        "look_back_href": look_back_href(request),
        "new_href": reverse("programme-new") if may_create else "",
        "nav": main_items(waiting),
        "foot": foot_items(request),
        "tabs": [
            item("portfolio", _("Portfolio"), "layout-dashboard", "/"),
            item(
                "work", _("My work"), "inbox", reverse("my-work"), waiting, "decision"
            ),
            item("search", _("Search"), "search", reverse("search-page")),
            item(
                "overview",
                _("Programme"),
                "diamond",
                home if programme else reverse("menu"),
            ),
            item("menu", _("Menu"), "menu", reverse("menu")),
        ],
        "programmes": [
            {"name": one.name, "href": f"/p/{one.code}/", "share": one.phase / 8}
            for one in rows
        ],
        "programme": programme_part(request, programme, rows) if programme else None,
    }


def look_back_href(request: Any) -> str:
    """Where a moment is chosen to see this page as of; empty outside programmes."""
    programme = getattr(request, "programme", None)
    is_there = "as_of" in request.GET or request.path.endswith("/look-back/")
    if programme is None or is_there or request.method != "GET":
        return ""
    page = quote(request.get_full_path())
    return f"{reverse('look-back', args=[programme.code])}?page={page}"


def item(
    key: str, label: Any, icon: str, href: str, count: int = 0, tone: str = ""
) -> dict[str, Any]:
    return {
        "key": key,
        "label": label,
        "icon": icon,
        "href": href,
        "count": count,
        "tone": tone,
    }


def main_items(waiting: int) -> list[dict[str, Any]]:
    return [
        item("portfolio", _("Portfolio"), "layout-dashboard", "/"),
        item("work", _("My work"), "inbox", reverse("my-work"), waiting, "decision"),
        item("library", _("Process library"), "workflow", reverse("library")),
        item("reports", _("Reports"), "file-text", reverse("reports")),
        item("load", _("Change load"), "activity", reverse("change-load")),
        item("told", _("Announcements"), "megaphone", reverse("told")),
        item("methods", _("Methods"), "calculator", reverse("methods")),
    ]


def foot_items(request: Any) -> list[dict[str, Any]]:
    items = [
        item("settings", _("Settings"), "settings", reverse("settings")),
        item("help", _("Help"), "life-buoy", reverse("help")),
    ]
    if reads_ledger(request):
        items.insert(0, item("ledger", _("Ledger"), "shield-check", reverse("ledger")))
    if is_administrator(request):
        items.insert(0, item("people", _("People"), "users", reverse("people")))
    if is_method_owner(request):
        items.insert(0, item("packs", _("Method packs"), "folder", reverse("packs")))
    return items


def enterprise_roles(person: Any) -> set[str]:
    """The enterprise roles of the person, as the door loaded them."""
    return set(person.offices)


def is_administrator(request: Any) -> bool:
    person = getattr(request, "person", None)
    return person is not None and (
        EnterpriseRole.Role.ADMINISTRATOR in enterprise_roles(person)
    )


def reads_ledger(request: Any) -> bool:
    person = getattr(request, "person", None)
    allowed = POLICY["ledger.read"].enterprise
    return person is not None and bool(allowed & enterprise_roles(person))


def is_method_owner(request: Any) -> bool:
    person = getattr(request, "person", None)
    return person is not None and (
        EnterpriseRole.Role.METHOD_OWNER in enterprise_roles(person)
    )


def may_create_programmes(person: Any) -> bool:
    return EnterpriseRole.Role.CREATOR in enterprise_roles(person)


def programmes_of(request: Any) -> list[Any]:
    """What the door loaded beside the programme, or one query."""
    found: list[Any] | None = getattr(request, "pinned", None)
    return in_order(pinned(request.user)) if found is None else found


def programme_part(
    request: MelioraRequest, programme: Programme, rows: list[Programme]
) -> dict[str, Any]:
    base = f"/p/{programme.code}/"
    return {
        "code": programme.code,
        "name": programme.name,
        "href": base,
        "phase": programme.phase,
        "phases": track(programme),
        "nav": [
            item("overview", _("Overview"), "compass", base),
            item("dashboard", _("KPI dashboard"), "gauge", f"{base}dashboard/"),
            item("problems", _("Problems"), "triangle-alert", f"{base}problems/"),
            item("documents", _("Documents"), "folder", f"{base}documents/"),
            item("activity", _("Activity"), "history", f"{base}activity/"),
            item("team", _("Team"), "users", f"{base}team/"),
        ],
        "switch": [
            {
                "name": one.name,
                "href": f"/p/{one.code}/",
                "sub": Phase(one.phase).label,
            }
            for one in rows
        ],
    }


def track(programme: Programme) -> list[dict[str, Any]]:
    """The eight phases with their gates, for sidebar and track; one query."""
    cached: list[dict[str, Any]] | None = getattr(programme, "loaded_track", None)
    if cached is None:
        plan = PhasePlan.objects.filter(
            programme=OuterRef("programme"), phase=OuterRef("phase")
        )
        found = Gate.objects.filter(programme=programme).annotate(
            starts_on=Subquery(plan.values("starts_on")[:1]),
            ends_on=Subquery(plan.values("ends_on")[:1]),
        )
        gates = {phase: one for one in found for phase in one.phases}
        cached = [track_step(programme, phase, gates[phase]) for phase in Phase]
        programme.loaded_track = cached  # type: ignore[attr-defined]
    return cached


def track_step(programme: Programme, phase: Phase, gate: Any) -> dict[str, Any]:
    base = f"/p/{programme.code}/"
    state = phase_state(programme, phase, gate)
    look = gate_look(gate)
    if look == "preparing" and programme.phase not in gate.phases:
        look = "todo"
    # The diamond of a gate that closes several phases stands at the last of them.
    is_here = phase == gate.phase
    label = _("Gate %(number)s: %(state)s") % {
        "number": gate.phase,
        "state": gate.get_state_display(),
    }
    return {
        "n": int(phase),
        "key": f"phase{int(phase)}",
        "name": phase.label,
        "state": state,
        "share": None,
        "href": f"{base}phases/{int(phase)}/",
        "gate_number": gate.phase,
        "is_ahead": gate.first_phase > programme.phase,
        "gate_before": gate.first_phase - 1,
        "gate_look": look,
        "gate_state": look if is_here else "",
        "gate_flag": flag_of(gate) if is_here else "",
        "gate_href": f"{base}gates/{gate.phase}/",
        "gate_label": label,
        "dates": plan_dates(gate.starts_on, gate.ends_on),
    }


def gate_look(gate: Gate) -> str:
    """The diamond of its state."""
    return GATE_LOOKS[GateState(gate.state)]


def flag_of(gate: Gate) -> str:
    """The mark beside the state: changed since approval, or to be affirmed."""
    if gate.changed_at is not None:
        return "stale"
    return "reaffirm" if gate.to_reaffirm else ""


def phase_state(programme: Programme, phase: Phase, gate: Gate) -> str:
    if programme.phase in gate.phases:
        return "done" if gate.state == GateState.PASSED else "current"
    return "done" if phase < programme.phase else "todo"


def plan_dates(starts_on: date | None, ends_on: date | None) -> str:
    if starts_on is None:
        return ""
    start = date_format(starts_on, "j M")
    if ends_on is None:
        return _("from %(start)s") % {"start": start}
    end = date_format(ends_on, "j M")
    return _("%(start)s to %(end)s") % {"start": start, "end": end}
