"""Criteria of gates 7 and 8, and the lessons of each phase; importing registers."""

from evaluation.gates import closing, gains, lessons, proofs

__all__ = ["closing", "gains", "lessons", "proofs"]
