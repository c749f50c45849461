"""What is brought to a gate, by the names in its pack, and how far that is.

A deliverable of the shipped packs is tied to the criterion that looks at it; for one
that an enterprise names itself there is a name and no state.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from programmes.gating import Assessed, Result, Verdict
from programmes.method_packs import GateRules
from programmes.pack_texts import said

# Name in the shipped packs -> the criterion that is met when it is there.
CRITERIA = {
    "Mandate": "G1.A1",
    "Objectives": "G1.A2",
    "Needs": "G1.A3",
    "IT assessment": "G1.A4",
    "Scope": "G1.A5",
    "Team and roles": "G1.A6",
    "Budget": "G1.A7",
    "Phase plan": "G1.A8",
    "First benefit range": "G1.A9",
    "Minutes of the start-up meeting": "G2.A1",
    "Training and its record": "G2.A4",
    "Environment analysis": "G3.A1",
    "Customer survey": "G3.A2",
    "Process descriptions": "G3.A3",
    "Measured baselines": "G3.A5",
    "Problem register": "G3.A6",
    "Causes": "G3.A7",
    "Diagnosis report": "G3.A9",
    "Goals": "G4.A1",
    "Options and their comparison": "G4.A3",
    "Business case": "G4.A6",
    "Chosen scheme": "G4.S",
    "Supporting schemes": "G5.A2",
    "Responsibilities": "G5.A4",
    "Recomputed business case": "G5.A9",
    "Work plan": "G6.A1",
    "Pilot report": "G6.A2",
    "Roll-out record": "G6.A3",
    "Effect evaluation": "G7.A3",
    "Index values": "G7.A4",
    "Economic indicators": "G7.F",
    "Lessons": "G7.A8",
    "Evaluation report": "G7.A9",
    "Monitoring plan": "G8.A1",
    "Corrective actions": "G8.A5",
}


@dataclass(frozen=True)
class Deliverable:
    """Its name, its state in words with a tone, and where to go on with it."""

    name: str
    state: str = ""
    tone: str = "neutral"
    icon: str = ""
    href: str = ""


def deliverables_of(rules: GateRules, verdict: Verdict) -> list[Deliverable]:
    items = {one.criterion.code: one for one in verdict.items}
    return [
        as_it_stands(name, items.get(CRITERIA.get(name, "")))
        for name in rules.deliverables
    ]


def as_it_stands(name: str, item: Assessed | None) -> Deliverable:
    if item is None:
        return Deliverable(said(name))
    found = item.assessment
    if found.result is Result.PASS:
        return Deliverable(said(name), _("ready"), "positive", "check")
    if found.result is Result.NOT_APPLICABLE:
        return Deliverable(said(name), _("not needed"))
    href = found.links[0].url if found.links else ""
    if found.done:
        return Deliverable(said(name), _("draft"), "attention", href=href)
    return Deliverable(said(name), _("missing"), href=href)
