"""Forms of the gate page."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.gate_words import OUTCOMES
from programmes.lifecycle import GateKind, Outcome
from programmes.models import Account, Gate, Person, Programme
from programmes.pack_texts import said
from programmes.phases import Phase
from programmes.services.ballots import HIGHEST
from programmes.services.conditions import MOST_CONDITIONS, Wanted
from programmes.services.decisions import Decision
from programmes.services.delegations import Handover

DAY = {"type": "date"}
CLOSE = "close"
# Gate 8 comes again and again; its answers are named after what follows.
LAST_OUTCOMES = [
    (Outcome.APPROVE.value, _("Continue")),
    (Outcome.CONDITIONS.value, _("Correct")),
    (Outcome.RETURN.value, _("Return for rework")),
    (CLOSE, _("Close the programme")),
    (Outcome.HOLD.value, _("Put on hold")),
    (Outcome.STOP.value, _("Stop the programme")),
]


# The head of a unit says whether it runs there; the programme is not theirs to stop.
UNIT_OUTCOMES = [
    (Outcome.APPROVE.value, _("Accept")),
    (Outcome.RETURN.value, _("Return for rework")),
]


def outcomes_at(gate: Gate) -> list[tuple[str, Any]]:
    """The answers at a gate, with their names."""
    if gate.kind == GateKind.GO_LIVE:
        return UNIT_OUTCOMES
    if gate.is_of_phase and gate.phase == Phase.IMPROVEMENT:
        return LAST_OUTCOMES
    return [(value.value, label) for value, label in OUTCOMES]


class SubmitForm(forms.Form):
    ask = forms.CharField(
        label=_("What is asked"),
        help_text=_("One or two sentences: what follows if the answer is yes"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )
    due_on = forms.DateField(label=_("Decision due"), widget=forms.DateInput(attrs=DAY))


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
    review_on = forms.DateField(
        label=_("Looked at again on"),
        required=False,
        widget=forms.DateInput(attrs=DAY),
        help_text=_("A hold is never open-ended"),
    )
    disposal = forms.CharField(
        label=_("What becomes of people, contracts and assets"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self, *args: Any, programme: Programme, gate: Gate, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)  # noqa: S101
        outcome.choices = outcomes_at(gate)
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
                label=_("Due"), required=False, widget=forms.DateInput(attrs=DAY)
            )
            self.fields[f"proof_{number}"] = forms.CharField(
                label=_("Met when"),
                required=False,
                max_length=300,
                help_text=_("The sign by which anybody can tell"),
            )

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each condition, for the template."""
        return [
            {
                "number": number,
                "text": self[f"text_{number}"],
                "owner": self[f"owner_{number}"],
                "due": self[f"due_{number}"],
                "proof": self[f"proof_{number}"],
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
            data = self.cleaned_data
            text = data.get(f"text_{number}")
            if text:
                owner, due_on = data[f"owner_{number}"], data[f"due_{number}"]
                proof = data.get(f"proof_{number}") or ""
                found.append(Wanted(text, owner, due_on, proof))
        return found

    def decision(self) -> Decision:
        """What the chair says, for the service."""
        data = self.cleaned_data
        closes = data["outcome"] == CLOSE
        outcome = Outcome.APPROVE if closes else Outcome(data["outcome"])
        return Decision(
            outcome=outcome,
            rationale=data["rationale"],
            conditions=self.wanted(),
            review_on=data["review_on"] if outcome is Outcome.HOLD else None,
            disposal=data["disposal"] if outcome is Outcome.STOP else "",
            closes=closes,
        )


class SignForm(forms.Form):
    """Who signs shows that it is them."""

    username = forms.CharField(
        label=_("You sign as"),
        required=False,
        widget=forms.TextInput(attrs={"readonly": True, "autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        max_length=200,
        error_messages={"required": _("Enter your password to sign.")},
    )

    def __init__(self, *args: Any, user: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial["username"] = user.email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password


class NotedSignForm(SignForm):
    """A signature with a reason or a note."""

    note = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The team and the record will see it"),
    )
    field_order = ("note", "username", "password")


class VoteForm(forms.Form):
    """A ballot: advice, a score for each judged question, and a comment."""

    advice = forms.ChoiceField(
        label=_("Your advice"),
        choices=[(value.value, label) for value, label in OUTCOMES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers.")},
    )
    remark = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown with your ballot once all are opened"),
    )

    def __init__(self, *args: Any, judged: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [one["key"] for one in judged]
        scale = [(str(one), str(one)) for one in range(1, HIGHEST + 1)]
        for one in judged:
            self.fields[f"score_{one['key']}"] = forms.ChoiceField(
                label=said(one["title"]),
                choices=scale,
                required=False,
                widget=forms.RadioSelect(attrs={"scale": True}),
            )
        self.order_fields(["advice", *(f"score_{one}" for one in self.keys)])

    def scores(self) -> dict[str, int]:
        """The questions that were answered."""
        given = {key: self.cleaned_data.get(f"score_{key}") for key in self.keys}
        return {key: int(value) for key, value in given.items() if value}


class WaiverForm(forms.Form):
    code = forms.CharField(widget=forms.HiddenInput, max_length=20)
    reason = forms.CharField(
        label=_("Why the gate can be decided without it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DelegationForm(forms.Form):
    taker = forms.ModelChoiceField(Person.objects.none(), label=_("Who stands in"))
    gate = forms.ModelChoiceField(
        Gate.objects.none(),
        label=_("At which gate"),
        required=False,
        empty_label=_("At all gates"),
    )
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=DAY))
    ends_on = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs=DAY))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people, gates = self.fields["taker"], self.fields["gate"]
        people.queryset = (  # type: ignore[attr-defined]
            Person.objects.filter(
                memberships__programme=programme,
                is_active=True,
                account__is_active=True,
            )
            .distinct()
            .order_by("name")
        )
        gates.queryset = programme.gates.order_by("phase")  # type: ignore[attr-defined]

    def handover(self) -> Handover:
        data = self.cleaned_data
        return Handover(
            taker=data["taker"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            reason=data["reason"],
            gate=data["gate"],
        )
