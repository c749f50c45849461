"""The tables of cases and variants: SQL over what `enrich` has gathered.

As there, every column has a generated name and every path is one of this program.
"""
# ruff: noqa: S608 - see above

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from diagnosis.mining.engine import literal
from diagnosis.mining.enrich import attributes, files_sql, filled, value_sql
from diagnosis.mining.staging import TEXT, Staged, StagedColumn

if TYPE_CHECKING:
    import duckdb

VARIANTS_TABLE = """
    CREATE TABLE variants AS
    SELECT row_number() OVER (ORDER BY cases DESC, path) AS variant, path, cases, events
    FROM (SELECT path, count(*) AS cases, any_value(events) AS events
        FROM grouped GROUP BY path)
"""


def steady(
    link: "duckdb.DuckDBPyConnection", staged: Staged
) -> tuple[Staged, list[tuple[str, str]]]:
    """The staged table with only those attributes of cases that are some.

    What differs between the rows of a case stays with the events, so that nothing is
    lost; those columns are returned by name, with a case that shows it.
    """
    named = [one for one in attributes(staged) if one.level == "case"]
    if staged.cases or not named:
        return staged, []
    ends = "".join(
        f", min({filled(one.column, staged)}) AS low_{one.column}"
        f", max({filled(one.column, staged)}) AS high_{one.column}"
        for one in named
    )
    marks = ", ".join(
        f'min("case") FILTER (low_{one.column} <> high_{one.column})' for one in named
    )
    row = link.execute(
        f'SELECT {marks} FROM (SELECT "case"{ends} FROM cleaned GROUP BY "case")'
    ).fetchall()[0]
    varying = {one.column: case for one, case in zip(named, row, strict=True) if case}
    columns = [
        replace(one, level="event") if one.column in varying else one
        for one in staged.columns
    ]
    told = [(one.name, varying[one.column]) for one in named if one.column in varying]
    return replace(staged, columns=columns), told


def cases_copy(staged: Staged, target: Path) -> str:
    """The cases with variant number, durations in seconds and case attributes."""
    if staged.cases:
        named = [column for column in staged.columns if column.level == "case"]
        source, key = files_sql(staged.cases), "trace"
    else:
        named = [one for one in attributes(staged) if one.level == "case"]
        source, key = "cleaned", '"case"'
    if not named:
        return _cases_copy("", "", target)
    chosen = "".join(
        f", any_value({_given(one, staged)}) AS {one.column}" for one in named
    )
    return _cases_copy(
        ", attributes.* EXCLUDE (trace)",
        f"LEFT JOIN (SELECT {key} AS trace{chosen} FROM {source} "
        'GROUP BY ALL) AS attributes ON attributes.trace = grouped."case"',
        target,
    )


def _given(column: StagedColumn, staged: Staged) -> str:
    """The value, NULL for a cell of a table that is empty."""
    is_cell = not staged.cases and column.kind == TEXT
    return filled(column.column, staged) if is_cell else value_sql(column)


def cases_again(old: str, named: list[str], target: Path) -> str:
    """The same from cases of an earlier store, whose attributes they keep."""
    if not named:
        return _cases_copy("", "", target)
    listed = "".join(f", {column}" for column in named)
    return _cases_copy(
        "".join(f", attributes.{column}" for column in named),
        f'LEFT JOIN (SELECT "case" AS trace{listed} FROM {old}) AS attributes '
        'ON attributes.trace = grouped."case"',
        target,
    )


def _cases_copy(extra: str, join: str, target: Path) -> str:
    return f"""
    COPY (
        SELECT grouped."case", case_no, "start", "end",
            date_diff('microsecond', "start", "end") / 1e6 AS duration_s,
            date_diff('microsecond', first_ts, "end") / 1e6 AS span_s,
            grouped.events, repeats, cost, first_activity, last_activity,
            variant{extra}
        FROM grouped JOIN variants USING (path) {join}
        ORDER BY grouped."case"
    ) TO {literal(str(target))} (FORMAT parquet, ROW_GROUP_SIZE 100000)
    """


def variants_copy(target: Path) -> str:
    """The variants, the most frequent first."""
    return f"""
    COPY (SELECT variant, path, cases, events FROM variants ORDER BY variant)
    TO {literal(str(target))} (FORMAT parquet)
    """
