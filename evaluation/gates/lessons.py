"""What each phase taught: asked at the gate that closes it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluation.models import Lesson
from programmes.gates import page
from programmes.gating import Assessment, Link, counted, criterion
from programmes.phases import Phase


def lessons_of(programme: Any, phase: Phase) -> Assessment:
    """At least one lesson of the phase is written down; one query.

    No mark: lessons may be added while the gate is in review.
    """
    rows = list(Lesson.objects.of(programme).filter(phase=phase).order_by("pk"))
    link = Link(_("Add a lesson"), f"{page(programme, 'lessons-new')}?phase={phase}")
    detail = _("Lessons of the phase: %(n)s.") % {"n": len(rows)}
    return counted(int(bool(rows)), 1, detail, links=(link,))


def register(phase: Phase) -> None:
    title = _("A lesson of phase %(number)s is written down")
    code = f"G{int(phase)}.A0d"

    @criterion(phase, code, title % {"number": int(phase)})
    def lesson_drawn(found: Any, limits: dict[str, Any]) -> Assessment:
        return lessons_of(found.programme, phase)


# Gate 7 asks for the lessons of all phases, and gate 8 comes again and again.
for _phase in Phase:
    if _phase < Phase.EVALUATION:
        register(_phase)
