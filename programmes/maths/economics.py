"""What an investment is worth: net present value, internal rate, payback.

The mandate, the choice of a scheme and the evaluation all compute these figures, so
they live in the lowest app.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import Amount, Number, amounts, number, refuse
from programmes.maths.roots import logarithms_of_positive_roots

LONGEST_FLOWS = 1_200
NEGLIGIBLE = 1e-12


@dataclass(frozen=True)
class NetPresentValue(Result):
    """The worth of a series of cash flows today, in the unit of the flows."""

    npv: float
    present_values: tuple[float, ...]


@dataclass(frozen=True)
class InternalRate(Result):
    """The rate at which the flows are worth nothing, a fraction per period."""

    irr: float | None
    roots: tuple[float, ...]
    status: str
    reason: Reason | None = None


@dataclass(frozen=True)
class Payback(Result):
    """How many periods pass until the outlay has come back."""

    payback: float | None
    is_lasting: bool | None
    cumulative: tuple[float, ...]
    reason: Reason | None = None


def _flows(cashflows: object) -> list[float]:
    flows = amounts(cashflows, "cashflows", shortest=1)
    if len(flows) > LONGEST_FLOWS:
        refuse("cashflows", f"give at most {LONGEST_FLOWS} of them")
    return flows


def _discounted(rate: object, flows: list[float]) -> list[float]:
    growth = 1 + number(rate, "rate", above=-1)
    try:
        return [flow * growth**-period for period, flow in enumerate(flows)]
    except (OverflowError, ZeroDivisionError):
        refuse("rate", "give a rate further from -1 for so many periods")


@method(
    "finance.npv",
    name="Net present value",
    source="Brealey, Myers & Allen, Principles of Corporate Finance; Excel NPV",
    version="1",
    formula="NPV = Σ Cₜ / (1 + r)ᵗ",
    phase=7,
    example={"rate": 0.08, "cashflows": [-40000, 8000, 9200, 10000, 12000, 14500]},
)
def npv(rate: Number, cashflows: Sequence[Amount]) -> NetPresentValue:
    """Worth today of flows at the ends of equal periods; the first one is now (t = 0).

    NPV = Σ Cₜ/(1+r)ᵗ. Excel's NPV discounts its first value once: put a 0 in front to
    compare. Rate and flows must both be nominal or both real.

    Edges: one flow is worth itself; a rate of 0 adds the flows up; the rate must be
    above −1; at least one flow.

    Worked example (Excel): 8 %, −40 000 then 8 000, 9 200, 10 000, 12 000 and 14 500
    are worth 1 922.06.

    :param rate: Discount rate per period, a fraction (0.08 is 8 %).
    :param cashflows: Money in (positive) and out (negative) per period, from today on.
    """
    present_values = _discounted(rate, _flows(cashflows))
    return NetPresentValue(math.fsum(present_values), tuple(present_values))


@method(
    "finance.irr",
    name="Internal rate of return",
    source="Brealey, Myers & Allen; roots enclosed by Descartes' rule of signs",
    version="1",
    formula="IRR = the only r > −1 with Σ Cₜ / (1 + r)ᵗ = 0",
    phase=7,
    example={"cashflows": [-70000, 12000, 15000, 18000, 21000, 26000]},
)
def irr(cashflows: Sequence[Amount]) -> InternalRate:
    """Rate of return per period at which the flows are worth nothing today.

    All real rates above −1 with NPV = 0 are found. Exactly one is the internal rate
    (status ok). Several are listed and none is chosen (multiple): look at the modified
    rate instead.

    Edges: flows that never change their sign, and flows whose NPV is on one side of
    zero at every rate (no root), have none. Rates are fractions (0.087 is 8.7 %).

    Worked example (Excel): −70 000 then 12 000, 15 000, 18 000, 21 000 and 26 000
    return 8.66 %. But −100, 230, −132 is worth nothing at both 10 % and 20 %.

    :param cashflows: Money in (positive) and out (negative) per period, from today on.
    """
    flows = _flows(cashflows)
    if not (min(flows) < 0 < max(flows)):
        return InternalRate(None, (), "no sign change", "no_sign_change")
    factors = logarithms_of_positive_roots(flows)
    roots = tuple(sorted(math.expm1(-factor) for factor in factors))
    if not roots:
        return InternalRate(None, (), "no root", "no_sign_change")
    if len(roots) > 1:
        return InternalRate(None, roots, "multiple", "multiple_roots")
    return InternalRate(roots[0], roots, "ok")


@method(
    "finance.payback",
    name="Payback period",
    source="Brealey, Myers & Allen; linear interpolation inside the period",
    version="1",
    formula="t − 1 + (−S₍ₜ₋₁₎) / Cₜ at the first t with Sₜ = C₀ + … + Cₜ ≥ 0",
    phase=7,
    example={"cashflows": [-100, 30, 40, 50, 20]},
)
def payback(cashflows: Sequence[Amount], rate: Number = 0) -> Payback:
    """Periods until the cumulative flow climbs back from below zero.

    Inside the period of recovery the flow counts as steady. With a rate the flows are
    discounted first. ``is_lasting`` says whether later outlays leave the sum recovered.

    Edges: never recovered gives nothing (not_reached); no outlay at all gives 0. Sums
    within 1e-12 of zero, relative to the largest flow, count as zero.

    Worked example: −100, 30, 40, 50, 20 is back after 2.6 periods (30 of the 50).

    :param cashflows: Money in (positive) and out (negative) per period, from today on.
    :param rate: Discount rate per period, a fraction; 0 for the simple payback.
    """
    flows = _discounted(rate, _flows(cashflows))
    tolerance = NEGLIGIBLE * max(abs(flow) for flow in flows)
    sums = [0.0 if abs(total) <= tolerance else total for total in accumulate(flows)]
    if min(sums) >= 0:
        return Payback(0.0, True, tuple(sums))
    for period in range(1, len(sums)):
        before, after = sums[period - 1], sums[period]
        if before < 0 <= after:
            periods = period - 1 - before / (after - before)
            return Payback(periods, min(sums[period:]) >= 0, tuple(sums))
    return Payback(None, None, tuple(sums), "not_reached")
