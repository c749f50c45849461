"""The base of forms for records: choices of the programme, a version, refusals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programmes.kit.errors import Refusal
from programmes.models import Account, OrgUnit, Person, Programme, Record


def reason_field(gates: list[str], labels: list[str]) -> forms.CharField:
    """Where a person says why they change what gates were approved on."""
    text = gettext("%(gates)s was approved on this. Say why, if you change: %(names)s.")
    return forms.CharField(
        label=_("Reason of the change"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=text % {"gates": ", ".join(gates), "names": ", ".join(labels)},
    )


class ReasonForm(forms.Form):
    """The reason beside a table of rows; without a field where nobody asks for one."""

    def __init__(
        self, data: Any, gates: list[str], labels: list[str], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        if gates:
            self.fields["change_reason"] = reason_field(gates, labels)

    @property
    def reason(self) -> str:
        given: str = self.cleaned_data.get("change_reason", "")
        return given

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at the reason, or above the table."""
        text = refusal.fields.get("change_reason")
        if text is None or "change_reason" not in self.fields:
            self.add_error(None, str(refusal))
        else:
            self.add_error("change_reason", str(text))


class RecordForm(forms.ModelForm[Any]):
    """Shape only; the service decides. Foreign keys offer what is of the programme."""

    # Fields that choose several other records; files name them, split by a semicolon.
    linked: ClassVar[tuple[str, ...]] = ()
    # Fields whose change needs a reason, on a form that asks for one.

    record_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, programme: Programme, user: Account, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.programme, self.user = programme, user
        if self.instance.pk:
            self.fields["record_version"].initial = self.instance.version
        for name, field in self.fields.items():
            self.shape(name, field)

    def shape(self, name: str, field: forms.Field) -> None:
        """Narrow choices to the programme, and pick the fitting input."""
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = self.narrowed(field.queryset)
            if not isinstance(field, forms.ModelMultipleChoiceField):
                field.empty_label = "—"
        elif isinstance(field, forms.DateField):
            field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        elif isinstance(field, forms.CharField) and isinstance(
            field.widget, forms.Textarea
        ):
            field.widget.attrs.setdefault("rows", 4)
        elif isinstance(field, forms.DecimalField):
            field.widget.attrs.setdefault("step", "any")
            stored = self.initial.get(name)
            if isinstance(stored, Decimal):
                self.initial[name] = format(stored.normalize(), "f")

    def narrowed(self, queryset: Any) -> Any:
        """The rows of this programme or enterprise, and nobody else's."""
        model = queryset.model
        enterprise = self.programme.enterprise_id
        if model is Person:
            return Person.objects.filter(
                enterprise=enterprise, is_active=True
            ).order_by("name")
        if model is OrgUnit:
            return OrgUnit.objects.filter(enterprise=enterprise).order_by("name")
        if issubclass(model, Record):
            return queryset.filter(programme=self.programme, deleted_at=None).order_by(
                "pk"
            )
        raise TypeError(f"no rule for choosing a {model.__name__}")

    def ask_reason(self, gates: list[str], names: list[str]) -> None:
        """An approval rests on the record: a change of these fields needs a reason."""
        labels = [str(self.fields[one].label) for one in names if one in self.fields]
        self.fields["change_reason"] = reason_field(gates, labels)

    @property
    def reason(self) -> dict[str, str]:
        """The reason of a change for the service, where one was asked for."""
        given = self.cleaned_data.get("change_reason")
        return {"reason": given} if given else {}

    @property
    def seen_version(self) -> int | None:
        """The version that the person had before them; None for a new record."""
        seen: int | None = self.cleaned_data.get("record_version")
        return seen if self.instance.pk else None

    def extra(self) -> dict[str, Any]:
        """More keywords for the service of the register."""
        return {}

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at its fields, or at the top of the form."""
        known = {
            name: text for name, text in refusal.fields.items() if name in self.fields
        }
        for name, text in known.items():
            self.add_error(name, str(text))
        if not known:
            self.add_error(None, str(refusal))
