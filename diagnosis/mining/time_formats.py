"""The date formats of a staged table: as the mapping says, else as its values look."""

import re
from pathlib import Path

from pyarrow import parquet

from diagnosis.mining.arrays import counting
from diagnosis.mining.clock import joined
from diagnosis.mining.dates import NAMED, guess_format, strptime_format
from diagnosis.mining.sources import LogError, Mapping
from diagnosis.mining.tables import BadRows


def formats_of(
    target: Path, roles: dict[str, str], mapping: Mapping, bad: BadRows
) -> dict[str, str]:
    """The date format of the time columns: the mapping's, else guessed."""
    formats: dict[str, str] = {}
    for role in ("timestamp", "start"):
        if role not in roles:
            continue
        clock = roles.get("time") if role == "timestamp" else None
        said = said_format(mapping.timestamp_format) if mapping.timestamp_format else ""
        if said and (not clock or said in NAMED or re.search("%[HI]", said)):
            formats[role] = said
            continue
        values = _sample(target, roles[role], clock)
        guess = guess_format(values)
        if guess is None:
            raise _no_times(target, roles[role], mapping.named()[role], bad)
        formats[role] = guess.format
    return formats


def _no_times(target: Path, column: str, name: str, bad: BadRows) -> LogError:
    """Names the first value that is no time, with its row."""
    batches = parquet.ParquetFile(target).iter_batches(columns=[column])
    values = (value for batch in batches for value in batch.column(0).to_pylist())
    for index, value in enumerate(values):
        if value.strip() and guess_format([value]) is None:
            row = bad.row_of(index)
            return LogError(
                f"The column “{name}” holds no times that can be read, for instance "
                f"“{value[:40]}” in row {row}; choose another column or say the "
                "format.",
                row,
            )
    return LogError(
        f"The column “{name}” holds no times: it is empty; choose another column."
    )


def said_format(pattern: str) -> str:
    try:
        return strptime_format(pattern)
    except ValueError as error:
        raise LogError(str(error)) from None


def _sample(target: Path, column: str, clock: str | None = None) -> list[str]:
    """Some thousand distinct values of a staged column, from all over the file.

    With `clock`, the values of a day and those of its time of day together.
    """
    file = parquet.ParquetFile(target)
    values: dict[str, None] = {}
    step = max(1, file.num_row_groups // 8)
    chosen = [column, clock] if clock else [column]
    for group in range(0, file.num_row_groups, step):
        part = file.read_row_group(group, columns=chosen)
        thin = part.take(counting(0, len(part), max(1, len(part) // 600)))
        texts = [thin.column(name).to_pylist() for name in chosen]
        values.update(dict.fromkeys(map(joined, *texts) if clock else texts[0]))
    return [value for value in values if value]
