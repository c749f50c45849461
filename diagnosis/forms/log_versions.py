"""Forms for the versions of a log: files, what to leave out, activities, comparison."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from diagnosis.forms.logs import LogUploadForm
from diagnosis.models import EventLog, SavedFilter

WAYS = [
    ("newer", gettext_lazy("a newer export, with everything in it")),
    ("more", gettext_lazy("more events, to be added to those that are here")),
]
CLEANINGS = [
    ("duplicates", gettext_lazy("Events that are there twice")),
    (
        "faulty",
        gettext_lazy("Cases with a row that cannot be read, or that ends early"),
    ),
    ("single", gettext_lazy("Cases of a single event")),
]
KEEP = [
    ("0", gettext_lazy("without these activities")),
    ("1", gettext_lazy("with these activities only")),
]


class VersionForm(forms.Form):
    """A file for the next version of a log."""

    file = LogUploadForm.base_fields["file"]
    way = forms.ChoiceField(
        label=gettext_lazy("The file has"), choices=WAYS, widget=forms.RadioSelect
    )

    clean_file = LogUploadForm.clean_file


class CleaningForm(forms.Form):
    """What the next version leaves out."""

    leave_out = forms.MultipleChoiceField(
        label=gettext_lazy("Leave out"),
        required=False,
        choices=CLEANINGS,
        widget=forms.CheckboxSelectMultiple,
    )


class ActivitiesForm(forms.Form):
    """The activities of a smaller log."""

    keep = forms.ChoiceField(
        label=gettext_lazy("Make a log"),
        choices=KEEP,
        initial="0",
        widget=forms.RadioSelect,
    )
    activities = forms.MultipleChoiceField(
        label=gettext_lazy("Activities"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, activities: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["activities"]
        chosen.choices = [(one, one) for one in activities]


class CompareForm(forms.Form):
    """With which version, and which of its cases, a log is compared."""

    other = forms.ChoiceField(label=gettext_lazy("Compare with"), required=False)
    saved = forms.ChoiceField(label=gettext_lazy("Its cases"), required=False)

    def __init__(
        self,
        *args: Any,
        versions: list[EventLog],
        choices: list[SavedFilter],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        other: Any = self.fields["other"]
        other.choices = [(str(one.pk), label_of(one)) for one in versions]
        saved: Any = self.fields["saved"]
        saved.choices = [
            ("", gettext_lazy("all cases")),
            *((str(one.pk), one.name) for one in choices),
        ]


def label_of(log: EventLog) -> str:
    if log.derived_from_id:
        return log.name
    return f"{log._meta.get_field('edition').verbose_name} {log.edition}"
