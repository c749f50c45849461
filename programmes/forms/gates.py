"""Forms of the gate page."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.lifecycle import Outcome
from programmes.models import Person, Programme
from programmes.models.gates import OUTCOMES
from programmes.services.conditions import MOST_CONDITIONS, Wanted


class SubmitForm(forms.Form):
    ask = forms.CharField(
        label=_("What is asked"),
        help_text=_("One or two sentences: what follows if the answer is yes"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )
    due_on = forms.DateField(
        label=_("Decision due"), widget=forms.DateInput(attrs={"type": "date"})
    )


class ConfirmForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DecisionForm(forms.Form):
    """Nothing is preselected; each condition is a text, an owner and a date."""

    outcome = forms.ChoiceField(
        label=_("Your decision"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers.")},
    )
    rationale = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The team and the record will see it"),
    )
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = (
            Person.objects.filter(memberships__programme=programme, is_active=True)
            .distinct()
            .order_by("name")
        )

        @cache
        def choices() -> list[tuple[Any, str]]:
            """The people, asked for once for all conditions."""
            return [("", "---------"), *((one.pk, str(one)) for one in people)]

        for number in range(1, MOST_CONDITIONS + 1):
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("Condition"), required=False, max_length=300
            )
            owner = forms.ModelChoiceField(people, label=_("Owner"), required=False)
            owner.choices = choices
            self.fields[f"owner_{number}"] = owner
            self.fields[f"due_{number}"] = forms.DateField(
                label=_("Due"),
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}),
            )

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each condition, for the template."""
        return [
            {
                "number": number,
                "text": self[f"text_{number}"],
                "owner": self[f"owner_{number}"],
                "due": self[f"due_{number}"],
            }
            for number in range(1, MOST_CONDITIONS + 1)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") != Outcome.CONDITIONS:
            return data
        for number in range(1, MOST_CONDITIONS + 1):
            parts = [data.get(f"{name}_{number}") for name in ("text", "owner", "due")]
            if any(parts) and not all(parts):
                self.add_error(
                    f"text_{number}", _("Give the condition, its owner and its date.")
                )
        return data

    def wanted(self) -> list[Wanted]:
        """The complete conditions; none unless the outcome asks for them."""
        if self.cleaned_data["outcome"] != Outcome.CONDITIONS:
            return []
        found = []
        for number in range(1, MOST_CONDITIONS + 1):
            text = self.cleaned_data.get(f"text_{number}")
            if text:
                owner = self.cleaned_data[f"owner_{number}"]
                found.append(Wanted(text, owner, self.cleaned_data[f"due_{number}"]))
        return found
