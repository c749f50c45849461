"""What a method pack says, as plain values. Packs are files people may write: read
strictly, and told where they are wrong.

Form (YAML or JSON): `title`, and `gates`, a list with one entry per gate: `phases`
(which it closes), `question`, `panel`, `rule`, `veto`, `days`, `hurdle`, `waivable`,
`optional`, `limits`, `judged`, `deliverables`. Everything but `phases` may be left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from programmes.kit.errors import Refusal

FOLDER = Path(__file__).parent / "packs"
SHIPPED = ("standard", "panel", "light")
DECISION_DAYS = 5
HURDLE = 60
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
PACK_KEYS = frozenset({"title", "note", "gates"})


class PackWrong(Refusal):
    """The file does not describe a pack; the message says where and why."""

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
class Pack:
    title: str
    gates: tuple[GateRules, ...]

    def gate_of(self, phase: int) -> GateRules:
        """The rules of the gate that closes the phase."""
        return next(one for one in self.gates if phase in one.phases)


def read_pack(content: Any) -> Pack:
    """Read a pack from what YAML or JSON gave.

    :raises PackWrong: with the place and what is wrong there.
    """
    if not isinstance(content, dict) or not isinstance(content.get("gates"), list):
        raise PackWrong("A pack is a mapping with a title and a list of gates.")
    refuse_unknown(content, PACK_KEYS, "the pack")
    title = content.get("title")
    if not isinstance(title, str) or not title.strip() or len(title) > 80:
        raise PackWrong("title: give a title of at most 80 characters.")
    gates = tuple(read_gate(one, n) for n, one in enumerate(content["gates"], 1))
    covered = [phase for gate in gates for phase in gate.phases]
    if covered != list(range(1, 9)):
        raise PackWrong("gates: together they close the phases 1 to 8, each once.")
    return Pack(title, gates)


def read_gate(given: Any, number: int) -> GateRules:
    place = f"gates, entry {number}"
    if not isinstance(given, dict):
        raise PackWrong(f"{place}: a gate is a mapping.")
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


def refuse_unknown(given: dict[Any, Any], known: frozenset[str], place: str) -> None:
    strange = sorted(str(one) for one in given if one not in known)
    if strange:
        raise PackWrong(
            f"{place}: “{strange[0][:40]}” is no key; possible are "
            f"{', '.join(sorted(known))}."
        )


def text(given: dict[str, Any], key: str, place: str) -> str:
    found = given.get(key, "")
    if not isinstance(found, str) or len(found) > 300:
        raise PackWrong(f"{place}, {key}: give a text of at most 300 characters.")
    return found


def words(
    given: dict[str, Any], key: str, place: str, known: frozenset[str] | None = None
) -> list[str]:
    found = given.get(key, [])
    if not isinstance(found, list) or not all(
        isinstance(one, str) and one and len(one) <= 120 for one in found
    ):
        raise PackWrong(f"{place}, {key}: give a list of texts.")
    strange = [one for one in found if known is not None and one not in known]
    if strange:
        raise PackWrong(
            f"{place}, {key}: “{strange[0]}” is unknown; possible are "
            f"{', '.join(sorted(known or ()))}."
        )
    return found


def whole(
    given: dict[str, Any], key: str, default: int, low: int, high: int, place: str
) -> int:
    found = given.get(key, default)
    if not isinstance(found, int) or isinstance(found, bool):
        raise PackWrong(f"{place}, {key}: give a whole number.")
    if not low <= found <= high:
        raise PackWrong(f"{place}, {key}: give a number from {low} to {high}.")
    return found


def numbers(given: dict[str, Any], key: str, place: str) -> list[int]:
    found = given.get(key)
    if (
        not isinstance(found, list)
        or not found
        or not all(isinstance(one, int) and 1 <= one <= 8 for one in found)
    ):
        raise PackWrong(f"{place}, {key}: give the numbers of the phases, 1 to 8.")
    return found


def read_rule(given: dict[str, Any], place: str) -> Rule:
    try:
        return Rule(given.get("rule", Rule.CHAIR))
    except ValueError:
        known = ", ".join(Rule)
        raise PackWrong(f"{place}, rule: possible are {known}.") from None


def read_limits(given: dict[str, Any], place: str) -> dict[str, dict[str, Any]]:
    found = given.get("limits", {})
    if not isinstance(found, dict):
        raise PackWrong(f"{place}, limits: a mapping from criterion to thresholds.")
    for code, values in found.items():
        if not isinstance(values, dict) or not all(
            isinstance(one, int | float) and not isinstance(one, bool)
            for one in values.values()
        ):
            raise PackWrong(f"{place}, limits, {code}: names with numbers.")
    return found


def read_judged(given: dict[str, Any], place: str) -> list[Judged]:
    rows = given.get("judged", [])
    if not isinstance(rows, list):
        raise PackWrong(f"{place}, judged: give a list.")
    found = []
    for row in rows:
        if not isinstance(row, dict) or set(row) - {"key", "title", "weight"}:
            raise PackWrong(f"{place}, judged: each has key, title and weight.")
        weight = row.get("weight", 1)
        if not isinstance(weight, int | float) or not 0 < weight <= 100:
            raise PackWrong(f"{place}, judged: a weight is a number from 0 to 100.")
        key, title = row.get("key"), row.get("title")
        if not isinstance(key, str) or not isinstance(title, str) or not key:
            raise PackWrong(f"{place}, judged: each has a key and a title.")
        found.append(Judged(key[:40], title[:200], float(weight)))
    if len({one.key for one in found}) != len(found):
        raise PackWrong(f"{place}, judged: a key stands twice.")
    return found


def parse_yaml(source: str) -> Any:
    """Content of a pack's file.

    :raises PackWrong: not YAML, or larger than a pack can be.
    """
    if len(source) > 200_000:
        raise PackWrong("The file is larger than a pack can be (200 kB).")
    try:
        return yaml.safe_load(source)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 1})" if mark else ""
        raise PackWrong(f"The file is no valid YAML{line}.") from None


@cache
def shipped(key: str) -> Any:
    """Content of a pack that comes with the program."""
    if key not in SHIPPED:
        raise PackWrong(f"There is no pack “{key[:40]}”.")
    return parse_yaml((FOLDER / f"{key}.yaml").read_text())


@cache
def standard() -> Pack:
    return read_pack(shipped("standard"))
