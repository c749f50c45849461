"""What each phase taught: asked at the gate that closes it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluation.models import Lesson
from programmes.gates import page
from programmes.gates.common import beside_common
from programmes.gating import Assessment, Link, counted, criterion
from programmes.models import Programme
from programmes.phases import Phase


@beside_common("lessons")
def lessons_of_phase(programme: Programme, phase: Phase) -> Any:
    return Lesson.objects.of(programme).filter(phase=phase).order_by("pk")


def lessons_of(found: Any, phase: Phase) -> Assessment:
    """At least one lesson of the phase is written down.

    No mark: lessons may be added while the gate is in review.
    """
    rows = found.shared.beside["lessons"]
    new = page(found.programme, "lessons-new")
    link = Link(_("Add a lesson"), f"{new}?phase={int(phase)}")
    detail = _("Lessons of the phase: %(n)s.") % {"n": len(rows)}
    return counted(int(bool(rows)), 1, detail, links=(link,))


def register(phase: Phase) -> None:
    @criterion(phase, f"G{int(phase)}.A0d", _("A lesson of the phase is written down"))
    def lesson_drawn(found: Any, limits: dict[str, Any]) -> Assessment:
        return lessons_of(found, phase)


# Gate 7 asks for the lessons of all phases, and gate 8 comes again and again.
for _phase in Phase:
    if _phase < Phase.EVALUATION:
        register(_phase)
