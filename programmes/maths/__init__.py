"""Pure numerics of every phase; importing this package registers its methods."""

from programmes.maths import catalogue, economics, proportions, ranking, schedule, trend

__all__ = ["catalogue", "economics", "proportions", "ranking", "schedule", "trend"]
