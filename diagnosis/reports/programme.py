"""What the programme was entrusted with, and what it covers."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes.kit import formats
from programmes.models import Mandate, Objective, Programme, ScopeItem
from programmes.reports import Block, Section, Table, pairs, table, words


def mandate(programme: Programme, as_of: datetime) -> Section | None:
    """The mandate in its own words, and the objectives."""
    given = (
        Mandate.objects.of(programme).select_related("signed_by").order_by("pk").first()
    )
    objectives = list(
        Objective.objects.of(programme).select_related("owner").order_by("level", "pk")
    )
    if given is None and not objectives:
        return None
    blocks: list[Block] = []
    if given is not None:
        blocks.append(
            pairs(
                [
                    (_("Purpose"), given.purpose),
                    (_("Direction"), given.direction),
                    (_("Authority given"), given.authority),
                    (_("Limits"), given.limits),
                ]
            )
        )
    if objectives:
        blocks.append(objective_table(objectives))
    return Section(
        "mandate",
        _("Programme and mandate"),
        mandate_lead(programme, given),
        tuple(blocks),
    )


def mandate_lead(programme: Programme, given: Mandate | None) -> str:
    if given is not None and given.is_signed:
        return _("%(name)s signed the mandate on %(day)s.") % {
            "name": given.signed_by,
            "day": formats.day(given.signed_at),
        }
    return programme.summary or _("The mandate is not signed yet.")


def objective_table(objectives: list[Objective]) -> Table:
    rows = [
        (
            one.title,
            one.get_level_display(),
            words(one.measure),
            formats.quantity(one.target, one.unit),
            formats.day(one.due_on),
            words(one.owner),
        )
        for one in objectives
    ]
    head = [
        _("Objective"),
        _("Level"),
        _("Measure"),
        _("Target"),
        _("By"),
        _("Owner"),
    ]
    return table(head, rows, title=_("Objectives"), numbers=[3])


def coverage(programme: Programme, as_of: datetime) -> Section | None:
    """What is in scope and what was left out on purpose."""
    rows = list(
        ScopeItem.objects.of(programme)
        .select_related("owner", "unit")
        .order_by("-is_in", "kind", "name")
    )
    if not rows:
        return None
    inside = [one for one in rows if one.is_in]
    outside = [one for one in rows if not one.is_in]
    count = sum(one.kind == ScopeItem.Kind.PROCESS for one in inside)
    lead = ngettext(
        "%(n)s process is studied.", "%(n)s processes are studied.", count
    ) % {"n": count}
    blocks: list[Block] = []
    if inside:
        blocks.append(scope_table(inside, _("In scope")))
    if outside:
        blocks.append(scope_table(outside, _("Left out on purpose")))
    return Section("scope", _("Scope"), lead, tuple(blocks))


def scope_table(rows: list[ScopeItem], title: str) -> Table:
    head = [_("Name"), _("Kind"), _("Unit"), _("Owner"), _("Note")]
    cells = [
        (
            one.name,
            one.get_kind_display(),
            words(one.unit),
            words(one.owner),
            words(one.reason),
        )
        for one in rows
    ]
    return table(head, cells, title=title)
