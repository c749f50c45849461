"""Forms of goals."""

from design.models import Goal
from programmes.forms.records import RecordForm


class GoalForm(RecordForm):
    class Meta:
        model = Goal
        fields = [
            "title",
            "objective",
            "problem",
            "indicator",
            "baseline",
            "target",
            "due_on",
            "owner",
            "outcome",
            "outcome_reason",
        ]
