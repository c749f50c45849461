"""Forms for method packs: the whole, one gate of it, and a file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.gating import Criterion, Kind
from programmes.method_packs import (
    DECISION_DAYS,
    LONGEST_NOTE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    SEATS,
    GateRules,
    Judged,
    Pack,
    Rule,
    Tolerances,
    content_of,
    content_of_gate,
)
from programmes.models import Membership
from programmes.pack_files import LARGEST_FILE
from programmes.pack_words import LIMITS, RULES, asked, limit_label

MUST, WARNS = "must", "warns"
SPARE_QUESTIONS = 2


class PackForm(forms.Form):
    """What a pack says about the whole of a programme."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=LONGEST_TITLE)
    note = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    time = forms.IntegerField(
        label=gettext_lazy("Tolerance of time, in per cent"),
        help_text=gettext_lazy("Beyond it a review is opened between the gates."),
        min_value=1,
        max_value=100,
    )
    cost = forms.IntegerField(
        label=gettext_lazy("Tolerance of cost, in per cent"), min_value=1, max_value=100
    )
    benefit = forms.IntegerField(
        label=gettext_lazy("Tolerance of benefit, in per cent"),
        min_value=1,
        max_value=100,
    )

    def content(self, pack: Pack) -> dict[str, Any]:
        data = self.cleaned_data
        limits = Tolerances(data["time"], data["cost"], data["benefit"])
        note = data["note"].replace("\r", "")
        said = replace(pack, title=data["title"], note=note, tolerances=limits)
        return content_of(said)


def seat_choices() -> list[tuple[str, Any]]:
    return [(one.value, one.label) for one in Membership.Role if one.value in SEATS]


