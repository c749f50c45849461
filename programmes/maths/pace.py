"""How long a programme is usually quiet between two changes, and when that is long."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import Number, number, numbers

# Fewer gaps than these say nothing about what is usual.
FEWEST = 20
# Nobody is called stalled within two weeks; without enough gaps, within thirty days.
GRACE_DAYS = 14
FALLBACK_DAYS = 30


@dataclass(frozen=True)
class Pace(Result):
    """The usual gap, the longest that is not called stalled, and on what it rests."""

    usual: float | None
    limit: float
    gaps: int
    is_stalled: bool
    reason: Reason | None = None


@method(
    "progress.stalled",
    name="Stalled against the usual pace",
    source="Quantiles: Hyndman & Fan (1996) Am. Stat. 50:361-365, type 7",
    version="1",
    formula="limit = max(grace, 90 % quantile of the gaps); stalled: quiet > limit",
    phase=1,
    example={
        "quiet": 40,
        "gaps": [1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 5, 5, 6, 7, 9, 14, 20, 25, 30, 41],
    },
)
def stalled(
    quiet: Number,
    gaps: Sequence[Number],
    grace: Number = GRACE_DAYS,
    fallback: Number = FALLBACK_DAYS,
) -> Pace:
    """Whether nothing has changed for longer than is usual in this phase.

    A gap is the number of days between two days on which somebody changed a record of
    a programme; those of all programmes of the enterprise in the same phase are
    compared. Reading, signing in, and handing out roles change no record.

    Edges: with fewer than twenty gaps the limit is the fallback (insufficient_data);
    the limit is never below the grace, so that a fast phase calls nobody stalled for
    a week's leave.

    Worked example: of these 21 gaps the median is 4 days and the 90 % quantile 25;
    40 quiet days are more, so the programme is stalled.

    :param quiet: Days since the last change.
    :param gaps: Days between changes in this phase, of all programmes.
    :param grace: Days within which nothing is called stalled.
    :param fallback: The limit where there are too few gaps.
    """
    days, rows = number(quiet, "quiet", least=0), numbers(gaps, "gaps", least=0)
    shortest = number(grace, "grace", least=0)
    if len(rows) < FEWEST:
        limit = number(fallback, "fallback", least=0)
        return Pace(None, limit, len(rows), days > limit, "insufficient_data")
    limit = max(shortest, quantiles(rows, n=10, method="inclusive")[-1])
    return Pace(median(rows), limit, len(rows), days > limit)
