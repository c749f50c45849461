"""All tables of the app, by topic."""

from diagnosis.models.findings import Finding
from diagnosis.models.logs import EventLog
from diagnosis.models.processes import IpoCell, Process, SipocItem, Step

__all__ = ["EventLog", "Finding", "IpoCell", "Process", "SipocItem", "Step"]
