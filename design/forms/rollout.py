"""Forms of the roll-out."""

from design.models import Rollout
from programmes.forms.records import RecordForm


class RolloutForm(RecordForm):
    class Meta:
        model = Rollout
        fields = [
            "unit",
            "go_live_on",
            "is_pilot",
            "owner",
            "fallback",
            "fallback_tested_on",
            "adoption",
            "note",
        ]
