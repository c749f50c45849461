"""Parts of the gate page that depend on the phases that the gate closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from programmes import gate_packs, gating
from programmes.forms.gates import CLOSE, outcomes_at
from programmes.kit import formats
from programmes.kit.errors import Text
from programmes.lifecycle import GateKind, Outcome
from programmes.models import Gate, Signature
from programmes.phases import Phase
from programmes.services import money

# What later apps show on a gate page: (programme, phase) -> key figures and panels.
Figures = Callable[[Any], list[dict[str, Any]]]
FIGURES: dict[Phase, Figures] = {}
PANELS: dict[Phase, tuple[Text, str]] = {}


def gate_figures(phase: Phase) -> Callable[[Figures], Figures]:
    """Register the key figures of a gate: dicts of label, value, unit and note."""

    def register(figures: Figures) -> Figures:
        FIGURES[phase] = figures
        return figures

    return register


def add_gate_panel(phase: Phase, label: Text, view: str) -> None:
    """A page whose summary the gate shows: asked by script it answers with a panel."""
    PANELS[phase] = (label, view)


def figures_of(found: Gate) -> list[dict[str, Any]]:
    return [
        figure
        for one in found.phases
        if found.is_of_phase and one in FIGURES
        for figure in FIGURES[one](found.programme)
    ]


def name_of(found: Gate) -> str:
    """The phases that the gate closes, or the one in which it came up."""
    return ", ".join(str(one.label) for one in found.phases)


def panels_of(found: Gate) -> list[dict[str, Any]]:
    code = found.programme.code
    phases = found.phases if found.is_of_phase else ()
    known = [PANELS[one] for one in phases if one in PANELS]
    return [
        {"label": label, "href": reverse(view, args=[code])} for label, view in known
    ]


def outcome_choices(found: Gate) -> list[dict[str, Any]]:
    """The answers with what each of them sets off."""
    notes = {
        Outcome.APPROVE: approval_note(found),
        Outcome.CONDITIONS: _("Each condition becomes a task with an owner and a date"),
        Outcome.RETURN: _("The phase reopens; say what is missing"),
        Outcome.HOLD: _("Tasks and clocks stand still until you resume"),
        Outcome.STOP: _("Work ends and everything can only be read"),
        CLOSE: _("The gain is handed over; the programme ends well"),
    }
    return [
        {"value": value, "label": label, "note": notes[value]}
        for value, label in outcomes_at(found)
    ]


def approval_note(found: Gate) -> str:
    programme, phase = found.programme, found.phase
    if found.kind == GateKind.EXCEPTION:
        return _("Forecasts are compared with the new plan from now on")
    if found.kind == GateKind.GO_LIVE:
        return _("The unit works the new way; gate 6 counts it as live")
    if phase == Phase.IMPROVEMENT:
        return _("The gain is confirmed as held; the owner goes on")
    opens = _("Phase %(next)s opens") % {"next": phase + 1}
    if phase < programme.phase:
        opens = _("The approval stands again")
    money_asked = gate_packs.released(programme, found.phases)
    if money_asked is None:
        return opens
    amount = formats.money(money_asked, programme.currency)
    return _("%(opens)s, %(amount)s is released") % {"opens": opens, "amount": amount}


def money_state(
    found: Gate, verdict: gating.Verdict, signatures: list[Signature]
) -> dict[str, Any] | None:
    """Who confirmed the money as it stands, if anybody."""
    phases = money.money_phases(found)
    codes = [f"G{int(one)}.F" for one in phases]
    items = [one for one in verdict.items if one.criterion.code in codes]
    if not items:
        return None
    marks = {one.assessment.mark for one in items}
    given = (one for one in signatures if one.kind == money.MONEY and one.mark in marks)
    return {
        "is_confirmed": all(one.met for one in items),
        "signature": next(given, None),
    }
