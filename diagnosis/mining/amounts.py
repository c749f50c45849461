"""What the cases of a log are worth: orders, invoices, claims by their amount."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diagnosis.mining.lenses import Log, closed_cases
from diagnosis.mining.sources import LogError

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class Amounts:
    """Amounts of the (filtered) cases, as numbers of the attribute `name`.

    `cases` have one, `without` have none; figures of a case are of those that have.
    The open ones end with none of the closing activities, and hold `open_total`.
    """

    name: str
    cases: int
    without: int
    total: float
    mean: float
    median: float
    p90: float
    open_cases: int
    open_total: float


def amounts_of(log: Log) -> "tuple[str, ir.Table] | None":
    """Name of the attribute, and a table of the log's key and `amount` by case.

    Where events bear it, the largest of a case counts. None where the log has none.
    """
    name = log.meta.mapping.get("amount")
    if not name:
        return None
    try:
        level, column = log.column_of(name)
    except LogError:  # left out with an activity, or taken as another part
        return None
    if level == "case":
        cases = log.cases
        found = cases.filter(_number(cases[column]).notnull())
        return name, found.select(log.key, amount=_number(found[column]))
    events = log.events.select(log.key, amount=_number(log.events[column]))
    known = events.filter(events["amount"].notnull())
    return name, known.group_by(log.key).agg(amount=known["amount"].max())


def _number(column: Any) -> Any:
    return column.cast("float64") if column.type().is_numeric() else _as_number(column)


def _as_number(column: Any) -> Any:
    """Text of a store of before."""
    return column.cast("string").try_cast("float64")


def amounts(log: Log, closing: Sequence[str] = ()) -> Amounts | None:
    """What the chosen cases are worth, and what of it is open.

    `closing` names the activities that end a case; without it none is open. None
    where the log has no amount, or no chosen case has one.
    """
    found = amounts_of(log)
    if found is None:
        return None
    name, table = found
    value: Any = table["amount"]
    row = log.rows(
        table.aggregate(
            cases=table.count(),
            total=value.sum(),
            mean=value.mean(),
            q=value.quantile([0.5, 0.9]),
        )
    )[0]
    if not row["cases"]:
        return None
    median, p90 = row["q"]
    everyone = log.rows(log.cases.aggregate(n=log.cases.count()))[0]["n"]
    closed = closed_cases(log, closing).select(log.key)
    held = table.filter(~table[log.key].isin(closed[log.key]))
    left = log.rows(held.aggregate(n=held.count(), total=held["amount"].sum()))[0]
    return Amounts(
        name,
        row["cases"],
        everyone - row["cases"],
        row["total"],
        row["mean"],
        median,
        p90,
        left["n"],
        left["total"] or 0.0,
    )
