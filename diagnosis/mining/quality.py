"""What is doubtful in a log: how much of it, where, and with examples.

Each doubt is counted in events or in cases; the examples name a case and, where the
import kept it, the row of the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diagnosis.mining.lenses import Log
from diagnosis.mining.numbering import place_of
from diagnosis.mining.store import attributes_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

KINDS = ("unread", "missing", "order", "negative", "single", "open", "duplicate")
EXAMPLES = 5
MOST_COLUMNS = 60
ROLES = ("resource", "cost", "lifecycle")


@dataclass(frozen=True)
class Example:
    """One place: the case, the row of the file (None: not known) and what it says.

    `file` counts from 1 where there are several, else it is 0.
    """

    case: str
    row: int | None = None
    text: str = ""
    file: int = 0


@dataclass(frozen=True)
class Doubt:
    """A kind of doubt: `count` of `of` events, cases or rows, as `unit` says.

    `attribute` names the column that is empty, for the kind 'missing'.
    """

    kind: str
    unit: str
    count: int
    of: int
    examples: tuple[Example, ...] = ()
    attribute: str = ""

    @property
    def share(self) -> float:
        """From 0 to 1; 0 where there is nothing to count."""
        return self.count / self.of if self.of else 0.0


def doubts(log: Log, closing: Sequence[str] = ()) -> list[Doubt]:
    """All kinds of doubt, in the order of `KINDS`; those without a case count 0.

    `closing` names the activities that end a case; without it no case is open.
    """
    rows = log.meta.rows
    unread = log.meta.quality.get("bad_rows_total", 0)
    return [
        Doubt("unread", "rows", unread, rows, _unread(log)),
        *_missing(log),
        _events(log, "order", log.events["out_of_order"]),
        _events(log, "negative", log.events["start_ts"] > log.events["ts"]),
        _cases(log, "single", log.cases["events"] == 1),
        _open(log, closing),
        _duplicates(log),
    ]


def _unread(log: Log) -> tuple[Example, ...]:
    listed = log.meta.quality.get("bad_rows", [])[:EXAMPLES]
    return tuple(
        Example(
            "",
            bad["row"],
            f"{bad['reason']} {bad['value'][:60]}".strip(),
            bad.get("file", 0),
        )
        for bad in listed
    )


def _missing(log: Log) -> list[Doubt]:
    """Columns with a value in some events and none in others, the emptiest first."""
    named = [(role, role) for role in ROLES if log.meta.mapping.get(role)]
    named += [
        (one.column, one.name)
        for one in attributes_of(log.meta)
        if one.level == "event" and one.column in log.events.columns
    ]
    if not named:
        return []
    events = log.events
    counts = log.rows(
        events.aggregate(
            all=events.count(),
            **{
                f"m{place}": _is_empty(events[column]).sum()
                for place, (column, _) in enumerate(named[:MOST_COLUMNS])
            },
        )
    )[0]
    total = counts["all"] or 0
    found = [
        (counts[f"m{place}"] or 0, column, name)
        for place, (column, name) in enumerate(named[:MOST_COLUMNS])
    ]
    partly = sorted((one for one in found if 0 < one[0] < total), reverse=True)
    return [
        Doubt(
            "missing",
            "events",
            count,
            total,
            _places(log, _is_empty(events[column])),
            name,
        )
        for count, column, name in partly[:EXAMPLES]
    ]


def _is_empty(column: Any) -> Any:
    """Whether there is no value; text of nothing is none."""
    return (
        column.isnull() | (column == "")
        if column.type().is_string()
        else column.isnull()
    )


def _events(log: Log, kind: str, condition: Any) -> Doubt:
    found = log.rows(log.events.aggregate(n=log.events.count(), hits=condition.sum()))[
        0
    ]
    hits = found["hits"] or 0
    examples = _places(log, condition) if hits else ()
    return Doubt(kind, "events", hits, found["n"], examples)


def _places(log: Log, condition: Any) -> tuple[Example, ...]:
    events = log.events.filter(condition)
    first = events.order_by(["position"]).limit(EXAMPLES)
    rows = log.rows(first.select("case", "position", "activity"))
    return tuple(
        _example(log, row["case"], row["position"], row["activity"]) for row in rows
    )


def _example(log: Log, case: str, position: int, text: str) -> Example:
    file, row = place_of(log.meta.quality, position)
    return Example(case, row, text, file)


def _cases(log: Log, kind: str, condition: Any) -> Doubt:
    found = log.rows(log.cases.aggregate(n=log.cases.count(), hits=condition.sum()))[0]
    hits = found["hits"] or 0
    chosen = log.cases.filter(condition).order_by("case").limit(EXAMPLES)
    rows = log.rows(chosen.select("case", "last_activity")) if hits else []
    examples = tuple(Example(row["case"], None, row["last_activity"]) for row in rows)
    return Doubt(kind, "cases", hits, found["n"], examples)


def _open(log: Log, closing: Sequence[str]) -> Doubt:
    if not closing:
        number = log.rows(log.cases.aggregate(n=log.cases.count()))[0]["n"]
        return Doubt("open", "cases", 0, number)
    return _cases(log, "open", ~log.cases["last_activity"].isin(tuple(closing)))


def _duplicates(log: Log) -> Doubt:
    """Events beyond the first with the same case, activity, time and lifecycle."""
    grouped = _repeated(log.events)
    found = log.rows(grouped.aggregate(hits=grouped["repeats"].sum()))[0]
    total = log.rows(log.events.aggregate(n=log.events.count()))[0]["n"]
    hits = found["hits"] or 0
    rows = []
    if hits:
        order = [grouped["last"], grouped["case"]]
        rows = log.rows(grouped.order_by(order).limit(EXAMPLES))
    examples = tuple(
        _example(log, row["case"], row["last"], row["activity"]) for row in rows
    )
    return Doubt("duplicate", "events", hits, total, examples)


def _repeated(events: "ir.Table") -> "ir.Table":
    grouped = events.group_by(["case", "activity", "ts", "lifecycle"]).agg(
        number=events.count(), last=events["position"].max()
    )
    repeated = grouped.filter(grouped["number"] > 1)
    return repeated.mutate(repeats=repeated["number"] - 1)
