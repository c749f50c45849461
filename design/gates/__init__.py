"""Criteria of gates 4, 5 and 6; importing this package registers them."""

from design.gates import design, go_live, implementation, support

__all__ = ["design", "go_live", "implementation", "support"]
