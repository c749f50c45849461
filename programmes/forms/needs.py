"""The form above the needs that are sorted together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.models import Need, Objective, Programme


class TriageForm(forms.Form):
    priority = forms.ChoiceField(
        label=_("Priority"),
        required=False,
        choices=[("", _("as it is")), *Need.Priority.choices],
    )
    objective = forms.ModelChoiceField(
        label=_("Serves objective"),
        required=False,
        queryset=Objective.objects.none(),
        empty_label=_("as it is"),
    )
    is_out = forms.BooleanField(label=_("Declare them out"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=300,
        help_text=_("Needed when they are declared out, or after an approval"),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        objective: Any = self.fields["objective"]
        objective.queryset = Objective.objects.of(programme).order_by("pk")
