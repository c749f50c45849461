"""Forms for indicators and their values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.forms.records import RecordForm
from programmes.kit.formats import decimal, is_share
from programmes.models import Indicator

SHARE_SAID = _("A fraction or a percentage: 0.35 or 35%")


class IndicatorForm(RecordForm):
    class Meta:
        model = Indicator
        fields = [
            "name",
            "code",
            "definition",
            "formula",
            "unit",
            "branch",
            "direction",
            "period",
            "source",
            "owner",
            "process",
            "baseline",
            "target",
            "reaction",
        ]
        help_texts = {
            "code": _("Short, such as cycle-time; files and the API name it so"),
            "unit": _(
                "Such as days or %; with “share” values are fractions from 0 to 1, "
                "and 0.35 is shown as 35%"
            ),
            "baseline": _(
                "The value before the change; with a target the indicator is a goal, "
                "judged in phase 7 and watched in phase 8"
            ),
        }


class MeasurementForm(forms.Form):
    """One value by hand."""

    at = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    value = forms.CharField(label=_("Value"), max_length=40)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, unit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        if is_share(unit):
            self.fields["value"].help_text = SHARE_SAID

    def clean_value(self) -> str:
        """With a point; a share may be typed in percent: 35% is 0.35."""
        text = str(self.cleaned_data["value"]).replace(",", ".").strip()
        if not text.endswith("%") or not is_share(self.unit):
            return text.removesuffix("%").strip() if self.unit == "%" else text
        exact = decimal(text.removesuffix("%").strip())
        if exact is None:
            raise forms.ValidationError(_("Enter a number, such as 0.35 or 35%."))
        return str(exact / 100)


class MeasurementFileForm(forms.Form):
    """Values from a CSV file with the columns series, at, value."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Columns: series (the code), at (day), value; also key and note"),
    )
    all_or_nothing = forms.BooleanField(
        label=_("Store nothing when a row is wrong"), required=False, initial=True
    )
