"""Forms of the scheme, its steps and who answers for them."""

from design.models import Responsibility, Scheme, SchemeStep
from programmes.forms.records import RecordForm


class SchemeForm(RecordForm):
    class Meta:
        model = Scheme
        fields = ["title", "option", "reason"]


class StepForm(RecordForm):
    class Meta:
        model = SchemeStep
        fields = ["position", "name", "role", "is_changed", "change"]


class ResponsibilityForm(RecordForm):
    class Meta:
        model = Responsibility
        fields = ["step", "letter", "person", "role"]
