"""All tables of the app, by topic."""

from programmes.models.activity import Activity
from programmes.models.budget import BudgetEntry, BudgetLine, Estimate, Tranche
from programmes.models.documents import Document
from programmes.models.exception_case import ExceptionCase
from programmes.models.gates import (
    Condition,
    Delegation,
    EvidenceChange,
    Gate,
    GateReview,
    Signature,
    Vote,
    Waiver,
)
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
from programmes.models.ledger import LedgerCheck, LedgerEntry
from programmes.models.mandate import (
    ItAsset,
    Mandate,
    Need,
    Objective,
    ScopeItem,
    SystemUse,
)
from programmes.models.meetings import AgendaItem, MeetingAction, MeetingDecision
from programmes.models.notifications import Notification
from programmes.models.packs import MethodPack
from programmes.models.people import (
    Account,
    Enterprise,
    EnterpriseRole,
    OrgUnit,
    Person,
)
from programmes.models.plan import PhasePlan, PlanMove, WorkCalendar
from programmes.models.programme import Membership, Programme, Record
from programmes.models.pulses import Pulse, PulseAnswer
from programmes.models.readiness import Readiness, ReadinessPoint
from programmes.models.receipts import PersonalLink, Receipt
from programmes.models.risks import Risk
from programmes.models.stakeholders import Communication, Stakeholder
from programmes.models.tokens import ApiToken
from programmes.models.training import QuizQuestion, TrainingSession
from programmes.models.waiting import (
    decisions_for,
    is_chair,
    unread_for,
    votes_for,
    waiting_for,
)
from programmes.models.work import Dependency, WorkItem

__all__ = [
    "Account",
    "Activity",
    "AgendaItem",
    "ApiToken",
    "Attendance",
    "BudgetEntry",
    "BudgetLine",
    "Communication",
    "Condition",
    "Course",
    "Delegation",
    "Dependency",
    "Document",
    "Enterprise",
    "EnterpriseRole",
    "Estimate",
    "EvidenceChange",
    "ExceptionCase",
    "Gate",
    "GateReview",
    "Indicator",
    "ItAsset",
    "Job",
    "LedgerCheck",
    "LedgerEntry",
    "Mandate",
    "Measurement",
    "MeasurementBatch",
    "MeasurementRevision",
    "Meeting",
    "MeetingAction",
    "MeetingDecision",
    "Membership",
    "MethodPack",
    "Need",
    "Notice",
    "Notification",
    "Objective",
    "OrgUnit",
    "Participation",
    "Person",
    "PersonalLink",
    "PhasePlan",
    "PlanMove",
    "Programme",
    "Pulse",
    "PulseAnswer",
    "QuizQuestion",
    "Readiness",
    "ReadinessPoint",
    "Receipt",
    "Record",
    "Risk",
    "ScopeItem",
    "Signature",
    "StaffQuestion",
    "Stakeholder",
    "SystemUse",
    "TrainingSession",
    "Tranche",
    "Vote",
    "Waiver",
    "WorkCalendar",
    "WorkItem",
    "decisions_for",
    "is_chair",
    "unread_for",
    "votes_for",
    "waiting_for",
]
