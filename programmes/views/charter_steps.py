"""The steps of the wizard: what each asks for, and the help beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from programmes.forms.budget import BudgetLineForm, EstimateForm, TrancheForm
from programmes.forms.mandate import (
    MandateForm,
    NeedForm,
    ObjectiveForm,
    ScopeItemForm,
    SystemForm,
)
from programmes.forms.plan import WorkCalendarForm
from programmes.forms.records import RecordForm
from programmes.kit.errors import Text

# Words of the summary of a row that nobody has named yet.
CHECK, TEAM, PLAN = "check", "team", "plan"


@dataclass(frozen=True)
class Section:
    """Records of one kind on a step: one that is there, or a list that grows.

    :param slug: of the register, and the start of the fields' names.
    """

    slug: str
    form: type[RecordForm]
    many: bool = True
    one: Text = ""

    @property
    def model(self) -> Any:
        return self.form._meta.model


@dataclass(frozen=True)
class Step:
    """One page of the wizard."""

    key: str
    title: Text
    lead: Text
    help: Sequence[Text]
    sections: Sequence[Section] = ()


STEPS = (
    Step(
        "mandate",
        _("Mandate"),
        _("Why is this programme there, and what may it do?"),
        (
            _("Write it as the sponsor would say it to the staff: one page at most."),
            _("Limits save later quarrels: what may not change, cost or happen."),
            _("Authority is what the team may see, ask for and decide by itself."),
        ),
        (Section("mandate", MandateForm, many=False),),
    ),
    Step(
        "objectives",
        _("Objectives"),
        _("What will be different, by how much, until when?"),
        (
            _("Two to five are enough. Each needs an owner, a measure and a target."),
            _("A target needs its unit, and the baseline it starts from."),
            _("Strategic objectives stand above; those of the programme serve them."),
        ),
        (Section("objectives", ObjectiveForm, one=_("objective")),),
    ),
    Step(
        "needs",
        _("Needs"),
        _("Who asked for it, and how much does it matter?"),
        (
            _("Write down where each need comes from: a person, a survey, an audit."),
            _("What serves no objective is declared out, with a reason."),
        ),
        (Section("needs", NeedForm, one=_("need")),),
    ),
    Step(
        "scope",
        _("Scope"),
        _("What is in, and what is left alone on purpose?"),
        (
            _("Name at least one process with its owner, and one unit."),
            _("An out-list is as important: it is what people ask about first."),
        ),
        (Section("scope", ScopeItemForm, one=_("scope item")),),
    ),
    Step(
        "it",
        _("IT construction"),
        _("Which systems carry these processes, and how good are they?"),
        (
            _("Rate data, fit and ease of change from 1 to 5."),
            _("The interface decides later if event logs can be read."),
        ),
        (Section("it", SystemForm, one=_("IT system")),),
    ),
    Step(
        TEAM,
        _("Team"),
        _("Who leads, decides, checks the money and owns the processes?"),
        (
            _("Sponsor, lead, controller and a process owner are needed for gate 1."),
            _("Nobody can give more than 100% over all programmes."),
        ),
    ),
    Step(
        "budget",
        _("Budget"),
        _("What does it cost, and which gate releases how much?"),
        (
            _("Give each line its phase and category."),
            _("Tranches add up to the budget; a gate that passes releases its own."),
            _("Lines in another currency keep the rate they were planned with."),
        ),
        (
            Section("budget", BudgetLineForm, one=_("budget line")),
            Section("tranches", TrancheForm, one=_("tranche")),
        ),
    ),
    Step(
        "benefits",
        _("Benefit range"),
        _("What is it worth a year, and who says so?"),
        (
            _("Low is nearly certain, likely is expected, high is if all goes well."),
            _("The basis names the counts and rates that the range stands on."),
            _("Contingency is the reserve above the budget lines."),
        ),
        (Section("benefit-range", EstimateForm, many=False),),
    ),
    Step(
        PLAN,
        _("Phase plan"),
        _("When do the phases run, and when are their gates?"),
        (
            _("With the country, its holidays are left out of the working days."),
            _("The usual lengths are a proposal; change them as you know better."),
        ),
        (Section("calendar", WorkCalendarForm, many=False),),
    ),
    Step(
        CHECK,
        _("Check and hand over"),
        _("Is it ready for the sponsor's signature?"),
        (
            _("Every finding links to the field that cures it."),
            _("After the signature the mandate is frozen as a PDF with its number."),
        ),
    ),
)
KEYS = [one.key for one in STEPS]
