"""Which activity is which step: a page of activities at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis.foreseen import ELSEWHERE, Foreseen, unmapped_tasks

# A page stays small: so many choices stand on it in all.
MOST_CHOICES = 400
MOST_ACTIVITIES = 40
LONGEST = 50


def on_a_page(steps: int) -> int:
    return max(4, min(MOST_ACTIVITIES, MOST_CHOICES // (steps + 2)))


class StepMappingForm(forms.Form):
    """One choice for each activity, and the tasks that the system does not record."""

    unrecorded = forms.MultipleChoiceField(
        label=gettext_lazy("Not recorded by the system"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "The comparison passes over them; without it they count as skipped."
        ),
    )

    def __init__(
        self, *args: Any, activities: Sequence[str], found: Foreseen, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.activities = activities
        choices = [
            ("", _("No step: counts as a deviation")),
            (ELSEWHERE, _("Belongs elsewhere: left out")),
            *((one.key, f"{one.key} {one.name}"[:LONGEST]) for one in found.steps),
        ]
        fields: dict[str, forms.Field] = {}
        for place, activity in enumerate(activities):
            fields[f"a{place}"] = forms.ChoiceField(
                label=activity,
                choices=choices,
                required=False,
                initial=found.chosen[activity],
            )
        tasks = unmapped_tasks(found)
        unrecorded: Any = self.fields.pop("unrecorded")
        unrecorded.choices = [(one.key, one.name) for one in tasks]
        unrecorded.initial = [one.key for one in tasks if one.key in found.silent]
        self.fields = fields | ({"unrecorded": unrecorded} if tasks else {})

    def mapping(self) -> dict[str, str]:
        return {
            activity: self.cleaned_data[f"a{place}"]
            for place, activity in enumerate(self.activities)
        }
