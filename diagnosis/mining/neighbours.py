"""What each event knows of the others of its case: whole columns at a time.

Sorting and shifting arrays takes a fraction of what windows of a database take, and
the rows of a log mostly stand in order already. The caller hands over whole cases, so
many at a time as memory allows.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from diagnosis.mining.arrays import Bools, Ints, integers, texts

SEPARATOR = "\x1f"
"""Stands between the activities of a variant's path."""
MICROSECONDS = 1e6
GIVEN = (
    "case", "activity", "ts", "start_ts", "resource", "cost", "lifecycle", "position",
)  # fmt: skip
TIME = pa.timestamp("us")


@dataclass
class Cases:
    """Usable rows of whole cases, sorted by case, time and position."""

    rows: pa.Table

    def __post_init__(self) -> None:
        rows = self.rows.combine_chunks()
        code = codes(column(rows, "case"))
        ts, position = numbers(column(rows, "ts")), numbers(column(rows, "position"))
        if not is_sorted(code, ts, position):
            order = np.lexsort((position, ts, code))
            rows = rows.take(integers(order)).combine_chunks()
            code, ts, position = code[order], ts[order], position[order]
        self.rows, self.code, self.ts, self.position = rows, code, ts, position
        self.activity = column(rows, "activity").dictionary_encode()
        self.step = numbers(self.activity.indices)

    @cached_property
    def first(self) -> Bools:
        """Which rows begin a case."""
        return changes(self.code)

    @cached_property
    def last(self) -> Bools:
        """Which rows end a case."""
        return np.append(self.first[1:], np.full(min(1, len(self.first)), True))

    @cached_property
    def starts(self) -> Ints:
        return np.flatnonzero(self.first)

    @cached_property
    def lengths(self) -> Ints:
        return np.diff(np.append(self.starts, len(self.code)))

    @cached_property
    def following(self) -> pa.Array:
        """The place of the next event of the case; NULL behind the last one."""
        return integers(np.arange(1, len(self.code) + 1), missing=self.last)

    @cached_property
    def nth(self) -> Ints:
        """The how-many-eth time it is that the case has this activity."""
        return rank(self.code * (len(self.activity.dictionary) + 1) + self.step)

    @cached_property
    def new_edge(self) -> Bools:
        """Whether the case takes this step to the next activity for the first time."""
        size = len(self.activity.dictionary) + 1
        ahead = np.where(self.last, 0, np.append(self.step[1:], 0) + 1)
        edge = (self.code * size + self.step) * size + ahead
        new = np.ones(len(edge), bool)
        # Only what comes back can repeat an edge: the rest need not be sorted.
        again = np.flatnonzero(self.nth > 1)
        busy = np.zeros(self.code.max(initial=-1) + 1, bool)
        busy[self.code[again]] = True
        among = np.flatnonzero(busy[self.code])
        new[among] = rank(edge[among]) == 1
        return new

    def events(self) -> pa.Table:
        """The rows with number, neighbours and times, and the attributes behind.

        `gap_s` goes to the next event's time, `wait_s` to its start (0 behind the last
        one), `work_s` from the own start; all in seconds.
        """
        rows, ahead = self.rows, self.following
        case_no = np.repeat(self.position[self.starts], self.lengths)
        seq = np.arange(len(self.code)) - np.repeat(self.starts, self.lengths) + 1
        before = np.append([-1], self.position[:-1])[: len(self.position)]
        made = {
            "case": column(rows, "case"),
            "case_no": integers(case_no),
            "seq": integers(seq),
            "activity": self.activity,
            **{name: column(rows, name) for name in GIVEN[2:7]},
            "next_activity": self.activity.take(ahead),
            "next_ts": column(rows, "ts").take(ahead),
            "next_resource": column(rows, "resource").take(ahead),
            **self.times(),
            "nth": integers(self.nth),
            "new_edge": booleans(self.new_edge),
            "position": integers(self.position),
            "out_of_order": booleans(self.position < before, missing=self.first),
        }
        for name in rows.column_names:
            if name not in GIVEN:
                made[name] = column(rows, name)
        return pa.table(made)

    def times(self) -> dict[str, pa.Array]:
        start, has_start = self.start()
        begin = np.where(has_start, start, self.ts)
        last = self.last
        gap = np.append(self.ts[1:], 0) - self.ts
        wait = np.where(last, 0, np.append(begin[1:], 0) - self.ts)
        return {
            "gap_s": decimals(gap / MICROSECONDS, missing=last),
            "wait_s": decimals(np.maximum(wait, 0) / MICROSECONDS),
            "work_s": decimals((self.ts - start) / MICROSECONDS, missing=~has_start),
        }

    def start(self) -> tuple[Ints, Bools]:
        """Starts in microseconds, and which rows have one that is not after the end."""
        given = column(self.rows, "start_ts")
        start = numbers(given)
        return start, known(given) & (start <= self.ts)

    def grouped(self) -> pa.Table:
        """One row a case, with its path and the marks that filters ask for."""
        starts, ends = self.starts, self.starts + self.lengths - 1
        start, begins = self.start()
        begin = np.where(begins, start, self.ts)
        cost = column(self.rows, "cost")
        has_cost = known(cost)
        costs = np.where(has_cost, floats(cost), 0.0)
        names = self.activity.dictionary.cast(pa.string()).take(self.activity.indices)
        offsets = np.append(starts, len(self.code)).astype(np.int32)
        lists = pa.ListArray.from_arrays(small(offsets), names)
        return pa.table(
            {
                "case": column(self.rows, "case").take(integers(starts)),
                "case_no": integers(self.position[starts]),
                "start": moments(reduced(np.minimum, begin, starts)),
                "end": moments(self.ts[ends]),
                "first_ts": moments(self.ts[starts]),
                "events": integers(self.lengths),
                "repeats": integers(reduced(np.add, self.nth > 1, starts)),
                "cost": decimals(
                    reduced(np.add, costs, starts),
                    missing=~reduced(np.logical_or, has_cost, starts),
                ),
                "first_activity": names.take(integers(starts)),
                "last_activity": names.take(integers(ends)),
                "path": pc.binary_join(lists, texts([SEPARATOR])[0]),
            }
        )


