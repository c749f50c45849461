"""Lessons, and the advice that follows for process management."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.models import Lesson
from programmes.models import Programme
from programmes.phases import Phase
from programmes.reports import Block, Cell, Section, Table, table, words

TONES = {Lesson.Kind.SUCCESS: "positive", Lesson.Kind.FAILURE: "attention"}


def lessons(programme: Programme, as_of: datetime) -> Section | None:
    """What happened and why, in the order of the phases."""
    rows = found(programme)
    if not rows:
        return None
    good = sum(one.kind == Lesson.Kind.SUCCESS for one in rows)
    lead = _("Lessons written down: successes %(good)s, failures %(bad)s.") % {
        "good": good,
        "bad": len(rows) - good,
    }
    return Section("lessons", _("Lessons"), lead, (lesson_table(rows),))


def found(programme: Programme) -> list[Lesson]:
    return list(Lesson.objects.of(programme).order_by("phase", "-kind", "pk"))


def lesson_table(rows: list[Lesson]) -> Table:
    head = [_("Lesson"), _("Phase"), _("Kind"), _("What happened"), _("Cause")]
    cells = [
        (
            one.title,
            str(Phase(one.phase).label),
            Cell(one.get_kind_display(), tone=TONES[Lesson.Kind(one.kind)]),
            one.happened,
            words(one.cause),
        )
        for one in rows
    ]
    return table(head, cells)


def advice(programme: Programme, as_of: datetime) -> Section | None:
    """What process management should keep doing, and do otherwise."""
    rows = found(programme)
    if not rows:
        return None
    groups = [
        (Lesson.Kind.SUCCESS, _("Keep doing")),
        (Lesson.Kind.FAILURE, _("Do otherwise")),
    ]
    blocks: list[Block] = []
    for kind, title in groups:
        cells = [
            (one.advice, one.title, str(Phase(one.phase).label))
            for one in rows
            if one.kind == kind
        ]
        if cells:
            head = [_("Advice"), _("From the lesson"), _("Phase")]
            blocks.append(table(head, cells, title=title))
    return Section(
        "advice",
        _("Advice for process management"),
        _("What other programmes and the line should take from this one."),
        tuple(blocks),
    )
