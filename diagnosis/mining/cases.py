"""The cases of a log one by one, and each path they take."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from diagnosis.mining.lenses import Log
from diagnosis.mining.neighbours import SEPARATOR
from diagnosis.mining.store import attributes_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

SORTS = {
    "duration": "duration_s",
    "start": "start",
    "end": "end",
    "events": "events",
    "variant": "variant",
    "case": "case",
}
PAGE = 50
MOST_EVENTS = 500


@dataclass(frozen=True)
class CaseRow:
    """A case: times in UTC, seconds from first to last, the number of its path."""

    case: str
    start: datetime
    end: datetime
    duration_s: float
    events: int
    variant: int


@dataclass(frozen=True)
class CasePage:
    """Some of the cases, and how many there are in all."""

    rows: tuple[CaseRow, ...]
    total: int
    page: int
    size: int


def case_page(
    log: Log,
    sort: str = "-duration",
    page: int = 1,
    size: int = PAGE,
    search: str = "",
) -> CasePage:
    """One page of the cases, the longest first unless `sort` names another column.

    `sort` is one of `SORTS`, with a minus for descending; anything else sorts as the
    default. `search` keeps the cases whose id holds the text, upper or lower case. A
    page after the last gives the last.
    """
    cases = _searched(log.cases, search)
    total = log.rows(cases.aggregate(n=cases.count()))[0]["n"]
    page = min(max(page, 1), max(-(-total // size), 1))
    chosen = _sorted(cases, sort).limit(size, offset=(page - 1) * size)
    rows = log.rows(chosen.select(*CaseRow.__dataclass_fields__))
    return CasePage(tuple(CaseRow(**row) for row in rows), total, page, size)


def all_cases(
    log: Log, sort: str = "-duration", search: str = "", most: int = 100_000
) -> Iterable[CaseRow]:
    """The same cases without pages, at most so many."""
    chosen = _sorted(_searched(log.cases, search), sort).limit(most)
    rows = log.rows(chosen.select(*CaseRow.__dataclass_fields__))
    return (CaseRow(**row) for row in rows)


def _searched(cases: "ir.Table", search: str) -> "ir.Table":
    if not search:
        return cases
    return cases.filter(cases["case"].lower().contains(search.lower()))


def _sorted(cases: "ir.Table", sort: str) -> "ir.Table":
    if sort.removeprefix("-") not in SORTS:
        sort = "-duration"
    name = SORTS[sort.removeprefix("-")]
    by = cases[name].desc() if sort.startswith("-") else cases[name].asc()
    return cases.order_by([by] if name == "case" else [by, cases["case"].asc()])


@dataclass(frozen=True)
class Happening:
    """An event of a case. Seconds; times in UTC.

    `before_s` is the wait since the event before it ended where `is_wait`, else the
    time between the two, which must not be called waiting; None at the first event.
    `attributes` are (name, value) of what the file says of the event.
    """

    seq: int
    activity: str
    start: datetime | None
    end: datetime
    resource: str | None
    before_s: float | None
    is_wait: bool
    work_s: float | None
    nth: int
    attributes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Timeline:
    """A case and its events in order; `total` counts all, the first are listed."""

    case: CaseRow
    path: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    events: tuple[Happening, ...]
    total: int


def timeline(log: Log, case: str, most: int = MOST_EVENTS) -> Timeline | None:
    """One case, event by event; None when the log has no such case."""
    found = log.rows(log.cases.filter(log.cases["case"] == case))
    if not found:
        return None
    row = found[0]
    path = log.rows(log.variants.filter(log.variants["variant"] == row["variant"]))
    events = log.events.filter(log.events["case"] == case)
    rows = log.rows(events.order_by("seq").limit(most))
    names = [(one.column, one.name, one.level) for one in attributes_of(log.meta)]
    own = [(c, name) for c, name, level in names if level == "event"]
    of_case = [(c, name) for c, name, level in names if level == "case"]
    happened = [
        _happening(before, now, own)
        for before, now in zip([None, *rows[:-1]], rows, strict=True)
    ]
    return Timeline(
        CaseRow(**{name: row[name] for name in CaseRow.__dataclass_fields__}),
        tuple(path[0]["path"].split(SEPARATOR)[:most]),
        _said(row, of_case),
        tuple(happened),
        row["events"],
    )


def _happening(
    before: dict[str, Any] | None, now: dict[str, Any], own: list[tuple[str, str]]
) -> Happening:
    is_wait = now["work_s"] is not None
    before_s = None
    if before is not None:
        before_s = before["wait_s"] if is_wait else before["gap_s"]
    return Happening(
        seq=now["seq"],
        activity=now["activity"],
        start=now["start_ts"] if is_wait else None,
        end=now["ts"],
        resource=now["resource"],
        before_s=before_s,
        is_wait=is_wait,
        work_s=now["work_s"],
        nth=now["nth"],
        attributes=_said(now, own),
    )


def _said(
    row: dict[str, Any], named: list[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """Name and value of the attributes that the row has, numbers without a tail."""
    found = []
    for column, name in named:
        value = row.get(column)
        if value is None or value == "":
            continue
        text = f"{value:.15g}" if isinstance(value, float) else str(value)
        found.append((name, text))
    return tuple(found)


@dataclass(frozen=True)
class Path:
    """A path, its place among all, and the share up to and with it (0 to 1)."""

    place: int
    number: int
    steps: tuple[str, ...]
    cases: int
    share: float
    cumulative: float
    median_s: float


@dataclass(frozen=True)
class PathPage:
    """Some of the paths, and how many paths and cases there are in all."""

    rows: tuple[Path, ...]
    total: int
    cases: int
    page: int
    size: int


def path_page(log: Log, page: int = 1, size: int = PAGE) -> PathPage:
    """One page of the paths, the most frequent first; shares are of the chosen cases.

    A page after the last gives the last; an empty log gives no rows.
    """
    cases = log.cases
    whole = log.rows(cases.aggregate(n=cases.count(), v=cases["variant"].nunique()))[0]
    page = min(max(page, 1), max(-(-whole["v"] // size), 1))
    skipped = (page - 1) * size
    ranked = cases.group_by("variant").agg(cases=cases.count())
    ranked = ranked.order_by([ranked["cases"].desc(), ranked["variant"]])
    earlier = ranked.limit(skipped)
    before = log.rows(earlier.aggregate(n=earlier["cases"].sum()))[0]["n"] or 0
    first = ranked.limit(size, offset=skipped)
    chosen = cases.filter(cases["variant"].isin(first["variant"]))
    timed = chosen.group_by("variant").agg(
        cases=chosen.count(), median_s=chosen["duration_s"].median()
    )
    full = timed.inner_join(log.variants.select("variant", "path"), "variant")
    rows = log.rows(full.order_by([full["cases"].desc(), full["variant"]]))
    paths = []
    for place, row in enumerate(rows, skipped + 1):
        before += row["cases"]
        paths.append(
            Path(
                place,
                row["variant"],
                tuple(row["path"].split(SEPARATOR)),
                row["cases"],
                row["cases"] / whole["n"],
                before / whole["n"],
                row["median_s"],
            )
        )
    return PathPage(tuple(paths), whole["v"], whole["n"], page, size)
