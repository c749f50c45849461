"""A process as a table of steps: what a step is, and what is wrong."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["start", "end", "task", "decision"]
Fault = Literal[
    "key_twice",
    "not_one_start",
    "no_end",
    "no_target",
    "no_role",
    "no_name",
    "end_goes_on",
    "leads_nowhere",
    "one_way_out",
    "many_ways_out",
    "not_reached",
    "no_end_reached",
]


@dataclass(frozen=True)
class FlowStep:
    """One step: who does what, and where it goes on.

    `next` lists (key of the next step, label of the way); labels may be empty.
    """

    key: str
    name: str
    kind: Kind
    role: str = ""
    next: tuple[tuple[str, str], ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class FlowProblem:
    """One thing that is wrong: a code of `Fault`, and what its sentence names.

    `step` is the name of the step, or its key where it has none.
    """

    code: Fault
    step: str = ""
    target: str = ""
    count: int = 0


def check_flow(steps: Sequence[FlowStep]) -> list[FlowProblem]:
    """What is wrong with a flow; an empty list when it is sound."""
    keys = Counter(step.key for step in steps)
    problems = [
        FlowProblem("key_twice", key, count=n) for key, n in keys.items() if n > 1
    ]
    starts = [step for step in steps if step.kind == "start"]
    if len(starts) != 1:
        problems.append(FlowProblem("not_one_start", count=len(starts)))
    if not any(step.kind == "end" for step in steps):
        problems.append(FlowProblem("no_end"))
    for step in steps:
        problems += _step_problems(step, keys)
    if len(starts) == 1:
        problems += _dead(steps, starts[0].key)
    return problems


def _step_problems(step: FlowStep, keys: Counter[str]) -> list[FlowProblem]:
    name, is_end = step.name or step.key, step.kind == "end"
    is_decision, ways = step.kind == "decision", len(step.next)
    faults: list[tuple[Fault, bool]] = [
        ("no_role", not step.role.strip()),
        ("no_name", not step.name.strip()),
        ("end_goes_on", is_end and ways > 0),
        ("leads_nowhere", not is_end and ways == 0),
        ("one_way_out", is_decision and ways == 1),
        ("many_ways_out", not is_decision and ways > 1),
    ]
    return [
        *(
            FlowProblem("no_target", name, target)
            for target, _label in step.next
            if target not in keys
        ),
        *(FlowProblem(code, name) for code, is_so in faults if is_so),
    ]


def _dead(steps: Sequence[FlowStep], start: str) -> list[FlowProblem]:
    """Steps no way leads to, and steps from which no end is reached."""
    onward: dict[str, list[str]] = {}
    back: dict[str, list[str]] = {}
    for step in steps:
        for target, _label in step.next:
            onward.setdefault(step.key, []).append(target)
            back.setdefault(target, []).append(step.key)
    reached = _reach([start], onward)
    ending = _reach([s.key for s in steps if s.kind == "end"], back)
    problems = []
    for step in steps:
        if step.key not in reached:
            problems.append(FlowProblem("not_reached", step.name or step.key))
        elif step.next and step.key not in ending:
            problems.append(FlowProblem("no_end_reached", step.name or step.key))
    return problems


def _reach(first: list[str], ways: dict[str, list[str]]) -> set[str]:
    seen, stack = set(first), list(first)
    while stack:
        for other in ways.get(stack.pop(), []):
            if other not in seen:
                seen.add(other)
                stack.append(other)
    return seen
