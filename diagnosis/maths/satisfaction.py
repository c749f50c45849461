"""What surveys say, and how many answers they need to say it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import (
    Number,
    confidence_level,
    listed,
    number,
    refuse,
    whole,
)
from programmes.maths.proportions import normal_quantile, wilson

INDICATIVE_BELOW = 30
NPS_GRADES = 11
FIRST_PASSIVE, FIRST_PROMOTER = 7, 9
NEGLIGIBLE = 1e-9


@dataclass(frozen=True)
class TopTwoBoxes(Result):
    """Percent of answers in the two best grades, its interval, and the mean grade."""

    n: int
    csat_pct: float | None
    low_pct: float | None
    high_pct: float | None
    mean: float | None
    median: float | None
    counts: tuple[int, ...]
    is_indicative: bool
    reason: Reason | None = None


@method(
    "survey.csat_top2",
    name="Customer satisfaction (two best grades)",
    source="Top-two-box convention; interval after Wilson (1927)",
    version="1",
    formula="CSAT = 100 · answers in the two best grades / answers",
    phase=3,
    example={"ratings": [5, 4, 4, 3, 5, 2, 4, 5, 1, 4]},
)
def csat_top2(
    ratings: Sequence[Number], grades: Number = 5, confidence: Number = 0.95
) -> TopTwoBoxes:
    """Percent of satisfied answers with its Wilson interval; the mean stands second.

    Edges: no answer gives nothing (insufficient_data); below 30 answers the figure is
    indicative only.

    Worked example: 7 of 10 answers are 4 or 5: 70 %, interval 39.7 to 89.2 %, mean 3.7.

    :param ratings: Answers from 1 (worst) to the number of grades (best).
    :param grades: Number of grades of the scale.
    :param confidence: Level of confidence, between 0 and 1.
    """
    best = whole(grades, "grades", least=3, most=11)
    level = confidence_level(confidence)
    answers = [
        whole(rating, f"ratings[{position}]", least=1, most=best)
        for position, rating in enumerate(listed(ratings, "ratings", most=100_000), 1)
    ]
    counts = tuple(answers.count(grade) for grade in range(1, best + 1))
    size = len(answers)
    share = wilson(sum(counts[-2:]), size, level)
    if share.proportion is None or share.low is None or share.high is None:
        return TopTwoBoxes(
            0, None, None, None, None, None, counts, True, "insufficient_data"
        )
    return TopTwoBoxes(
        size,
        100 * share.proportion,
        100 * share.low,
        100 * share.high,
        sum(answers) / size,
        float(median(answers)),
        counts,
        size < INDICATIVE_BELOW,
    )


@dataclass(frozen=True)
class NetPromoterScore(Result):
    """The score from −100 to 100 and its uncertainty, in points."""

    n: int
    promoters: int
    passives: int
    detractors: int
    nps: float | None
    se: float | None
    margin: float | None
    promoters_low_pct: float | None
    promoters_high_pct: float | None
    is_indicative: bool
    reason: Reason | None = None


@method(
    "survey.nps",
    name="Net promoter score",
    source="Reichheld (2003); variance of a difference of multinomial shares",
    version="1",
    formula="NPS = 100 (p − d), s.e. = 100 √((p + d − (p − d)²)/n)",
    phase=3,
    example={"promoters": 162, "passives": 108, "detractors": 54},
)
def nps(
    promoters: Number | None = None,
    passives: Number | None = None,
    detractors: Number | None = None,
    counts: Sequence[Number] | None = None,
    confidence: Number = 0.95,
) -> NetPromoterScore:
    """Promoters (9, 10) less detractors (0 to 6) in percent, with margin z · s.e.

    Give the three groups, or the counts of the eleven answers 0 to 10. When everybody
    answers alike the margin of 0 is misleading: show the Wilson interval of the
    promoters' share, which is always given.

    Edges: no answer gives nothing (insufficient_data); below 30 it is indicative.

    Worked example: 162 promoters, 108 passives, 54 detractors: 33.3, s.e. 4.14.

    :param promoters: Number of answers 9 and 10.
    :param passives: Number of answers 7 and 8.
    :param detractors: Number of answers 0 to 6.
    :param counts: Instead of the groups: how often 0, 1, 2 … 10 was answered.
    :param confidence: Level of confidence, between 0 and 1.
    """
    level = confidence_level(confidence)
    return _net(_groups(counts, promoters, passives, detractors), level)


def _net(groups: tuple[int, int, int], level: float) -> NetPromoterScore:
    size = sum(groups)
    share = wilson(groups[0], size, level)
    if share.low is None or share.high is None:
        return NetPromoterScore(
            0, 0, 0, 0, None, None, None, None, None, True, "insufficient_data"
        )
    above, below = groups[0] / size, groups[2] / size
    se = 100 * math.sqrt(max(0.0, above + below - (above - below) ** 2) / size)
    return NetPromoterScore(
        size,
        *groups,
        nps=100 * (above - below),
        se=se,
        margin=normal_quantile(level) * se,
        promoters_low_pct=100 * share.low,
        promoters_high_pct=100 * share.high,
        is_indicative=size < INDICATIVE_BELOW,
    )


def _groups(counts: object, *groups: object) -> tuple[int, int, int]:
    if counts is None:
        names = ("promoters", "passives", "detractors")
        promoters, passives, detractors = (
            whole(group, name, least=0)
            for name, group in zip(names, groups, strict=True)
        )
        return promoters, passives, detractors
    if any(group is not None for group in groups):
        refuse("counts", "give either the counts or the three groups")
    given = [
        whole(count, f"counts[{position}]", least=0)
        for position, count in enumerate(listed(counts, "counts"), 1)
    ]
    if len(given) != NPS_GRADES:
        refuse("counts", "give eleven counts, for the answers 0 to 10")
    return (
        sum(given[FIRST_PROMOTER:]),
        sum(given[FIRST_PASSIVE:FIRST_PROMOTER]),
        sum(given[:FIRST_PASSIVE]),
    )


@dataclass(frozen=True)
class SampleSize(Result):
    """Answers needed, and invitations to get them."""

    n0: float
    n: int
    invitations: int | None
    is_reachable: bool


@method(
    "survey.sample_size",
    name="Sample size",
    source="Cochran (1977), Sampling Techniques, ch. 4",
    version="1",
    formula="n₀ = z² p(1−p)/E², n = ⌈n₀/(1 + (n₀−1)/N)⌉",
    phase=3,
    example={"margin": 0.05, "population": 1000, "response_rate": 0.4},
)
def sample_size(
    margin: Number,
    population: Number | None = None,
    confidence: Number = 0.95,
    proportion: Number = 0.5,
    response_rate: Number | None = None,
) -> SampleSize:
    """Answers needed so that a share is known to within ± the margin.

    z and n₀ stay unrounded; only the last figure is rounded up. Invitations are answers
    divided by the expected response rate, and never more than the population: then
    ``is_reachable`` is no.

    Edges: without a population it counts as endless; a margin of 0 is refused.

    Worked example: ± 5 % needs 385 answers, of 1000 people 278, of 100 people 80.

    :param margin: Half width of the interval, a fraction (0.05 is ± 5 %).
    :param population: Number of people asked about.
    :param confidence: Level of confidence, between 0 and 1.
    :param proportion: Expected share, a fraction; 0.5 is the safest.
    :param response_rate: Share of invitations that are answered, a fraction.
    """
    half_width = number(margin, "margin", above=1e-6, below=1)
    share = number(proportion, "proportion", above=0, below=1)
    z = normal_quantile(confidence_level(confidence))
    people = None if population is None else whole(population, "population", least=1)
    endless = z * z * share * (1 - share) / half_width**2
    needed = endless if people is None else endless / (1 + (endless - 1) / people)
    answers = max(1, _rounded_up(needed))
    if response_rate is None:
        return SampleSize(endless, answers, None, True)
    rate = number(response_rate, "response_rate", above=0, most=1)
    invitations = _rounded_up(answers / rate)
    most = invitations if people is None else people
    return SampleSize(endless, answers, min(invitations, most), invitations <= most)


def _rounded_up(value: float) -> int:
    return math.ceil(value * (1 - NEGLIGIBLE))


@dataclass(frozen=True)
class Margin(Result):
    """Half width of the interval of a share, a fraction."""

    margin: float | None
    reason: Reason | None = None


@method(
    "survey.margin_fpc",
    name="Margin of error with a finite population",
    source="Cochran (1977), Sampling Techniques, ch. 3",
    version="1",
    formula="E = z √(p(1−p)/n) √((N−n)/(N−1))",
    phase=3,
    example={"n": 278, "population": 1000},
)
def margin_fpc(
    n: Number,
    population: Number | None = None,
    confidence: Number = 0.95,
    proportion: Number = 0.5,
) -> Margin:
    """Half width of the interval of a share when n of N people have answered.

    Edges: no answer gives nothing (insufficient_data); when everybody has answered the
    margin is 0; more answers than people are refused; no population counts as endless.

    Worked example: 278 of 1000 answered: ± 4.997 %.

    :param n: Number of answers.
    :param population: Number of people asked about.
    :param confidence: Level of confidence, between 0 and 1.
    :param proportion: Expected share, a fraction; 0.5 is the safest.
    """
    size = whole(n, "n", least=0)
    people = None if population is None else whole(population, "population", least=1)
    share = number(proportion, "proportion", least=0, most=1)
    z = normal_quantile(confidence_level(confidence))
    if people is not None and size > people:
        refuse("n", "give no more answers than people")
    if size == 0:
        return Margin(None, "insufficient_data")
    if size == people:
        return Margin(0.0)
    correction = 1.0 if people is None else (people - size) / (people - 1)
    return Margin(z * math.sqrt(share * (1 - share) / size * correction))
