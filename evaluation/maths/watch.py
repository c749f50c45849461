"""One series as it is watched: limits per stretch, patterns, and where it stands.

Not a method of its own: it applies `spc.xmr` and `spc.rules` stretch by stretch. A
stretch begins where somebody marked a change of the process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from evaluation.maths.control import RuleSet, rules, xmr

Better = Literal["higher", "lower", "target"]
Stage = Literal["run", "provisional", "firm"]

RUN_CHART_BELOW = 12
PROVISIONAL_BELOW = 20
GOOD_POINTS = 3
AMBER_FROM = 80.0
OUTSIDE = "outside"
PATTERNS: dict[RuleSet, dict[str, str]] = {
    "wheeler": {"1": OUTSIDE, "2": "near_limit", "3": "run_of_eight"},
    "western_electric": {
        "1": OUTSIDE,
        "2": "two_of_three",
        "3": "four_of_five",
        "4": "run_of_eight",
    },
    "nelson": {
        "1": OUTSIDE,
        "2": "run_of_nine",
        "3": "trend",
        "4": "alternating",
        "5": "two_of_three",
        "6": "four_of_five",
        "7": "hugging",
        "8": "avoiding",
    },
}


@dataclass(frozen=True)
class Stretch:
    """Points from `first` up to `last` (positions from 0) with one set of limits."""

    first: int
    last: int
    stage: Stage
    center: float
    upper: float | None = None
    lower: float | None = None
    range_mean: float | None = None
    range_upper: float | None = None


@dataclass(frozen=True)
class Flag:
    """A point that completes a pattern, and whether it lies on the good side."""

    at: int
    pattern: str
    is_above: bool
    is_good: bool


@dataclass(frozen=True)
class Watched:
    """What the chart of a series shows."""

    stretches: tuple[Stretch, ...]
    flags: tuple[Flag, ...]
    ranges: tuple[float | None, ...]

    @property
    def last(self) -> Stretch | None:
        return self.stretches[-1] if self.stretches else None

    def flag_at(self, at: int) -> Flag | None:
        return next((one for one in self.flags if one.at == at), None)

    @property
    def newest(self) -> Flag | None:
        """The newest pattern among the last three points."""
        size = len(self.ranges)
        recent = [one for one in self.flags if one.at >= size - GOOD_POINTS]
        return recent[-1] if recent else None


def watch(
    values: Sequence[float],
    starts: Sequence[int] = (),
    better: Better = "lower",
    rule_set: RuleSet = "wheeler",
) -> Watched:
    """Judge a series.

    :param starts: positions at which the process changed.
    :param better: which side is the good one; "target" has none.
    """
    inner = {one for one in starts if 0 < one < len(values)}
    edges = sorted({0, *inner, len(values)})
    stretches: list[Stretch] = []
    flags: list[Flag] = []
    ranges: list[float | None] = []
    for first, end in pairwise(edges):
        part = [float(one) for one in values[first:end]]
        stretch, found = judge(part, first, better, rule_set)
        stretches.append(stretch)
        flags += found
        ranges += [None, *(abs(b - a) for a, b in pairwise(part))]
    return Watched(tuple(stretches), tuple(flags), tuple(ranges))


def judge(
    part: list[float], first: int, better: Better, rule_set: RuleSet
) -> tuple[Stretch, list[Flag]]:
    """Limits come from the first twenty points and stay; fewer than 12 have none."""
    last = first + len(part) - 1
    if len(part) < RUN_CHART_BELOW:
        return Stretch(first, last, "run", float(median(part))), []
    chart = xmr(part, baseline=min(len(part), PROVISIONAL_BELOW))
    stage: Stage = "provisional" if len(part) < PROVISIONAL_BELOW else "firm"
    center, sigma = float(chart.center or 0), float(chart.sigma or 0)
    stretch = Stretch(
        first, last, stage, center, chart.ucl, chart.lcl, chart.mr_bar, chart.mr_ucl
    )
    found = rules(part, center, sigma, rule_set)
    names = PATTERNS[rule_set]
    seen: dict[int, Flag] = {}
    for code, places in found.signals.items():
        for place in places:
            above = part[place - 1] > center
            good = better != "target" and above == (better == "higher")
            at = first + place - 1
            seen.setdefault(at, Flag(at, names[code], above, good))
    return stretch, [seen[at] for at in sorted(seen)]


def misses(value: float, target: float | None, better: Better) -> bool:
    """Is the value on the wrong side of its target? On-target indicators never."""
    if target is None or better == "target":
        return False
    return value < target if better == "higher" else value > target


def colour(progress: float | None) -> str:
    """Traffic light of a goal progress: green from 100, amber from 80, red below."""
    if progress is None:
        return ""
    if progress >= 100 - 1e-9:
        return "green"
    return "amber" if progress >= AMBER_FROM else "red"


@dataclass(frozen=True)
class Episode:
    """The newest bad point, and how many good ones came after it."""

    at: int
    pattern: str
    good_since: int


def episode(
    values: Sequence[float],
    watched: Watched,
    target: float | None,
    better: Better,
) -> Episode | None:
    """The newest point that shows a bad pattern or, with a target, misses it.

    :param target: None where missing the target is no reason yet.
    """
    for at in range(len(values) - 1, -1, -1):
        flag = watched.flag_at(at)
        bad = flag is not None and not flag.is_good
        missed = misses(float(values[at]), target, better)
        if bad or missed:
            name = flag.pattern if bad and flag else "target"
            return Episode(at, name, len(values) - 1 - at)
    return None
