"""The mandate as a document: what the sponsor signed, with all that hangs on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from programmes import charts
from programmes.charter import Charter, load_charter
from programmes.kit import formats
from programmes.models import BudgetLine, Document, Objective, Programme
from programmes.phases import Phase
from programmes.report_parts import build
from programmes.reports import (
    Block,
    Chart,
    Note,
    Report,
    Section,
    Words,
    pairs,
    table,
    words,
)

NOTHING = Decimal(0)


def build_mandate_report(programme: Programme, as_of: datetime) -> Report:
    """All chapters of the mandate as it stands."""
    found = load_charter(programme)
    sections = [
        entrusted(found),
        aims(found),
        means(found),
        plan(found, as_of.date()),
    ]
    return build(
        Document.Kind.MANDATE,
        programme,
        as_of,
        tuple(one for one in sections if one.blocks),
    )


def entrusted(found: Charter) -> Section:
    one = found.mandate
    texts = [
        (_("Purpose"), one.purpose),
        (_("Direction"), one.direction),
        (_("Authority given"), one.authority),
        (_("Limits"), one.limits),
    ]
    blocks: list[Block] = [Words(text, title) for title, text in texts if text.strip()]
    if one.signed_at and one.signed_by:
        signed = [
            (_("Signed by"), one.signed_by.name),
            (_("On"), formats.moment(one.signed_at)),
            (_("Version of the mandate"), str(one.signed_version)),
            (_("Meaning"), _("I entrust this programme as the mandate says.")),
        ]
        blocks.append(pairs(signed, _("Signature")))
    lead = _("%(enterprise)s entrusts the programme %(programme)s.") % {
        "enterprise": found.programme.enterprise.name,
        "programme": found.programme.name,
    }
    title = _("What management entrusts to this programme")
    return Section("mandate", title, lead, tuple(blocks))


def aims(found: Charter) -> Section:
    """What is to be reached, in which processes and units."""
    inside = sum(1 for one in found.scope if one.is_in)
    lead = _("%(aims)s objectives; %(n)s entries in scope, %(out)s left out.") % {
        "aims": len(found.objectives),
        "n": inside,
        "out": len(found.scope) - inside,
    }
    blocks = (*objectives(found), *scope(found))
    return Section("aims", _("Objectives and scope"), lead, blocks)


def objectives(found: Charter) -> tuple[Block, ...]:
    rows = [
        (
            one.title,
            words(one.measure),
            formats.number(one.baseline),
            formats.number(one.target),
            words(one.unit),
            formats.day(one.due_on),
        )
        for one in found.objectives
        if one.level == Objective.Level.PROGRAMME
    ]
    head = [
        _("Objective"),
        _("Measure"),
        _("Baseline"),
        _("Target"),
        _("Unit"),
        _("By"),
    ]
    return (table(head, rows, title=_("Objectives"), numbers=(2, 3)),) if rows else ()


def scope(found: Charter) -> tuple[Block, ...]:
    rows = [
        (
            one.name,
            str(one.get_kind_display()),
            _("in") if one.is_in else _("out"),
            words(one.reason),
        )
        for one in sorted(found.scope, key=lambda one: (not one.is_in, one.pk))
    ]
    head = [_("Name"), _("Kind"), _("In or out"), _("Note")]
    return (table(head, rows, title=_("Scope")),) if rows else ()


def means(found: Charter) -> Section:
    """Who works on it, what it costs, and what it is to bring."""
    currency = found.programme.currency
    lead = _("%(planned)s, and %(reserve)s of contingency.") % {
        "planned": formats.money(found.planned, currency, places=0),
        "reserve": formats.money(
            found.estimate.contingency or NOTHING, currency, places=0
        ),
    }
    worth = benefit(found)
    note = Note(_("Payback and return of the range"), "finance.benefit_range")
    return Section(
        "means",
        _("People, money and benefit"),
        lead,
        (*team(found), *budget(found), *worth),
        (note,) if worth else (),
    )


def team(found: Charter) -> tuple[Block, ...]:
    rows = [
        (one.person.name, str(one.get_role_display()), f"{one.capacity_percent}%")
        for one in found.members
    ]
    head = [_("Person"), _("Role"), _("Working time")]
    return (table(head, rows, title=_("Team"), numbers=(2,)),) if rows else ()


def budget(found: Charter) -> tuple[Block, ...]:
    currency = found.programme.currency
    rows = [
        (
            one.title,
            str(Phase(one.phase).label) if one.phase else formats.MISSING,
            str(BudgetLine.Category(one.category).label)
            if one.category
            else formats.MISSING,
            formats.money(one.planned, currency, places=0),
        )
        for one in found.budget
    ]
    head = [_("What for"), _("Phase"), _("Category"), _("Planned")]
    parts: list[Block] = []
    if rows:
        parts.append(table(head, rows, title=_("Budget"), numbers=(3,)))
    released = [
        (
            _("Gate %(number)s") % {"number": one.gate},
            formats.money(one.amount, currency, places=0),
        )
        for one in found.tranches
    ]
    if released:
        title = _("Tranches")
        parts.append(
            table([_("Released by"), _("Amount")], released, title=title, numbers=(1,))
        )
    return tuple(parts)


def benefit(found: Charter) -> tuple[Block, ...]:
    one, currency = found.estimate, found.programme.currency
    worth = one.worth(found.planned)
    if worth is None:
        return ()
    cases = [
        (_("Low"), one.benefit_low, worth.low),
        (_("Likely"), one.benefit_likely, worth.likely),
        (_("High"), one.benefit_high, worth.high),
    ]
    rows = [
        (
            label,
            formats.money(amount, currency, places=0),
            formats.number(case.payback_years, 1),
            formats.percent(case.roi),
        )
        for label, amount, case in cases
    ]
    head = [_("Case"), _("Benefit a year"), _("Payback, years"), _("Return")]
    note = _("The return looks %(years)s years ahead; nothing is discounted.") % {
        "years": one.horizon_years
    }
    title = _("Benefit range")
    parts: list[Block] = [table(head, rows, title=title, note=note, numbers=(1, 2, 3))]
    if one.basis.strip():
        parts.append(Words(one.basis, _("Basis of the estimate")))
    return tuple(parts)


def plan(found: Charter, today: date) -> Section:
    bars = list(bars_of(found))
    if not bars:
        return Section("plan", _("Phase plan"), "")
    rows = [
        (one.label, *(formats.day(day) for day in (one.starts, one.ends, one.gate)))
        for one in bars
    ]
    head = (_("Phase"), _("Starts"), _("Ends"), _("Gate"))
    lead = _("%(first)s to %(last)s.") % {
        "first": formats.day(bars[0].starts),
        "last": formats.day(bars[-1].ends),
    }
    spec = charts.phases_on_calendar(bars, today, found.programme.phase)
    picture = Chart(_("Phases on the calendar"), lead, lead, spec)
    return Section("plan", _("Phase plan"), lead, (picture, table(head, rows)))


def bars_of(found: Charter) -> Iterator[charts.PhaseBar]:
    for one in found.plan:
        if one.starts_on and one.ends_on:
            label = f"{one.phase} {one}"
            yield charts.PhaseBar(
                label, one.starts_on, one.ends_on, one.gate_on, one.phase
            )
