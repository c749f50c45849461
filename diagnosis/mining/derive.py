"""A log without some activities: the rest, with new edges between them.

The events keep what they are; who follows whom, waits, paths and cases are found anew.
Cases that have no event left are gone.
"""
# ruff: noqa: S608 - paths pass through `literal`, columns have generated names

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diagnosis.mining import case_tables, enrich
from diagnosis.mining.engine import DEFAULT_MEMORY, DEFAULT_THREADS, connect, literal
from diagnosis.mining.sources import LogError, Mapping
from diagnosis.mining.staging import Progress, Staged, StagedColumn
from diagnosis.mining.store import (
    PARTIAL,
    ImportedLog,
    attributes_of,
    describe,
    read_meta,
)

if TYPE_CHECKING:
    import duckdb

OWN = '"case", activity, ts, start_ts, resource, cost, lifecycle, position'


def derive_log(
    store: Path,
    directory: Path,
    activities: Sequence[str],
    *,
    keep: bool = False,
    progress: Progress | None = None,
    memory: str = DEFAULT_MEMORY,
    threads: int = DEFAULT_THREADS,
) -> ImportedLog:
    """Write the log without the activities, or with them alone, as a new store.

    `progress(step, share)` may raise to cancel; nothing is left behind then.
    :raises LogError: no event would be left.
    :raises FileExistsError: when the directory is there already.
    """
    if directory.exists():
        raise FileExistsError(f"{directory.name} is there already.")
    directory.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=directory.parent))
    told = progress or (lambda step, share: None)
    try:
        ready = work / "ready"
        for place in (work / "spill", ready / "events", ready / "cases"):
            place.mkdir(parents=True)
        with connect(
            [store.resolve(), work],
            temporary=work / "spill",
            memory=memory,
            threads=threads,
        ) as link:
            meta = read_meta(store)
            _write_events(link, store, ready, meta, _condition(activities, keep), told)
            _write_cases(link, store, ready, meta)
            told("write", 0.9)
            found = describe(link, ready)
        derived = _meta(meta, ready, found)
        told("finish", 1.0)
        ready.rename(directory)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return derived


def _condition(activities: Sequence[str], keep: bool) -> str:
    if not activities:
        raise LogError("Choose at least one activity.")
    listed = ", ".join(literal(one) for one in activities)
    return f"activity {'IN' if keep else 'NOT IN'} ({listed})"


def _write_events(
    link: "duckdb.DuckDBPyConnection",
    store: Path,
    ready: Path,
    meta: ImportedLog,
    condition: str,
    told: Progress,
) -> None:
    """Enrich the chosen events anew, a share of the cases at a time."""
    staged = _as_staged(meta)
    extra = "".join(f", {one.column}" for one in enrich.event_attributes(staged))
    source = enrich.store_sql(str(store.resolve() / "events" / "*.parquet"))
    parts = enrich.buckets(meta.events)
    for part in range(parts):
        told("sort", 0.9 * part / parts)
        bucket = f'hash("case") % {parts} = {part}'
        chosen = f"(SELECT {OWN}{extra} FROM {source} WHERE {condition} AND {bucket})"
        target = ready / "events" / f"part-{part}.parquet"
        enrich.write_part(link, staged, chosen, target)
    if not link.execute("SELECT 1 FROM grouped LIMIT 1").fetchall():
        raise LogError("No event is left with these activities; choose others.")


def _write_cases(
    link: "duckdb.DuckDBPyConnection", store: Path, ready: Path, meta: ImportedLog
) -> None:
    link.execute(case_tables.VARIANTS_TABLE)
    old = enrich.store_sql(str(store.resolve() / "cases" / "*.parquet"))
    named = [one.column for one in attributes_of(meta) if one.level == "case"]
    target = ready / "cases" / "part-0.parquet"
    link.execute(case_tables.cases_again(old, named, target))
    link.execute(case_tables.variants_copy(ready / "variants.parquet"))


def _as_staged(meta: ImportedLog) -> Staged:
    """The events of a store as if they had just been read."""
    columns = [
        StagedColumn(one.column, one.name, one.level, one.kind)
        for one in attributes_of(meta)
        if one.level == "event"
    ]
    return Staged([], [], columns, {}, {}, Mapping("", "", ""), meta.rows, int)


def _meta(meta: ImportedLog, ready: Path, found: dict[str, Any]) -> ImportedLog:
    quality = {**meta.quality, **found.pop("quality")}
    size = sum(file.stat().st_size for file in ready.rglob("*.parquet"))
    derived = replace(meta, bytes=size, quality=quality, **found)
    words = json.dumps(asdict(derived), ensure_ascii=False, indent=1)
    (ready / "meta.json").write_text(words, "utf-8")
    return derived
