"""Pure numerics of the diagnosis; importing this package registers its methods."""

from diagnosis.maths import contrast, flow, ipo, log_summary, pareto, risk, satisfaction

__all__ = ["contrast", "flow", "ipo", "log_summary", "pareto", "risk", "satisfaction"]
