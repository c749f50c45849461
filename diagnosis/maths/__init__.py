"""Pure numerics of the diagnosis; importing this package registers its methods."""

from diagnosis.maths import (
    conformance,
    flow,
    ipo,
    log_summary,
    pareto,
    risk,
    satisfaction,
)

__all__ = [
    "conformance",
    "flow",
    "ipo",
    "log_summary",
    "pareto",
    "risk",
    "satisfaction",
]
