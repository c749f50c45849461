"""The store of a log: Parquet files written once, complete or not at all.

A store is a directory with `events/`, `cases/`, `variants.parquet` and `meta.json`.
It appears under its name only when everything in it is finished; until then the work
happens in a hidden neighbour that a later import sweeps away.
"""

# ruff: noqa: S608 - paths pass through `literal`

import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from diagnosis.mining import case_tables, enrich
from diagnosis.mining.ahead import Ahead
from diagnosis.mining.column_kinds import settle_numbers
from diagnosis.mining.engine import DEFAULT_MEMORY, DEFAULT_THREADS, connect, literal
from diagnosis.mining.numbering import FileRows, kept
from diagnosis.mining.preview import guess_mapping
from diagnosis.mining.sources import (
    Cleaning,
    LogError,
    Mapping,
    as_dict,
    source_kind,
)
from diagnosis.mining.staging import Progress, Staged, stage_tables
from diagnosis.mining.unusable import nothing_usable, problems_of
from diagnosis.mining.xes import stage_xes

if TYPE_CHECKING:
    import duckdb

PARTIAL = ".partial-"
STALE_SECONDS = 6 * 3600
NO_CLEANING = Cleaning()


@dataclass(frozen=True)
class Attribute:
    """A column of the file that filters may use: its name and its place."""

    name: str
    column: str
    level: str
    kind: str


@dataclass(frozen=True)
class ImportedLog:
    """What an import found. Times are ISO 8601 in UTC, `bytes` is the store's size.

    `quality` has `bad_rows` (the first thousand, as dicts with file, row, column,
    reason, value), `bad_rows_total`, `bad_starts`, `bad_starts_total`,
    `single_event_cases`, `out_of_order` (events that stand before an earlier one),
    `folded` (start and schedule rows merged into their completion), `left_out` (rows
    or cases left out by kind of cleaning), `varying` (columns said to be of the case
    that differ between its events, each with such a case) and `files`, by which the
    position of an event gives its file and row.
    """

    kind: str
    mapping: dict[str, Any]
    rows: int
    events: int
    cases: int
    activities: int
    variants: int
    start: str
    end: str
    attributes: list[dict[str, str]]
    quality: dict[str, Any]
    bytes: int


def import_log(
    path: Path,
    directory: Path,
    mapping: Mapping | None = None,
    *,
    more: Sequence[Path] = (),
    cleaning: Cleaning = NO_CLEANING,
    progress: Progress | None = None,
    fold: bool = True,
    memory: str = DEFAULT_MEMORY,
    threads: int = DEFAULT_THREADS,
) -> ImportedLog:
    """Read a CSV or XES log into a new store at `directory`.

    Columns are guessed when no mapping is given. With `fold`, the start and schedule
    rows of a lifecycle become the start time of their completion. The files in `more`
    have the same columns and are read as one log with the first. `progress(step,
    share)` may raise to cancel; nothing is left behind then.
    :raises LogError: when the log cannot be used.
    :raises FileExistsError: when the directory is there already.
    """
    if directory.exists():
        raise FileExistsError(f"{directory.name} is there already.")
    directory.parent.mkdir(parents=True, exist_ok=True)
    sweep(directory.parent)
    work = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=directory.parent))
    try:
        told = progress or (lambda step, share: None)
        limits = {"memory": memory, "threads": threads}
        task = _Task([path, *more], mapping, cleaning, told, fold)
        imported = _fill(task, work, limits)
        told("finish", 1.0)
        (work / "ready").rename(directory)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return imported


def sweep(parent: Path, older_than: float = STALE_SECONDS) -> int:
    """Remove what killed imports left in `parent` more than so many seconds ago."""
    swept = 0
    for left in parent.glob(f"{PARTIAL}*"):
        if time.time() - left.stat().st_mtime > older_than:
            shutil.rmtree(left, ignore_errors=True)
            swept += 1
    return swept


def read_meta(directory: Path) -> ImportedLog:
    """What the import of a finished store found."""
    return ImportedLog(**json.loads((directory / "meta.json").read_text("utf-8")))


