"""Forms that narrow an event log: one for each kind of filter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis.mining.spelling import LONGEST_CASE_DAYS, spell

LONGEST_OFFER = 250
"""Letters of all names together that a list to choose from may have."""
KEEP = [("1", gettext_lazy("with it")), ("0", gettext_lazy("without it"))]
MODE_WORDS = {
    "contained": gettext_lazy("begun and ended in it"),
    "started": gettext_lazy("begun in it"),
    "ended": gettext_lazy("ended in it"),
    "touching": gettext_lazy("open at any time in it"),
}


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


def days_field(label: Any) -> forms.FloatField:
    return forms.FloatField(
        label=label, required=False, min_value=0, max_value=LONGEST_CASE_DAYS
    )


def is_long(names: list[str]) -> bool:
    """Whether the names are too many for a list to choose from."""
    return sum(len(name) for name in names) > LONGEST_OFFER


def suggested(names: list[str]) -> list[str]:
    """What a field suggests while one types: nothing where all names are listed."""
    found: list[str] = []
    room = 5 * LONGEST_OFFER
    for name in names if is_long(names) else []:
        room -= len(name)
        if room >= 0:
            found.append(name)
    return found


class FilterForm(forms.Form):
    """What all kinds share: a title, the known choices, the text of the filter."""

    kind = ""
    title: Any = ""

    def __init__(
        self,
        *args: Any,
        activities: list[str],
        attributes: list[str],
        numbers: list[str],
        **kwargs: Any,
    ) -> None:
        kwargs["auto_id"] = f"filter-{self.kind}-%s"
        super().__init__(*args, **kwargs)
        known = {
            "activity": activities,
            "attribute": attributes,
            "number": numbers,
        }
        for field in self.fields.values():
            if isinstance(field, KnownField):
                field.know(known[field.of])

    def text(self) -> str:
        """The filter as the address names it."""
        return spell(self.kind, *self.given(self.cleaned_data))

    def given(self, data: dict[str, Any]) -> tuple[Any, ...]:
        raise NotImplementedError


class KnownField(forms.ChoiceField):
    """A choice among the activities or attributes of the log."""

    def __init__(self, of: str, label: Any, **given: Any) -> None:
        self.of = of
        super().__init__(label=label, **given)

    def know(self, names: list[str]) -> None:
        """A list to choose from; where that were long, a field with suggestions."""
        if is_long(names):
            self.widget = forms.TextInput(
                attrs={"list": f"known-{self.of}", "autocomplete": "off"}
            )
            self.widget.is_required = self.required
        self.choices = [("", "—"), *((one, one) for one in names)]


class TimeForm(FilterForm):
    kind, title = "time", gettext_lazy("Time")
    since = day_field(gettext_lazy("From"))
    until = day_field(gettext_lazy("Before"))
    mode = forms.ChoiceField(
        label=gettext_lazy("Cases"), choices=list(MODE_WORDS.items())
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("since") and not data.get("until"):
            raise forms.ValidationError(_("Name a day."))
        return data

    def given(self, data: dict[str, Any]) -> tuple[Any, ...]:
        days = [data[one].isoformat() if data[one] else None for one in DAYS]
        return (*days, data["mode"])


DAYS = ("since", "until")


class DurationForm(FilterForm):
    kind, title = "duration", gettext_lazy("Throughput time")
    least = days_field(gettext_lazy("At least, days"))
    below = days_field(gettext_lazy("Less than, days"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("least") is None and data.get("below") is None:
            raise forms.ValidationError(_("Name a number of days."))
        return data

    def given(self, data: dict[str, Any]) -> tuple[Any, ...]:
        return data["least"], data["below"]


class ActivityForm(FilterForm):
    kind, title = "activity", gettext_lazy("Activity")
    name = KnownField("activity", gettext_lazy("Activity"))
    keep = forms.ChoiceField(label=gettext_lazy("Cases"), choices=KEEP)

    def given(self, data: dict[str, Any]) -> tuple[Any, ...]:
        return data["name"], data["keep"] == "1"


class FollowsForm(FilterForm):
    kind, title = "follows", gettext_lazy("Order")
    first = KnownField("activity", gettext_lazy("First"))
    then = KnownField("activity", gettext_lazy("Then"))
    directly = forms.BooleanField(label=gettext_lazy("Directly"), required=False)

    def given(self, data: dict[str, Any]) -> tuple[Any, ...]:
        return data["first"], data["then"], data["directly"]


class EndsForm(FilterForm):
    kind, title = "ends", gettext_lazy("Begin and end")
    first = KnownField("activity", gettext_lazy("Begins with"), required=False)
    last = KnownField("activity", gettext_lazy("Ends with"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("first") and not data.get("last"):
            raise forms.ValidationError(_("Choose an activity."))
        return data

    def given(self, data: dict[str, Any]) -> tuple[Any, ...]:
        return data["first"], data["last"]


class AttributeForm(FilterForm):
    kind, title = "attribute", gettext_lazy("Attribute")
    name = KnownField("attribute", gettext_lazy("Attribute"))
    value = forms.CharField(label=gettext_lazy("Value"), max_length=200)
    keep = forms.ChoiceField(label=gettext_lazy("Cases"), choices=KEEP)

    def given(self, data: dict[str, Any]) -> tuple[Any, ...]:
        return data["name"], data["value"], data["keep"] == "1"


class NumberForm(FilterForm):
    kind, title = "number", gettext_lazy("Number")
    name = KnownField("number", gettext_lazy("Attribute"))
    least = forms.FloatField(label=gettext_lazy("At least"), required=False)
    most = forms.FloatField(label=gettext_lazy("At most"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("least") is None and data.get("most") is None:
            raise forms.ValidationError(_("Name a number."))
        return data

    def given(self, data: dict[str, Any]) -> tuple[Any, ...]:
        return data["name"], data["least"], data["most"]


FORMS: dict[str, type[FilterForm]] = {
    one.kind: one
    for one in (
        TimeForm,
        DurationForm,
        ActivityForm,
        FollowsForm,
        EndsForm,
        AttributeForm,
        NumberForm,
    )
}
