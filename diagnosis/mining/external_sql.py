"""The SQL by which a DBA makes the three tables of a log from a table of events.

It says in PostgreSQL what `neighbours` says in arrays: which event follows which, who
waits how long, what is repeated. The product never runs it; it prints it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from diagnosis.mining.engine import literal
from diagnosis.mining.external_columns import TABLES, WANTED
from diagnosis.mining.sources import LogError

VIEW, TABLE = "MATERIALIZED VIEW", "TABLE"


@dataclass(frozen=True)
class Raw:
    """A table of events and which of its columns say what.

    `table` may name a schema before a dot. Times have a zone (timestamptz), unless
    `zone` names the one that a column without zone is in. `order` names a column that
    tells events of the same time apart, else their activities do.
    """

    table: str
    case: str
    activity: str
    timestamp: str
    start: str | None = None
    resource: str | None = None
    cost: str | None = None
    lifecycle: str | None = None
    order: str | None = None
    attributes: tuple[str, ...] = ()
    zone: str | None = None


@dataclass(frozen=True)
class Target:
    """Where the three tables go, as views that are refreshed or as plain tables."""

    schema: str = "meliora"
    prefix: str = ""
    role: str = "meliora_reader"
    as_tables: bool = False

    def name(self, table: str) -> str:
        return f"{quoted(self.schema)}.{quoted(self.prefix + table)}"


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""').replace("\x00", "") + '"'


def script(raw: Raw, target: Target) -> str:
    """The whole script: schema, three tables, indexes, grants and how to refresh.

    :raises LogError: an attribute has the name of a column of the log, or there is no
        such time zone.
    """
    _refuse(raw)
    kind = TABLE if target.as_tables else VIEW
    parts = [
        HEAD,
        "BEGIN;",
        f"CREATE SCHEMA IF NOT EXISTS {quoted(target.schema)};",
        f"CREATE {kind} {target.name('events')} AS\n{_events(raw)};",
        f"CREATE {kind} {target.name('variants')} AS\n{_variants(target)};",
        f"CREATE {kind} {target.name('cases')} AS\n{_cases(target)};",
        *_indexes(target),
        *(f"ANALYZE {target.name(table)};" for table in TABLES),
        *_grants(target),
        "COMMIT;",
        *_afterwards(target),
    ]
    return "\n\n".join(parts) + "\n"


HEAD = """\
-- The three tables that Meliora reads of this log. Run it as the owner of the raw
-- table, with psql. PostgreSQL 15 or newer."""


def _refuse(raw: Raw) -> None:
    for name in raw.attributes:
        if name in WANTED["events"]:
            raise LogError(
                f"The attribute “{name[:60]}” has the name of a column of the log; "
                "rename it in a view over the raw table."
            )
    if raw.zone:
        try:
            ZoneInfo(raw.zone)
        except (ValueError, OSError, KeyError):
            raise LogError(
                f"There is no time zone “{raw.zone[:60]}”; write for instance "
                "Europe/Berlin."
            ) from None


def _moment(column: str | None, zone: str | None) -> str:
    """A moment in UTC without its zone."""
    if not column:
        return "NULL::timestamp"
    placed = f"{quoted(column)} AT TIME ZONE {literal(zone)}" if zone else None
    return f"({placed or quoted(column)}) AT TIME ZONE 'UTC'"


def _text(column: str | None) -> str:
    return f"{quoted(column)}::text" if column else "NULL::text"


def _events(raw: Raw) -> str:
    table = ".".join(quoted(part) for part in raw.table.split("."))
    cost = f"{quoted(raw.cost)}::double precision" if raw.cost else None
    order = (
        quoted(raw.order)
        if raw.order
        else f"{quoted(raw.timestamp)}, {_text(raw.case)}"
        f', {_text(raw.activity)} COLLATE "C"'
    )
    named = "".join(f",\n        {quoted(one)}" for one in raw.attributes)
    extra = "".join(f",\n    {quoted(one)}" for one in raw.attributes)
    return EVENTS.format(
        case=_text(raw.case),
        activity=_text(raw.activity),
        ts=_moment(raw.timestamp, raw.zone),
        start=_moment(raw.start, raw.zone),
        resource=_text(raw.resource),
        cost=cost or "NULL::double precision",
        lifecycle=f"lower(trim({_text(raw.lifecycle)}))",
        order=order,
        named=named,
        extra=extra,
        table=table,
    )


EVENTS = """\
WITH named AS (
    SELECT {case} AS "case", {activity} AS activity,
        {ts} AS ts,
        {start} AS start_ts,
        {resource} AS resource, {cost} AS cost, {lifecycle} AS lifecycle,
        row_number() OVER (ORDER BY {order}) - 1 AS position{named}
    FROM {table}
), usable AS (
    SELECT *, CASE WHEN start_ts <= ts THEN start_ts END AS begun
    FROM named WHERE "case" <> '' AND activity <> '' AND ts IS NOT NULL
), placed AS (
    SELECT *,
        first_value(position) OVER line AS case_no,
        row_number() OVER line AS seq,
        lead(activity) OVER line AS next_activity,
        lead(ts) OVER line AS next_ts,
        lead(coalesce(begun, ts)) OVER line AS next_begun,
        lead(resource) OVER line AS next_resource,
        lag(position) OVER line AS earlier,
        row_number() OVER (PARTITION BY "case", activity ORDER BY ts, position) AS nth
    FROM usable WINDOW line AS (PARTITION BY "case" ORDER BY ts, position)
)
SELECT "case", case_no, seq, activity, ts, start_ts, resource, cost, lifecycle,
    next_activity, next_ts, next_resource,
    extract(epoch FROM next_ts - ts)::double precision AS gap_s,
    greatest(coalesce(extract(epoch FROM next_begun - ts), 0), 0)::double precision
        AS wait_s,
    extract(epoch FROM ts - begun)::double precision AS work_s,
    nth,
    row_number() OVER (PARTITION BY "case", activity, next_activity
        ORDER BY ts, position) = 1 AS new_edge,
    position, position < earlier AS out_of_order{extra}