def attributes_of(meta: ImportedLog) -> list[Attribute]:
    """The attributes a filter may name."""
    return [Attribute(**entry) for entry in meta.attributes]


@dataclass(frozen=True)
class _Task:
    """What is to be imported, and how."""

    paths: list[Path]
    mapping: Mapping | None
    cleaning: Cleaning
    told: Progress
    fold: bool


def _fill(task: _Task, work: Path, limits: dict[str, Any]) -> ImportedLog:
    """Stage, enrich and describe the log inside the work directory."""
    stage, ready = work / "stage", work / "ready"
    for place in (stage, work / "spill", ready / "events", ready / "cases"):
        place.mkdir(parents=True)
    kind = _one_kind(task.paths)
    zone = _zone(task.mapping.timezone if task.mapping else "UTC")
    limits = {"temporary": work / "spill", "timezone": zone, **limits}
    with connect([work], **limits) as link:
        if kind != "xes":
            mapping = task.mapping or guess_mapping(task.paths[0])
            staged, done = stage_tables(task.paths, mapping, stage, task.told), False
            settle_numbers(link, staged)
        else:
            staged, done = _stage_ahead(link, task, work)
        task.told("sort", 0.0)
        link.execute(enrich.parsed_view(staged))
        link.execute(enrich.cleaned_view(task.cleaning))
        staged, varying = case_tables.steady(link, staged)
        problems = _enrich(link, staged, ready, task, done)
        found = describe(link, ready)
        found["quality"] |= _left_out(link, task, staged, found["events"])
        found["quality"]["varying"] = varying
    imported = ImportedLog(
        kind=kind,
        mapping=as_dict(staged.mapping),
        rows=staged.rows,
        attributes=_attributes(staged),
        bytes=sum(file.stat().st_size for file in ready.rglob("*.parquet")),
        quality={
            **problems,
            **_numbering(staged, len(task.paths)),
            **found.pop("quality"),
        },
        **found,
    )
    words = json.dumps(asdict(imported), ensure_ascii=False, indent=1)
    (ready / "meta.json").write_text(words, "utf-8")
    return imported


def _one_kind(paths: list[Path]) -> str:
    """The kind of the first file; tables of any kind go together, XES with XES.

    :raises LogError: tables and XES are mixed.
    """
    kinds = [source_kind(path) for path in paths]
    if len({kind == "xes" for kind in kinds}) > 1:
        raise LogError(
            f"{paths[-1].name} is of another kind than the log: add a table to a log "
            "from a table, and XES to a log from XES."
        )
    return kinds[0]


def _numbering(staged: Staged, files: int) -> dict[str, Any]:
    """Where events stand in the files; XES counts its events."""
    return kept(staged.numbering or [FileRows(0, 1, [])] * (files == 1))


def _stage_ahead(
    link: "duckdb.DuckDBPyConnection", task: _Task, work: Path
) -> tuple[Staged, bool]:
    """Stage XES and enrich it on the way; says whether that stands for good."""
    mapping, stage = task.mapping, work / "stage"
    if task.cleaning.is_any or len(task.paths) > 1:
        return stage_xes(task.paths, mapping, stage, task.told), False
    with Ahead(link, work / "ready" / "events", mapping, task.fold) as ahead:
        staged = stage_xes(task.paths, mapping, stage, task.told, ahead)
        return staged, ahead.holds(staged)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise LogError(
            f"There is no time zone “{name[:60]}”; write for instance Europe/Berlin."
        ) from None
    return name


def _enrich(
    link: "duckdb.DuckDBPyConnection",
    staged: Staged,
    ready: Path,
    task: _Task,
    done: bool,
) -> dict[str, Any]:
    """Write the three tables; returns the rows that were left out.

    With `done` the events are written already and the cases are gathered.
    """
    if not done:
        _sort(link, staged, ready / "events", task)
    problems = problems_of(link, staged)
    if not link.execute("SELECT 1 FROM grouped LIMIT 1").fetchall():
        raise nothing_usable(problems)
    task.told("write", 0.0)
    link.execute(case_tables.VARIANTS_TABLE)
    task.told("write", 0.5)
    link.execute(case_tables.cases_copy(staged, ready / "cases" / "part-0.parquet"))
    link.execute(case_tables.variants_copy(ready / "variants.parquet"))
    return problems


