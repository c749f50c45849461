"""Forms of auxiliary information, supporting schemes and the check of steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.models import AuxiliaryInfo, Dimension, SchemeStep, SupportScheme
from programmes.forms.records import RecordForm

ANSWERS = [
    ("", gettext_lazy("not checked")),
    ("yes", gettext_lazy("affected")),
    ("no", gettext_lazy("not affected")),
]
MEANINGS = {"": None, "yes": True, "no": False}


class AuxiliaryInfoForm(RecordForm):
    class Meta:
        model = AuxiliaryInfo
        fields = ["title", "kind", "source", "step", "collected_on", "finding"]


class SupportSchemeForm(RecordForm):
    class Meta:
        model = SupportScheme
        fields = [
            "title",
            "dimension",
            "step",
            "owner",
            "due_on",
            "cost",
            "state",
            "detail",
            "incentive",
        ]


class MatrixForm(forms.Form):
    """One answer for each step and dimension."""

    def __init__(self, *args: Any, steps: Sequence[SchemeStep], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys: dict[str, tuple[int, str]] = {}
        for step in steps:
            for dimension, words in Dimension.choices:
                name = f"c{step.pk}-{dimension}"
                self.keys[name] = (step.pk, str(dimension))
                label = _("%(dimension)s at %(step)s") % {
                    "dimension": words,
                    "step": step,
                }
                self.fields[name] = forms.ChoiceField(
                    label=label,
                    required=False,
                    choices=ANSWERS,
                    widget=forms.Select(attrs={"aria-label": label, "class": "input"}),
                )

    def cells(self) -> dict[tuple[int, str], bool | None]:
        return {
            key: MEANINGS[self.cleaned_data.get(name, "")]
            for name, key in self.keys.items()
        }
