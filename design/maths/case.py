"""The business case of an option: its flows by year, and what they are worth."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from programmes.maths.economics import irr, npv, payback


@dataclass(frozen=True)
class Line:
    """An amount in one year; costs are given as positive amounts too."""

    is_benefit: bool
    year: int
    amount: Decimal


@dataclass(frozen=True)
class Case:
    """Money by year from now on, and its worth at the rate."""

    rate: Decimal
    costs: tuple[Decimal, ...]
    benefits: tuple[Decimal, ...]
    flows: tuple[Decimal, ...]
    npv: float
    irr: float | None
    payback_years: float | None

    @property
    def cost(self) -> Decimal:
        return sum(self.costs, Decimal(0))

    @property
    def benefit(self) -> Decimal:
        return sum(self.benefits, Decimal(0))

    @property
    def cumulative(self) -> list[Decimal]:
        sums: list[Decimal] = []
        for flow in self.flows:
            sums.append((sums[-1] if sums else Decimal(0)) + flow)
        return sums


def business_case(lines: Iterable[Line], percent: Decimal) -> Case:
    """Add the lines up by year and value them.

    Years without a line count as 0. Internal rate and payback are nothing where they do
    not exist (never recovered, no change of sign).

    :param percent: the discount rate a year, in percent.
    :raises ValueError: no lines.
    """
    given = list(lines)
    if not given:
        raise ValueError("lines: give at least one")
    years = max(one.year for one in given) + 1
    costs, benefits = [Decimal(0)] * years, [Decimal(0)] * years
    for one in given:
        (benefits if one.is_benefit else costs)[one.year] += one.amount
    flows = [gain - cost for gain, cost in zip(benefits, costs, strict=True)]
    rate = float(percent) / 100
    return Case(
        rate=percent,
        costs=tuple(costs),
        benefits=tuple(benefits),
        flows=tuple(flows),
        npv=npv(rate, flows).npv,
        irr=irr(flows).irr,
        payback_years=payback(flows).payback,
    )
