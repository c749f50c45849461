"""Questions to a log, answered once: results are kept in the cache as JSON.

How long they are good for, `diagnosis.answers` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from django.core.cache import cache

from diagnosis.answers import DAYS, answer, key_of
from diagnosis.mining import export, lenses, maps, quality
from diagnosis.mining.lenses import Log
from diagnosis.mining.map_level import choose
from diagnosis.mining.map_pen import Address
from diagnosis.mining.map_svg import draw_map
from diagnosis.mining.maps import MapEdge, MapNode, ProcessMap, process_map
from diagnosis.mining.spelling import read_filter
from diagnosis.mining.staging import NUMBER
from diagnosis.mining.store import attributes_of
from diagnosis.models import EventLog
from diagnosis.stores import open_store, silence

LEVELS = ("main", "80", "all")
MEASURES = ("time", "frequency", "cost")
TOP_VARIANTS = 7
TOP_EDGES = 20
BINS = 24
MOST_PATHS = 20_000
MOST_DRAWN = 19_400
"""Bytes of a picture, so that its page stays below 60 kB."""
FEW_ACTIVITIES, MOST_OF_FEW = 40, 21_000
"""A log of few activities has a lighter page around its picture."""
FEWER = (200, 150, 110, 80, 60, 45, 33, 24, 1)
"""Connections that are drawn, until the picture is light enough: in the end the main
path alone."""


def measures_of(log: EventLog) -> tuple[str, ...]:
    """What the map can show of the log: cost only where it has some."""
    return MEASURES if log.mapping.get("cost") else MEASURES[:2]


def everything(log: EventLog, filters: Sequence[str] = ()) -> dict[str, Any]:
    """All lenses of the log page at once: one opening, one entry of the cache.

    :raises LogError: a filter names an attribute that the log does not have.
    """
    closing = tuple(log.closing)
    chosen = sorted(filters)

    def ask(whole: Log) -> dict[str, Any]:
        opened = whole.where([read_filter(one) for one in chosen])
        return {
            "overview": asdict(lenses.overview(opened, closing)),
            "variants": [
                asdict(one) for one in lenses.variants(opened, top=TOP_VARIANTS)
            ],
            "durations": [asdict(one) for one in lenses.durations(opened, bins=BINS)],
            "throughput": [asdict(one) for one in lenses.throughput(opened)],
            "rework": [asdict(one) for one in lenses.rework(opened)],
            "map": asdict(process_map(opened)),
        }

    more = {"filters": chosen} if chosen else {}
    found: dict[str, Any] = answer(log, "page", ask, closing=closing, **more)
    return found


def paths(log: EventLog, filters: Sequence[str] = ()) -> list[dict[str, Any]]:
    """All paths of the chosen cases, the most frequent first.

    :raises LogError: a filter names an attribute that the log does not have.
    """
    chosen = sorted(filters)

    def ask(whole: Log) -> list[dict[str, Any]]:
        opened = whole.where([read_filter(one) for one in chosen])
        return [asdict(one) for one in lenses.variants(opened, top=MOST_PATHS)]

    found: list[dict[str, Any]] = answer(log, "paths", ask, filters=chosen)
    return found


def doubts(log: EventLog) -> list[dict[str, Any]]:
    """What is doubtful in the whole log, by kind."""
    closing = tuple(log.closing)

    def ask(opened: Log) -> list[dict[str, Any]]:
        return [
            {**asdict(one), "share": one.share}
            for one in quality.doubts(opened, closing)
        ]

    found: list[dict[str, Any]] = answer(log, "doubts", ask, closing=closing)
    return found


def attributes(log: EventLog) -> dict[str, list[str]]:
    """What a filter may ask for: `attributes` by name, and `numbers` among them."""

    def ask(opened: Log) -> dict[str, list[str]]:
        known = attributes_of(opened.meta)
        numbers = {one.name for one in known if one.kind == NUMBER}
        numbers |= {name for name in [opened.meta.mapping.get("cost")] if name}
        names = sorted({one.name for one in known})
        return {"attributes": names, "numbers": sorted(numbers)}

    found: dict[str, list[str]] = answer(log, "filterable", ask)
    return found


def exported(log: EventLog, filters: Sequence[str], as_xes: bool) -> Iterator[Any]:
    """The chosen events: pieces of XES, or rows of a table, its head first.

    :raises Unavailable: the database of a connected log does not answer.
    """
    whole = open_store(log)  # here and not with the first piece: the page can say no
    return _pieces(whole, filters, as_xes)


def _pieces(whole: Log, filters: Sequence[str], as_xes: bool) -> Iterator[Any]:
    with whole, silence():
        opened = whole.where([read_filter(one) for one in filters])
        if as_xes:
            yield from export.xes(opened)
            return
        columns = export.columns_of(opened)
        yield [name for _, name in columns]
        yield from export.rows(opened, [column for column, _ in columns])


def chart_of(found: dict[str, Any]) -> ProcessMap:
    """The process map from its JSON."""
    return ProcessMap(
        found["cases"],
        tuple(MapNode(**one) for one in found["nodes"]),
        tuple(MapEdge(**one) for one in found["edges"]),
        found["waits"],
    )


def picture(
    log: EventLog,
    chart: ProcessMap,
    level: str,
    measure: str,
    filters: Sequence[str] = (),
    address: Address | None = None,
) -> tuple[str, bool]:
    """The map as SVG, and whether connections of the level are left out of it.

    Drawn once for each level, measure and choice of cases. A large map shows its most
    frequent connections; one too large for any picture is empty. `address` follows
    from the rest, so it is no part of what the cache looks for.
    """
    asked = {"level": level, "measure": measure, "name": log.name}
    lens = "drawn-links" if address else "drawn"
    key = key_of(log, lens, {**asked, "filters": sorted(filters)})
    held: Sequence[Any] | None = cache.get(key)
    if held is None:
        held = drawn(chart, level, measure, log.name, address)
        cache.set(key, held, DAYS)
    svg, is_cut = held
    return svg, is_cut


def drawn(
    chart: ProcessMap, level: str, measure: str, title: str, address: Address | None
) -> tuple[str, bool]:
    """As above: with fewer connections until it is light enough."""
    whole = len(choose(chart, level).weights())
    room = MOST_OF_FEW if len(chart.nodes) <= FEW_ACTIVITIES else MOST_DRAWN
    for most in FEWER:
        svg = draw_map(
            chart,
            level=level,
            measure=measure,
            title=title,
            address=address,
            most=most,
        )
        if len(svg.encode()) <= room:
            return svg, most < whole
    return "", True


def slowest(chart: ProcessMap, most: int = 1) -> list[dict[str, Any]]:
    """The slowest waits, the worst first, ready for sentences."""
    return [asdict(one) for one in maps.slowest(chart, most)]
