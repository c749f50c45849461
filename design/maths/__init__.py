"""Pure numerics of design; importing this package registers its methods."""

from design.maths import case, plan, ranges, scoring

__all__ = ["case", "plan", "ranges", "scoring"]
