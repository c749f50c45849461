"""How far what happened agrees with what a process foresees."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import entry, listed, refuse, table, text, whole

MOST_MOVES = 200_000
MOST_CASES = 10**9

Trace = tuple[str, ...]
Pair = tuple[str | None, str | None]


@dataclass(frozen=True)
class Deviation:
    """A move that is not foreseen: from None is the start, to None is the end."""

    source: str | None
    target: str | None
    count: int
    cases: int


@dataclass(frozen=True)
class DfgFitness(Result):
    """Shares from 0 to 1; the deviations, the most frequent first.

    `per_trace` is the share of permitted moves of each row of the log.
    """

    move_fitness: float | None
    trace_fitness_share: float | None
    moves: int
    permitted: int
    cases: int
    conforming_cases: int
    deviations: tuple[Deviation, ...]
    per_trace: tuple[float, ...]
    reason: Reason | None = None


@method(
    "conformance.dfg_fitness",
    name="Conformance of direct successions",
    source="van der Aalst, Process Mining (2016), ch. 8, on directly-follows graphs",
    version="1",
    formula="fitness = permitted moves / all moves, START and END included",
    phase=3,
    example={
        "log": [[["a", "b", "c"], 10], [["a", "c"], 2]],
        "allowed": [["a", "b"], ["b", "c"]],
        "start": ["a"],
        "end": ["c"],
    },
)
def dfg_fitness(
    log: Sequence[Sequence[Any]],
    allowed: Sequence[Sequence[str]],
    start: Sequence[str],
    end: Sequence[str],
) -> DfgFitness:
    """Share of the moves from activity to activity that the process foresees.

    A case of n activities makes n + 1 moves: from the start to its first activity, from
    each to the next, from the last to the end. Each move counts once for each case that
    makes it. A case conforms when all of its moves are permitted.

    Edges: without cases both shares are undefined (insufficient_data); an activity that
    the process does not know makes two moves that are not permitted.

    Worked example: ten cases a, b, c make 40 permitted moves. Two cases a, c make 6, of
    which the 2 from a to c are not permitted: fitness 44/46 = 0.957, and 10 of 12 cases
    conform.

    :param log: Rows of a list of activities and the number of cases that took it.
    :param allowed: Pairs of activities: the second may directly follow the first.
    :param start: Activities that may begin a case.
    :param end: Activities that may end a case.
    """
    permitted: set[Pair] = {_pair(row, place) for place, row in _rows(allowed)}
    permitted |= {(None, name) for name in _names(start, "start")}
    permitted |= {(name, None) for name in _names(end, "end")}
    return compare_moves(read_log(log), permitted)


def compare_moves(log: Sequence[tuple[Trace, int]], permitted: set[Pair]) -> DfgFitness:
    """The method on checked input: traces with their cases, pairs with None as ends."""
    wrong: Counter[Pair] = Counter()
    affected: Counter[Pair] = Counter()
    moves = conforming = cases = 0
    per_trace = []
    for trace, number in log:
        made = list(pairwise((None, *trace, None)))
        strange = Counter(pair for pair in made if pair not in permitted)
        for pair, times in strange.items():
            wrong[pair] += times * number
            affected[pair] += number
        moves += len(made) * number
        cases += number
        conforming += 0 if strange else number
        per_trace.append(1 - strange.total() / len(made))
    fitting = moves - wrong.total()
    return DfgFitness(
        fitting / moves if moves else None,
        conforming / cases if cases else None,
        moves,
        fitting,
        cases,
        conforming,
        tuple(
            Deviation(*pair, count, affected[pair])
            for pair, count in sorted(wrong.items(), key=_by_frequency)
        ),
        tuple(per_trace),
        None if cases else "insufficient_data",
    )


def _by_frequency(row: tuple[Pair, int]) -> tuple[int, str, str]:
    (source, target), count = row
    return -count, source or "", target or ""


@dataclass(frozen=True)
class Net:
    """A Petri net without silent steps: each transition with its places."""

    source: str
    sink: str
    transitions: Mapping[str, tuple[Trace, Trace]]


@dataclass(frozen=True)
class TokenReplay(Result):
    """Fitness from 0 to 1, the tokens it rests on, and events the net does not know."""

    fitness: float | None
    produced: int
    consumed: int
    missing: int
    remaining: int
    unknown_events: int
    cases: int
    fitting_cases: int
    reason: Reason | None = None


@method(
    "conformance.token_replay",
    name="Token-based replay",
    source="Rozinat & van der Aalst (2008) Information Systems 33(1):64-95",
    version="1",
    formula="fitness = ½ (1 − missing/consumed) + ½ (1 − remaining/produced)",
    phase=3,
    example={
        "net": {
            "source": "start",
            "sink": "end",
            "transitions": {
                "a": {"in": ["start"], "out": ["p1", "p2"]},
                "b": {"in": ["p1"], "out": ["p3"]},
                "c": {"in": ["p2"], "out": ["p4"]},
                "d": {"in": ["p3", "p4"], "out": ["end"]},
            },
        },
        "log": [[["a", "b", "d"], 1]],
    },
)
def token_replay(net: Mapping[str, Any], log: Sequence[Sequence[Any]]) -> TokenReplay:
    """Play each case on a Petri net and count the tokens that are missing or left over.

    One token is produced at the source before, one consumed at the sink after the case.
    A step whose tokens are not there takes them all the same; they count as missing.
    The sums run over the whole log. The net has no silent steps.

    Edges: without cases the fitness is undefined (insufficient_data). An activity that
    the net does not know moves no token: it counts as an unknown event, and its case
    does not fit.

    Worked example: b and c are parallel, and the case a, b, d leaves c out: 5 tokens
    are produced and consumed, 1 is missing and 1 remains: fitness 0.8.

    :param net: Source, sink and transitions: each activity with its places in and out.
    :param log: Rows of a list of activities and the number of cases that took it.
    """
    return replay(read_log(log), _net(net))


def replay(log: Sequence[tuple[Trace, int]], net: Net) -> TokenReplay:
    """The method on checked input."""
    sums: Counter[str] = Counter()
    for trace, number in log:
        found = _play(trace, net)
        for name, tokens in found.items():
            sums[name] += tokens * number
        spoilt = found["missing"] or found["remaining"] or found["unknown"]
        sums["cases"] += number
        sums["fitting"] += 0 if spoilt else number
    fitness = None
    if sums["cases"]:
        lost = sums["missing"] / sums["consumed"]
        left = sums["remaining"] / sums["produced"]
        fitness = (1 - lost) / 2 + (1 - left) / 2
    return TokenReplay(
        fitness,
        sums["produced"],
        sums["consumed"],
        sums["missing"],
        sums["remaining"],
        sums["unknown"],
        sums["cases"],
        sums["fitting"],
        None if sums["cases"] else "insufficient_data",
    )


def _play(trace: Trace, net: Net) -> Counter[str]:
    """The tokens of one case."""
    marking = Counter({net.source: 1})
    told = Counter(produced=1)
    for name in trace:
        places = net.transitions.get(name)
        if places is None:
            told["unknown"] += 1
            continue
        _take(places[0], marking, told)
        marking.update(places[1])
        told["produced"] += len(places[1])
    _take((net.sink,), marking, told)
    told["remaining"] = marking.total()
    return told


def _take(places: Sequence[str], marking: Counter[str], told: Counter[str]) -> None:
    for place in places:
        told["consumed"] += 1
        if marking[place]:
            marking[place] -= 1
        else:
            told["missing"] += 1


def read_log(log: object) -> list[tuple[Trace, int]]:
    """Rows of activities and cases.

    :raises ValueError: a row is none, or the log is endless.
    """
    found = []
    left = MOST_MOVES
    for place, row in enumerate(listed(log, "log"), 1):
        activities, cases = listed(row, f"log[{place}]", least=2, most=2)
        trace = _names(activities, f"log[{place}].activities")
        left -= len(trace) + 1
        if left < 0:
            refuse("log", f"give at most {MOST_MOVES} activities in all")
        number = whole(cases, f"log[{place}].cases", least=1, most=MOST_CASES)
        found.append((trace, number))
    return found


def _rows(allowed: object) -> list[tuple[str, object]]:
    rows = listed(allowed, "allowed")
    return [(f"allowed[{place}]", row) for place, row in enumerate(rows, 1)]


def _pair(row: object, place: str) -> Pair:
    first, then = listed(row, place, least=2, most=2)
    return text(first, place), text(then, place)


def _names(values: object, field: str) -> Trace:
    return tuple(text(one, field) for one in listed(values, field))


def _net(net: object) -> Net:
    given = table(net, "net")
    transitions = {}
    for name, places in table(entry(given, "transitions", "net"), "net").items():
        field = f"net.transitions.{name[:40]}"
        arcs = table(places, field)
        into, out = (_names(entry(arcs, one, field), field) for one in ("in", "out"))
        transitions[name] = (into, out)
    source, sink = (
        text(entry(given, one, "net"), f"net.{one}") for one in ("source", "sink")
    )
    return Net(source, sink, transitions)
