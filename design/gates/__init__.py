"""Criteria of gates 4, 5 and 6; importing this package registers them."""

from design.gates import causes, design, go_live, implementation, support

__all__ = ["causes", "design", "go_live", "implementation", "support"]
