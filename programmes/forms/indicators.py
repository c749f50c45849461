"""Forms for indicators and their values."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.forms.records import RecordForm
from programmes.models import Indicator


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


class MeasurementFileForm(forms.Form):
    """Values from a CSV file with the columns series, at, value."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Columns: series (the code), at (day), value; also key and note"),
    )
    all_or_nothing = forms.BooleanField(
        label=_("Store nothing when a row is wrong"), required=False, initial=True
    )
