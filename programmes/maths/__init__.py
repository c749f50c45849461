"""Pure numerics of every phase; importing this package registers its methods."""

from programmes.maths import catalogue, proportions

__all__ = ["catalogue", "proportions"]
