"""All tables of the app, by topic."""

from programmes.models.activity import Activity
from programmes.models.documents import Document
from programmes.models.gates import Condition, Gate, GateReview, Readiness, Signature
from programmes.models.indicators import (
    Indicator,
    Measurement,
    MeasurementBatch,
    MeasurementRevision,
)
from programmes.models.jobs import Job
from programmes.models.kickoff import (
    Attendance,
    Course,
    Meeting,
    Notice,
    Participation,
    StaffQuestion,
)
from programmes.models.mandate import (
    BudgetLine,
    Estimate,
    ItAsset,
    Mandate,
    Need,
    Objective,
    PhasePlan,
    ScopeItem,
    Tranche,
)
from programmes.models.meetings import AgendaItem, MeetingAction, MeetingDecision
from programmes.models.people import (
    Account,
    Enterprise,
    EnterpriseRole,
    OrgUnit,
    Person,
)
from programmes.models.programme import Membership, Programme, Record
from programmes.models.pulses import Pulse, PulseAnswer
from programmes.models.receipts import PersonalLink, Receipt
from programmes.models.stakeholders import Communication, Stakeholder
from programmes.models.tokens import ApiToken
from programmes.models.training import QuizQuestion, TrainingSession
from programmes.models.waiting import decisions_for, waiting_for
from programmes.models.work import Dependency, WorkItem

__all__ = [
    "Account",
    "Activity",
    "AgendaItem",
    "ApiToken",
    "Attendance",
    "BudgetLine",
    "Communication",
    "Condition",
    "Course",
    "Dependency",
    "Document",
    "Enterprise",
    "EnterpriseRole",
    "Estimate",
    "Gate",
    "GateReview",
    "Indicator",
    "ItAsset",
    "Job",
    "Mandate",
    "Measurement",
    "MeasurementBatch",
    "MeasurementRevision",
    "Meeting",
    "MeetingAction",
    "MeetingDecision",
    "Membership",
    "Need",
    "Notice",
    "Objective",
    "OrgUnit",
    "Participation",
    "Person",
    "PersonalLink",
    "PhasePlan",
    "Programme",
    "Pulse",
    "PulseAnswer",
    "QuizQuestion",
    "Readiness",
    "Receipt",
    "Record",
    "ScopeItem",
    "Signature",
    "StaffQuestion",
    "Stakeholder",
    "TrainingSession",
    "Tranche",
    "WorkItem",
    "decisions_for",
    "waiting_for",
]
