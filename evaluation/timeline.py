"""Programmes on one calendar: phases as bars, gates as diamonds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from programmes.kit.svg import coordinate, diamond, rule, scale, together

WIDTH = 880
HEAD = 28
# The names beside the picture stand in rows of the same height.
LANE = 44
BAR = 10
EDGE = 14
MOST_TICKS = 12
STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
SIZE = 6.5


@dataclass(frozen=True)
class Stretch:
    """A phase as planned; its look is done, current or todo."""

    starts: date
    ends: date
    look: str


@dataclass(frozen=True)
class Milestone:
    """A gate: when it was planned, when it was passed, and whether it is overdue."""

    planned: date | None
    passed: date | None
    is_late: bool
    href: str
    words: str


@dataclass(frozen=True)
class Lane:
    """One programme."""

    stretches: Sequence[Stretch]
    milestones: Sequence[Milestone]


def drawing(lanes: Sequence[Lane], today: date) -> SafeString:
    """The calendar of all lanes, today's line included.

    It is hidden from those who listen: the table beside it says the same, and its
    links are reached there.
    """
    low, high = reach(lanes, today)
    x = scale(low.toordinal(), high.toordinal(), EDGE, WIDTH - EDGE)

    def at(on: date) -> float:
        return x(on.toordinal())

    height = HEAD + LANE * len(lanes)
    parts = [
        *axis(low, high, height, at),
        *(
            rule(0, HEAD + LANE * place, WIDTH, HEAD + LANE * place, "grid")
            for place in range(len(lanes))
        ),
        rule(at(today), HEAD - 6, at(today), height, "today"),
        *(lane_of(one, place, today, at) for place, one in enumerate(lanes)),
    ]
    return format_html(
        '<svg class="chart timeline" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        'aria-hidden="true" focusable="false">{}</svg>',
        together(parts),
        w=WIDTH,
        h=height,
    )


def reach(lanes: Sequence[Lane], today: date) -> tuple[date, date]:
    """The first and the last day on the calendar."""
    days = [today]
    for lane in lanes:
        for one in lane.stretches:
            days += [one.starts, one.ends]
        for gate in lane.milestones:
            days += [day for day in (gate.planned, gate.passed) if day]
    return min(days), max(days)


def ticks(low: date, high: date) -> list[date]:
    """First days of months between the ends, no more of them than can be read."""
    first, last = (one.year * 12 + one.month - 1 for one in (low, high))
    step = next((one for one in STEPS if (last - first) / one < MOST_TICKS), STEPS[-1])
    months = range(-(-first // step) * step, last + 1, step)
    found = [date(month // 12, month % 12 + 1, 1) for month in months]
    return [one for one in found if low <= one <= high]


def axis(
    low: date, high: date, height: float, at: Callable[[date], float]
) -> list[SafeString]:
    parts = []
    for on in ticks(low, high):
        parts.append(rule(at(on), HEAD - 6, at(on), height, "grid"))
        parts.append(
            format_html(
                '<text x="{}" y="{}">{}</text>',
                coordinate(at(on)),
                HEAD - 12,
                date_format(on, "M y"),
            )
        )
    return parts


def lane_of(
    lane: Lane, place: int, today: date, at: Callable[[date], float]
) -> SafeString:
    middle = HEAD + LANE * place + LANE / 2
    bars = [
        bars_of([one for one in lane.stretches if one.look == look], look, middle, at)
        for look in ("todo", "done", "current")
    ]
    gates = [gate_of(one, middle, today, at) for one in lane.milestones]
    return together([*bars, *gates])


def bars_of(
    rows: Sequence[Stretch], look: str, middle: float, at: Callable[[date], float]
) -> SafeString:
    """All bars of one look as one shape, each a little shorter than its days."""
    if not rows:
        return SafeString("")
    steps = "".join(
        f"M{coordinate(at(one.starts))} {coordinate(middle - BAR / 2)}"
        f"h{coordinate(max(at(one.ends) - at(one.starts) - 1, 1))}v{BAR}"
        f"H{coordinate(at(one.starts))}z"
        for one in rows
    )
    return format_html('<path class="bar {}" d="{}"/>', look, steps)


def gate_of(
    gate: Milestone, middle: float, today: date, at: Callable[[date], float]
) -> SafeString:
    """Planned hollow, passed full, a line between them; overdue with a ! and a line."""
    planned, passed = gate.planned, gate.passed
    parts: list[SafeString] = []
    if planned and passed and planned != passed:
        parts.append(rule(at(planned), middle, at(passed), middle, "slip"))
        parts.append(diamond(at(planned), middle, SIZE - 2, "gate plan"))
    if planned and gate.is_late:
        parts.append(rule(at(planned), middle, at(today), middle, "slip late"))
    stands = passed or planned
    if stands is None:
        return SafeString("")
    look = "passed" if passed else "late" if gate.is_late else "open"
    parts.append(diamond(at(stands), middle, SIZE, f"gate {look}"))
    if gate.is_late:
        parts.append(
            format_html(
                '<text class="late" x="{}" y="{}">!</text>',
                coordinate(at(stands)),
                coordinate(middle - 10),
            )
        )
    return format_html(
        '<a href="{}" tabindex="-1"><title>{}</title>{}</a>',
        gate.href,
        gate.words,
        together(parts),
    )


def sample(look: str) -> SafeString:
    """One diamond for the legend."""
    return format_html(
        '<svg class="chart timeline" viewBox="0 0 16 16" width="16" height="16" '
        'aria-hidden="true" focusable="false">{}</svg>',
        diamond(8, 8, SIZE if look != "plan" else SIZE - 2, f"gate {look}"),
    )
