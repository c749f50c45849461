"""Pure numerics of every phase; importing this package registers its methods."""

from programmes.maths import (
    budget,
    calendars,
    catalogue,
    economics,
    pace,
    proportions,
    ranking,
    schedule,
    trend,
)

__all__ = [
    "budget",
    "calendars",
    "catalogue",
    "economics",
    "pace",
    "proportions",
    "ranking",
    "schedule",
    "trend",
]
