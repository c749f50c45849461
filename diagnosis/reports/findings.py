"""Summary and conclusions: what was found, what it costs, what should follow."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diagnosis.models import Finding
from programmes.charts import Bar, bars
from programmes.kit import formats
from programmes.models import Indicator, Programme, ScopeItem
from programmes.reports import (
    Block,
    Box,
    Cell,
    Chart,
    Figure,
    Figures,
    Note,
    Section,
    Table,
    Words,
    pairs,
    table,
    words,
)

TONES: dict[str, str] = {
    Finding.Priority.CRITICAL: "critical",
    Finding.Priority.HIGH: "attention",
}
MOST_DRAWN = 12


def found(programme: Programme) -> list[Finding]:
    """The gravest first, then the dearest."""
    rows = Finding.objects.of(programme).select_related("process")
    return sorted(rows, key=lambda one: (one.priority, -(one.cost_a_year or 0), one.pk))


def total(findings: list[Finding]) -> Decimal:
    return sum((one.cost_a_year or Decimal(0) for one in findings), Decimal(0))


def in_short(programme: Programme, findings: list[Finding]) -> str:
    """The report in one or two sentences; they stand on the cover, too."""
    if not findings:
        return _("The diagnosis has no conclusions yet.")
    cost = total(findings)
    told = {"n": len(findings), "cost": formats.money_short(cost, programme.currency)}
    if cost:
        first = ngettext(
            "%(n)s finding costs %(cost)s a year.",
            "%(n)s findings cost %(cost)s a year together.",
            len(findings),
        )
    else:
        first = ngettext(
            "There is %(n)s finding.", "There are %(n)s findings.", len(findings)
        )
    critical = sum(one.priority == Finding.Priority.CRITICAL for one in findings)
    second = ngettext(
        "%(n)s of them is critical.", "%(n)s of them are critical.", critical
    ) % {"n": critical}
    return f"{first % told} {second}" if critical else first % told


def summary(programme: Programme, as_of: datetime) -> Section:
    """The first chapter, always there: figures, what was found, what should follow."""
    findings = found(programme)
    blocks: list[Block] = [figures(programme, findings)]
    if findings:
        blocks.append(overview(programme, findings))
    urgent = [one for one in findings if one.advice and one.priority in TONES]
    if urgent:
        advice = " ".join(one.advice for one in urgent)
        blocks.append(Box(_("Recommendation"), advice))
    lead = in_short(programme, findings)
    return Section("summary", _("Summary"), lead, tuple(blocks))


def figures(programme: Programme, findings: list[Finding]) -> Figures:
    processes = ScopeItem.objects.of(programme).filter(kind="process", is_in=True)
    measured = Indicator.objects.of(programme).exclude(baseline=None)
    return Figures(
        (
            Figure(_("Processes studied"), str(processes.count()), _("in scope")),
            Figure(_("Indicators"), str(measured.count()), _("with a baseline")),
            Figure(_("Findings"), str(len(findings)), _("with cause and evidence")),
            Figure(
                _("Cost of the findings"),
                formats.money_short(total(findings), programme.currency),
                _("a year"),
            ),
        )
    )


def overview(programme: Programme, findings: list[Finding]) -> Table:
    rows = [
        (
            one.title,
            words(one.cause),
            words(one.process),
            formats.money_short(one.cost_a_year, programme.currency),
            Cell(one.get_priority_display(), tone=TONES.get(one.priority, "")),
        )
        for one in findings
    ]
    head = [
        _("Finding"),
        _("Root cause"),
        _("Process"),
        _("Cost a year"),
        _("Priority"),
    ]
    return table(head, rows, title=_("What we found"), numbers=[3])


def conclusions(programme: Programme, as_of: datetime) -> Section | None:
    """Each finding with its cause, evidence, and advice."""
    findings = found(programme)
    if not findings:
        return None
    blocks: list[Block] = []
    costly = sorted(
        (one for one in findings if one.cost_a_year),
        key=lambda one: -(one.cost_a_year or 0),
    )
    if costly:
        blocks.append(cost_chart(programme, costly[:MOST_DRAWN]))
    for one in findings:
        blocks.append(Words(one.cause or one.title, title=one.title))
        blocks.append(
            pairs(
                [
                    (_("Evidence"), one.evidence),
                    (_("Process"), one.process),
                    (_("Recommendation"), one.advice),
                ]
            )
        )
    said = _("Costs are the team's estimates, as of %(day)s.") % {
        "day": formats.day(as_of)
    }
    return Section(
        "conclusions",
        _("Conclusions"),
        lead(programme, costly),
        tuple(blocks),
        (Note(said),),
    )


def lead(programme: Programme, costly: list[Finding]) -> str:
    if not costly:
        return _("What the diagnosis concludes, and what should follow from it.")
    share = (costly[0].cost_a_year or Decimal(0)) / total(costly)
    return _("“%(title)s” alone makes %(share)s of the cost.") % {
        "title": costly[0].title,
        "share": formats.percent(share),
    }


def cost_chart(programme: Programme, costly: list[Finding]) -> Chart:
    rows = [
        Bar(
            one.title if len(one.title) < 48 else f"{one.title[:46]}…",
            float(one.cost_a_year or 0),
            formats.money_short(one.cost_a_year, programme.currency),
            one.priority in TONES,
        )
        for one in costly
    ]
    return Chart(
        _("What the findings cost a year"),
        _("Blue: critical and high priority."),
        _("Bars of the yearly cost of each finding, the dearest first."),
        bars(rows),
        (_("Finding"), _("Cost a year")),
        tuple((one.label, one.words) for one in rows),
    )
