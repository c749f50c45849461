"""Forms of a measure by week or month, and of the indicator that it goes into."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis.forms.log_filters import KnownField
from diagnosis.measure_words import MEASURE_WORDS
from diagnosis.mining.series import MEASURES
from diagnosis.models import LogFeed
from programmes.models import Indicator, Programme

LONGEST_PATH = 70


class SeriesForm(forms.Form):
    """Which measure, and what it is about."""

    measure = forms.ChoiceField(label=gettext_lazy("Measure"))
    activity = KnownField(
        "activity",
        gettext_lazy("Activity"),
        required=False,
        help_text=gettext_lazy("For measures of an activity or a succession"),
    )
    then = KnownField(
        "activity",
        gettext_lazy("Directly followed by"),
        required=False,
        help_text=gettext_lazy("For measures of a succession"),
    )
    path = forms.ChoiceField(
        label=gettext_lazy("Path"),
        required=False,
        help_text=gettext_lazy("For the share of a path"),
    )
    period = forms.ChoiceField(
        label=gettext_lazy("Period"), choices=LogFeed.Period.choices
    )

    def __init__(
        self,
        *args: Any,
        activities: Sequence[str],
        paths: Sequence[Sequence[str]],
        is_compared: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.paths = paths
        known = [
            (key, MEASURE_WORDS[key])
            for key, one in MEASURES.items()
            if is_compared or "model" not in one.about
        ]
        told = [
            ("", "—"),
            *((str(n), shortened(n, one)) for n, one in enumerate(paths, start=1)),
        ]
        for name, choices in (
            ("measure", known),
            ("path", told),
        ):
            field: Any = self.fields[name]
            field.choices = choices
        for name in ("activity", "then"):
            known_field: Any = self.fields[name]
            known_field.know(list(activities))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        known = MEASURES.get(data.get("measure", ""))
        for name in known.about if known else ():
            if name != "model" and not data.get(name) and name not in self.errors:
                self.add_error(name, _("This measure asks for it."))
        return data

    def about(self) -> list[str]:
        """What the chosen measure is about."""
        needed = MEASURES[self.cleaned_data["measure"]].about
        if "path" in needed:
            return list(self.paths[int(self.cleaned_data["path"]) - 1])
        return [self.cleaned_data[one] for one in needed if one != "model"]


def shortened(number: int, path: Sequence[str]) -> str:
    text = " → ".join(path)
    cut = text if len(text) <= LONGEST_PATH else f"{text[:LONGEST_PATH]}…"
    return f"{number}: {cut}"


class FeedForm(forms.Form):
    """The indicator that the measure goes into, or the name of a new one."""

    indicator = forms.ModelChoiceField(
        Indicator.objects.none(),
        label=gettext_lazy("Indicator"),
        required=False,
        empty_label="—",
    )
    name = forms.CharField(
        label=gettext_lazy("Or a new indicator"),
        required=False,
        max_length=160,
        help_text=gettext_lazy("Its name; unit, direction and period are set"),
    )

    def __init__(
        self, *args: Any, programme: Programme, may_add: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        indicator: Any = self.fields["indicator"]
        indicator.queryset = Indicator.objects.of(programme).order_by("name")
        if not may_add:
            del self.fields["name"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("indicator")) == bool(data.get("name")):
            raise forms.ValidationError(
                _("Choose an indicator, or name a new one.")
                if "name" in self.fields
                else _("Choose an indicator.")
            )
        return data
