"""Forms of gates outside the sequence."""

from __future__ import annotations

from programmes.forms.records import RecordForm
from programmes.models import ExceptionCase


class CaseForm(RecordForm):
    class Meta:
        model = ExceptionCase
        fields = ["cause", "options", "plan"]
