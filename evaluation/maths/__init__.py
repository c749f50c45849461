"""Pure numerics of the evaluation; importing this package registers its methods."""

from evaluation.maths import control, effects, index, tree

__all__ = ["control", "effects", "index", "tree"]
