"""Filters on a log: each chooses whole cases, and they compose.

A filter is a small frozen value; `where(tables)` gives a condition on the cases
table. `filters_key` is the same for the same filters, so answers can be cached.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from diagnosis.mining.neighbours import SEPARATOR

if TYPE_CHECKING:
    import ibis.expr.types as ir


class Tables(Protocol):
    """What a filter needs to know of a log."""

    @property
    def events(self) -> "ir.Table":
        """One row an event."""

    @property
    def cases(self) -> "ir.Table":
        """One row a case."""

    @property
    def key(self) -> str:
        """The column that tells cases apart."""

    @property
    def variants(self) -> "ir.Table":
        """One row a path."""

    def column_of(self, attribute: str) -> tuple[str, str]:
        """Level ('event' or 'case') and column of an attribute of the file."""


class Filter(Protocol):
    """A choice of cases."""

    def where(self, tables: Tables) -> Any:
        """The condition on the cases table."""


@dataclass(frozen=True)
class TimeFilter:
    """Cases by time (UTC, `since` included, `until` not).

    `mode`: 'started', 'ended', 'contained' (both) or 'touching' (any part inside).
    """

    since: datetime | None = None
    until: datetime | None = None
    mode: str = "contained"

    def where(self, tables: Tables) -> Any:
        cases = tables.cases
        low, high = {
            "started": (cases["start"], cases["start"]),
            "ended": (cases["end"], cases["end"]),
            "contained": (cases["start"], cases["end"]),
            "touching": (cases["end"], cases["start"]),
        }[self.mode]
        condition: Any = cases["events"] > 0
        if self.since is not None:
            condition = condition & (low >= _naive(self.since))
        if self.until is not None:
            condition = condition & (high < _naive(self.until))
        return condition


@dataclass(frozen=True)
class AttributeFilter:
    """Cases with (or without) one of the values in an attribute of case or events."""

    attribute: str
    values: tuple[str, ...]
    keep: bool = True

    def where(self, tables: Tables) -> Any:
        level, column = tables.column_of(self.attribute)
        if level == "case":
            found = self._is_one(tables.cases[column]).fill_null(False)
            return found if self.keep else ~found
        rows = tables.events.filter(self._is_one(tables.events[column]))
        return _in(tables, rows, self.keep)

    def _is_one(self, column: Any) -> Any:
        """Whether it is one of the values; 100 and 100.0 are the same number."""
        if not column.type().is_floating():
            return column.cast("string").isin(self.values)
        numbers = [_number(value) for value in self.values]
        return column.isin([one for one in numbers if one is not None])


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


@dataclass(frozen=True)
class NumberFilter:
    """Cases by a number of theirs, or of one of their events: `least` and `most` are
    included. The cost is that of the whole case."""

    attribute: str
    least: float | None = None
    most: float | None = None

    def where(self, tables: Tables) -> Any:
        level, column = tables.column_of(self.attribute)
        if level == "case":
            return self._holds(tables.cases[column]).fill_null(False)
        rows = tables.events.filter(self._holds(tables.events[column]))
        return _in(tables, rows, keep=True)

    def _holds(self, value: Any) -> Any:
        # Stores of before kept the numbers of tables as text.
        number = value.try_cast("float64") if value.type().is_string() else value
        found = number.notnull()
        if self.least is not None:
            found = found & (number >= self.least)
        if self.most is not None:
            found = found & (number <= self.most)
        return found


@dataclass(frozen=True)
class VariantFilter:
    """Cases of the variants with these numbers (1 is the most frequent)."""

    variants: tuple[int, ...]
    keep: bool = True

    def where(self, tables: Tables) -> Any:
        found = tables.cases["variant"].isin(self.variants)
        return found if self.keep else ~found


@dataclass(frozen=True)
class DurationFilter:
    """Cases that took at least `least_s` and less than `below_s` seconds."""

    least_s: float | None = None
    below_s: float | None = None

    def where(self, tables: Tables) -> Any:
        condition: Any = tables.cases["events"] > 0
        if self.least_s is not None:
            condition = condition & (tables.cases["duration_s"] >= self.least_s)
        if self.below_s is not None:
            condition = condition & (tables.cases["duration_s"] < self.below_s)
        return condition


@dataclass(frozen=True)
class ContainsFilter:
    """Cases in which the activity occurs at least `times` times (or not)."""

    activity: str
    keep: bool = True
    times: int = 1

    def where(self, tables: Tables) -> Any:
        events = tables.events
        rows = events.filter(
            (events["activity"] == self.activity) & (events["nth"] == self.times)
        )
        return _in(tables, rows, self.keep)


@dataclass(frozen=True)
class FollowsFilter:
    """Cases in which `then` follows `first`: directly, or at any later time."""

    first: str
    then: str
    directly: bool = True
    keep: bool = True

    def where(self, tables: Tables) -> Any:
        events = tables.events
        if self.directly:
            rows = events.filter(
                (events["activity"] == self.first)
                & (events["next_activity"] == self.then)
            )
            return _in(tables, rows, self.keep)
        early = events.filter(events["activity"] == self.first)
        early = early.group_by(tables.key).agg(early=early["seq"].min())
        late = events.filter(events["activity"] == self.then)
        late = late.group_by(tables.key).agg(late=late["seq"].max())
        both = early.inner_join(late, tables.key)
        return _in(tables, both.filter(both["early"] < both["late"]), self.keep)


@dataclass(frozen=True)
class EndpointFilter:
    """Cases that begin with one of `first` and end with one of `last` (empty: any)."""

    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()

    def where(self, tables: Tables) -> Any:
        condition: Any = tables.cases["events"] > 0
        if self.first:
            condition = condition & tables.cases["first_activity"].isin(self.first)
        if self.last:
            condition = condition & tables.cases["last_activity"].isin(self.last)
        return condition


@dataclass(frozen=True)
class DoubtFilter:
    """Cases with a doubt of the kind, or without (see `quality.KINDS`).

    `about` holds the closing activities for 'open', the column for 'missing'.
    """

    kind: str
    keep: bool = True
    about: tuple[str, ...] = ()

    def where(self, tables: Tables) -> Any:
        cases, events = tables.cases, tables.events
        if self.kind == "single":
            found: Any = cases["events"] == 1
            return found if self.keep else ~found
        if self.kind == "open":
            found = ~cases["last_activity"].isin(self.about)
            return found if self.keep else ~found
        if self.kind == "duplicate":
            by = [tables.key, "activity", "ts", "lifecycle"]
            grouped = events.group_by(by).agg(number=events.count())
            return _in(tables, grouped.filter(grouped["number"] > 1), self.keep)
        marks: dict[str, Callable[[], Any]] = {
            "order": lambda: events["out_of_order"],
            "negative": lambda: events["start_ts"] > events["ts"],
            "missing": lambda: self._is_empty(tables),
        }
        return _in(tables, events.filter(marks[self.kind]()), self.keep)

    def _is_empty(self, tables: Tables) -> Any:
        name = self.about[0]
        own = name in ("resource", "cost", "lifecycle")
        level, column = ("event", name) if own else tables.column_of(name)
        value = (tables.events if level == "event" else tables.cases)[column]
        return value.isnull() | (value.cast("string") == "")


@dataclass(frozen=True)
class MoveFilter:
    """Cases that go from one activity to another when `over` ones are passed over.

    None is the start and the end. It looks at paths, not at events.
    """

    source: str | None
    target: str | None
    over: tuple[str, ...] = ()

    def where(self, tables: Tables) -> Any:
        variants = tables.variants
        path: Any = _around(variants["path"].replace(SEPARATOR, SEPARATOR * 2))
        for activity in self.over:
            path = path.replace(_around(activity), "")
        source, target = (
            "" if one is None else _around(one) for one in (self.source, self.target)
        )
        found = path.contains(source + target)
        if self.source is None:
            found = path.startswith(target)
        elif self.target is None:
            found = path.endswith(source)
        chosen = variants.filter(found)
        return tables.cases["variant"].isin(chosen["variant"])


def filters_key(filters: Sequence[Filter]) -> str:
    """The same 16 letters for the same filters in any order."""
    words = "\n".join(sorted(repr(chosen) for chosen in filters))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _around(text: Any) -> Any:
    return SEPARATOR + text + SEPARATOR


def _in(tables: Tables, rows: Any, keep: bool) -> Any:
    found = tables.cases[tables.key].isin(rows[tables.key])
    return found if keep else ~found


def _naive(moment: datetime) -> datetime:
    """The moment in UTC without its zone, as the store keeps it."""
    if moment.tzinfo is None:
        return moment
    offset = moment.utcoffset()
    return (
        moment.replace(tzinfo=None) - offset if offset else moment.replace(tzinfo=None)
    )
