"""Forms of surveys: for those who make them, and the one that is answered."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from diagnosis.models import Question, Survey
from diagnosis.models.surveys import LONGEST_TEXT
from programmes.forms.records import RecordForm

TOO_OLD = _("This form is too old. Please load the page again.")


class SurveyForm(RecordForm):
    class Meta:
        model = Survey
        fields = [
            "title",
            "introduction",
            "audience",
            "population",
            "opens_on",
            "closes_on",
        ]


class QuestionForm(RecordForm):
    class Meta:
        model = Question
        fields = ["kind", "text", "hint", "options", "required"]


class AnswersFileForm(forms.Form):
    """Answers given elsewhere."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Columns: q1, q2 … as numbered here; also day, as 2026-03-31"),
    )


class AnswerForm(forms.Form):
    """The questions of a survey as one plain form, with a one-time number."""

    nonce = forms.CharField(
        widget=forms.HiddenInput,
        max_length=200,
        error_messages=dict.fromkeys(
            ("required", "max_length", "null_characters_not_allowed"), TOO_OLD
        ),
    )

    def __init__(
        self, data: Any = None, *, survey: Survey, questions: list[Question]
    ) -> None:
        self.signer = Signer(salt=f"survey {survey.token}")
        super().__init__(data, prefix=None)
        self.questions = questions
        self.fields["nonce"].initial = self.signer.sign(secrets.token_urlsafe(16))
        for one in questions:
            self.fields[f"q{one.pk}"] = answer_field(one)

    def clean_nonce(self) -> str:
        try:
            return self.signer.unsign(self.cleaned_data["nonce"])
        except BadSignature:
            raise forms.ValidationError(TOO_OLD) from None

    def answers(self) -> dict[int, str]:
        """Key of the question -> what was tapped or written."""
        return {one.pk: self.cleaned_data[f"q{one.pk}"] for one in self.questions}

    def rows(self) -> list[dict[str, Any]]:
        """The questions with their fields, as the page shows them."""
        return [
            {
                "question": one,
                "number": number,
                "field": self[f"q{one.pk}"],
                "error": next(iter(self[f"q{one.pk}"].errors), ""),
                "is_row": one.kind == Question.Kind.NPS
                or (one.kind == Question.Kind.SCALE and not one.labels),
            }
            for number, one in enumerate(self.questions, start=1)
        ]


def answer_field(question: Question) -> forms.Field:
    if question.kind == Question.Kind.TEXT:
        return forms.CharField(
            label=question.text,
            required=question.required,
            max_length=LONGEST_TEXT,
            widget=forms.Textarea(attrs={"rows": 4, "class": "input"}),
            error_messages={"required": _("Please answer this question.")},
        )
    return forms.ChoiceField(
        label=question.text,
        required=question.required,
        choices=question.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please answer this question."),
            "invalid_choice": _("Please choose one of the answers."),
        },
    )
