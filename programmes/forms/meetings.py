"""Forms of what belongs to a meeting."""

from programmes.forms.records import RecordForm
from programmes.models import AgendaItem, MeetingAction, MeetingDecision


class AgendaItemForm(RecordForm):
    class Meta:
        model = AgendaItem
        fields = ["meeting", "position", "title", "presenter", "box_minutes"]


class MeetingDecisionForm(RecordForm):
    class Meta:
        model = MeetingDecision
        fields = ["meeting", "text", "decided_by"]


class MeetingActionForm(RecordForm):
    class Meta:
        model = MeetingAction
        fields = ["meeting", "text", "owner", "due_on"]
