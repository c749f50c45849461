"""What differs between the slow and the fast cases of a log."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diagnosis.maths.contrast import cliffs_delta, share_contrast
from diagnosis.mining.lenses import Log
from diagnosis.mining.store import Attribute, attributes_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOST_VALUES = 50
MOST_ATTRIBUTES = 40
FEW_NUMBERS = 10
"""Up to so many different numbers in a column of text are codes, not amounts."""
A_NUMBER = r"^-?[0-9]+([.][0-9]+)?$"
LEAST_SHARE = 0.01
TOP = 100
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """One thing that slow and fast cases differ in.

    `kind` is 'activity' (is there), 'repeated' (twice or more), 'resource' or
    'attribute' (some event or the case has the value), 'number' (an attribute; its mean
    over the events of a case) or 'count' ('events' or 'repeats' of a case). `slow` and
    `fast` are shares of the cases, of numbers and counts the medians. `effect` is
    Cliff's delta from -1 to 1, which for shares is their difference; odds ratio with
    its 95 % interval and Cramér's V are of shares only.
    """

    kind: str
    name: str
    value: str
    slow: float
    fast: float
    effect: float
    odds_ratio: float | None = None
    low: float | None = None
    high: float | None = None
    cramers_v: float | None = None


@dataclass(frozen=True)
class Contrast:
    """Slow against fast cases, the largest differences first.

    Slow cases took at least `slow_from_s` seconds, fast ones less than `fast_below_s`
    (or exactly that much, where a quarter ends in equal times). `left_out` names
    attributes with more than fifty values that are no numbers, or beyond forty.
    """

    slow: int
    fast: int
    slow_from_s: float | None
    fast_below_s: float | None
    differences: tuple[Difference, ...]
    left_out: tuple[str, ...]


def contrast(log: Log, threshold_s: float | None = None) -> Contrast:
    """Compare the slowest with the fastest quarter, or both sides of a threshold.

    Where one group is empty, or a quarter of the cases takes as long as another,
    nothing is compared. Values and activities that fewer than 1 % of both groups have
    are left out.
    """
    from_s, below_s, marked = _marked(log, threshold_s)
    if marked is None:
        return Contrast(0, 0, from_s, below_s, (), ())
    sizes = log.rows(marked.aggregate(n=marked.count(), slow=marked["slow"].sum()))[0]
    slow = int(sizes["slow"] or 0)
    fast = sizes["n"] - slow
    if not slow or not fast:
        return Contrast(slow, fast, from_s, below_s, (), ())
    texts, figures, left_out = _attributes(log)
    found = [
        *_shares(_activities(log, marked), slow, fast),
        *(one for a in texts for one in _shares(_values(log, marked, a), slow, fast)),
        *_numbers(log, marked, figures),
    ]
    found.sort(key=lambda d: (-abs(d.effect), d.kind, d.name, d.value))
    return Contrast(slow, fast, from_s, below_s, tuple(found[:TOP]), tuple(left_out))


def _marked(
    log: Log, threshold_s: float | None
) -> tuple[float | None, float | None, "ir.Table | None"]:
    """The two bounds, and the cases of both groups marked as slow or not."""
    cases = log.cases
    took: Any = cases["duration_s"]
    if threshold_s is not None:
        return threshold_s, threshold_s, cases.mutate(slow=took >= threshold_s)
    row = log.rows(cases.aggregate(q=took.quantile([0.25, 0.75])))[0]
    below_s, from_s = row["q"] or (None, None)
    if below_s is None or below_s >= from_s:
        return from_s, below_s, None
    both = cases.filter((took <= below_s) | (took >= from_s))
    return from_s, below_s, both.mutate(slow=both["duration_s"] >= from_s)


def _attributes(log: Log) -> tuple[list[Attribute], list[Attribute], list[str]]:
    """Attributes of few values, those that are numbers, and the names of the rest."""
    known = [
        one
        for one in attributes_of(log.meta)
        if one.column in _table(log, one.level).columns
    ]
    kept, left_out = known[:MOST_ATTRIBUTES], known[MOST_ATTRIBUTES:]
    texts = [one for one in kept if one.kind == "text"]
    figures = [one for one in kept if one.kind == "number"]
    if log.meta.mapping.get("resource"):
        texts.insert(0, Attribute("", "resource", "event", "text"))
    counts = _distinct(log, texts)
    few = []
    for one in texts:
        is_amount = one.name and counts[one.column] > FEW_NUMBERS
        if is_amount and _are_numbers(log, one):
            figures.append(one)
        elif counts[one.column] <= MOST_VALUES:
            few.append(one)
        elif one.name:
            left_out.append(one)
    return few, figures, [one.name for one in left_out]


def _are_numbers(log: Log, attribute: Attribute) -> bool:
    """Whether a column of text holds numbers only; empty cells say nothing."""
    column = _table(log, attribute.level)[attribute.column]
    values = column.nullif("").name("value").as_table().distinct()
    odd = values.filter(~values["value"].re_search(A_NUMBER))
    return not log.rows(odd.aggregate(n=odd.count()))[0]["n"]


def _table(log: Log, level: str) -> "ir.Table":
    return log.events if level == "event" else log.cases


def _distinct(log: Log, texts: list[Attribute]) -> dict[str, int]:
    """How many values each column has."""
    counts: dict[str, int] = {}
    for level in ("event", "case"):
        table = _table(log, level)
        names = [one.column for one in texts if one.level == level]
        if names:
            asked = {name: table[name].nunique() for name in names}
            counts |= log.rows(table.aggregate(**asked))[0]
    return counts


Counted = Iterator[tuple[str, str, str, int, int]]
"""Kind, name, value, slow cases and fast cases that have it."""


def _activities(log: Log, marked: "ir.Table") -> Counted:
    """Cases with each activity, once and twice."""
    events = log.events.filter(log.events["nth"] <= 2)
    rows = _with_mark(log, events, marked, ["activity", "nth"])
    counted = rows.group_by(["activity", "nth"]).agg(
        slow=rows["slow"].sum(), n=rows.count()
    )
    for row in log.rows(counted):
        kind = "activity" if row["nth"] == 1 else "repeated"
        yield kind, row["activity"], "", row["slow"], row["n"] - row["slow"]


def _with_mark(
    log: Log, events: "ir.Table", marked: "ir.Table", columns: list[str]
) -> "ir.Table":
    mark = marked.select(log.key, "slow")
    return events.select(log.key, *columns).inner_join(mark, log.key)


def _values(log: Log, marked: "ir.Table", attribute: Attribute) -> Counted:
    """Cases in which the attribute has each of its values."""
    column = attribute.column
    if attribute.level == "case":
        rows = marked.filter(marked[column].notnull())
    else:
        events = log.events.filter(log.events[column].notnull())
        rows = _with_mark(log, events, marked, [column]).distinct()
    counted = rows.group_by(column).agg(slow=rows["slow"].sum(), n=rows.count())
    kind = "attribute" if attribute.name else "resource"
    for row in log.rows(counted):
        value = str(row[column])
        if value:  # an empty cell is no value
            yield kind, attribute.name, value, row["slow"], row["n"] - row["slow"]


def _shares(counted: Counted, slow: int, fast: int) -> Iterator[Difference]:
    for kind, name, value, of_slow, of_fast in counted:
        if of_slow < LEAST_SHARE * slow and of_fast < LEAST_SHARE * fast:
            continue
        found = share_contrast(int(of_slow), slow, int(of_fast), fast)
        if found.difference:
            yield Difference(
                kind,
                name,
                value,
                of_slow / slow,
                of_fast / fast,
                found.difference,
                found.odds_ratio,
                found.low,
                found.high,
                found.cramers_v,
            )


def _numbers(
    log: Log, marked: "ir.Table", figures: list[Attribute]
) -> Iterator[Difference]:
    """Numbers of the case: events, repeats, and the mean of each attribute."""
    for name in ("events", "repeats"):
        yield from _dominance(log, marked.select("slow", v=marked[name]), name, "count")
    for one in figures:
        if one.level == "case":
            values = marked.select("slow", v=_number(marked, one))
        else:
            events = log.events.mutate(v=_number(log.events, one))
            events = events.filter(events["v"].notnull())
            means = events.group_by(log.key).agg(v=events["v"].mean())
            values = means.inner_join(marked.select(log.key, "slow"), log.key)
        yield from _dominance(log, values, one.name, "number")


def _number(table: "ir.Table", attribute: Attribute) -> Any:
    """The attribute as a number; an empty cell is none."""
    column: Any = table[attribute.column]
    return column if attribute.kind == "number" else column.nullif("").cast("float64")


def _dominance(
    log: Log, values: "ir.Table", name: str, kind: str
) -> Iterator[Difference]:
    known = values.filter(values["v"].notnull()).select("slow", "v")
    found = log.table(known)
    is_slow = found.column("slow").to_numpy().astype(bool)
    number = found.column("v").to_numpy().astype(np.float64)
    slow, fast = number[is_slow], number[~is_slow]
    if not len(slow) or not len(fast):
        return
    effect = cliffs_delta(slow, fast)
    if effect:
        yield Difference(
            kind, name, "", float(np.median(slow)), float(np.median(fast)), effect
        )
