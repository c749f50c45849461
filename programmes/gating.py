"""The gate engine: criteria are small named functions; it knows phases, not topics.

Each app's gates.py registers one evidence loader per phase it owns, and the criteria
that read what the loader returned. They are found by autodiscovery at start-up.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from programmes.kit.errors import Text
from programmes.lifecycle import GateKind
from programmes.method_packs import GateRules, Pack, Rule, read_pack
from programmes.models import Gate, Programme
from programmes.pack_files import standard
from programmes.phases import Phase


class Kind(StrEnum):
    MUST = "must"
    SHOULD = "should"


class Result(StrEnum):
    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Link:
    """Where a failed criterion is mended: label and address."""

    label: Text
    url: str


@dataclass(frozen=True)
class Assessment:
    """What a criterion found.

    `done` of `of` is progress; `mark` names the version of what was looked at (it goes
    into the fingerprint); `detail` is a sentence for people and never does.
    """

    result: Result
    done: int = 0
    of: int = 0
    mark: str = ""
    detail: Text = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Criterion:
    """One thing a gate asks for.

    :param phase: whose gate asks for it, or the kind of gate outside the sequence.
    :param limits: its thresholds by name, with what they are unless a pack says else.
    """

    phase: Phase | GateKind
    code: str
    title: Text
    kind: Kind
    check: Callable[[Any, dict[str, Any]], Assessment]
    limits: dict[str, float] = field(default_factory=dict)

    @property
    def is_shared(self) -> bool:
        """Of the whole gate, so asked once where it closes several phases."""
        return self.code.partition(".")[2] in SHARED


@dataclass(frozen=True)
class Assessed:
    """A criterion with its assessment, and what the pack and the chair make of it."""

    criterion: Criterion
    assessment: Assessment
    kind: Kind
    waivable: bool = False
    waived: bool = False

    @property
    def met(self) -> bool:
        """Met, without object, or let go by the chair."""
        return self.waived or self.assessment.result is not Result.FAIL

    def frozen(self) -> dict[str, Any]:
        """Codes, numbers and marks; translated text only beside them."""
        found = self.assessment
        return {
            "code": self.criterion.code,
            "kind": str(self.kind),
            "result": str(found.result),
            "waived": self.waived,
            "done": found.done,
            "of": found.of,
            "mark": found.mark,
        }


@dataclass(frozen=True)
class Verdict:
    """All criteria of a gate, and what follows from them."""

    phase: Phase
    items: tuple[Assessed, ...] = field(default_factory=tuple)

    @property
    def musts(self) -> list[Assessed]:
        return [one for one in self.items if one.kind is Kind.MUST]

    @property
    def shoulds(self) -> list[Assessed]:
        return [one for one in self.items if one.kind is Kind.SHOULD]

    @property
    def missing(self) -> list[Assessed]:
        return [one for one in self.musts if not one.met]

    @property
    def closed_for_conditions(self) -> list[Assessed]:
        """Missing musts that the chair cannot let go even with conditions."""
        return [one for one in self.missing if not one.waivable]

    @property
    def is_ready(self) -> bool:
        return not self.missing

    def frozen(self) -> list[dict[str, Any]]:
        return [one.frozen() for one in self.items]

    def fingerprint(self) -> str:
        """SHA-256 over codes and marks: moves only with the evidence itself."""
        marks = [(one["code"], one["mark"]) for one in self.frozen()]
        text = json.dumps(marks, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


# Conditions closed, approvals stand, panel filled, risks in hand, forecast tolerated.
SHARED = frozenset({"A0", "A0b", "A0c", "a0", "a0b"})
_criteria: dict[str, Criterion] = {}
# Of a programme for its phases, of the gate itself for one outside the sequence.
Loader = Callable[[Any, datetime], Any]
_evidence: dict[Phase | GateKind, Loader] = {}
Check = Callable[[Any, dict[str, Any]], Assessment]


def criterion(
    phase: Phase | GateKind,
    code: str,
    title: Text,
    kind: Kind = Kind.MUST,
    limits: dict[str, float] | None = None,
) -> Callable[[Check], Check]:
    """Register a criterion of the gate of `phase` under a code such as "G1.A1".

    Its check reads its thresholds as `limits[code][name]`.
    """

    def register(check: Check) -> Check:
        if code in _criteria:
            raise ValueError(f"criterion {code} is registered twice")
        _criteria[code] = Criterion(phase, code, title, kind, check, limits or {})
        return check

    return register


def evidence(phase: Phase | GateKind) -> Callable[[Loader], Loader]:
    """Register the one loader of what the criteria of `phase` look at."""

    def register(loader: Loader) -> Loader:
        if phase in _evidence:
            raise ValueError(f"phase {phase} has two evidence loaders")
        _evidence[phase] = loader
        return loader

    return register


def criteria(phase: Phase | GateKind) -> list[Criterion]:
    """The criteria of a gate, in the order of their codes."""
    found = [one for one in _criteria.values() if one.phase == phase]
    return sorted(found, key=lambda one: natural(one.code))


def natural(code: str) -> list[tuple[int, str]]:
    """Sort A2 before A10."""
    parts = code.replace(".", " ").split()
    return [(int("".join(filter(str.isdigit, part)) or 0), part) for part in parts]


def known_criteria() -> dict[str, Criterion]:
    """All that are registered, by their codes."""
    return dict(_criteria)


def pack_of(programme: Programme) -> Pack:
    """The pack in the version that the programme keeps; read once an instance."""
    row: Any = programme.pack
    if row is None:
        return standard()
    if not hasattr(row, "as_read"):
        row.as_read = read_pack(row.content)
    found: Pack = row.as_read
    return found


def rules_of(programme: Programme, phase: int) -> GateRules:
    """The rules of the gate that closes the phase."""
    return pack_of(programme).gate_of(int(phase))


def rules_at(gate: Gate) -> GateRules:
    """The rules of the gate; outside the sequence those of the phase it belongs to,
    with a question of its own."""
    rules = rules_of(gate.programme, gate.phase)
    if gate.kind == GateKind.EXCEPTION:
        question = _("Continue under the exception plan?")
        return replace(rules, question=question, judged=(), deliverables=())
    if gate.kind == GateKind.GO_LIVE:
        question = _("Is it really running in this unit?")
        return GateRules(
            phases=rules.phases,
            question=question,
            rule=Rule.CHAIR,
            days=rules.days,
            waivable=rules.waivable,
            optional=rules.optional,
            limits=rules.limits,
        )
    return rules


def criteria_at(gate: Gate) -> list[Criterion]:
    """All that the gate asks for."""
    places = gate.phases if gate.is_of_phase else (GateKind(gate.kind),)
    return [one for place in places for one in criteria(place)]


def assess_outside(
    gate: Gate, now: datetime, rules: GateRules, waived: frozenset[str]
) -> Verdict:
    """Look at the evidence of a gate outside the sequence, as it is now."""
    kind, limits = GateKind(gate.kind), limits_of(rules)
    loaded = _evidence[kind](gate, now)
    items = [assessed(one, loaded, rules, limits, waived) for one in criteria(kind)]
    return Verdict(Phase(gate.phase), tuple(items))


def assessed(
    one: Criterion,
    loaded: Any,
    rules: GateRules,
    limits: dict[str, dict[str, Any]],
    waived: frozenset[str],
) -> Assessed:
    return Assessed(
        criterion=one,
        assessment=one.check(loaded, limits),
        kind=Kind.SHOULD if one.code in rules.optional else one.kind,
        waivable=one.code in rules.waivable,
        waived=one.code in waived,
    )


def assess(
    programme: Programme,
    phase: Phase,
    now: datetime,
    rules: GateRules | None = None,
    waived: frozenset[str] = frozenset(),
) -> Verdict:
    """Look at the evidence of all phases that the gate closes, as it is now.

    Reads only. Without rules: the criteria of this one phase as they are registered.
    """
    rules = rules or GateRules(phases=(int(phase),))
    items = []
    limits = limits_of(rules)
    for number in rules.phases:
        loaded = _evidence[Phase(number)](programme, now)
        for one in criteria(Phase(number)):
            if one.is_shared and number != rules.phases[0]:
                continue
            items.append(assessed(one, loaded, rules, limits, waived))
    return Verdict(phase, tuple(items))


def limits_of(rules: GateRules) -> dict[str, dict[str, Any]]:
    """The thresholds of the gate's criteria: those of the pack over the usual ones."""
    found = {one.code: dict(one.limits) for one in _criteria.values() if one.limits}
    for code, values in rules.limits.items():
        found[code] = {**found.get(code, {}), **values}
    return found


def counted(
    done: int, of: int, detail: Text, *, mark: str = "", links: tuple[Link, ...] = ()
) -> Assessment:
    """Pass when all of at least one are done; else fail with the links."""
    passed = of > 0 and done >= of
    return Assessment(
        Result.PASS if passed else Result.FAIL,
        done,
        of,
        mark,
        detail,
        () if passed else links,
    )


def marks(records: list[Any]) -> str:
    """A mark over record versions: pairs of key and version, hashed."""
    pairs = sorted((one._meta.label_lower, one.pk, one.version) for one in records)
    return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()[:16]
