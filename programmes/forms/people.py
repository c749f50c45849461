"""Forms for people, units, programmes, teams, tokens and one's own settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from programmes.maths.calendars import FIRST, LAST
from programmes.models import (
    Account,
    ApiToken,
    Enterprise,
    EnterpriseRole,
    Membership,
    OrgUnit,
    Person,
    Programme,
)
from programmes.services.packs import DEFAULT, packs_of


class PersonForm(forms.ModelForm[Person]):
    class Meta:
        model = Person
        fields = ["name", "email", "job_title", "unit", "external_id"]
        labels = {"unit": _("Unit")}

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = OrgUnit.objects.filter(enterprise=enterprise).order_by("name")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    roles = forms.MultipleChoiceField(
        label=_("Enterprise roles"),
        choices=EnterpriseRole.Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class UnitForm(forms.ModelForm[OrgUnit]):
    class Meta:
        model = OrgUnit
        fields = ["name", "parent", "headcount"]
        labels = {"parent": _("Belongs to")}

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = OrgUnit.objects.filter(enterprise=enterprise).order_by("name")
        self.fields["parent"].queryset = units.exclude(  # type: ignore[attr-defined]
            pk=self.instance.pk
        )


def pack_choices(enterprise: Enterprise) -> list[tuple[str, str]]:
    """Key and title of each pack that a programme can begin with."""
    return [(one.key, f"{one.title}: {one.note}") for one in packs_of(enterprise)]


class ProgrammeForm(forms.ModelForm[Programme]):
    class Meta:
        model = Programme
        fields = ["name", "code", "summary", "unit"]

    pack = forms.ChoiceField(
        label=_("Method pack"),
        required=False,
        initial=DEFAULT,
        help_text=_("How its gates are decided. It can be seen under Method packs."),
    )
    starts_on = forms.DateField(
        label=_("Starts"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(FIRST), MaxValueValidator(LAST)],
    )

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = OrgUnit.objects.filter(enterprise=enterprise).order_by("name")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["code"], self.fields["starts_on"], self.fields["pack"]
        else:
            self.fields["pack"].choices = pack_choices(enterprise)  # type: ignore[attr-defined]


class MembershipForm(forms.ModelForm[Membership]):
    class Meta:
        model = Membership
        fields = ["person", "role", "seat", "unit", "capacity_percent"]

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(enterprise=enterprise, is_active=True)
        units = OrgUnit.objects.filter(enterprise=enterprise).order_by("name")
        self.fields["person"].queryset = people.order_by("name")  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return {*excluded, "programme"}


class TeamLinesForm(forms.Form):
    """Many of the team at once."""

    lines = forms.CharField(
        label=_("One person a line"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Name or mail; role; working time in %; function. The last two may be left "
            "out."
        ),
    )


class TokenForm(forms.ModelForm[ApiToken]):
    class Meta:
        model = ApiToken
        fields = ["name", "programme", "expires_on"]
        widgets = {"expires_on": forms.DateInput(attrs={"type": "date"})}

    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=ApiToken.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Programme.objects.filter(enterprise=enterprise).order_by("name")
        self.fields["programme"].queryset = rows  # type: ignore[attr-defined]


class SettingsForm(forms.ModelForm[Account]):
    class Meta:
        model = Account
        fields = ["name", "theme", "has_shortcuts", "mail"]
        widgets = {"theme": forms.RadioSelect, "mail": forms.RadioSelect}
