"""All tables of the app, by topic."""

from design.models.goals import Goal
from design.models.options import CaseLine, CaseRate, Option, Score, Yardstick
from design.models.rollout import Rollout
from design.models.schemes import Responsibility, Scheme, SchemeStep
from design.models.support import (
    AuxiliaryInfo,
    Dimension,
    StepDimension,
    SupportScheme,
)

__all__ = [
    "AuxiliaryInfo",
    "CaseLine",
    "CaseRate",
    "Dimension",
    "Goal",
    "Option",
    "Responsibility",
    "Rollout",
    "Scheme",
    "SchemeStep",
    "Score",
    "StepDimension",
    "SupportScheme",
    "Yardstick",
]
