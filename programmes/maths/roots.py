"""All positive roots of a polynomial, none lost and none invented.

Companion-matrix solvers lose roots of long cash flows to rounding, and a search from a
guess finds one of several. Here every root is enclosed: written in s = ln x, the
polynomial divided by a power of x is a sum of exponentials; its derivative has one
change of sign less, so after as many derivatives as there are changes of sign nothing
is left to cross zero, and between two roots of a derivative the function above it is
monotone (Descartes' rule of signs with Rolle's theorem).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TOUCHING = 1e-12
PRECISE = 4e-16

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class ExponentialSum:
    """The sum of sign · exp(log + s · power) over its terms."""

    powers: Doubles
    signs: Doubles
    logs: Doubles

    def at(self, points: Doubles) -> Doubles:
        """Return the sums at many points, each as a share of the sum of sizes."""
        exponents = self.logs + np.outer(points, self.powers)
        exponents -= exponents.max(axis=1, keepdims=True)
        sizes = np.exp(exponents)
        return np.asarray((sizes @ self.signs) / sizes.sum(axis=1))

    def sign_changes(self) -> NDArray[np.intp]:
        """Return the positions after which the next term has the other sign."""
        return np.flatnonzero(self.signs[1:] != self.signs[:-1])

    def simpler(self) -> "ExponentialSum":
        """Return the derivative that has one change of sign less."""
        changes = self.sign_changes()
        middle = changes[len(changes) // 2]
        factors = self.powers - (self.powers[middle] + self.powers[middle + 1]) / 2
        return ExponentialSum(
            self.powers,
            self.signs * np.sign(factors),
            self.logs + np.log(np.abs(factors)),
        )

    def bounds(self) -> tuple[float, float]:
        """Return Cauchy's bounds, between which all roots lie."""
        largest = self.logs.max()
        return (
            -float(np.logaddexp(0, largest - self.logs[0])) - 1,
            float(np.logaddexp(0, largest - self.logs[-1])) + 1,
        )


def logarithms_of_positive_roots(coefficients: list[float]) -> list[float]:
    """Return ln x of the distinct roots x > 0 of Σ cₜ xᵗ, in rising order.

    A root that only touches zero (a double root) counts once. No coefficient but zeros:
    no roots.

    >>> [round(math.exp(s), 9) for s in logarithms_of_positive_roots([2, -3, 1])]
    [1.0, 2.0]
    """
    values = np.asarray(coefficients, dtype=np.float64)
    powers = np.flatnonzero(values)
    if len(powers) == 0:
        return []
    terms = values[powers]
    chain = [
        ExponentialSum(powers.astype(np.float64), np.sign(terms), np.log(np.abs(terms)))
    ]
    while len(chain[-1].sign_changes()):
        chain.append(chain[-1].simpler())
    turns: Doubles = np.array([])
    for function in reversed(chain[:-1]):
        turns = _roots_between(function, turns)
    return [float(root) for root in turns]


def _roots_between(function: ExponentialSum, turns: Doubles) -> Doubles:
    low, high = function.bounds()
    if len(turns):
        low, high = min(low, turns[0] - 1), max(high, turns[-1] + 1)
    ends = np.concatenate(([low], turns, [high]))
    values = function.at(ends)
    signs = np.where(np.abs(values) <= TOUCHING, 0, np.sign(values))
    crossing = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    crossed = _bisected(function, ends[crossing], ends[crossing + 1], signs[crossing])
    return np.sort(np.concatenate((crossed, ends[signs == 0])))


def _bisected(
    function: ExponentialSum, low: Doubles, high: Doubles, sign_at_low: Doubles
) -> Doubles:
    while np.any(high - low > PRECISE * (1 + np.abs(low))):
        middle = (low + high) / 2
        is_before = np.sign(function.at(middle)) == sign_at_low
        low = np.where(is_before, middle, low)
        high = np.where(is_before, high, middle)
    return low + (high - low) / 2
