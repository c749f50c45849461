"""Pure numerics of design; importing this package registers its methods."""

from design.maths import scoring

__all__ = ["scoring"]
