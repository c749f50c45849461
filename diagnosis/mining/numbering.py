"""Where an event stands in the files it came from: the file and its row there."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

MOST_RUNS = 20_000
"""Runs of skipped rows that are kept for a file; beyond, its rows are not known."""


@dataclass(frozen=True)
class FileRows:
    """The rows of one file.

    `begin` is the position of its first event, `first` the row of its first record;
    `runs` are skipped rows as (row, how many), None where they are too many to keep.
    """

    begin: int
    first: int
    runs: list[list[int]] | None

    def row(self, position: int) -> int | None:
        """The row of the event at a position of the log."""
        if self.runs is None:
            return None
        row = self.first + position - self.begin
        for skipped, number in self.runs:
            if skipped > row:
                break
            row += number
        return row


def runs_of(rows: Sequence[int]) -> list[list[int]] | None:
    """Rising row numbers as runs; None when there are too many."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][0] + runs[-1][1]:
            runs[-1][1] += 1
        elif len(runs) == MOST_RUNS:
            return None
        else:
            runs.append([row, 1])
    return runs


def kept(files: Sequence[FileRows]) -> dict[str, Any]:
    """The numbering as the description of a store keeps it."""
    return {"files": [asdict(one) for one in files]}


def place_of(quality: dict[str, Any], position: int) -> tuple[int, int | None]:
    """File (from 1) and row of an event; the file is 0 where there is only one.

    Stores of before know the rows of a single file.
    """
    files = [FileRows(**one) for one in quality.get("files", ())]
    if not files and quality.get("first_row") is not None:
        rows = runs_of(quality.get("skipped_rows", ()))
        files = [FileRows(0, quality["first_row"], rows)]
    if not files:
        return 0, None
    number = sum(one.begin <= position for one in files)
    return (number if len(files) > 1 else 0), files[number - 1].row(position)
