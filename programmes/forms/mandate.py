"""Forms of phase 1."""

from programmes.forms.records import RecordForm
from programmes.models import (
    ItAsset,
    Mandate,
    Need,
    Objective,
    ScopeItem,
)


class MandateForm(RecordForm):
    class Meta:
        model = Mandate
        fields = ["purpose", "direction", "authority", "limits"]


class ObjectiveForm(RecordForm):
    class Meta:
        model = Objective
        fields = [
            "title",
            "level",
            "parent",
            "owner",
            "measure",
            "unit",
            "baseline",
            "target",
            "due_on",
        ]

    def __init__(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        parents = self.fields["parent"]
        parents.queryset = parents.queryset.exclude(pk=self.instance.pk)  # type: ignore[attr-defined]


class NeedForm(RecordForm):
    class Meta:
        model = Need
        fields = ["title", "source", "priority", "objective", "is_out", "reason"]


class ScopeItemForm(RecordForm):
    class Meta:
        model = ScopeItem
        fields = ["kind", "name", "is_in", "unit", "owner", "reason"]


class ItAssetForm(RecordForm):
    class Meta:
        model = ItAsset
        fields = [
            "name",
            "owner",
            "state",
            "interface",
            "data_quality",
            "fit",
            "ease",
            "note",
        ]
