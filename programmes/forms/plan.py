"""Forms of the phase plan: all dates in one table, and the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from programmes.forms.records import RecordForm
from programmes.kit import holidays
from programmes.maths.calendars import FIRST, LAST, LONGEST_DAYS, Calendar, Change
from programmes.models import PhasePlan, WorkCalendar
from programmes.services.plan import versions_of

INPUT = {"class": "input"}
DAY = {"type": "date", **INPUT}
IN_RANGE = [MinValueValidator(FIRST), MaxValueValidator(LAST)]


class PhasePlanForm(RecordForm):
    class Meta:
        model = PhasePlan
        fields = ["starts_on", "ends_on", "gate_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.validators = [*field.validators, *IN_RANGE]


class PlanForm(forms.Form):
    """Start, length and gate of each phase; what differs from the plan is wanted."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=300,
        help_text=_("Why the dates change; asked for after the gate was approved"),
    )

    def __init__(
        self, *args: Any, rows: Sequence[PhasePlan], known: Calendar, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.known = rows, known
        self.fields["seen"].initial = versions_of(rows)
        for row in rows:
            self.add(row)

    def add(self, row: PhasePlan) -> None:
        """The three fields of a phase; their labels are read out only."""
        said = {"phase": str(row)}
        days = None
        if row.starts_on and row.ends_on:
            days = self.known.length(row.starts_on, row.ends_on)
        self.fields[f"starts_{row.phase}"] = forms.DateField(
            label=_("Start of %(phase)s") % said,
            initial=row.starts_on,
            required=False,
            validators=IN_RANGE,
            widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        )
        self.fields[f"days_{row.phase}"] = forms.IntegerField(
            label=_("Working days of %(phase)s") % said,
            initial=days,
            required=False,
            min_value=1,
            max_value=LONGEST_DAYS,
            widget=forms.NumberInput(attrs=INPUT),
        )
        self.fields[f"gate_{row.phase}"] = forms.DateField(
            label=_("Gate of %(phase)s") % said,
            initial=row.gate_on,
            required=False,
            validators=IN_RANGE,
            widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The rows with their fields, for the template."""
        return [
            {
                "row": row,
                "starts": self[f"starts_{row.phase}"],
                "days": self[f"days_{row.phase}"],
                "gate": self[f"gate_{row.phase}"],
            }
            for row in self.rows
        ]

    @property
    def wanted(self) -> dict[int, Change]:
        """What the person typed over, by phase."""
        found: dict[int, Change] = {}
        for row in self.rows:
            names = [f"{part}_{row.phase}" for part in ("starts", "days", "gate")]
            values = [
                self.cleaned_data.get(name) if name in self.changed_data else None
                for name in names
            ]
            if any(value is not None for value in values):
                found[row.phase] = Change(*values)
        return found


class WorkCalendarForm(RecordForm):
    class Meta:
        model = WorkCalendar
        fields = ["country", "region"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"),
            required=False,
            choices=[("", _("No holidays")), *holidays.country_choices()],
        )
        self.fields["region"].help_text = _(
            "Code of the state or region, where it has holidays of its own"
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        country, region = data.get("country", ""), data.get("region", "").upper()
        known = holidays.regions(country)
        if region and region not in known:
            self.add_error(
                "region",
                _("Choose one of: %(codes)s.") % {"codes": ", ".join(known)}
                if known
                else _("This country has no regions with holidays of their own."),
            )
        data["region"] = region
        return data
