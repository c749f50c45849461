"""Pure numerics of the diagnosis; importing this package registers its methods."""

from diagnosis.maths import (
    conformance,
    contrast,
    flow,
    ipo,
    log_summary,
    pareto,
    risk,
    satisfaction,
)

__all__ = [
    "conformance",
    "contrast",
    "flow",
    "ipo",
    "log_summary",
    "pareto",
    "risk",
    "satisfaction",
]
