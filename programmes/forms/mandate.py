"""Forms of phase 1."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.forms.records import RecordForm
from programmes.models import (
    ItAsset,
    Mandate,
    Need,
    Objective,
    ScopeItem,
)
from programmes.services.systems import uses_of


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


class SystemForm(RecordForm):
    """A system by itself, as the wizard asks for it."""

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


class ItAssetForm(SystemForm):
    """A system with the processes that it supports."""

    linked: ClassVar[tuple[str, ...]] = ("processes",)

    processes = forms.ModelMultipleChoiceField(
        ScopeItem.objects.filter(kind=ScopeItem.Kind.PROCESS),
        label=_("Supports the processes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta(SystemForm.Meta):
        pass

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            uses = uses_of(self.programme).filter(system=self.instance)
            kept = uses.order_by("process").values_list("process", flat=True)
            self.initial["processes"] = list(kept)

    def extra(self) -> dict[str, Any]:
        return {"processes": list(self.cleaned_data["processes"])}
