"""Criteria of gates 7 and 8, and the lessons of each phase; importing registers."""

from evaluation.gates import closing, lessons, proofs

__all__ = ["closing", "lessons", "proofs"]
