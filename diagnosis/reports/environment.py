"""What surrounds the programme: factors by dimension, and SWOT."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from diagnosis.models import Factor, SwotItem
from programmes.kit import formats
from programmes.models import Programme
from programmes.reports import Block, Section, Table, pairs, table, words


def environment(programme: Programme, as_of: datetime) -> Section | None:
    """The factors that deserve most attention first."""
    factors = sorted(Factor.objects.of(programme), key=lambda one: -one.attention)
    swot = list(SwotItem.objects.of(programme).order_by("pk"))
    if not factors and not swot:
        return None
    blocks: list[Block] = []
    if factors:
        blocks.append(factor_table(factors))
    if swot:
        blocks.append(pairs(swot_rows(swot), title=_("SWOT")))
    lead = (
        _("Most attention deserves: %(text)s.") % {"text": factors[0].text.rstrip(".")}
        if factors
        else _("Strengths, weaknesses, opportunities and threats.")
    )
    return Section("environment", _("Environment"), lead, tuple(blocks))


def factor_table(factors: list[Factor]) -> Table:
    head = [
        _("Factor"),
        _("Dimension"),
        _("Impact"),
        _("Likelihood"),
        _("Horizon"),
        _("Source"),
    ]
    rows = [
        (
            one.text,
            one.get_dimension_display(),
            formats.number(one.impact, signed=True),
            str(one.likelihood),
            one.get_horizon_display(),
            words(one.source),
        )
        for one in factors
    ]
    note = _("Impact from −5 to 5, likelihood from 1 to 5; ordered by their product.")
    return table(head, rows, title=_("Factors"), note=note, numbers=[2, 3])


def swot_rows(items: list[SwotItem]) -> list[tuple[str, str]]:
    return [
        (
            str(field.label),
            "\n".join(one.text for one in items if one.field == field),
        )
        for field in SwotItem.Field
    ]
