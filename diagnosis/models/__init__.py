"""All tables of the app, by topic."""

from diagnosis.models.environment import OUTSIDE, Factor, SwotItem
from diagnosis.models.findings import Finding
from diagnosis.models.logs import EventLog, LogEvidence, LogFeed, SavedFilter
from diagnosis.models.problems import Cause, Evidence, Problem
from diagnosis.models.processes import IpoCell, Process, SipocItem, Step
from diagnosis.models.surveys import Answer, Question, Response, Survey

__all__ = [
    "OUTSIDE",
    "Answer",
    "Cause",
    "EventLog",
    "Evidence",
    "Factor",
    "Finding",
    "IpoCell",
    "LogEvidence",
    "LogFeed",
    "Problem",
    "Process",
    "Question",
    "Response",
    "SavedFilter",
    "SipocItem",
    "Step",
    "Survey",
    "SwotItem",
]
