"""Forms of the evaluation system."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.models import (
    CostBenefit,
    EvaluationSetup,
    Lesson,
    QualitativeItem,
    Rating,
    ScoreRule,
)
from programmes.forms.records import RecordForm

GRADES = [
    (5, _("5 very good")),
    (4, _("4 good")),
    (3, _("3 fair")),
    (2, _("2 poor")),
    (1, _("1 very poor")),
]


class SetupForm(RecordForm):
    class Meta:
        model = EvaluationSetup
        fields = [
            "economic",
            "management",
            "qualitative",
            "baseline_until",
            "measured_from",
            "rate",
        ]


class ScoreRuleForm(RecordForm):
    class Meta:
        model = ScoreRule
        fields = ["indicator", "weight", "worst", "best"]


class QualitativeItemForm(RecordForm):
    class Meta:
        model = QualitativeItem
        fields = ["title", "question", "weight", "target"]


class CostBenefitForm(RecordForm):
    class Meta:
        model = CostBenefit
        fields = [
            "title",
            "kind",
            "year",
            "plan",
            "actual",
            "basis",
            "indicator",
            "unit",
            "period",
        ]


class LessonForm(RecordForm):
    class Meta:
        model = Lesson
        fields = ["title", "kind", "phase", "happened", "cause", "advice", "tags"]


class RatingForm(forms.Form):
    """The grades of one rater for all items; an item may be left out."""

    group = forms.ChoiceField(label=_("I belong to"), choices=Rating.Group.choices)
    comment = forms.CharField(
        label=_("Comment"), max_length=500, required=False, widget=forms.Textarea
    )
    is_anonymous = forms.BooleanField(
        label=_("Without my name"),
        required=False,
        help_text=_("Others see the grade and never who gave it"),
    )
    is_outside = forms.BooleanField(
        label=_("I enter this for somebody without a sign-in"), required=False
    )

    def __init__(
        self, *args: Any, items: Sequence[QualitativeItem], may_enter: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.items = items
        for item in items:
            self.fields[f"item-{item.pk}"] = forms.TypedChoiceField(
                label=item.title,
                help_text=item.question,
                choices=GRADES,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )
        if not may_enter:
            del self.fields["is_outside"]
        first = [f"item-{item.pk}" for item in items]
        self.order_fields([*first, *self.fields])

    @property
    def grades(self) -> dict[int, int]:
        given = {
            item.pk: self.cleaned_data.get(f"item-{item.pk}") for item in self.items
        }
        return {pk: grade for pk, grade in given.items() if grade}
