"""Forms of options, criteria, scores and the business case."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from design.models import CaseLine, CaseRate, Option, Yardstick
from programmes.forms.records import RecordForm


class YardstickForm(RecordForm):
    class Meta:
        model = Yardstick
        fields = ["title", "weight", "worst", "best"]


class OptionForm(RecordForm):
    class Meta:
        model = Option
        fields = [
            "name",
            "kind",
            "description",
            "time_low",
            "time_likely",
            "time_high",
            "cost_low",
            "cost_likely",
            "cost_high",
            "quality_low",
            "quality_likely",
            "quality_high",
        ]


class CaseLineForm(RecordForm):
    class Meta:
        model = CaseLine
        fields = [
            "option",
            "title",
            "kind",
            "year",
            "amount",
            "basis",
            "indicator",
            "unit",
        ]


class CaseRateForm(RecordForm):
    class Meta:
        model = CaseRate
        fields = ["percent", "source"]


class ScoresForm(forms.Form):
    """One number for each option on each criterion; empty: not scored yet."""

    def __init__(
        self,
        *args: Any,
        options: Sequence[Option],
        yardsticks: Sequence[Yardstick],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.keys: dict[str, tuple[int, int]] = {}
        for yardstick in yardsticks:
            for option in options:
                name = f"s{option.pk}-{yardstick.pk}"
                self.keys[name] = (option.pk, yardstick.pk)
                label = _("%(option)s on %(criterion)s, 0 to 100") % {
                    "option": option,
                    "criterion": yardstick,
                }
                self.fields[name] = forms.DecimalField(
                    label=label,
                    required=False,
                    min_value=0,
                    max_value=100,
                    decimal_places=2,
                    widget=forms.NumberInput(
                        attrs={"aria-label": label, "step": "any", "class": "input"}
                    ),
                )

    def points(self) -> dict[tuple[int, int], Decimal | None]:
        return {key: self.cleaned_data.get(name) for name, key in self.keys.items()}