class GateRulesForm(forms.Form):
    """One gate of a pack: how it is decided, and what is asked of it."""

    question = forms.CharField(
        label=gettext_lazy("Question"),
        help_text=gettext_lazy("Empty: the question of its phase."),
        max_length=LONGEST_TEXT,
        required=False,
    )
    rule = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=lambda: [*RULES.items()]
    )
    panel = forms.MultipleChoiceField(
        label=gettext_lazy("Panel"),
        choices=seat_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    veto = forms.MultipleChoiceField(
        label=gettext_lazy("Veto"),
        choices=seat_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=gettext_lazy("Working days for the decision"),
        initial=DECISION_DAYS,
        min_value=1,
        max_value=90,
    )
    hurdle = forms.IntegerField(
        label=gettext_lazy("Hurdle of the judged questions, in per cent"),
        min_value=0,
        max_value=100,
    )
    deliverables = forms.CharField(
        label=gettext_lazy("Deliverables"),
        help_text=gettext_lazy("One a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    GENERAL = ("question", "rule", "panel", "veto", "days", "hurdle", "deliverables")

    def __init__(self, *args: Any, rules: GateRules, **kwargs: Any) -> None:
        initial = {name: getattr(rules, name) for name in self.GENERAL}
        initial["veto"] = sorted(rules.veto)
        initial["deliverables"] = "\n".join(rules.deliverables)
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.rules = rules
        self.criteria = asked(rules)
        for one in self.criteria:
            self.add_criterion(one)
        for place in range(len(rules.judged) + SPARE_QUESTIONS):
            self.add_question(place)

    def add_criterion(self, one: Criterion) -> None:
        title = {"title": one.title}
        if one.kind is Kind.MUST:
            self.fields[f"kind-{one.code}"] = forms.ChoiceField(
                label=_("%(title)s: how it counts") % title,
                choices=[(MUST, _("must")), (WARNS, _("only warns"))],
                initial=WARNS if one.code in self.rules.optional else MUST,
                widget=forms.Select(attrs={"class": "input"}),
            )
            self.fields[f"waivable-{one.code}"] = forms.BooleanField(
                label=_("may be let go"),
                required=False,
                initial=one.code in self.rules.waivable,
            )
        given = self.rules.limits.get(one.code, {})
        for name, usual in one.limits.items():
            self.fields[f"limit-{one.code}-{name}"] = forms.FloatField(
                label=f"{one.title}: {limit_label(name)}",
                initial=f"{given.get(name, usual):g}",
                min_value=LIMITS[name].low,
                max_value=LIMITS[name].high,
                widget=forms.NumberInput(attrs={"step": "any", "class": "input short"}),
            )

    def add_question(self, place: int) -> None:
        known = place < len(self.rules.judged)
        given = self.rules.judged[place] if known else Judged("", "")
        number = {"number": place + 1}
        self.fields[f"judged-{place}-title"] = forms.CharField(
            label=_("Question %(number)s") % number,
            max_length=200,
            required=False,
            initial=given.title,
        )
        self.fields[f"judged-{place}-weight"] = forms.FloatField(
            label=_("Weight of question %(number)s") % number,
            required=False,
            initial=f"{given.weight:g}",
            min_value=0.01,
            max_value=100,
            widget=forms.NumberInput(attrs={"step": "any"}),
        )

    def general(self) -> list[forms.BoundField]:
        return [self[name] for name in self.GENERAL]

    def asked(self) -> list[dict[str, Any]]:
        """A row for each criterion: its fields, or None where nothing can be said."""
        return [
            {
                "criterion": one,
                "kind": self.bound(f"kind-{one.code}"),
                "waivable": self.bound(f"waivable-{one.code}"),
                "limits": [
                    {
                        "label": limit_label(name),
                        "field": self[f"limit-{one.code}-{name}"],
                    }
                    for name in one.limits
                ],
            }
            for one in self.criteria
        ]

    def bound(self, name: str) -> forms.BoundField | None:
        return self[name] if name in self.fields else None

    def judged(self) -> list[dict[str, forms.BoundField]]:
        places = range(len(self.rules.judged) + SPARE_QUESTIONS)
        return [
            {
                "title": self[f"judged-{place}-title"],
                "weight": self[f"judged-{place}-weight"],
            }
            for place in places
        ]

    def content(self) -> dict[str, Any]:
        """The gate as the form says it."""
        data = self.cleaned_data
        musts = [one.code for one in self.criteria if one.kind is Kind.MUST]
        lines = [one.strip() for one in data["deliverables"].splitlines()]
        return content_of_gate(
            GateRules(
                phases=self.rules.phases,
                question=data["question"],
                panel=tuple(data["panel"]),
                rule=Rule(data["rule"]),
                veto=frozenset(data["veto"]),
                days=data["days"],
                hurdle=data["hurdle"],
                waivable=frozenset(one for one in musts if data[f"waivable-{one}"]),
                optional=frozenset(
                    one for one in musts if data[f"kind-{one}"] == WARNS
                ),
                limits=self.limits(),
                judged=tuple(self.questions()),
                deliverables=tuple(one for one in lines if one),
            )
        )

    def limits(self) -> dict[str, dict[str, Any]]:
        """Thresholds that differ from the usual ones."""
        found: dict[str, dict[str, Any]] = {}
        for one in self.criteria:
            for name, usual in one.limits.items():
                value = self.cleaned_data[f"limit-{one.code}-{name}"]
                if value != usual:
                    found.setdefault(one.code, {})[name] = value
        return found

    def questions(self) -> list[Judged]:
        """The judged questions; one that is there already keeps its key."""
        found: list[Judged] = []
        for place in range(len(self.rules.judged) + SPARE_QUESTIONS):
            title = self.cleaned_data[f"judged-{place}-title"].strip()
            if not title:
                continue
            known = place < len(self.rules.judged)
            key = self.rules.judged[place].key if known else self.new_key(title, found)
            weight = self.cleaned_data[f"judged-{place}-weight"] or 1.0
            found.append(Judged(key, title, weight))
        return found

    def new_key(self, title: str, found: list[Judged]) -> str:
        taken = {one.key for one in (*self.rules.judged, *found)}
        base = slugify(title)[:30] or "question"
        return next(
            key
            for key in (base, *(f"{base}-{number}" for number in range(2, 200)))
            if key not in taken
        )


class ReleaseForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What changed, and why"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PackFileForm(forms.Form):
    """A pack from a file: of a new one, or the next version of one."""

    key = forms.SlugField(
        label=gettext_lazy("Short name"),
        help_text=gettext_lazy(
            "Of a pack that is there: the file becomes its next version."
        ),
        max_length=40,
    )
    file = forms.FileField(label=gettext_lazy("YAML file"))

    def clean_file(self) -> str:
        given = self.cleaned_data["file"]
        if given.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("The file is larger than a pack can be (200 kB).")
            )
        try:
            return str(given.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is no UTF-8 text.")) from None
