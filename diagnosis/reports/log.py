"""How cases really flow: figures, map, waits, deviations and variants of the logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from diagnosis import foreseen
from diagnosis.answers import answer
from diagnosis.conformance_words import deviation_said, never_happened
from diagnosis.mining import lenses
from diagnosis.mining.lenses import Log
from diagnosis.mining.map_svg import draw_map
from diagnosis.mining.maps import process_map, slowest
from diagnosis.models import EventLog
from diagnosis.stores import is_there
from programmes.kit import formats
from programmes.kit.errors import Unavailable
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
MOST_WAITS = 5
MOST_DEVIATIONS = 8
ARROW = " → "


def event_logs(programme: Programme, as_of: datetime) -> Section | None:
    """The newest logs that are ready and whose events can be asked for.

    A connected log that does not answer is left out, and a note says so.
    """
    rows = EventLog.objects.of(programme).filter(state=EventLog.State.READY)
    rows = rows.select_related("process__scope_item")
    ready = [one for one in rows.order_by("-pk")[:MOST_LOGS] if is_there(one)]
    if not ready:
        return None
    blocks: list[Block] = []
    notes = [
        Note(
            _("Cases that have not ended are left out of the times and of rework."),
            "mining.log_summary",
        )
    ]
    leads = []
    for one in ready:
        try:
            told = facts_of(one)
            compared = conformance_blocks(one, notes)
        except Unavailable as silent:
            notes.append(Note(f"{one.name}: {silent}"))
            continue
        blocks += [*log_blocks(one, told), *compared]
        blocks.append(variant_table(told["variants"]))
        leads.append(said(one, told["waits"]))
    if not leads:
        return None
    title = _("How cases really flow")
    return Section("logs", title, leads[0], tuple(blocks), tuple(notes))


def facts_of(log: EventLog) -> dict[str, Any]:
    """What the section says of one log, from the cache."""
    closing = tuple(log.closing)

    def ask(opened: Log) -> dict[str, Any]:
        chart = process_map(opened)
        paths = lenses.variants(opened, top=MOST_VARIANTS)
        return {
            "overview": asdict(lenses.overview(opened, closing)),
            "variants": [asdict(one) for one in paths],
            "waits": [asdict(one) for one in slowest(chart, MOST_WAITS)],
            "map": draw_map(
                chart, level="80", measure="time", title=log.name, print=True
            ),
        }

    told: dict[str, Any] = answer(log, "report", ask, closing=closing, name=log.name)
    return told


def said(log: EventLog, waits: list[dict[str, Any]]) -> str:
    if not waits:
        return _("“%(name)s” shows %(cases)s cases.") % {
            "name": log.name,
            "cases": formats.number(log.cases),
        }
    return _("The longest wait lies between %(source)s and %(target)s: %(time)s.") % {
        "source": waits[0]["source"],
        "target": waits[0]["target"],
        "time": formats.duration(waits[0]["median_s"]),
    }


def log_blocks(log: EventLog, told: dict[str, Any]) -> list[Block]:
    picture = Picture(
        log.name,
        _(
            "Line width shows cases, labels the median time between; "
            "the slowest is red."
        ),
        _("The process map of %(cases)s cases.") % {"cases": formats.number(log.cases)},
        told["map"],
    )
    blocks: list[Block] = [figures(log, told["overview"]), picture]
    if told["waits"]:
        blocks.append(wait_table(told["waits"]))
    return blocks


def figures(log: EventLog, found: Mapping[str, Any]) -> Figures:
    span = f"{formats.day(log.first_at)} – {formats.day(log.last_at)}"
    return Figures(
        (
            Figure(_("Cases"), formats.number(found["cases"]), span),
            Figure(
                _("Median time"),
                formats.duration(found["median_s"]),
                _("from first to last event"),
            ),
            Figure(
                _("Nine in ten within"),
                formats.duration(found["p90_s"]),
                _("90th percentile"),
            ),
            Figure(
                _("Ways through"),
                formats.number(found["variants"]),
                _("different sequences"),
            ),
        )
    )


def wait_table(waits: list[dict[str, Any]]) -> Table:
    title = (
        _("The longest waits")
        if waits[0]["waits"]
        else _("The longest times between two events")
    )
    head = [_("From"), _("To"), _("Cases"), _("Median"), _("Nine in ten"), _("Share")]
    rows = [
        (
            one["source"],
            one["target"],
            formats.number(one["cases"]),
            formats.duration(one["median_s"]),
            formats.duration(one["p90_s"]),
            formats.percent(one["share"], 1),
        )
        for one in waits
    ]
    return table(head, rows, title=title, numbers=[2, 3, 4, 5])


def conformance_blocks(log: EventLog, notes: list[Note]) -> list[Block]:
    """How far the log agrees with its process, where the two can be compared."""
    if log.process is None:
        return []
    steps = list(log.process.steps.filter(deleted_at=None).order_by("place", "pk"))
    found = foreseen.foreseen(log, steps)
    if not found.is_mapped:
        return []
    told = foreseen.compared(log, found)
    if not told["cases"]:
        return []
    notes.append(
        Note(
            _("Conformance compares “%(log)s” with the process “%(process)s”.")
            % {"log": log.name, "process": log.process.name},
            "conformance.dfg_fitness",
        )
    )
    missing = never_happened(steps, told, found)
    if missing:
        names = ", ".join(one.name for one in missing)
        notes.append(
            Note(_("These steps never happened: %(names)s.") % {"names": names})
        )
    blocks: list[Block] = [conformance_figures(told)]
    if told["deviations"]:
        blocks.append(deviation_table(told, found))
    return blocks


def conformance_figures(told: Mapping[str, Any]) -> Figures:
    cards = [
        Figure(
            _("Moves as foreseen"),
            formats.percent(told["fitness"], 1),
            _("of all from step to step"),
        ),
        Figure(
            _("Cases as foreseen"),
            formats.percent(told["share"], 1),
            _("%(n)s of %(all)s cases")
            % {
                "n": formats.number(told["conforming"]),
                "all": formats.number(told["cases"]),
            },
        ),
        Figure(
            _("Kinds of deviation"),
            formats.number(told["deviation_count"]),
            _("moves that no way of the process has"),
        ),
    ]
    if told["replay"] and told["replay"]["fitness"] is not None:
        cards.append(
            Figure(
                _("Fitness of replayed tokens"),
                formats.number(told["replay"]["fitness"], 3),
                _("1 is a perfect fit"),
            )
        )
    return Figures(tuple(cards))


def deviation_table(told: Mapping[str, Any], found: foreseen.Foreseen) -> Table:
    head = [_("Deviation"), _("Cases"), _("Share"), _("Extra time")]
    rows = [
        (
            deviation_said(one, found),
            formats.number(one["cases"]),
            formats.percent(one["share"], 1),
            formats.duration(one["extra_s"]),
        )
        for one in told["deviations"][:MOST_DEVIATIONS]
    ]
    return table(head, rows, title=_("The main deviations"), numbers=[1, 2, 3])


def variant_table(paths: list[dict[str, Any]]) -> Table:
    head = [_("Way"), _("Steps"), _("Cases"), _("Share"), _("Median time")]
    rows = [
        (
            str(one["number"]),
            ARROW.join(one["path"]),
            formats.number(one["cases"]),
            formats.percent(one["share"], 1),
            formats.duration(one["median_s"]),
        )
        for one in paths
    ]
    return table(head, rows, title=_("The most frequent ways"), numbers=[2, 3, 4])
