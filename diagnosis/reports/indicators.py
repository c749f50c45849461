"""The indicators: where each stood before anything was changed."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes.charts import run_chart
from programmes.kit import formats
from programmes.models import Indicator, Measurement, Programme
from programmes.reports import Block, Chart, Note, Section, Table, table, words

MOST_DRAWN = 6
FEWEST_POINTS = 6
Points = dict[int, list[Measurement]]


def indicators(programme: Programme, as_of: datetime) -> Section | None:
    """Baselines and contracts, and a run chart where there are points enough."""
    rows = list(
        Indicator.objects.of(programme).select_related("process").order_by("name", "pk")
    )
    if not rows:
        return None
    points: Points = defaultdict(list)
    values = Measurement.objects.filter(indicator__in=rows, at__lte=as_of)
    for one in values.order_by("at", "pk"):
        points[one.indicator_id].append(one)
    drawn = [one for one in rows if len(points[one.pk]) >= FEWEST_POINTS]
    frozen = sum(one.is_frozen for one in rows)
    lead = ngettext(
        "%(frozen)s of %(n)s indicator has a frozen contract.",
        "%(frozen)s of %(n)s indicators have a frozen contract.",
        len(rows),
    ) % {"frozen": frozen, "n": len(rows)}
    blocks: list[Block] = [baseline_table(rows, points)]
    blocks += [run_of(one, points[one.pk]) for one in drawn[:MOST_DRAWN]]
    said = _("Values recorded up to %(moment)s UTC; none is smoothed or left out.") % {
        "moment": formats.moment(as_of)
    }
    return Section(
        "indicators",
        _("Indicators and baselines"),
        lead,
        tuple(blocks),
        (Note(said),),
    )


def baseline_table(rows: list[Indicator], points: Points) -> Table:
    head = [
        _("Indicator"),
        _("Process"),
        _("Unit"),
        _("Baseline"),
        _("Target"),
        _("Values"),
        _("Contract"),
    ]
    cells = [
        (
            one.name,
            words(one.process),
            words(formats.unit_said(one.unit)),
            formats.number(formats.scaled(one.baseline, one.unit)),
            formats.number(formats.scaled(one.target, one.unit)),
            str(len(points[one.pk])),
            formats.day(one.frozen_at),
        )
        for one in rows
    ]
    return table(head, cells, title=_("Where each indicator stands"), numbers=[3, 4, 5])


def run_of(indicator: Indicator, points: list[Measurement]) -> Chart:
    first, last = points[0], points[-1]
    told = {
        "n": len(points),
        "first": formats.day(first.at),
        "last": formats.day(last.at),
        "source": indicator.source or formats.MISSING,
    }
    target = None if indicator.target is None else float(indicator.target)
    spec = run_chart(
        [(one.at.date().isoformat(), float(one.value)) for one in points],
        target,
        indicator.unit,
    )
    return Chart(
        indicator.name,
        _(
            "%(n)s values from %(first)s to %(last)s; dashed: target. "
            "Source: %(source)s."
        )
        % told,
        _("A line from %(begin)s to %(end)s.")
        % {
            "begin": formats.quantity(first.value, indicator.unit),
            "end": formats.quantity(last.value, indicator.unit),
        },
        spec,
        (_("Day"), _("Value")),
        tuple(
            (formats.day(one.at), formats.quantity(one.value, indicator.unit))
            for one in points
        ),
    )
