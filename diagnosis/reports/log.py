"""How cases really flow: figures, map and variants of the event logs."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from diagnosis.mining import lenses
from diagnosis.mining.lenses import Overview, Variant, open_log
from diagnosis.mining.map_svg import draw_map
from diagnosis.mining.maps import Bottleneck, bottleneck, process_map
from diagnosis.models import EventLog
from programmes.kit import formats
from programmes.models import Programme
from programmes.reports import (
    Block,
    Figure,
    Figures,
    Note,
    Picture,
    Section,
    Table,
    table,
)

MOST_LOGS = 2
MOST_VARIANTS = 10
ARROW = " → "


def event_logs(programme: Programme, as_of: datetime) -> Section | None:
    """The newest logs that are ready and whose files are there."""
    rows = EventLog.objects.of(programme).filter(state=EventLog.State.READY)
    ready = [one for one in rows.order_by("-pk")[:MOST_LOGS] if one.store.is_dir()]
    if not ready:
        return None
    blocks: list[Block] = []
    leads = []
    for one in ready:
        slow, found = log_blocks(one)
        blocks += found
        leads.append(said(one, slow))
    counted = _("Cases that have not ended are left out of the times and of rework.")
    return Section(
        "logs",
        _("How cases really flow"),
        leads[0],
        tuple(blocks),
        (Note(counted, "mining.log_summary"),),
    )


def said(log: EventLog, slow: Bottleneck | None) -> str:
    if slow is None:
        return _("“%(name)s” shows %(cases)s cases.") % {
            "name": log.name,
            "cases": formats.number(log.cases),
        }
    return _("The longest wait lies between %(source)s and %(target)s: %(time)s.") % {
        "source": slow.source,
        "target": slow.target,
        "time": formats.duration(slow.median_s),
    }


def log_blocks(log: EventLog) -> tuple[Bottleneck | None, list[Block]]:
    with open_log(log.store) as opened:
        overview = lenses.overview(opened, tuple(log.closing))
        paths = lenses.variants(opened, top=MOST_VARIANTS)
        chart = process_map(opened)
    picture = Picture(
        log.name,
        _(
            "Line width shows cases, labels the median time between; "
            "the slowest is red."
        ),
        _("The process map of %(cases)s cases.") % {"cases": formats.number(log.cases)},
        draw_map(chart, level="80", measure="time", title=log.name, print=True),
    )
    return bottleneck(chart), [figures(log, overview), picture, variant_table(paths)]


def figures(log: EventLog, found: Overview) -> Figures:
    span = f"{formats.day(log.first_at)} – {formats.day(log.last_at)}"
    return Figures(
        (
            Figure(_("Cases"), formats.number(found.cases), span),
            Figure(
                _("Median time"),
                formats.duration(found.median_s),
                _("from first to last event"),
            ),
            Figure(
                _("Nine in ten within"),
                formats.duration(found.p90_s),
                _("90th percentile"),
            ),
            Figure(
                _("Ways through"),
                formats.number(found.variants),
                _("different sequences"),
            ),
        )
    )


def variant_table(paths: list[Variant]) -> Table:
    head = [_("Way"), _("Steps"), _("Cases"), _("Share"), _("Median time")]
    rows = [
        (
            str(one.number),
            ARROW.join(one.path),
            formats.number(one.cases),
            formats.percent(one.share, 1),
            formats.duration(one.median_s),
        )
        for one in paths
    ]
    return table(head, rows, title=_("The most frequent ways"), numbers=[2, 3, 4])