def column(rows: pa.Table, name: str) -> Any:
    """A column as one array."""
    found = rows.column(name)
    return found.chunk(0) if found.num_chunks == 1 else found.combine_chunks()


def codes(values: Any) -> Ints:
    """Numbers of the values, in the order in which they first appear."""
    return numbers(values.dictionary_encode().indices)


def numbers(values: Any) -> Ints:
    """Whole numbers or moments as they lie in memory; where one is NULL, anything."""
    plain = values.cast(pa.int64())
    found = np.frombuffer(plain.buffers()[1], np.int64, len(plain) + plain.offset)
    return found[plain.offset :]


def floats(values: Any) -> Any:
    plain = values.cast(pa.float64())
    found = np.frombuffer(plain.buffers()[1], np.float64, len(plain) + plain.offset)
    return found[plain.offset :]


def known(values: Any) -> Bools:
    """Where a column has a value."""
    found: Bools = numbers(values.is_valid().cast(pa.int8())) == 1
    return found


def is_sorted(code: Ints, ts: Ints, position: Ints) -> bool:
    """Whether each row stands behind the one before: by case, time, position."""
    same = code[1:] == code[:-1]
    later, equal = ts[1:] > ts[:-1], ts[1:] == ts[:-1]
    rising = later | (equal & (position[1:] > position[:-1]))
    return bool(((code[1:] > code[:-1]) | (same & rising)).all())


def changes(values: Ints) -> Bools:
    """Which values differ from the one before."""
    found = np.ones(len(values), bool)
    found[1:] = values[1:] != values[:-1]
    return found


def rank(keys: Ints) -> Ints:
    """Each key's turn among its equals, from 1, in the order in which they stand."""
    order = np.argsort(keys, kind="stable")
    places = np.arange(len(keys))
    begun = np.maximum.accumulate(np.where(changes(keys[order]), places, 0))
    turn = np.empty(len(keys), np.int64)
    turn[order] = places - begun + 1
    return turn


def reduced(operation: Any, values: Any, starts: Ints) -> Any:
    return operation.reduceat(values, starts) if len(starts) else values[:0]


def small(values: Any) -> pa.Array:
    data = np.ascontiguousarray(values, np.int32)
    return pa.Array.from_buffers(pa.int32(), len(data), [None, memory(data)])


def moments(values: Ints) -> pa.Array:
    """Microseconds since 1970 as moments."""
    data = np.ascontiguousarray(values, np.int64)
    return pa.Array.from_buffers(TIME, len(data), [None, memory(data)])


def decimals(values: Any, missing: Bools | None = None) -> pa.Array:
    data = np.ascontiguousarray(values, np.float64)
    return pa.Array.from_buffers(pa.float64(), len(data), [bits(missing), memory(data)])


def booleans(values: Bools, missing: Bools | None = None) -> pa.Array:
    data = np.packbits(values, bitorder="little")
    return pa.Array.from_buffers(
        pa.bool_(), len(values), [bits(missing), pa.py_buffer(data)]
    )


def bits(missing: Bools | None) -> Any:
    if missing is None:
        return None
    return pa.py_buffer(np.packbits(~missing, bitorder="little"))


def memory(data: Any) -> Any:
    return pa.py_buffer(data.view(np.uint8))
