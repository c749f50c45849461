"""Print docs/gates.md: what each gate asks for, from the criteria themselves."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from programmes.gating import Kind, criteria
from programmes.phases import MONEY_GATES, QUESTIONS, Phase

KINDS = {Kind.MUST: "must", Kind.SHOULD: "should"}
HEAD = """# What the gates ask for

Each phase ends with a gate. Its lead asks for a decision when every *must* is met; the
chair decides after reading the evidence. A *should* is shown and closes nothing. While
a gate is in review its evidence is locked; `manage.py gates > docs/gates.md` writes
this page from the criteria in the apps' `gates.py`.
"""


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        with override("en"):
            self.stdout.write(page(), ending="")


def page() -> str:
    return HEAD + "".join(section(phase) for phase in Phase)


def section(phase: Phase) -> str:
    chair = "process owner" if phase == Phase.IMPROVEMENT else "sponsor"
    money = " The controller confirms the money first." if phase in MONEY_GATES else ""
    lines = [
        f"\n## Gate {int(phase)}: {phase.label}\n",
        f"{QUESTIONS[phase]} The {chair} decides.{money}\n",
        "| Code | Asks for | Kind |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| {one.code} | {one.title} | {KINDS.get(one.kind, one.kind)} |"
        for one in criteria(phase)
    ]
    return "\n".join(lines) + "\n"
