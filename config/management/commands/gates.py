"""Print docs/gates.md: what each gate asks for, from the criteria themselves."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from programmes.gating import Criterion, Kind, criteria
from programmes.lifecycle import GateKind
from programmes.method_packs import read_pack
from programmes.pack_files import SHIPPED, shipped
from programmes.pack_words import limit_label
from programmes.phases import MONEY_GATES, QUESTIONS, Phase

HEAD = """# What the gates ask for

Each phase ends with a gate. Its lead asks for a decision when every *must* is met; the
chair decides after reading the evidence. A *should* is shown and closes nothing. While
a gate is in review its evidence is locked; `manage.py gates > docs/gates.md` writes
this page from the criteria in the apps' `gates.py`.

Thresholds are the usual ones; a method pack can set others, turn a *must* into a
warning, and say which musts the chair may let go. The shipped packs are `standard`
(eight gates), `panel` (full panels with sealed ballots) and `light` (gates 1 and 2 are
one decision, and so are 4 and 5).
"""


# Gates outside the sequence: who decides, and when there is one.
OUTSIDE = {
    GateKind.EXCEPTION: (
        "Exception review",
        "Continue under the exception plan? Opened by the lead when time, cost or "
        "benefit leaves the tolerance of the pack; decided by the chair and panel of "
        "the phase that runs. What is approved is the plan from then on.",
    ),
    GateKind.GO_LIVE: (
        "Go-live of a unit",
        "Is it really running in this unit? Asked by the lead with one click; decided "
        "by the head of the unit, who accepts or returns it with one signature.",
    ),
}
TABLE = [
    "| Code | Asks for | Kind | Thresholds | Packs |",
    "| --- | --- | --- | --- | --- |",
]


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        with override("en"):
            self.stdout.write(page(), ending="")


def page() -> str:
    phases = "".join(section(phase) for phase in Phase)
    return HEAD + phases + "".join(outside(kind) for kind in OUTSIDE)


def section(phase: Phase) -> str:
    chair = "process owner" if phase == Phase.IMPROVEMENT else "sponsor"
    money = " The controller confirms the money first." if phase in MONEY_GATES else ""
    lines = [
        f"\n## Gate {int(phase)}: {phase.label}\n",
        f"{QUESTIONS[phase]} The {chair} decides.{money}\n",
        *TABLE,
        *map(row, criteria(phase)),
    ]
    return "\n".join(lines) + "\n"


def outside(kind: GateKind) -> str:
    title, told = OUTSIDE[kind]
    lines = [f"\n## {title}\n", f"{told}\n", *TABLE, *map(row, criteria(kind))]
    return "\n".join(lines) + "\n"


def row(one: Criterion) -> str:
    return (
        f"| {one.code} | {one.title} | {one.kind} | {thresholds(one)} | {packs(one)} |"
    )


def thresholds(one: Criterion) -> str:
    """What it is measured by, unless a pack says else."""
    said = [f"{limit_label(name)} {value:g}" for name, value in one.limits.items()]
    return "; ".join(said) or "·"


def packs(one: Criterion) -> str:
    """What the shipped packs make of it."""
    if one.kind is not Kind.MUST or isinstance(one.phase, GateKind):
        return "·"
    found = []
    for key in SHIPPED:
        rules = read_pack(shipped(key)).gate_of(one.phase)
        if one.code in rules.optional:
            found.append(f"{key}: only warns")
        elif one.code in rules.waivable:
            found.append(f"{key}: may be let go")
    return "; ".join(found) or "·"
