"""All tables of the app, by topic."""

from evaluation.models.dashboards import DashboardSnapshot, IndicatorStatus, PhasePace
from evaluation.models.economics import CostBenefit
from evaluation.models.lessons import Lesson
from evaluation.models.monitoring import CorrectiveAction, LimitChange, Signal
from evaluation.models.scorecard import (
    EvaluationSetup,
    QualitativeItem,
    Rating,
    ScoreRule,
)

__all__ = [
    "CorrectiveAction",
    "CostBenefit",
    "DashboardSnapshot",
    "EvaluationSetup",
    "IndicatorStatus",
    "Lesson",
    "LimitChange",
    "PhasePace",
    "QualitativeItem",
    "Rating",
    "ScoreRule",
    "Signal",
]
