"""All tables of the app, by topic."""

from programmes.models.activity import Activity
from programmes.models.documents import Document
from programmes.models.gates import (
    Condition,
    Delegation,
    EvidenceChange,
    Gate,
    GateReview,
    Readiness,
    ReadinessPoint,
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
from programmes.models.packs import MethodPack
from programmes.models.people import (
    Account,
    Enterprise,
    EnterpriseRole,
    OrgUnit,
    Person,
)
from programmes.models.programme import Membership, Programme, Record
from programmes.models.risks import Risk
from programmes.models.tokens import ApiToken
from programmes.models.waiting import decisions_for, waiting_for
from programmes.models.work import Dependency, WorkItem

__all__ = [
    "Account",
    "Activity",
    "ApiToken",
    "Attendance",
    "BudgetLine",
    "Condition",
    "Course",
    "Delegation",
    "Dependency",
    "Document",
    "Enterprise",
    "EnterpriseRole",
    "Estimate",
    "EvidenceChange",
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
    "Membership",
    "MethodPack",
    "Need",
    "Notice",
    "Objective",
    "OrgUnit",
    "Participation",
    "Person",
    "PhasePlan",
    "Programme",
    "Readiness",
    "ReadinessPoint",
    "Record",
    "Risk",
    "ScopeItem",
    "Signature",
    "StaffQuestion",
    "Tranche",
    "Vote",
    "Waiver",
    "WorkItem",
    "decisions_for",
    "waiting_for",
]
