"""What a described process foresees of the activities of a log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from diagnosis.answers import answer
from diagnosis.bpmn.successions import Clash, Follows, net_of, successions
from diagnosis.maths.conformance import Pair
from diagnosis.mining.conformance import Model, conformance
from diagnosis.mining.lenses import Log
from diagnosis.mining.spelling import read_filter
from diagnosis.models import EventLog, Step
from diagnosis.models.processes import as_flow

ELSEWHERE = "-"
UNKNOWN = ""


@dataclass(frozen=True)
class Foreseen:
    """The steps of a process, the activities that they are in the log, and the model.

    `chosen` gives each activity of the log the key of its step, `ELSEWHERE` where it is
    left out, or `UNKNOWN`. `silent` steps leave no trace and are passed over. `clash`
    says why there is no net to replay.
    """

    steps: Sequence[Step]
    chosen: Mapping[str, str]
    silent: frozenset[str]
    follows: Follows
    clash: Clash | None
    model: Model

    @property
    def unknown(self) -> list[str]:
        return [one for one, key in self.chosen.items() if key == UNKNOWN]

    @property
    def left_out(self) -> list[str]:
        return [one for one, key in self.chosen.items() if key == ELSEWHERE]

    @property
    def is_mapped(self) -> bool:
        return bool(self.model.steps)


def activities_of(log: EventLog) -> list[str]:
    """The activities of a log, the most frequent first."""

    def ask(opened: Log) -> list[str]:
        counted = opened.events.group_by("activity").agg(n=opened.events.count())
        rows = opened.rows(counted)
        rows.sort(key=lambda row: (-row["n"], row["activity"]))
        return [row["activity"] for row in rows]

    found: list[str] = answer(log, "activity-names", ask)
    return found


def foreseen(log: EventLog, steps: Sequence[Step]) -> Foreseen:
    """The model of a log from the steps of its process; the lens is asked once."""
    chosen = chosen_of(log, activities_of(log), steps)
    mapped = {
        one: key for one, key in chosen.items() if key not in (UNKNOWN, ELSEWHERE)
    }
    silent = silent_of(log, steps, mapped.values())
    follows = successions(as_flow(list(steps)), silent)
    net = net_of(follows)
    left_out = frozenset(one for one, key in chosen.items() if key == ELSEWHERE)
    clash = net if isinstance(net, Clash) else None
    model = Model(
        permitted_of(follows, mapped),
        mapped,
        left_out,
        None if isinstance(net, Clash) else net,
    )
    return Foreseen(steps, chosen, silent, follows, clash, model)


def chosen_of(
    log: EventLog, activities: Iterable[str], steps: Sequence[Step]
) -> dict[str, str]:
    """The step of each activity: as somebody chose it, else that of the same name."""
    held = held_for(log).get("activities", {})
    keys = {one.key for one in steps} | {UNKNOWN, ELSEWHERE}
    names: dict[str, str] = {}
    for one in steps:
        names.setdefault(plain(one.name), one.key)
    found = {}
    for activity in activities:
        found[activity] = names.get(plain(activity), UNKNOWN)
        if held.get(activity) in keys:
            found[activity] = held[activity]
    return found


def held_for(log: EventLog) -> dict[str, Any]:
    """What was chosen for the process that the log belongs to now."""
    held: dict[str, Any] = log.step_mapping
    return held if held.get("process") == log.process_id else {}


def plain(name: str) -> str:
    return " ".join(name.casefold().split())


def silent_of(
    log: EventLog, steps: Sequence[Step], mapped: Iterable[str]
) -> frozenset[str]:
    """Steps without a trace: not mapped, and no task unless somebody said so."""
    there = set(mapped)
    unrecorded = set(held_for(log).get("unrecorded", ()))
    return frozenset(
        one.key
        for one in steps
        if one.key not in there
        and (one.kind != Step.Kind.TASK or one.key in unrecorded)
    )


def unmapped_tasks(found: Foreseen) -> list[Step]:
    """The tasks that no activity is mapped to."""
    there = set(found.model.steps.values())
    return [
        one
        for one in found.steps
        if one.kind == Step.Kind.TASK and one.key not in there
    ]


def permitted_of(follows: Follows, mapped: Mapping[str, str]) -> frozenset[Pair]:
    """The successions of steps as those of activities; within a step any order."""
    names: dict[str | None, list[str | None]] = {None: [None]}
    for activity, key in mapped.items():
        names.setdefault(key, []).append(activity)
    found: set[Pair] = {
        (a, b)
        for step, following in follows.items()
        for other in following
        for a in names.get(step, [])
        for b in names.get(other, [])
    }
    for same in names.values():
        found |= {(one, other) for one in same for other in same if one != other}
    return frozenset(found)


def compared(
    log: EventLog, found: Foreseen, filters: Sequence[str] = ()
) -> dict[str, Any]:
    """The log, or the chosen cases, against the model; from the cache.

    :raises LogError: a filter names an attribute that the log does not have.
    """
    chosen = sorted(filters)
    model = found.model

    def ask(whole: Log) -> dict[str, Any]:
        opened = whole.where([read_filter(one) for one in chosen])
        return asdict(conformance(opened, model))

    told: dict[str, Any] = answer(
        log, "conformance", ask, filters=chosen, **parameters_of(model)
    )
    return told


def parameters_of(model: Model) -> dict[str, Any]:
    """What a cached answer hangs on."""
    return {
        "permitted": sorted([one or "", two or ""] for one, two in model.permitted),
        "steps": sorted(model.steps.items()),
        "left_out": sorted(model.left_out),
        "net": asdict(model.net) if model.net else None,
    }
