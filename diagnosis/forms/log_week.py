"""When people work, for times that count working hours only."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis.log_words import WEEKDAYS
from diagnosis.services.log_lenses import Shifts

GIVEN = ("day", "from", "to", "again", "until")


def clock_field(label: Any, *, required: bool = True) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=required,
        input_formats=["%H:%M", "%H"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class WeekForm(forms.Form):
    """Weekdays, a shift, and a second one: the hours after a break, or of others."""

    day = forms.MultipleChoiceField(
        label=gettext_lazy("Weekdays"),
        choices=list(enumerate(WEEKDAYS)),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, given: dict[str, Any] | None, usual: Shifts) -> None:
        since, until = usual.hours[0]
        super().__init__(
            given,
            auto_id="week-%s",
            initial={
                "day": [str(one) for one in usual.weekdays],
                "from": clock(since),
                "to": clock(until),
            },
        )
        # "from" is a word of the language, so it cannot be an attribute of the class.
        self.fields["from"] = clock_field(_("From"))
        self.fields["to"] = clock_field(_("To"))
        self.fields["again"] = clock_field(_("Again from"), required=False)
        self.fields["until"] = clock_field(_("To"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        ends = [data.get(name) is None for name in ("again", "until")]
        if ends[0] != ends[1] and not {"again", "until"} & self.errors.keys():
            raise forms.ValidationError(_("Name both ends of the second shift."))
        return data

    def shifts(self) -> Shifts:
        """What was chosen; for a valid form."""
        data = self.cleaned_data
        pairs = [("from", "to"), ("again", "until")]
        return Shifts(
            tuple(sorted(int(one) for one in data["day"])),
            tuple(
                (hour_of(data[since]), hour_of(data[until]))
                for since, until in pairs
                if data[since] is not None
            ),
        )


def read_week(parameters: QueryDict, usual: Shifts) -> WeekForm:
    """The form as an address fills it in; what it leaves open is as usual.

    Weekdays may stand one by one or together: `day=0&day=1` or `day=01`. With a begin
    alone, the day is as long as usual.
    """
    if not any(parameters.get(name) for name in GIVEN):
        return WeekForm(None, usual)
    since, until = usual.hours[0]
    begin = tidy(parameters.get("from", "")) or clock(since)
    days = sorted(set("".join(parameters.getlist("day"))))
    given: dict[str, Any] = {
        "day": days or [str(one) for one in usual.weekdays],
        "from": begin,
        "to": tidy(parameters.get("to", "")) or end_of(begin, until - since),
    }
    given |= {name: tidy(parameters.get(name, "")) for name in ("again", "until")}
    return WeekForm(given, usual)


def tidy(text: str) -> str:
    """6, 6:00 and 06:00 as fields of browsers want it; what is no time, as it is."""
    found = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?", text.strip())
    return f"{int(found[1]):02d}:{found[2] or '00'}" if found else text[:10]


def end_of(begin: str, long: float) -> str:
    """When a day of this length ends; what is no time stays for the form to refuse."""
    hour, _sign, minute = begin.partition(":")
    if not hour.isdecimal() or not (minute or "0").isdecimal():
        return begin
    return clock((int(hour) + int(minute or 0) / 60 + long) % 24)


def hour_of(value: time) -> float:
    return value.hour + value.minute / 60


def clock(hour: float) -> str:
    """8.5 is 08:30, and 24 the midnight that is 00:00."""
    minutes = round(hour * 60) % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
