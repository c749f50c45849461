"""Forms of the stakeholder map and the communication plan."""

from programmes.forms.records import RecordForm
from programmes.models import Communication, Stakeholder


class StakeholderForm(RecordForm):
    class Meta:
        model = Stakeholder
        fields = [
            "name",
            "kind",
            "unit",
            "influence",
            "interest",
            "stance",
            "wanted",
            "strategy",
            "owner",
        ]


class CommunicationForm(RecordForm):
    class Meta:
        model = Communication
        fields = [
            "message",
            "audience",
            "unit",
            "sender",
            "channel",
            "due_on",
            "done_on",
            "notice",
        ]
