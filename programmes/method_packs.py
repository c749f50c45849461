"""What a method pack says, as plain values. Packs are written by people: read strictly,
and told where they are wrong. Their files: pack_files.py.

Form (YAML or JSON): `title`, `note`, `tolerances`, and `gates`, a list with one entry
per gate: `phases` (which it closes), `question`, `panel`, `rule`, `veto`, `days`,
`hurdle`, `waivable`, `optional`, `limits`, `judged`, `deliverables`. Everything but
`title` and `phases` may be left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite
from typing import Any, TypeGuard
from unicodedata import category

from django.utils.translation import gettext as _

from programmes.kit.errors import Refusal

DECISION_DAYS = 5
HURDLE = 60
LONGEST_TITLE = 80
LONGEST_TEXT = 300
LONGEST_NOTE = 2000
LONGEST_WORD = 120
MOST_ENTRIES = 100
LARGEST = 1e12
SEATS = frozenset({"gatekeeper", "controller", "owner", "champion", "sponsor"})
GATE_KEYS = frozenset(
    [
        "phases",
        "question",
        "panel",
        "rule",
        "veto",
        "days",
        "hurdle",
        "waivable",
        "optional",
        "limits",
        "judged",
        "deliverables",
    ]
)
PACK_KEYS = frozenset({"title", "note", "tolerances", "gates"})
JUDGED_KEYS = frozenset({"key", "title", "weight"})
TOLERANCES = {"time": 10, "cost": 10, "benefit": 15}


class PackWrong(Refusal):
    """What was given does not describe a pack; the message says where and why."""

    code = "pack-wrong"
    status = 422


class Rule(StrEnum):
    """Who decides: the chair after advice, a majority with the chair, or all."""

    CHAIR = "chair"
    MAJORITY = "majority"
    UNANIMOUS = "unanimous"


@dataclass(frozen=True)
class Judged:
    """A question that each gatekeeper answers from 1 to 5."""

    key: str
    title: str
    weight: float = 1.0


@dataclass(frozen=True)
class GateRules:
    """What one gate asks, and how it is decided.

    :param phases: that it closes, in order; the last one numbers the gate.
    :param panel: roles that vote beside the chair.
    :param veto: roles without whose yes it cannot be approved.
    :param days: working days for the decision.
    :param hurdle: share of the highest possible score, in per cent.
    :param waivable: codes of musts that the chair may let go.
    :param optional: codes that only warn in this pack.
    :param limits: thresholds by criterion code, such as {"G2.A4": {"share": 0.85}}.
    """

    phases: tuple[int, ...]
    question: str = ""
    panel: tuple[str, ...] = ()
    rule: Rule = Rule.CHAIR
    veto: frozenset[str] = frozenset()
    days: int = DECISION_DAYS
    hurdle: int = HURDLE
    waivable: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    limits: dict[str, dict[str, Any]] = field(default_factory=dict)
    judged: tuple[Judged, ...] = ()
    deliverables: tuple[str, ...] = ()

    @property
    def phase(self) -> int:
        """The number of the gate."""
        return self.phases[-1]


@dataclass(frozen=True)
class Tolerances:
    """How far a forecast may leave the plan before it is reviewed, in per cent."""

    time: int = TOLERANCES["time"]
    cost: int = TOLERANCES["cost"]
    benefit: int = TOLERANCES["benefit"]


@dataclass(frozen=True)
class Pack:
    title: str
    gates: tuple[GateRules, ...]
    note: str = ""
    tolerances: Tolerances = Tolerances()

    def gate_of(self, phase: int) -> GateRules:
        """The rules of the gate that closes the phase."""
        return next(one for one in self.gates if phase in one.phases)

    @property
    def structure(self) -> tuple[tuple[int, ...], ...]:
        """Which phases its gates close."""
        return tuple(one.phases for one in self.gates)


def read_pack(content: Any) -> Pack:
    """Read a pack from what YAML or JSON gave.

    :raises PackWrong: with the place and what is wrong there.
    """
    if not isinstance(content, dict) or not isinstance(content.get("gates"), list):
        raise PackWrong(_("A pack is a mapping with a title and a list of gates."))
    refuse_unknown(content, PACK_KEYS, _("the pack"))
    title = content.get("title")
    if not is_text(title, LONGEST_TITLE) or not title.strip():
        raise PackWrong(_("title: give a title of at most 80 characters."))
    note = content.get("note", "")
    if not is_text(note, LONGEST_NOTE, "\n"):
        raise PackWrong(_("note: give a text of at most 2000 characters."))
    if len(content["gates"]) > MOST_ENTRIES:
        raise PackWrong(_("gates: together they close the phases 1 to 8, each once."))
    gates = tuple(read_gate(one, n) for n, one in enumerate(content["gates"], 1))
    covered = [phase for gate in gates for phase in gate.phases]
    if covered != list(range(1, 9)):
        raise PackWrong(_("gates: together they close the phases 1 to 8, each once."))
    return Pack(title, gates, note, read_tolerances(content))


def read_gate(given: Any, number: int) -> GateRules:
    place = _("gates, entry %(number)s") % {"number": number}
    if not isinstance(given, dict):
        raise wrong(place, _("a gate is a mapping."))
    refuse_unknown(given, GATE_KEYS, place)
    return GateRules(
        phases=tuple(numbers(given, "phases", place)),
        question=text(given, "question", place),
        panel=tuple(words(given, "panel", place, SEATS)),
        rule=read_rule(given, place),
        veto=frozenset(words(given, "veto", place, SEATS)),
        days=whole(given, "days", DECISION_DAYS, 1, 90, place),
        hurdle=whole(given, "hurdle", HURDLE, 0, 100, place),
        waivable=frozenset(words(given, "waivable", place)),
        optional=frozenset(words(given, "optional", place)),
        limits=read_limits(given, place),
        judged=tuple(read_judged(given, place)),
        deliverables=tuple(words(given, "deliverables", place)),
    )


def wrong(place: str, said: str) -> PackWrong:
    return PackWrong(_("%(place)s: %(said)s") % {"place": place, "said": said})


def is_text(given: Any, longest: int, also: str = "") -> TypeGuard[str]:
    """A text that a database and a page can hold: no control characters."""
    return (
        isinstance(given, str)
        and len(given) <= longest
        and all(one in also or category(one) not in ("Cc", "Cs") for one in given)
    )


def is_number(given: Any) -> TypeGuard[float]:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return False
    return abs(given) <= LARGEST and isfinite(given)


def refuse_unknown(given: dict[Any, Any], known: frozenset[str], place: str) -> None:
    strange = sorted(str(one) for one in given if one not in known)
    if strange:
        said = _("“%(name)s” is no key; possible are %(known)s.")
        names = {"name": strange[0][:40], "known": ", ".join(sorted(known))}
        raise wrong(place, said % names)


def text(given: dict[str, Any], key: str, place: str) -> str:
    found = given.get(key, "")
    if not is_text(found, LONGEST_TEXT):
        raise wrong(f"{place}, {key}", _("give a text of at most 300 characters."))
    return found


def words(
    given: dict[str, Any], key: str, place: str, known: frozenset[str] | None = None
) -> list[str]:
    found = given.get(key, [])
    place = f"{place}, {key}"
    if not isinstance(found, list) or len(found) > MOST_ENTRIES:
        raise wrong(place, _("give a list of texts."))
    if not all(is_text(one, LONGEST_WORD) and one.strip() for one in found):
        raise wrong(place, _("give a list of texts."))
    if len(set(found)) != len(found):
        raise wrong(place, _("something stands twice."))
    strange = [one for one in found if known is not None and one not in known]
    if strange:
        said = _("“%(name)s” is unknown; possible are %(known)s.")
        names = {"name": strange[0], "known": ", ".join(sorted(known or ()))}
        raise wrong(place, said % names)
    return found


def whole(
    given: dict[str, Any], key: str, default: int, low: int, high: int, place: str
) -> int:
    found = given.get(key, default)
    place = f"{place}, {key}"
    if not isinstance(found, int) or isinstance(found, bool):
        raise wrong(place, _("give a whole number."))
    if not low <= found <= high:
        said = _("give a number from %(low)s to %(high)s.")
        raise wrong(place, said % {"low": low, "high": high})
    return found


def numbers(given: dict[str, Any], key: str, place: str) -> list[int]:
    found = given.get(key)
    if (
        not isinstance(found, list)
        or not found
        or not all(type(one) is int and 1 <= one <= 8 for one in found)
    ):
        said = _("give the numbers of the phases, 1 to 8.")
        raise wrong(f"{place}, {key}", said)
    return found


def read_rule(given: dict[str, Any], place: str) -> Rule:
    try:
        return Rule(given.get("rule", Rule.CHAIR))
    except ValueError:
        said = _("possible are %(known)s.") % {"known": ", ".join(Rule)}
        raise wrong(f"{place}, rule", said) from None


def read_limits(given: dict[str, Any], place: str) -> dict[str, dict[str, Any]]:
    found = given.get("limits", {})
    place = f"{place}, limits"
    if not isinstance(found, dict) or len(found) > MOST_ENTRIES:
        raise wrong(place, _("a mapping from criterion to thresholds."))
    for code, values in found.items():
        if not is_text(code, LONGEST_WORD):
            raise wrong(place, _("a mapping from criterion to thresholds."))
        if not isinstance(values, dict) or not all(
            is_text(name, LONGEST_WORD) and is_number(one)
            for name, one in values.items()
        ):
            raise wrong(f"{place}, {code}", _("names with numbers."))
    return found


def read_judged(given: dict[str, Any], place: str) -> list[Judged]:
    rows = given.get("judged", [])
    place = f"{place}, judged"
    if not isinstance(rows, list) or len(rows) > MOST_ENTRIES:
        raise wrong(place, _("give a list."))
    found = [read_question(one, place) for one in rows]
    if len({one.key for one in found}) != len(found):
        raise wrong(place, _("a key stands twice."))
    return found


def read_question(row: Any, place: str) -> Judged:
    if not isinstance(row, dict) or set(row) - JUDGED_KEYS:
        raise wrong(place, _("each has key, title and weight."))
    weight = row.get("weight", 1)
    if not is_number(weight) or not 0 < weight <= 100:
        raise wrong(place, _("a weight is a number from 0 to 100."))
    key, title = row.get("key"), row.get("title")
    if not (is_text(key, 40) and key and is_text(title, 200) and title.strip()):
        raise wrong(place, _("each has a key and a title."))
    return Judged(key, title, float(weight))


def read_tolerances(content: dict[str, Any]) -> Tolerances:
    given = content.get("tolerances", {})
    place = "tolerances"
    if not isinstance(given, dict):
        raise wrong(place, _("names with numbers."))
    refuse_unknown(given, frozenset(TOLERANCES), place)
    return Tolerances(
        **{
            name: whole(given, name, usual, 1, 100, place)
            for name, usual in TOLERANCES.items()
        }
    )


def content_of(pack: Pack) -> dict[str, Any]:
    """The pack as plain values, the same for equal packs; read_pack reads it back."""
    found: dict[str, Any] = {"title": pack.title}
    if pack.note:
        found["note"] = pack.note
    found["tolerances"] = {name: getattr(pack.tolerances, name) for name in TOLERANCES}
    found["gates"] = [content_of_gate(one) for one in pack.gates]
    return found


def content_of_gate(rules: GateRules) -> dict[str, Any]:
    """What is empty is left out."""
    found: dict[str, Any] = {
        "phases": list(rules.phases),
        "question": rules.question,
        "panel": list(rules.panel),
        "rule": str(rules.rule),
        "veto": sorted(rules.veto),
        "days": rules.days,
        "hurdle": rules.hurdle,
        "waivable": sorted(rules.waivable),
        "optional": sorted(rules.optional),
        "limits": {code: dict(one) for code, one in sorted(rules.limits.items())},
        "judged": [
            {"key": one.key, "title": one.title, "weight": one.weight}
            for one in rules.judged
        ],
        "deliverables": list(rules.deliverables),
    }
    kept = {"phases", "rule", "days", "hurdle"}
    return {name: one for name, one in found.items() if one or name in kept}
