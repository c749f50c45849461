"""From staged text to sorted, enriched events, cases and variants: SQL alone.

Every column of the staging has a generated name and every path is a parameter of
this program, never of a person, so the statements can be composed as text.
"""
# ruff: noqa: S608 - see above

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import default_memory_pool, parquet

from diagnosis.mining.clock import joined_sql
from diagnosis.mining.dates import moment_sql
from diagnosis.mining.engine import literal
from diagnosis.mining.neighbours import GIVEN, Cases
from diagnosis.mining.numbers import ANY, NOTHING, number_sql
from diagnosis.mining.sources import Cleaning
from diagnosis.mining.staging import NUMBER, Staged, StagedColumn

if TYPE_CHECKING:
    import duckdb

ROW_GROUP = 100_000
CLOSED = ("complete", "ate_abort", "autoskip", "manualskip", "withdraw", "pi_abort")
OPENING = ("schedule", "assign", "reassign", "start", "suspend", "resume", "unassign")


def files_sql(paths: list[Path]) -> str:
    """A FROM item over Parquet files whose columns may differ."""
    listed = ", ".join(literal(str(path)) for path in paths)
    return f"read_parquet([{listed}], union_by_name = true)"


def store_sql(pattern: str) -> str:
    """A FROM item over the parts of a store; each has the columns it needs."""
    return f"read_parquet({literal(pattern)}, union_by_name = true)"


def folds(staged: Staged) -> bool:
    """Whether starts have to be merged: a lifecycle, and no start of its own."""
    return "lifecycle" in staged.roles and "start" not in staged.roles


def has_openings(link: "duckdb.DuckDBPyConnection") -> bool:
    """Whether a parsed row opens something; else there is nothing to merge."""
    opening = ", ".join(literal(word) for word in OPENING)
    asked = f"SELECT 1 FROM parsed WHERE lifecycle IN ({opening}) LIMIT 1"
    return bool(link.execute(asked).fetchall())


def parsed_view(staged: Staged) -> str:
    """The staged rows with times parsed and empty text made NULL."""
    roles = staged.roles
    texts = {**roles, "timestamp": _moment_text(roles)}
    moments = {
        role: moment_sql(texts[role], staged.formats[role])
        for role in ("timestamp", "start")
        if role in roles
    }
    plain = [f"{column.column} AS {column.column}" for column in attributes(staged)]
    columns = [
        "position",
        f'{filled(roles["case"], staged)} AS "case"',
        f"{filled(roles['activity'], staged)} AS activity",
        f"{moments['timestamp']} AS ts",
        f"{moments.get('start', 'CAST(NULL AS TIMESTAMP)')} AS start_ts",
        f"lower(trim({roles.get('lifecycle', 'NULL')})) AS lifecycle",
        f"{roles.get('resource', 'CAST(NULL AS VARCHAR)')} AS resource",
        f"{_number(roles['cost']) if 'cost' in roles else 'CAST(NULL AS DOUBLE)'} "
        "AS cost",
        f"{roles['case']} AS raw_case",
        f"{roles['activity']} AS raw_activity",
        f"{texts['timestamp']} AS raw_ts",
        f"{roles.get('start', 'CAST(NULL AS VARCHAR)')} AS raw_start",
        *plain,
    ]
    return (
        f"CREATE OR REPLACE VIEW parsed AS SELECT {', '.join(columns)} "
        f"FROM {files_sql(staged.events)}{_not_blank(staged)}"
    )


def _moment_text(roles: dict[str, str]) -> str:
    """The column of the time, or what it is with that of the time of day."""
    if "time" not in roles:
        return roles["timestamp"]
    return joined_sql(roles["timestamp"], roles["time"])


def filled(column: str, staged: Staged) -> str:
    """Text, or NULL where there is none; tables of text write words for nothing."""
    if not staged.worded:
        return f"nullif({column}, '')"
    words = ", ".join(literal(word) for word in NOTHING)
    return f"CASE WHEN {column} NOT IN ({words}) THEN {column} END"


def _not_blank(staged: Staged) -> str:
    """A condition that leaves out the blank rows of a table of text."""
    if staged.cases:
        return ""
    empty = " AND ".join(f"{column.column} = ''" for column in staged.columns)
    return f" WHERE NOT ({empty})"


def event_attributes(staged: Staged) -> list[StagedColumn]:
    """The attributes that stay with the events."""
    return [column for column in attributes(staged) if column.level == "event"]


