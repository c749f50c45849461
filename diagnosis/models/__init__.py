"""All tables of the app, by topic."""

from diagnosis.models.problems import Problem

__all__ = ["Problem"]
