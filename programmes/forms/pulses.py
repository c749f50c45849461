"""Forms of the pulse: of the one who asks, and of those who answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.forms.records import RecordForm
from programmes.maths.change import ELEMENTS
from programmes.models import OrgUnit, Pulse, PulseAnswer

QUESTIONS = {
    "awareness": _("I know why we do this."),
    "desire": _("I want to take part in it."),
    "knowledge": _("I know what it means for my work and what I have to do."),
    "ability": _("I have the time and the skills to do it."),
    "reinforcement": _("I trust that it will last and that effort is seen."),
}
SCALE = [(str(one), str(one)) for one in range(1, 6)]


class PulseForm(RecordForm):
    class Meta:
        model = Pulse
        fields = ["title", "introduction", "population", "closes_on"]


class PulseAnswerForm(forms.Form):
    """Unit, kind of role, and five answers from 1 to 5."""

    nonce = forms.UUIDField(widget=forms.HiddenInput)
    unit = forms.ModelChoiceField(
        queryset=OrgUnit.objects.none(), label=_("Where do you work?")
    )
    group = forms.ChoiceField(
        label=_("What is your role?"),
        choices=PulseAnswer.Group.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nonce"].initial = uuid.uuid4
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].widget.attrs["class"] = "input"
        for name in ELEMENTS:
            self.fields[name] = forms.TypedChoiceField(
                label=QUESTIONS[name],
                choices=SCALE,
                coerce=int,
                widget=forms.RadioSelect,
            )

    def rows(self) -> Iterator[forms.BoundField]:
        """The five questions, as the page shows them."""
        for name in ELEMENTS:
            yield self[name]

    def scores(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in ELEMENTS}