def attributes(staged: Staged) -> list[StagedColumn]:
    """The columns that play no part of their own and stand in the rows of events."""
    used = set(staged.roles.values())
    return [
        column
        for column in staged.columns
        if column.column not in used and (column.level == "event" or not staged.cases)
    ]


def _number(column: str) -> str:
    """A number written with any decimal mark, grouping and currency, or NULL."""
    bare = f"regexp_replace({column}, '[^0-9,.eE+-]', '', 'g')"
    comma_last = f"regexp_matches({bare}, ',[0-9]{{1,2}}$|^[^,]*,[0-9]{{4,}}$')"
    dots_group = f"regexp_matches({bare}, '^[-+]?[0-9]{{1,3}}([.][0-9]{{3}}){{2,}}$')"
    plain = f"try_cast({column} AS DOUBLE)"
    return (
        f"CASE WHEN isfinite({plain}) THEN {plain} ELSE "
        f"try_cast(CASE WHEN {comma_last} "
        f"THEN replace(replace({bare}, '.', ''), ',', '.') "
        f"WHEN {dots_group} THEN replace({bare}, '.', '') "
        f"ELSE replace({bare}, ',', '') END AS DOUBLE) END"
    )


RAW = "(raw_case, raw_activity, raw_ts, raw_start)"
USABLE = '"case" IS NOT NULL AND activity IS NOT NULL AND ts IS NOT NULL'
FAULTY = (
    """"case" NOT IN (SELECT "case" FROM parsed WHERE "case" IS NOT NULL """
    "AND (activity IS NULL OR ts IS NULL OR start_ts > ts))"
)
ONCE = (
    'QUALIFY row_number() OVER (PARTITION BY "case", activity, ts, lifecycle '
    "ORDER BY position) = 1"
)


def cleaned_view(cleaning: Cleaning) -> str:
    """The usable rows, without those that the person wants left out."""
    faulty = f" AND {FAULTY}" if cleaning.faulty else ""
    once = f" {ONCE}" if cleaning.duplicates else ""
    return (
        f"CREATE OR REPLACE VIEW cleaned AS SELECT * EXCLUDE {RAW} "
        f"FROM parsed WHERE {USABLE}{faulty}{once}"
    )


def chosen_view(cleaning: Cleaning) -> str:
    """The typed events, without the cases that have a single one where so asked."""
    several = ' QUALIFY count(*) OVER (PARTITION BY "case") > 1'
    return (
        "CREATE OR REPLACE VIEW chosen AS SELECT * FROM typed"
        f"{several if cleaning.single else ''}"
    )


def typed_table(fold: bool) -> str:
    """Usable rows only; with `fold`, starts are merged into their completions."""
    usable = "SELECT * FROM cleaned"
    if not fold:
        return f"CREATE OR REPLACE VIEW typed AS {usable}"
    opening = ", ".join(literal(word) for word in OPENING)
    return f"""
    CREATE OR REPLACE TABLE folded AS
    WITH usable AS ({usable}), paired AS (
        SELECT *,
            lag(ts) OVER line AS before_ts,
            lag(lifecycle) OVER line AS before_lifecycle,
            row_number() OVER turn AS turn,
            count(*) FILTER (lifecycle = 'complete') OVER step AS completes,
            count(*) FILTER (lifecycle = 'start') OVER step AS starts
        FROM usable
        WINDOW step AS (PARTITION BY "case", activity),
            line AS (PARTITION BY "case", activity, lifecycle IN ('start', 'complete')
                ORDER BY ts, position),
            turn AS (PARTITION BY "case", activity, lifecycle ORDER BY ts, position)
    )
    SELECT now.* EXCLUDE (before_ts, before_lifecycle, turn, completes, starts)
        REPLACE (coalesce(now.start_ts, CASE
            WHEN now.lifecycle <> 'complete' THEN NULL
            WHEN now.starts = now.completes AND begun.ts <= now.ts THEN begun.ts
            WHEN now.before_lifecycle = 'start' THEN now.before_ts END) AS start_ts)
    FROM paired AS now LEFT JOIN paired AS begun
        ON now.lifecycle = 'complete' AND begun.lifecycle = 'start'
        AND begun."case" = now."case" AND begun.activity = now.activity
        AND begun.turn = now.turn
    WHERE now.lifecycle IS NULL OR now.completes = 0
        OR now.lifecycle NOT IN ({opening});
    CREATE OR REPLACE VIEW typed AS SELECT * FROM folded
    """