FROM placed"""

PATHS = """\
WITH paths AS (
    SELECT case_no, string_agg(activity, chr(31) ORDER BY seq) AS path,
        count(*) AS events
    FROM {events} GROUP BY case_no
)
"""


def _variants(target: Target) -> str:
    return PATHS.format(events=target.name("events")) + (
        'SELECT row_number() OVER (ORDER BY count(*) DESC, path COLLATE "C") AS '
        "variant,\n    path, count(*) AS cases, min(events) AS events\n"
        "FROM paths GROUP BY path"
    )


CASES = """\
, whole AS (
    SELECT "case", case_no,
        min(CASE WHEN start_ts <= ts THEN start_ts ELSE ts END) AS "start",
        max(ts) AS "end", min(ts) AS first_ts, count(*) AS events,
        count(*) FILTER (WHERE nth > 1) AS repeats, sum(cost) AS cost,
        max(activity) FILTER (WHERE seq = 1) AS first_activity,
        max(activity) FILTER (WHERE next_activity IS NULL) AS last_activity
    FROM {events} GROUP BY "case", case_no
)
SELECT "case", case_no, "start", "end",
    extract(epoch FROM "end" - "start")::double precision AS duration_s,
    extract(epoch FROM "end" - first_ts)::double precision AS span_s,
    whole.events, repeats, cost, first_activity, last_activity, variant
FROM whole JOIN paths USING (case_no) JOIN {variants} USING (path)"""


def _cases(target: Target) -> str:
    events, variants = target.name("events"), target.name("variants")
    paths = PATHS.format(events=events).rstrip()
    return paths + CASES.format(events=events, variants=variants)


def _indexes(target: Target) -> Iterator[str]:
    """What filters and time-lines look for; the first of each makes a view refresh
    beside its readers.
    """
    listed = {
        "events": (("UNIQUE ", "case_no, seq"), ("", '"case"'), ("", "activity")),
        "cases": (("UNIQUE ", "case_no"), ("", '"case"'), ("", "variant")),
        "variants": (("UNIQUE ", "variant"),),
    }
    for table, indexes in listed.items():
        for unique, columns in indexes:
            yield f"CREATE {unique}INDEX ON {target.name(table)} ({columns});"


def _grants(target: Target) -> Iterator[str]:
    role = quoted(target.role)
    yield (
        "-- The account of the connection, made once:\n"
        f"-- CREATE ROLE {role} LOGIN PASSWORD '...';"
    )
    yield f"GRANT USAGE ON SCHEMA {quoted(target.schema)} TO {role};"
    yield f"GRANT SELECT ON {', '.join(map(target.name, TABLES))} TO {role};"


def _afterwards(target: Target) -> Iterator[str]:
    if target.as_tables:
        yield "-- Make the tables anew, in one transaction, when there are new events."
        return
    order = ("events", "variants", "cases")
    lines = "\n".join(
        f"-- REFRESH MATERIALIZED VIEW {target.name(table)};" for table in order
    )
    yield f"-- When there are new events, in one transaction, in this order:\n{lines}"
