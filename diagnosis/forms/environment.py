"""Forms of the environment."""

from diagnosis.models import Factor, SwotItem
from programmes.forms.records import RecordForm


class FactorForm(RecordForm):
    class Meta:
        model = Factor
        fields = ["dimension", "text", "impact", "likelihood", "horizon", "source"]


class SwotItemForm(RecordForm):
    class Meta:
        model = SwotItem
        fields = ["field", "text", "source"]