BUCKET_ROWS = 250_000
MOST_BUCKETS = 40


def buckets(rows: int) -> int:
    """In how many parts a log is sorted, so that each fits into little memory."""
    return min(MOST_BUCKETS, 1 + rows // BUCKET_ROWS)


def buckets_copy(target: Path, number: int) -> str:
    """Write the usable rows into folders `bucket=0` and on, whole cases together."""
    return f"""
    COPY (SELECT *, hash("case") % {int(number)} AS bucket FROM chosen)
    TO {literal(str(target))} (FORMAT parquet, PARTITION_BY (bucket))
    """


def bucket_sql(target: Path, bucket: int) -> str:
    """A FROM item over one of these folders."""
    pattern = literal(str(target / f"bucket={int(bucket)}" / "*.parquet"))
    return f"read_parquet({pattern}, hive_partitioning = false)"


def write_part(
    link: "duckdb.DuckDBPyConnection", staged: Staged, source: str, target: Path
) -> None:
    """Enrich whole cases: their events go to a file, they to the table `grouped`."""
    cases = Cases(link.sql(rows_sql(staged, source)).to_arrow_table())
    parquet.write_table(cases.events(), target, **_layout(cases.rows))
    link.register("part", cases.grouped())
    link.execute("CREATE TABLE IF NOT EXISTS grouped AS SELECT * FROM part LIMIT 0")
    link.execute("INSERT INTO grouped SELECT * FROM part")
    link.unregister("part")
    # What Arrow keeps for later would stand beside what is read meanwhile.
    default_memory_pool().release_unused()


def _layout(rows: pa.Table) -> dict[str, Any]:
    """How events are written: dictionaries where values come again, marks of what is
    looked for by value."""
    texts = [field.name for field in rows.schema if field.type == pa.string()]
    often = {"activity", "next_activity", "next_resource", "seq", "nth", *texts}
    return {
        "row_group_size": ROW_GROUP,
        "use_dictionary": sorted(often - {"case"}),
        "write_statistics": ["case", "case_no", "ts"],
    }


def rows_sql(staged: Staged, source: str) -> str:
    """The rows as `Cases` takes them: what it knows by name, and the attributes."""
    known = ", ".join(f'"{name}"' for name in GIVEN)
    kept = event_attributes(staged)
    extra = "".join(f", {value_sql(one)} AS {one.column}" for one in kept)
    return f"SELECT {known}{extra} FROM {source}"


def value_sql(column: StagedColumn) -> str:
    """An attribute as it is kept."""
    if column.kind == NUMBER:
        if column.mark == ANY:
            return _number(column.column)
        return number_sql(column.column, column.mark)
    return column.column


def bad_rows(
    connection: "duckdb.DuckDBPyConnection", limit: int
) -> tuple[int, list[tuple[int, str, str]]]:
    """Unusable rows: how many, and (position, role, value) of the first."""
    missing = '"case" IS NULL OR activity IS NULL OR ts IS NULL'
    total = connection.execute(
        f"SELECT count(*) FROM parsed WHERE {missing}"
    ).fetchall()[0][0]
    if not total:
        return 0, []
    rows = connection.execute(
        f"""SELECT position, CASE WHEN "case" IS NULL THEN 'case'
            WHEN activity IS NULL THEN 'activity' ELSE 'timestamp' END,
            coalesce(CASE WHEN "case" IS NULL THEN raw_case
                WHEN activity IS NULL THEN raw_activity ELSE raw_ts END, '')
        FROM parsed WHERE {missing} ORDER BY position LIMIT {int(limit)}"""
    ).fetchall()
    return total, rows


def bad_starts(
    connection: "duckdb.DuckDBPyConnection", limit: int
) -> tuple[int, list[tuple[int, str]]]:
    """Rows whose start cannot be read or lies after the end; the row is kept."""
    wrong = (
        "ts IS NOT NULL AND raw_start IS NOT NULL AND trim(raw_start) <> '' "
        "AND (start_ts IS NULL OR start_ts > ts)"
    )
    total = connection.execute(f"SELECT count(*) FROM parsed WHERE {wrong}").fetchall()
    if not total[0][0]:
        return 0, []
    rows = connection.execute(
        f"SELECT position, raw_start FROM parsed WHERE {wrong} "
        f"ORDER BY position LIMIT {int(limit)}"
    ).fetchall()
    return total[0][0], rows
