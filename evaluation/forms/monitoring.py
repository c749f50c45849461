"""Forms of phase 8."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from evaluation.models import CorrectiveAction, LimitChange
from programmes.forms.records import RecordForm


class LimitChangeForm(RecordForm):
    class Meta:
        model = LimitChange
        fields = ["indicator", "starts_on", "reason"]


class CorrectiveActionForm(RecordForm):
    class Meta:
        model = CorrectiveAction
        fields = [
            "title",
            "owner",
            "due_on",
            "containment",
            "cause",
            "correction",
            "check_plan",
            "effect",
        ]


class CloseSignalForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class CycleForm(forms.Form):
    """Name and code of the next cycle."""

    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Short name in addresses, such as oc-27"),
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Use a-z, 0-9 and -."))],
    )
    starts_on = forms.DateField(
        label=_("Starts"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
