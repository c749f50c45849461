"""What a flow permits to follow what, seen by those steps alone that leave a trace."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from diagnosis.bpmn.flow import FlowStep
from diagnosis.maths.conformance import Net

Follows = Mapping[str | None, frozenset[str | None]]
"""The steps that may come next, by step; None is the start, and among them the end."""


def successions(flow: Sequence[FlowStep], silent: Collection[str]) -> Follows:
    """Which step may directly follow which when `silent` ones leave no trace.

    A step that leads nowhere ends the flow; without a start the first row begins it.
    """
    steps = {one.key: one for one in reversed(flow)}
    found: dict[str | None, frozenset[str | None]] = {
        one.key: _seen(_onward(one), steps, silent)
        for one in flow
        if steps[one.key] is one and one.key not in silent
    }
    starts = [one.key for one in flow if one.kind == "start"]
    first = starts or [one.key for one in flow[:1]]
    return {None: _seen(first, steps, silent), **found}


def _onward(step: FlowStep) -> list[str]:
    return [] if step.kind == "end" else [key for key, _label in step.next]


def _seen(
    first: list[str], steps: Mapping[str, FlowStep], silent: Collection[str]
) -> frozenset[str | None]:
    """The next steps that leave a trace, past those that do not."""
    found: set[str | None] = set() if first else {None}
    passed: set[str] = set()
    waiting = [key for key in first if key in steps]
    while waiting:
        key = waiting.pop()
        if key not in silent:
            found.add(key)
        elif key not in passed:
            passed.add(key)
            onward = [one for one in _onward(steps[key]) if one in steps]
            waiting += onward
            if not onward:
                found.add(None)
    return frozenset(found)


@dataclass(frozen=True)
class Clash:
    """Two steps share some of what may follow them, but not all; None is the start."""

    first: str | None
    second: str | None


def net_of(follows: Follows) -> Net | Clash:
    """The flow as a Petri net without silent steps, or the steps that ask for one.

    One place stands after each step. Steps that may be followed by the same ones share
    it; where they share only some of them, no single place can say so.
    """
    places: dict[frozenset[str | None], str] = {}
    owners: list[tuple[str | None, frozenset[str | None]]] = []
    for step, following in follows.items():
        for other, known in owners:
            if following & known and following != known:
                return Clash(other, step)
        owners.append((step, following))
        places.setdefault(following, f"p{len(places)}")
    inputs = {one: place for following, place in places.items() for one in following}
    transitions = {
        step: ((inputs[step],), (places[following],))
        for step, following in follows.items()
        if step is not None and step in inputs
    }
    return Net(places[follows[None]], inputs.get(None, "end"), transitions)


def reaches(follows: Follows, first: str, then: str) -> bool:
    """Whether some way leads from one step to the other."""
    seen: set[str | None] = set()
    waiting: list[str | None] = [*follows.get(first, ())]
    while waiting:
        step = waiting.pop()
        if step == then:
            return True
        if step is not None and step not in seen:
            seen.add(step)
            waiting += follows.get(step, ())
    return False
