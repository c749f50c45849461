"""Pure numerics of design; importing this package registers its methods."""

from design.maths import case, plan, scoring

__all__ = ["case", "plan", "scoring"]