def _sort(
    link: "duckdb.DuckDBPyConnection", staged: Staged, events: Path, task: _Task
) -> None:
    """Write the enriched events of the whole log, a share of the cases at a time."""
    for file in events.iterdir():
        file.unlink()
    link.execute("DROP TABLE IF EXISTS grouped")
    fold = task.fold and enrich.folds(staged) and enrich.has_openings(link)
    link.execute(enrich.typed_table(fold))
    link.execute(enrich.chosen_view(task.cleaning))
    parts = enrich.buckets(staged.rows)
    heap = events.parent.parent / "stage" / "buckets"
    if parts > 1:
        link.execute(enrich.buckets_copy(heap, parts))
    task.told("sort", 0.2)
    for part in range(parts):
        source = enrich.bucket_sql(heap, part) if parts > 1 else "chosen"
        if parts == 1 or (heap / f"bucket={part}").is_dir():
            enrich.write_part(link, staged, source, events / f"part-{part}.parquet")
        task.told("sort", 0.2 + 0.8 * (part + 1) / parts)


def describe(link: "duckdb.DuckDBPyConnection", ready: Path) -> dict[str, Any]:
    """Counts and span of the finished tables."""
    events = enrich.store_sql(str(ready / "events" / "*.parquet"))
    cases = literal(str(ready / "cases" / "part-0.parquet"))
    counts = link.execute(
        "SELECT count(*), count(DISTINCT activity), "
        f"count(*) FILTER (out_of_order) FROM {events}"
    ).fetchall()[0]
    spans = link.execute(
        'SELECT count(*), min("start"), max("end"), count(*) FILTER (events = 1) '
        f"FROM read_parquet({cases})"
    ).fetchall()[0]
    variants = link.execute("SELECT count(*) FROM variants").fetchall()[0][0]
    return {
        "events": counts[0],
        "activities": counts[1],
        "cases": spans[0],
        "variants": variants,
        "start": spans[1].isoformat(),
        "end": spans[2].isoformat(),
        "quality": {
            "single_event_cases": spans[3],
            "out_of_order": counts[2],
        },
    }


def _left_out(
    link: "duckdb.DuckDBPyConnection", task: _Task, staged: Staged, events: int
) -> dict[str, Any]:
    """Rows merged into their completion, and what the cleaning left out."""
    asked, left = task.cleaning, {}
    if not asked.is_any and events == staged.rows - staged.bad_total:
        return {"folded": 0, "left_out": {}}
    usable = _count(link, f"parsed WHERE {enrich.USABLE}")
    cleaned, cases = usable, 0
    if asked.is_any:
        cleaned = _count(link, "cleaned")
    if asked.faulty:
        sound = f"parsed WHERE {enrich.USABLE} AND {enrich.FAULTY}"
        left["faulty"] = usable - _count(link, sound)
    if asked.duplicates:
        left["duplicates"] = usable - cleaned - left.get("faulty", 0)
    if asked.single:
        cases = _count(link, "typed") - _count(link, "chosen")
        left["single"] = cases
    folded = cleaned - cases - events if task.fold else 0
    return {"folded": folded, "left_out": left}


def _count(link: "duckdb.DuckDBPyConnection", source: str) -> int:
    number: int = link.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]
    return number


def _attributes(staged: Staged) -> list[dict[str, str]]:
    """Names and places of the columns that filters may use."""
    plain = enrich.attributes(staged)
    if staged.cases:
        plain += [
            column
            for column in staged.columns
            if column.level == "case" and column.name != "concept:name"
        ]
    return [asdict(Attribute(c.name, c.column, c.level, c.kind)) for c in plain]
