"""Pure numerics of design; importing this package registers its methods."""

from design.maths import case, plan, scoring, sensitivity

__all__ = ["case", "plan", "scoring", "sensitivity"]
