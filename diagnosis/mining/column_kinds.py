"""Which columns of a staged table are numbers; all of them are text until then."""
# ruff: noqa: S608 - paths pass through `literal`, columns have generated names

from dataclasses import replace
from typing import TYPE_CHECKING

from diagnosis.mining.enrich import attributes, files_sql
from diagnosis.mining.numbers import decimal_mark, misfits_sql
from diagnosis.mining.staging import NUMBER, Staged, StagedColumn

if TYPE_CHECKING:
    import duckdb

LOOKED_AT = 5_000
"""Rows from the top by which a column is taken for numbers; then all are checked."""


def settle_numbers(link: "duckdb.DuckDBPyConnection", staged: Staged) -> None:
    """Give the columns of amounts their kind; a column with another value is text.

    What the mapping calls the amount is one in any case: where no mark fits all of
    its values, each is read for itself.
    """
    likely = _likely(link, staged)
    if not likely:
        return
    asked = ", ".join(misfits_sql(one.column, one.mark) for one in likely)
    counts = link.execute(f"SELECT {asked} FROM {files_sql(staged.events)}").fetchall()
    sound = {
        one.column: one
        for one, misfits in zip(likely, counts[0], strict=True)
        if not misfits
    }
    staged.columns = [sound.get(one.column, one) for one in staged.columns]


def _likely(link: "duckdb.DuckDBPyConnection", staged: Staged) -> list[StagedColumn]:
    """The columns whose first values are amounts, with their decimal mark."""
    plain = attributes(staged)
    if not plain:
        return []
    listed = ", ".join(one.column for one in plain)
    top = f"SELECT {listed} FROM {files_sql(staged.events)} LIMIT {LOOKED_AT}"
    values = link.sql(top).to_arrow_table()
    found = []
    for one in plain:
        different = values.column(one.column).unique().to_pylist()
        mark = decimal_mark(one.name, different, staged.commas)
        if mark:
            found.append(replace(one, kind=NUMBER, mark=mark))
    return found
