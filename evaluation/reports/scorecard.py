"""The scorecard: every indicator with its index value, and what raters judged."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.models import Rating
from evaluation.scoring import Branch, Leaf, Scorecard, scorecard_of, setup_of
from programmes.charts import Bar, bars
from programmes.kit import formats
from programmes.models import Indicator, Programme
from programmes.reports import (
    Block,
    Cell,
    Chart,
    Figure,
    Figures,
    Note,
    Section,
    Table,
    table,
    words,
)

GOOD, FAIR = 100, 80


def scorecard(programme: Programme, as_of: datetime) -> Section | None:
    """The composite index, its branches and lines."""
    card = scorecard_of(programme, setup_of(programme))
    if not card.leaves:
        return None
    blocks: list[Block] = [figures(card), picture(card)]
    blocks += [branch_table(one) for one in card.branches if one.leaves]
    lead = (
        _("The index is %(now)s of 100, after %(before)s before.")
        % {"now": index(card.index), "before": index(card.before)}
        if card.index is not None
        else _("The index cannot be computed yet.")
    )
    said = _("Index values from 0, the worst, to 100, the best reference value.")
    coverage = _("Weights are joined by the tree; %(share)s of them are covered.") % {
        "share": formats.percent(card.coverage)
    }
    return Section(
        "scorecard",
        _("Scorecard"),
        lead,
        tuple(blocks),
        (Note(said, "indicator.normalise"), Note(coverage, "indicator.tree")),
    )


def index(value: float | None) -> str:
    return formats.number(value, 0)


def label(branch: Branch) -> str:
    return str(Indicator.Branch(branch.key).label)


def figures(card: Scorecard) -> Figures:
    return Figures(
        (
            Figure(_("Composite index"), index(card.index), words(card.grade)),
            *[
                Figure(
                    label(one),
                    index(one.index),
                    _("weight %(share)s")
                    % {"share": formats.percent(one.weight / 100)},
                )
                for one in card.branches
            ],
        )
    )


def picture(card: Scorecard) -> Chart:
    leaves = [one for one in card.leaves if one.index is not None]
    rows = [
        Bar(one.name, one.index or 0.0, index(one.index), (one.index or 0) >= FAIR)
        for one in sorted(leaves, key=lambda one: -(one.index or 0))
    ]
    return Chart(
        _("Index values"),
        _("0 is the worst, 100 the best reference value; blue: %(n)s or more.")
        % {"n": FAIR},
        _("Bars of the index values, the best first."),
        bars(rows, top=100),
        (_("Indicator"), _("Index")),
        tuple((one.label, one.words) for one in rows),
    )


def branch_table(branch: Branch) -> Table:
    head = [
        _("Indicator"),
        _("Weight"),
        _("Before"),
        _("Target"),
        _("Now"),
        _("Index"),
    ]
    rows = [
        (
            f"{one.name}, {formats.unit_said(one.unit)}" if one.unit else one.name,
            formats.percent(one.share, 1),
            formats.number(formats.scaled(one.baseline, one.unit)),
            formats.number(formats.scaled(one.target, one.unit)),
            formats.number(
                formats.scaled(one.actual, one.unit), 1 if one.raters else None
            ),
            Cell(index(one.index), is_number=True, tone=tone(one)),
        )
        for one in branch.leaves
    ]
    return table(head, rows, title=label(branch), numbers=[1, 2, 3, 4, 5])


def tone(leaf: Leaf) -> str:
    if leaf.index is None:
        return ""
    if leaf.index >= GOOD:
        return "positive"
    return "" if leaf.index >= FAIR else "attention"


def judged(programme: Programme, as_of: datetime) -> Section | None:
    """What was judged, not measured: grades, and remarks without names."""
    leaves = [
        one
        for one in scorecard_of(programme, setup_of(programme)).leaves
        if one.slug == "qualitative"
    ]
    if not leaves:
        return None
    head = [_("Judged"), _("Raters"), "1", "2", "3", "4", "5", _("Mean"), _("Target")]
    rows = [
        (
            one.name,
            str(one.raters),
            *[str(count) for count in one.grades],
            formats.number(one.actual, 1),
            formats.number(one.target, 1),
        )
        for one in leaves
    ]
    numbers = list(range(1, len(head)))
    blocks: list[Block] = [table(head, rows, title=_("Grades given"), numbers=numbers)]
    remarks = remark_table(programme)
    if remarks.rows:
        blocks.append(remarks)
    best = max(leaves, key=lambda one: one.actual or 0)
    lead = _("Best judged: “%(name)s”, %(mean)s of 5.") % {
        "name": best.name,
        "mean": formats.number(best.actual, 1),
    }
    return Section("judged", _("Qualitative evaluation"), lead, tuple(blocks))


def remark_table(programme: Programme) -> Table:
    """Comments in the order of the alphabet; nothing beside them says whose."""
    rows = (
        Rating.objects.of(programme)
        .filter(item__deleted_at=None)
        .exclude(comment="")
        .select_related("item")
        .order_by("item_id", "comment")
    )
    cells = [(str(one.item), one.comment) for one in rows]
    return table([_("Judged"), _("Remark")], cells, title=_("Remarks"))
