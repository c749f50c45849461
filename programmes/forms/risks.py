"""The form of a risk."""

from __future__ import annotations

from programmes.forms.records import RecordForm
from programmes.models import Risk


class RiskForm(RecordForm):
    class Meta:
        model = Risk
        fields = [
            "title",
            "cause",
            "effect",
            "category",
            "probability",
            "impact",
            "owner",
            "response",
            "response_text",
            "control",
            "due_on",
            "state",
            "reviewed_on",
        ]
