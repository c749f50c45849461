"""Forms of event logs: the file, its columns, what goes into indicators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis.mining.place import Connection
from diagnosis.mining.preview import Preview
from diagnosis.models import EventLog, Process
from programmes.forms.records import RecordForm
from programmes.models import Programme

ROLES = {
    "case": gettext_lazy("Case"),
    "activity": gettext_lazy("Activity"),
    "timestamp": gettext_lazy("Time (of completion)"),
    "time": gettext_lazy("Time of day, where the time is a day"),
    "start": gettext_lazy("Start of the work"),
    "resource": gettext_lazy("Who did it"),
    "cost": gettext_lazy("Cost"),
    "lifecycle": gettext_lazy("Lifecycle"),
}
NEEDED = ("case", "activity", "timestamp")


class EventLogForm(RecordForm):
    """Its name and the process it belongs to; the events themselves never change."""

    class Meta:
        model = EventLog
        fields = ["name", "process"]

    def narrowed(self, queryset: Any) -> Any:
        return super().narrowed(queryset).select_related("scope_item")


class LogConnectForm(forms.Form):
    """A log in a database of the enterprise, by the name that the operator gave it."""

    # Other prefixes of ids than the form of the file, which is on the same page.
    prefix = "store"
    connection = forms.ChoiceField(label=gettext_lazy("Connected database"))
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Empty: that of the connection"),
    )
    process = forms.ModelChoiceField(
        Process.objects.none(),
        label=gettext_lazy("Process"),
        required=False,
        empty_label="—",
    )

    def __init__(
        self,
        *args: Any,
        programme: Programme,
        offered: Sequence[Connection],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = Process.objects.of(programme).select_related("scope_item")
        chosen: Any = self.fields["process"]
        chosen.queryset = rows.order_by("scope_item__name")
        named: Any = self.fields["connection"]
        named.choices = [(one.name, one.label) for one in offered]


class LogUploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Event log"),
        help_text=gettext_lazy("CSV or XES, also packed with gzip; XLSX or Parquet"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.txt,.tsv,.xes,.gz,.xlsx,.parquet,text/csv"}
        ),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Empty: that of the file"),
    )
    process = forms.ModelChoiceField(
        Process.objects.none(),
        label=gettext_lazy("Process"),
        required=False,
        empty_label="—",
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Process.objects.of(programme).select_related("scope_item")
        chosen: Any = self.fields["process"]
        chosen.queryset = rows.order_by("scope_item__name")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.size:
            raise forms.ValidationError(
                _("%(name)s is empty; export the log once more.") % {"name": file.name}
            )
        if file.size > settings.LARGEST_UPLOAD:
            most = settings.LARGEST_UPLOAD // 1024**2
            raise forms.ValidationError(
                _("A log may have at most %(most)s MB.") % {"most": most}
            )
        return file


class MappingForm(forms.Form):
    """Which column is what; offered as the engine guessed it."""

    def __init__(
        self,
        *args: Any,
        seen: Preview,
        known: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`known` is the mapping of an earlier log with the same columns."""
        super().__init__(*args, **kwargs)
        names = [one.name for one in seen.columns]
        guessed = known or {one.role: one.name for one in seen.columns if one.role}
        form = seen.mapping.timestamp_format if seen.mapping else ""
        fits = {f for one in seen.columns for f in (one.date_format, one.alternative)}
        said = (known or {}).get("timestamp_format")
        if said and said in fits:
            form = said
        for role, label in ROLES.items():
            self.fields[role] = forms.ChoiceField(
                label=label,
                required=role in NEEDED,
                choices=[("", "—"), *((name, name) for name in names)],
                initial=guessed.get(role, ""),
            )
        self.fields["timestamp_format"] = forms.CharField(
            label=_("Date format"),
            required=False,
            max_length=60,
            initial=form,
            help_text=_("Empty: guess. Such as dd.MM.yyyy HH:mm, iso or epoch_ms"),
        )
        self.fields["timezone"] = forms.CharField(
            label=_("Time zone of times without one"),
            max_length=60,
            initial=(known or {}).get("timezone", "UTC"),
            help_text=_("Such as Europe/Berlin"),
        )

    def clean_timezone(self) -> str:
        zone = str(self.cleaned_data["timezone"])
        if zone not in available_timezones():
            raise forms.ValidationError(_("Write it such as Europe/Berlin."))
        return zone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = [data.get(role) for role in ROLES if data.get(role)]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError(_("Two roles have the same column."))
        return data

    def mapping(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class ClosingForm(forms.Form):
    """The activities that end a case."""

    closing = forms.MultipleChoiceField(
        label=gettext_lazy("A case is over after"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, activities: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["closing"]
        chosen.choices = [(one, one) for one in activities]
