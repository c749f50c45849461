"""Shares that were counted in a sample, with honest intervals."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import Number, confidence_level, refuse, whole


@dataclass(frozen=True)
class WilsonInterval(Result):
    """A share and its interval, fractions from 0 to 1."""

    proportion: float | None
    low: float | None
    high: float | None
    center: float | None
    reason: Reason | None = None


def normal_quantile(confidence: float) -> float:
    """Return the unrounded two-sided z of a level of confidence (0.95: 1.959964)."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


@method(
    "stats.wilson",
    name="Wilson interval of a share",
    source="Wilson (1927); Newcombe (1998) Statistics in Medicine 17:857-872",
    version="1",
    formula="(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)",
    phase=3,
    example={"successes": 81, "n": 263, "confidence": 0.95},
)
def wilson(successes: Number, n: Number, confidence: Number = 0.95) -> WilsonInterval:
    """Interval of a share that also holds for few answers and shares near 0 or 1.

    With p = successes/n the interval is centred at (p + z²/2n)/(1 + z²/n) and reaches
    z √(p(1−p)/n + z²/4n²)/(1 + z²/n) to either side. All figures are fractions.

    Edges: n = 0 gives nothing (insufficient_data); no success starts at exactly 0, only
    successes end at exactly 1.

    Worked example (Newcombe 1998): 81 of 263 at 95 % gives 0.2553 to 0.3662.

    :param successes: How many of the sample have the property.
    :param n: Size of the sample.
    :param confidence: Level of confidence, between 0 and 1.
    """
    size = whole(n, "n", least=0)
    hits = whole(successes, "successes", least=0)
    z = normal_quantile(confidence_level(confidence))
    if hits > size:
        refuse("successes", "give no more than n")
    if size == 0:
        return WilsonInterval(None, None, None, None, "insufficient_data")
    share, scale = hits / size, 1 + z * z / size
    center = (share + z * z / (2 * size)) / scale
    half = z * math.sqrt(share * (1 - share) / size + (z / (2 * size)) ** 2) / scale
    low = 0.0 if hits == 0 else max(0.0, center - half)
    high = 1.0 if hits == size else min(1.0, center + half)
    return WilsonInterval(share, low, high, center)
