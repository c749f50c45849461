"""What phase 3 holds, by topic."""

from diagnosis.models.environment import OUTSIDE, Factor, SwotItem
from diagnosis.models.problems import Cause, Evidence, Problem
from diagnosis.models.surveys import Answer, Question, Response, Survey

__all__ = [
    "OUTSIDE",
    "Answer",
    "Cause",
    "Evidence",
    "Factor",
    "Problem",
    "Question",
    "Response",
    "Survey",
    "SwotItem",
]
