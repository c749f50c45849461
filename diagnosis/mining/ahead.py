"""Enriching the traces of a log while the next ones are still being read.

In XES the events of a case stand together, so a group of traces can be sorted and
written for good before the rest is known. At the end it is checked that nothing that
came later would have changed it; if something would, the work is done over again.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import pyarrow as pa

from diagnosis.mining import enrich
from diagnosis.mining.sources import Cleaning, LogError, Mapping
from diagnosis.mining.staging import Staged, XesStage, write_quick

if TYPE_CHECKING:
    import duckdb

GROUP_ROWS = 30_000
MOST_WAITING = 2
"""Groups that may wait to be enriched."""
MOST_FILES = 8
"""Files that may wait to be written."""


@dataclass(frozen=True)
class _Done:
    """How a group was understood when it was written."""

    roles: dict[str, str]
    kinds: dict[str, str]
    columns: frozenset[str]
    folded: bool


class Ahead:
    """Takes groups of traces and writes their enriched events, in a second thread.

    Use it as a context manager; `holds` says at the end whether the parts are right.
    Its connection then has the table `grouped` with the cases.
    """

    def __init__(
        self,
        link: "duckdb.DuckDBPyConnection",
        directory: Path,
        mapping: Mapping | None,
        fold: bool,
    ) -> None:
        self.directory, self.mapping, self.fold = directory, mapping, fold
        self.link = link
        self.pool = ThreadPoolExecutor(max_workers=1)
        self.waiting: list[Future[None]] = []
        self.writing: list[Future[None]] = []
        self.done: list[_Done] = []
        self.files: list[Path] = []
        self.columns: set[str] = set()
        self.stage: XesStage | None = None
        self.rows = 0
        self.given_up = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.pool.shutdown(cancel_futures=True)

    def write(self, table: pa.Table, target: Path) -> None:
        """Write a file of the stage behind what the second thread has to do already."""
        self.writing.append(self.pool.submit(write_quick, table, target))
        if len(self.writing) > MOST_FILES:
            self.writing.pop(0).result()

    def take(self, stage: XesStage, file: Path, columns: set[str]) -> None:
        """A group that the reader has staged."""
        if self.given_up:
            return
        self.stage = stage
        self.files.append(file)
        self.columns |= columns
        if stage.position - self.rows >= GROUP_ROWS:
            self._send(stage)

    def holds(self, staged: Staged) -> bool:
        """Finish; False when a later trace changed what an earlier one means.

        Nothing holds either when the log was read over again in another way.
        """
        if self.stage is None or staged.events != self.stage.event_files:
            self.given_up = True
        elif self.files and not self.given_up:
            self._send(self.stage)
        for one in self.writing + self.waiting:
            one.result()
        if self.given_up or not all(_same(one, staged) for one in self.done):
            return False
        twice = 'SELECT count(*) > count(DISTINCT "case") FROM grouped'
        return bool(self.done) and self.link.execute(twice).fetchall() == [(False,)]

    def _send(self, stage: XesStage) -> None:
        staged = self._so_far(stage)
        self.rows = stage.position
        if staged is None:
            self.given_up = True
            return
        target = self.directory / f"part-{len(self.done)}.parquet"
        self.done.append(
            _Done(
                staged.roles,
                {column.column: column.kind for column in staged.columns},
                frozenset(self.columns),
                enrich.folds(staged),
            )
        )
        self.waiting.append(self.pool.submit(self._write, staged, target))
        self.files, self.columns = [], set()
        if len(self.waiting) > MOST_WAITING:
            self.waiting.pop(0).result()

    def _so_far(self, stage: XesStage) -> Staged | None:
        """The waiting files with the columns that are in them."""
        try:
            staged = stage.finish("", self.mapping)
        except LogError:
            return None
        roles = {
            role: column
            for role, column in staged.roles.items()
            if column in self.columns
        }
        if not {"case", "activity", "timestamp"} <= roles.keys():
            return None
        columns = [one for one in staged.columns if one.column in self.columns]
        return replace(staged, events=self.files, columns=columns, roles=roles)

    def _write(self, staged: Staged, target: Path) -> None:
        self.link.execute(enrich.parsed_view(staged))
        self.link.execute(enrich.cleaned_view(Cleaning()))
        fold = self.fold and enrich.folds(staged) and enrich.has_openings(self.link)
        self.link.execute(enrich.typed_table(fold))
        enrich.write_part(self.link, staged, "typed", target)


def _same(done: _Done, staged: Staged) -> bool:
    """Whether the whole log reads the columns of a group as the group was read."""
    roles = {
        role: column for role, column in staged.roles.items() if column in done.columns
    }
    kinds = {
        column.column: column.kind
        for column in staged.columns
        if column.column in done.kinds
    }
    folded = enrich.folds(staged)
    return (
        roles == done.roles
        and kinds == done.kinds
        and (folded == done.folded or "lifecycle" not in done.roles)
    )
