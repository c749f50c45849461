"""Where a budget stands, and what a first benefit range is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import Amount, amount, listed, refuse, table, whole

LONGEST_YEARS = 20


@dataclass(frozen=True)
class Standing(Result):
    """Sums of a budget in the unit of its lines; free money may be negative."""

    planned: float
    committed: float
    actual: float
    free: float
    overrun: float
    forecast: float
    contingency_left: float
    spent_share: float | None
    reason: Reason | None = None


@dataclass(frozen=True)
class Worth(Result):
    """Payback in years and return on the cost, for one benefit a year."""

    payback_years: float | None
    roi: float | None
    reason: Reason | None = None


@dataclass(frozen=True)
class BenefitRange(Result):
    """What the low, the likely and the high benefit would be worth."""

    low: Worth
    likely: Worth
    high: Worth


@method(
    "budget.standing",
    name="Standing of a budget",
    source="PMBOK Guide, 7th ed.: variance analysis; contingency reserve",
    version="1",
    formula="used = max(ordered, paid), over = Σ max(0, used − planned)",
    phase=1,
    example={
        "lines": [
            {"planned": 100, "committed": 60, "actual": 40},
            {"planned": 50, "committed": 0, "actual": 62},
        ],
        "contingency": 20,
    },
)
def standing(lines: Sequence[Mapping[str, Any]], contingency: Amount = 0) -> Standing:
    """Planned, ordered and paid money, what is free, and what is left of the reserve.

    What was ordered counts as used until more than that is paid. Lines below their plan
    are expected to need it; those above eat the contingency. Money left over in one
    line is not moved to another by itself.

    Edges: no line gives sums of 0 and no share (zero_denominator); credit notes may
    make a sum negative.

    Worked example: 100 planned with 60 ordered and 40 paid, 50 planned with 62 paid:
    28 are free, 12 over plan, the forecast is 162, and 8 of a reserve of 20 are left.

    :param lines: Rows with planned, committed (ordered) and actual (paid).
    :param contingency: Reserve of the budget, above the lines.
    """
    rows = [
        line(one, f"lines[{place}]")
        for place, one in enumerate(listed(lines, "lines"), 1)
    ]
    reserve = amount(contingency, "contingency")
    planned, committed, actual = (sum(one[n] for one in rows) for n in range(3))
    over = sum(max(0.0, max(one[1], one[2]) - one[0]) for one in rows)
    used = sum(max(one[1], one[2]) for one in rows)
    return Standing(
        planned,
        committed,
        actual,
        planned - used,
        over,
        planned + over,
        reserve - over,
        actual / planned if planned else None,
        None if planned else "zero_denominator",
    )


def line(row: object, field: str) -> tuple[float, float, float]:
    given = table(row, field)
    planned, committed, actual = (
        amount(given.get(key, 0), f"{field}.{key}")
        for key in ("planned", "committed", "actual")
    )
    return planned, committed, actual


@method(
    "finance.benefit_range",
    name="Payback and return of a benefit range",
    source="Brealey, Myers & Allen; simple payback and return without discounting",
    version="1",
    formula="payback = C / B, ROI = (B · n − C) / C",
    phase=1,
    example={"cost": 600, "low": 200, "likely": 300, "high": 400, "years": 3},
)
def benefit_range(
    cost: Amount, low: Amount, likely: Amount, high: Amount, years: int = 3
) -> BenefitRange:
    """How fast a one-off cost comes back by a yearly benefit, and what it returns.

    A first look before any case is made: nothing is discounted, and the benefit counts
    as steady from the first day.

    Edges: no benefit never pays back (not_reached); no cost pays back at once and has
    no return (zero_denominator); the range must rise.

    Worked example: 600 for 200, 300 or 400 a year is back after 3, 2 or 1.5 years; over
    three years the return is 0 %, 50 % or 100 %.

    :param cost: What the programme costs, once.
    :param low: Yearly benefit that is nearly certain.
    :param likely: Yearly benefit that is expected.
    :param high: Yearly benefit if all goes well.
    :param years: Years that the return looks at, 1 to 20.
    """
    spent = amount(cost, "cost")
    if spent < 0:
        refuse("cost", "give what it costs, not less than 0")
    span = whole(years, "years", least=1, most=LONGEST_YEARS)
    amounts = [amount(low, "low"), amount(likely, "likely"), amount(high, "high")]
    if amounts != sorted(amounts):
        refuse("low", "give the range in order: low, likely, high")
    return BenefitRange(*(worth(spent, one, span) for one in amounts))


def worth(cost: float, benefit: float, years: int) -> Worth:
    if cost == 0:
        return Worth(0.0, None, "zero_denominator")
    roi = (benefit * years - cost) / cost
    if benefit <= 0:
        return Worth(None, roi, "not_reached")
    return Worth(cost / benefit, roi)
