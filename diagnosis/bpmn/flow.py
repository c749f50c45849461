"""A process as a table of steps: what a step is, what is wrong, how it is told."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["start", "end", "task", "decision"]


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


def check_flow(steps: Sequence[FlowStep]) -> list[str]:
    """What is wrong with a flow, as sentences; an empty list when it is sound."""
    keys = Counter(step.key for step in steps)
    problems = [f"The key {k} is used {n} times." for k, n in keys.items() if n > 1]
    starts = [step for step in steps if step.kind == "start"]
    if len(starts) != 1:
        problems.append(f"A flow has one start; this one has {len(starts)}.")
    if not any(step.kind == "end" for step in steps):
        problems.append("The flow has no end.")
    for step in steps:
        problems += _step_problems(step, keys)
    if len(starts) == 1:
        problems += _dead(steps, starts[0].key)
    return problems


def _step_problems(step: FlowStep, keys: Counter[str]) -> list[str]:
    name = step.name or step.key
    problems = [
        f"“{name}” goes on to {target}, which does not exist."
        for target, _ in step.next
        if target not in keys
    ]
    if not step.role.strip():
        problems.append(f"“{name}” has no role.")
    if not step.name.strip():
        problems.append(f"Step {step.key} has no name.")
    if step.kind == "end" and step.next:
        problems.append(f"“{name}” is an end and yet goes on.")
    if step.kind != "end" and not step.next:
        problems.append(f"“{name}” leads nowhere and is no end.")
    if step.kind == "decision" and len(step.next) == 1:
        problems.append(f"“{name}” is a decision with one way out only.")
    if step.kind != "decision" and len(step.next) > 1:
        problems.append(f"“{name}” has several ways out and is no decision.")
    return problems


def _dead(steps: Sequence[FlowStep], start: str) -> list[str]:
    """Steps no way leads to, and steps from which no end is reached."""
    onward: dict[str, list[str]] = {}
    back: dict[str, list[str]] = {}
    for step in steps:
        for target, _ in step.next:
            onward.setdefault(step.key, []).append(target)
            back.setdefault(target, []).append(step.key)
    reached = _reach([start], onward)
    ending = _reach([s.key for s in steps if s.kind == "end"], back)
    problems = []
    for step in steps:
        if step.key not in reached:
            problems.append(f"No way leads to “{step.name or step.key}”.")
        elif step.next and step.key not in ending:
            problems.append(f"From “{step.name or step.key}” no end is reached.")
    return problems


def _reach(first: list[str], ways: dict[str, list[str]]) -> set[str]:
    seen, stack = set(first), list(first)
    while stack:
        for other in ways.get(stack.pop(), []):
            if other not in seen:
                seen.add(other)
                stack.append(other)
    return seen


NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def describe_flow(steps: Sequence[FlowStep]) -> list[str]:
    """The flow as a spoken list, one sentence a step, in the table's order."""
    names = {step.key: step.name for step in steps}
    told = []
    for number, step in enumerate(steps, start=1):
        head = f"{number} of {len(steps)}, {step.role or 'no role'}, {step.kind}"
        ways = len(step.next)
        if step.kind == "decision":
            many = NUMBERS[ways] if ways < len(NUMBERS) else str(ways)
            head += f", {many} way{'' if ways == 1 else 's'} out"
        onward = "; ".join(
            (f"{label}: " if label else "") + names.get(target, target)
            for target, label in step.next
        )
        told.append(f"{head}: {step.name}." + (f" Then {onward}." if onward else ""))
    return told
