"""The form of a conclusion."""

from django.utils.translation import gettext_lazy as _

from diagnosis.models import Finding
from programmes.forms.records import RecordForm


class FindingForm(RecordForm):
    class Meta:
        model = Finding
        fields = [
            "title",
            "cause",
            "evidence",
            "advice",
            "process",
            "cost_a_year",
            "priority",
        ]
        help_texts = {"cost_a_year": _("In the currency of the enterprise")}
