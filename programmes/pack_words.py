"""Method packs in words: what a gate asks and how it is decided, and what changes
from one version to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.gating import Criterion, Kind, criteria, limits_of
from programmes.kit.errors import Text
from programmes.method_packs import GateRules, Pack, Rule
from programmes.models import Membership
from programmes.pack_texts import said
from programmes.phases import QUESTIONS, Phase

RULES: dict[Rule, Promise] = {
    Rule.CHAIR: gettext_lazy("The chair decides after advice"),
    Rule.MAJORITY: gettext_lazy("A majority with the chair"),
    Rule.UNANIMOUS: gettext_lazy("All of the panel"),
}


@dataclass(frozen=True)
class Limit:
    """What a threshold is called, and between what it can be set."""

    label: Promise
    low: float
    high: float


# By the names under which criteria read them.
LIMITS: dict[str, Limit] = {
    "share": Limit(gettext_lazy("least share, from 0 to 1"), 0.01, 1),
    "least": Limit(gettext_lazy("at least"), 0, 1000),
    "most": Limit(gettext_lazy("at most"), 0, 1000),
    "days": Limit(gettext_lazy("days at most"), 0, 1000),
    "periods": Limit(gettext_lazy("periods at most"), 1, 24),
    "over": Limit(gettext_lazy("per cent over the plan at most"), 0, 100),
    "margin": Limit(gettext_lazy("margin in points"), 1, 50),
    "mean": Limit(gettext_lazy("least mean"), 0, 100),
}


@dataclass(frozen=True)
class Fact:
    """A label with what the pack says about it; `key` names it in every version."""

    key: str
    label: str
    text: str


@dataclass(frozen=True)
class Change:
    """What a version says otherwise than another one, at one gate or in the whole."""

    place: str
    label: str
    before: str
    after: str


def limit_label(name: str) -> str:
    """The word for a threshold."""
    return str(LIMITS[name].label)


def number(value: float) -> str:
    """As short as it can be said, in the reader's way."""
    return str(number_format(f"{value:g}"))


def gate_label(rules: GateRules) -> str:
    names = ", ".join(str(Phase(one).label) for one in rules.phases)
    return _("Gate %(number)s: %(phases)s") % {"number": rules.phase, "phases": names}


def question_of(rules: GateRules) -> str:
    """What the gate asks: in the pack's words, else of each phase that it closes."""
    usual = " ".join(str(QUESTIONS[Phase(one)]) for one in rules.phases)
    return said(rules.question) or usual


def seats(roles: Iterable[str]) -> str:
    return ", ".join(str(Membership.Role(one).label) for one in roles) or _("nobody")


def facts(rules: GateRules) -> list[Fact]:
    """How the gate is decided."""
    judged = "; ".join(
        said(one.title) + (f" ({number(one.weight)})" if one.weight != 1 else "")
        for one in rules.judged
    )
    brought = "; ".join(said(one) for one in rules.deliverables)
    return [
        Fact("question", _("Question"), question_of(rules)),
        Fact("rule", _("Decision"), str(RULES[rules.rule])),
        Fact("panel", _("Panel"), seats(rules.panel)),
        Fact("veto", _("Veto"), seats(sorted(rules.veto))),
        Fact("days", _("Working days"), str(rules.days)),
        Fact("hurdle", _("Hurdle"), f"{rules.hurdle}%"),
        Fact("judged", _("Judged from 1 to 5"), judged or _("nothing")),
        Fact("deliverables", _("Deliverables"), brought or _("none named")),
    ]


def asked(rules: GateRules) -> list[Criterion]:
    """The criteria of the gate, those of the whole gate once."""
    return [
        one
        for phase in rules.phases
        for one in criteria(Phase(phase))
        if not one.is_shared or phase == rules.phases[0]
    ]


def asks(rules: GateRules) -> list[Fact]:
    """The criteria with what the pack makes of each."""
    limits = limits_of(rules)
    return [
        Fact(one.code, str(one.title), weight_of(one, rules, limits.get(one.code, {})))
        for one in asked(rules)
    ]


def weight_of(one: Criterion, rules: GateRules, limits: dict[str, float]) -> str:
    """“must, may be let go, least share 0.85”."""
    is_must = one.kind is Kind.MUST and one.code not in rules.optional
    parts: list[Text] = [_("must") if is_must else _("only warns")]
    if is_must and one.code in rules.waivable:
        parts.append(_("may be let go"))
    known = {name: value for name, value in limits.items() if name in one.limits}
    parts += [f"{limit_label(name)} {number(value)}" for name, value in known.items()]
    return ", ".join(str(part) for part in parts)


def tolerances(pack: Pack) -> list[Fact]:
    found = pack.tolerances
    return [
        Fact("time", _("Time"), f"{found.time}%"),
        Fact("cost", _("Cost"), f"{found.cost}%"),
        Fact("benefit", _("Benefit"), f"{found.benefit}%"),
    ]


def compare(before: Pack, after: Pack) -> list[Change]:
    """What the later version says otherwise, gate by gate."""
    found = []
    if before.title != after.title:
        titles = said(before.title), said(after.title)
        found.append(Change("", _("Title"), *titles))
    found += differences(_("Tolerance"), tolerances(before), tolerances(after))
    old = {one.phases: one for one in before.gates}
    for rules in after.gates:
        was = old.get(rules.phases)
        if was is None:
            closes = _("this gate closes these phases together")
            found.append(Change(gate_label(rules), _("Gates"), "", closes))
            continue
        place = gate_label(rules)
        found += differences(place, facts(was), facts(rules))
        found += differences(place, asks(was), asks(rules))
    return found


def differences(place: str, before: list[Fact], after: list[Fact]) -> list[Change]:
    old = {one.key: one.text for one in before}
    return [
        Change(place, one.label, old.get(one.key, ""), one.text)
        for one in after
        if old.get(one.key) != one.text
    ]
