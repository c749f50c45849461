"""Problems and their causes: which few make most of the trouble, and what shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diagnosis import charts
from diagnosis.maths.pareto import Pareto, pareto
from diagnosis.models import Cause, Evidence, Problem
from programmes.kit import formats
from programmes.models import Programme
from programmes.reports import Block, Cell, Chart, Note, Section, Table, table, words


def problems(programme: Programme, as_of: datetime) -> Section | None:
    """The Pareto picture, the gravest problems, and the root causes with evidence."""
    rows = list(
        Problem.objects.of(programme)
        .exclude(state=Problem.State.MERGED)
        .select_related("process", "unit")
    )
    if not rows:
        return None
    rows.sort(key=lambda one: (-(one.rpn or 0), one.pk))
    counts = Counter(one.category for one in rows if one.category)
    found = pareto(dict(counts)) if counts else None
    blocks: list[Block] = []
    if found:
        blocks.append(picture(found))
    blocks.append(problem_table(rows))
    causes = roots(programme)
    if causes:
        blocks.append(cause_table(causes))
    return Section(
        "problems",
        _("Problems and causes"),
        lead(rows, found),
        tuple(blocks),
        (
            Note(
                _("RPN: severity × occurrence × detection, each from 1 to 10."),
                "problem.rpn",
            ),
            Note(
                _("The vital few make the first 80% of all problems."), "problem.pareto"
            ),
        ),
    )


def lead(rows: list[Problem], found: Pareto | None) -> str:
    if found is None or not found.vital_few:
        return ngettext(
            "%(n)s problem was collected.", "%(n)s problems were collected.", len(rows)
        ) % {"n": len(rows)}
    shares = {one.name: one.cumulative_percent or 0 for one in found.rows}
    return _("%(few)s of %(all)s causes make %(share)s of the %(n)s problems.") % {
        "few": len(found.vital_few),
        "all": len(found.rows),
        "share": formats.percent(shares[found.vital_few[-1]] / 100),
        "n": len(rows),
    }


def picture(found: Pareto) -> Chart:
    return Chart(
        _("Problems by cause"),
        _("Number of problems and running share; blue causes make the first 80%."),
        _("Bars of the causes in falling order with the running share above."),
        charts.pareto(found),
        (_("Cause"), _("Problems"), _("Running share")),
        tuple(
            (
                one.name,
                formats.number(one.occurrences),
                formats.percent((one.cumulative_percent or 0) / 100),
            )
            for one in found.rows
        ),
    )


def problem_table(rows: list[Problem]) -> Table:
    head = [
        _("Problem"),
        _("Process"),
        _("Cause category"),
        _("S × O × D"),
        _("RPN"),
        _("State"),
    ]
    cells = [
        (
            one.title,
            words(one.process or one.unit),
            words(one.category),
            f"{one.severity} × {one.occurrence} × {one.detection}"
            if one.is_rated
            else words(None),
            formats.number(one.rpn),
            Cell(one.get_state_display(), tone="critical" if one.is_grave else ""),
        )
        for one in rows
    ]
    note = _("Red: severe enough to be looked at whatever its number.")
    return table(head, cells, title=_("Problems"), note=note, numbers=[3, 4])


def roots(programme: Programme) -> list[Cause]:
    shown = Evidence.objects.filter(deleted_at=None).order_by("pk")
    rows = Cause.objects.of(programme).filter(is_root=True, problem__deleted_at=None)
    return list(
        rows.select_related("problem")
        .prefetch_related(Prefetch("evidence", queryset=shown, to_attr="shown"))
        .order_by("problem_id", "pk")
    )


def cause_table(causes: list[Cause]) -> Table:
    """A row for each root cause, with the problems it explains and what shows it."""
    groups: dict[str, list[Cause]] = {}
    for one in causes:
        groups.setdefault(one.text, []).append(one)
    ordered = sorted(groups.items(), key=lambda pair: -len(pair[1]))
    rows = [
        (text, once(str(one.problem) for one in group), words(once(proofs_of(group))))
        for text, group in ordered
    ]
    head = [_("Root cause"), _("Explains"), _("Evidence")]
    return table(head, rows, title=_("Root causes"))


def proofs_of(causes: list[Cause]) -> Iterator[str]:
    for one in causes:
        for proof in one.shown:  # type: ignore[attr-defined]
            yield f"{proof.get_kind_display()}: {proof.text}"


def once(lines: Iterable[str]) -> str:
    """The lines, each once, in their order."""
    return "\n".join(dict.fromkeys(lines))
