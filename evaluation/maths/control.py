"""Control charts of single values, and the rules that tell signals from noise."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import Number, choice, listed, number, numbers, whole

D2 = 2 / math.sqrt(math.pi)
D3 = math.sqrt(2 - 4 / math.pi)
LIMIT_SIGMAS = 3
RANGE_LIMIT = 1 + LIMIT_SIGMAS * D3 / D2
SAME = 1e-12

RuleSet = Literal["nelson", "western_electric", "wheeler"]


@dataclass(frozen=True)
class IndividualsChart(Result):
    """Centre and limits in the unit of the values; signals are counted from 1."""

    n: int
    center: float | None
    sigma: float | None
    ucl: float | None
    lcl: float | None
    mr_bar: float | None
    mr_ucl: float | None
    moving_ranges: tuple[float, ...]
    signals: tuple[int, ...]
    mr_signals: tuple[int, ...]
    reason: Reason | None = None


@method(
    "spc.xmr",
    name="Control chart of single values (XmR)",
    source="Wheeler, Understanding Variation; NIST/SEMATECH e-Handbook 6.3.2.2",
    version="1",
    formula="x̄ ± 3 σ, σ = mean moving range / d₂, d₂ = 2/√π = 1.128379",
    phase=8,
    example={"values": [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]},
)
def xmr(values: Sequence[Number], baseline: Number | None = None) -> IndividualsChart:
    """Natural limits of a series, from the average step between neighbours.

    Limits lie at the mean ± 2.6587 mean moving ranges, that of the ranges at 3.2665 of
    them. A baseline fixes the limits with its points; the others are judged by them.
    Signals are points strictly outside; ``spc.rules`` knows more patterns.

    Edges: below two points there are no limits (insufficient_data). Without variation
    the limits equal the centre, so that a constant series has no signal.

    Worked example (NIST flow rate): mean 50.81, mean range 1.8778, limits 45.81 and
    55.80, no signal. NIST divides by the rounded 1.128.

    :param values: The series in order of time.
    :param baseline: Number of first points that fix the limits; all when not given.
    """
    series = numbers(values, "values")
    first = len(series)
    if baseline is not None:
        first = whole(baseline, "baseline", least=2, most=max(2, len(series)))
    ranges = tuple(abs(later - earlier) for earlier, later in pairwise(series))
    if len(series) < 2:
        return _without_limits(series)
    mean_range = math.fsum(ranges[: first - 1]) / (first - 1)
    center = math.fsum(series[:first]) / first if mean_range else series[0]
    return _judged(series, ranges, center, mean_range)


def _without_limits(series: list[float]) -> IndividualsChart:
    center = series[0] if series else None
    return IndividualsChart(
        len(series),
        center,
        sigma=None,
        ucl=None,
        lcl=None,
        mr_bar=None,
        mr_ucl=None,
        moving_ranges=(),
        signals=(),
        mr_signals=(),
        reason="insufficient_data",
    )


def _judged(
    series: list[float], ranges: tuple[float, ...], center: float, mean_range: float
) -> IndividualsChart:
    sigma = mean_range / D2
    range_limit = RANGE_LIMIT * mean_range
    return IndividualsChart(
        n=len(series),
        center=center,
        sigma=sigma,
        ucl=center + LIMIT_SIGMAS * sigma,
        lcl=center - LIMIT_SIGMAS * sigma,
        mr_bar=mean_range,
        mr_ucl=range_limit,
        moving_ranges=ranges,
        signals=tuple(
            place
            for place, value in enumerate(series, 1)
            if abs(_side(value, center, sigma, LIMIT_SIGMAS)) == 1
        ),
        mr_signals=tuple(
            place
            for place, step in enumerate(ranges, 2)
            if step - range_limit > SAME * step
        ),
    )


def _side(value: float, center: float, sigma: float, sigmas: float) -> int:
    """Return 1 above, −1 below the zone of so many sigmas, 0 inside or on its edge."""
    distance = abs(value - center)
    edge = sigmas * sigma
    if distance - edge <= SAME * max(abs(value), abs(center), edge):
        return 0
    return 1 if value > center else -1


@dataclass(frozen=True)
class RuleSignals(Result):
    """For each rule the points that complete its pattern, counted from 1."""

    rule_set: RuleSet
    signals: dict[str, tuple[int, ...]]
    descriptions: dict[str, str]
    points: tuple[int, ...]


@dataclass(frozen=True)
class Rule:
    """A pattern in words, and a test of the point at a position of a series."""

    description: str
    holds: Callable[["Zones", int], bool]


class Zones:
    """A series seen from its centre: on which side of which zone each point lies."""

    def __init__(self, values: list[float], center: float, sigma: float) -> None:
        self.values = values
        self._sides = {
            sigmas: [_side(value, center, sigma, sigmas) for value in values]
            for sigmas in (0, 1, 1.5, 2, 3)
        }
        self._is_within = [
            sigma - abs(value - center) > SAME * max(abs(value), abs(center), sigma)
            for value in values
        ]

    def beyond(self, at: int, sigmas: float, needed: int, of: int) -> bool:
        """Say whether so many of the last points lie beyond, on the side of this."""
        sides = self._sides[sigmas]
        window = sides[max(0, at - of + 1) : at + 1]
        return sides[at] != 0 and window.count(sides[at]) >= needed

    def steady(self, at: int, length: int) -> bool:
        """Say whether the last points rise or fall all the way."""
        steps = self._steps(at, length)
        return bool(steps) and (
            all(step > 0 for step in steps) or all(step < 0 for step in steps)
        )

    def alternating(self, at: int, length: int) -> bool:
        """Say whether the last points go up and down by turns."""
        steps = self._steps(at, length)
        return bool(steps) and all(
            (one > 0 > two) or (one < 0 < two) for one, two in pairwise(steps)
        )

    def hugging(self, at: int, length: int) -> bool:
        """Say whether the last points all lie within one sigma."""
        window = self._is_within[max(0, at - length + 1) : at + 1]
        return len(window) == length and all(window)

    def avoiding(self, at: int, length: int) -> bool:
        """Say whether the last points all lie beyond one sigma, on either side."""
        window = self._sides[1][max(0, at - length + 1) : at + 1]
        return len(window) == length and all(window)

    def _steps(self, at: int, length: int) -> list[float]:
        """Return the steps between the last points, none when there are too few."""
        window = self.values[max(0, at - length + 1) : at + 1]
        if len(window) < length:
            return []
        return [later - earlier for earlier, later in pairwise(window)]


OUTSIDE = Rule("one point beyond 3 sigma", lambda zones, at: zones.beyond(at, 3, 1, 1))
TWO_OF_THREE = Rule(
    "two of three points beyond 2 sigma on one side",
    lambda zones, at: zones.beyond(at, 2, 2, 3),
)
FOUR_OF_FIVE = Rule(
    "four of five points beyond 1 sigma on one side",
    lambda zones, at: zones.beyond(at, 1, 4, 5),
)
RUN_OF_EIGHT = Rule(
    "eight points in a row on one side of the centre",
    lambda zones, at: zones.beyond(at, 0, 8, 8),
)
RULE_SETS: dict[RuleSet, tuple[Rule, ...]] = {
    "nelson": (
        OUTSIDE,
        Rule(
            "nine points in a row on one side of the centre",
            lambda zones, at: zones.beyond(at, 0, 9, 9),
        ),
        Rule(
            "six points in a row steadily rising or falling",
            lambda zones, at: zones.steady(at, 6),
        ),
        Rule(
            "fourteen points in a row going up and down by turns",
            lambda zones, at: zones.alternating(at, 14),
        ),
        TWO_OF_THREE,
        FOUR_OF_FIVE,
        Rule(
            "fifteen points in a row within 1 sigma",
            lambda zones, at: zones.hugging(at, 15),
        ),
        Rule(
            "eight points in a row beyond 1 sigma on either side",
            lambda zones, at: zones.avoiding(at, 8),
        ),
    ),
    "western_electric": (OUTSIDE, TWO_OF_THREE, FOUR_OF_FIVE, RUN_OF_EIGHT),
    "wheeler": (
        OUTSIDE,
        Rule(
            "three of four points nearer to a limit than to the centre",
            lambda zones, at: zones.beyond(at, 1.5, 3, 4),
        ),
        RUN_OF_EIGHT,
    ),
}


@method(
    "spc.rules",
    name="Rules for control charts",
    source="Nelson (1984) JQT 16(4):237-239; Western Electric (1956); Wheeler",
    version="1",
    formula="z = (x − centre)/σ, patterns of z",
    phase=8,
    example={
        "values": [0, 1.6, 0.2, 1.7, 1.8, 0, 3.2, 0],
        "center": 0,
        "sigma": 1,
        "rule_set": "wheeler",
    },
)
def rules(
    values: Sequence[Number],
    center: Number,
    sigma: Number,
    rule_set: RuleSet = "wheeler",
    only: Sequence[Number] | None = None,
) -> RuleSignals:
    """Find patterns that chance alone would hardly make.

    The flagged point is the last of its pattern and lies itself in the zone. A point on
    the centre breaks a run; a point exactly on a limit is no signal. Wheeler's three
    rules raise the fewest false alarms; Nelson's eight are for engineers.

    Edges: no value gives no signal. With sigma 0 every zone shrinks to the centre: a
    constant series on it has no signal.

    Worked example: 0, 1.6, 0.2, 1.7, 1.8, 0, 3.2, 0 with Wheeler's rules: rule 2 at
    points 5 and 7 (three of four beyond 1.5 sigma), rule 1 at point 7.

    :param values: The series in order of time.
    :param center: Centre line.
    :param sigma: Standard deviation of the process, such as that of the XmR chart.
    :param rule_set: Whose rules.
    :param only: Numbers of the rules to use; all of the set when not given.
    """
    names: tuple[RuleSet, ...] = tuple(RULE_SETS)
    chosen = names[names.index(choice(rule_set, "rule_set", names))]
    zones = Zones(
        numbers(values, "values"),
        number(center, "center"),
        number(sigma, "sigma", least=0),
    )
    return _signals(chosen, zones, _used(RULE_SETS[chosen], only))


def _signals(rule_set: RuleSet, zones: Zones, used: dict[str, Rule]) -> RuleSignals:
    signals = {
        code: tuple(at + 1 for at in range(len(zones.values)) if rule.holds(zones, at))
        for code, rule in used.items()
    }
    return RuleSignals(
        rule_set,
        signals,
        {code: rule.description for code, rule in used.items()},
        tuple(sorted(set().union(*signals.values()))),
    )


def _used(rules: tuple[Rule, ...], only: object) -> dict[str, Rule]:
    numbered = {str(place): rule for place, rule in enumerate(rules, 1)}
    if only is None:
        return numbered
    wanted = {
        str(whole(item, "only", least=1, most=len(rules)))
        for item in listed(only, "only", least=1)
    }
    return {code: rule for code, rule in numbered.items() if code in wanted}
