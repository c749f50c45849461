"""Forms of the wizard: those of the registers, one field saved at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.forms.plan import IN_RANGE
from programmes.forms.records import ReasonForm

FORM_ID = "charter-form"


class StartForm(ReasonForm):
    """When the programme begins; the usual lengths follow from it."""

    starts_on = forms.DateField(
        label=_("First day of phase 1"),
        required=False,
        validators=IN_RANGE,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The other dates are proposed from here while they are empty"),
    )

    def __init__(self, data: Any, *, gates: list[str], **kwargs: Any) -> None:
        labels = [str(self.base_fields["starts_on"].label)]
        super().__init__(data, gates, labels, **kwargs)


def attach(form: Any, drafts: Mapping[str, str]) -> Any:
    """Tie the inputs to the form of the step, and type what was left there before."""
    for name, field in form.fields.items():
        field.widget.attrs["form"] = FORM_ID
        kept = drafts.get(form.add_prefix(name))
        if kept is not None and not form.is_bound:
            form.initial[name] = kept
    return form
