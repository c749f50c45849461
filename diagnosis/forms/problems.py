"""Forms of problems, causes and evidence."""

from __future__ import annotations

from typing import Any

from django import forms

from diagnosis.models import Cause, Evidence, Problem
from programmes.forms.records import RecordForm
from programmes.kit.given import whole
from programmes.models import ScopeItem


class ProblemForm(RecordForm):
    class Meta:
        model = Problem
        fields = [
            "title",
            "description",
            "source",
            "process",
            "unit",
            "category",
            "severity",
            "occurrence",
            "detection",
            "cost_a_year",
        ]

    def narrowed(self, queryset: Any) -> Any:
        rows = super().narrowed(queryset)
        if queryset.model is ScopeItem:
            return rows.filter(kind=ScopeItem.Kind.PROCESS)
        return rows


class CauseForm(RecordForm):
    class Meta:
        model = Cause
        fields = [
            "problem",
            "parent",
            "text",
            "is_root",
            "accepted_by",
            "accepted_reason",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = {"problem": str(self.initial.get("problem", ""))}
        about = self.instance.problem_id or whole(given, "problem")
        parent = self.fields["parent"]
        if isinstance(parent, forms.ModelChoiceField) and about:
            rows = parent.queryset.filter(problem=about)  # type: ignore[union-attr]
            parent.queryset = rows.exclude(pk=self.instance.pk)


class EvidenceForm(RecordForm):
    class Meta:
        model = Evidence
        fields = ["cause", "kind", "text", "link"]
