"""Whether the tables of a connected log hold together, and what they sum up to."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from diagnosis.mining.external import OLDEST, Postgres, open_external, opened
from diagnosis.mining.external_columns import (
    TABLES,
    Extra,
    StoreError,
    extras,
    faults,
)
from diagnosis.mining.guess import amount_among
from diagnosis.mining.lenses import Log
from diagnosis.mining.place import Place
from diagnosis.mining.staging import NUMBER, Progress
from diagnosis.mining.store import ImportedLog

KIND = "database"
FIRST, LAST = datetime(1900, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 - as in stores
UNKNOWN = ImportedLog(KIND, {}, 0, 0, 0, 0, 0, "1970-01-01", "1970-01-01", [], {}, 0)


def silent(step: str, share: float) -> None:
    """The progress that nobody looks at."""


def problems(place: Place, told: Progress = silent) -> list[str]:
    """What is missing or wrong, a sentence each; nothing when lenses can be asked.

    `told(step, share)` is called before each long question; it may raise to cancel.
    :raises StoreError: the database does not answer, or lets nobody in.
    """
    with opened(place) as backend:
        if backend.link.server_version < OLDEST:
            return ["The database is older than PostgreSQL 15; a newer one is needed."]
        found = [
            said
            for table in TABLES
            for said in faults(table, backend.columns(table), place.name(table))
        ]
        found += _unreadable(backend) if not found else []
    if found:
        return found
    with open_external(place, UNKNOWN) as log:
        return list(_contradictions(log, told))


def warnings(place: Place) -> list[str]:
    """What works and should not be so: an account that may do more than read."""
    with opened(place) as backend:
        rights = _rights(backend)
    if not any(may_write for _name, _may_read, may_write in rights):
        return []
    return [
        "The account may change the tables. Every session is read only all the same; "
        "give it SELECT alone."
    ]


RIGHTS = """
    SELECT c.relname,
        has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'),
        has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relname = ANY(%s)
    ORDER BY c.relname
"""


def _rights(backend: Postgres) -> list[tuple[str, bool, bool]]:
    """Name of each table, and whether the account may read and may change it."""
    place = backend.place
    names = [place.name(table) for table in TABLES]
    return backend.execute(RIGHTS, (place.schema, names))


def _unreadable(backend: Postgres) -> Iterator[str]:
    for name, may_read, _may_write in _rights(backend):
        if not may_read:
            yield (
                f"The account may not read “{name}”; ask the operator to grant it "
                "USAGE on the schema and SELECT on the table."
            )


def _contradictions(log: Log, told: Progress) -> Iterator[str]:
    """What lenses rely on and the tables do not keep, as far as it is cheap to ask."""
    events, cases, variants = log.events, log.cases, log.variants
    told("check", 0.1)
    of_events = log.rows(
        events.aggregate(
            n=events.count(),
            holes=_any_null(events, NEEDED["events"]).sum(),
            firsts=(events["seq"] == 1).sum(),
            lasts=events["next_activity"].isnull().sum(),
            back=(events["next_ts"] < events["ts"]).sum(),
            odd=(events["gap_s"].isnull() != events["next_activity"].isnull()).sum(),
            negative=((events["wait_s"] < 0) | (events["work_s"] < 0)).sum(),
            told=events["case_no"].nunique(),
            far=_any_far(events["ts"], events["start_ts"]),
        )
    )[0]
    if not of_events["n"]:
        yield "The table of events is empty; fill it, or refresh the view."
        return
    told("check", 0.3)
    of_cases = log.rows(
        cases.aggregate(
            n=cases.count(),
            holes=_any_null(cases, NEEDED["cases"]).sum(),
            told=cases["case_no"].nunique(),
            events=cases["events"].sum(),
            back=((cases["end"] < cases["start"]) | (cases["duration_s"] < 0)).sum(),
            far=_any_far(cases["start"], cases["end"]),
        )
    )[0]
    joined = cases.inner_join(variants.select("variant"), "variant")
    of_cases |= log.rows(joined.aggregate(joined=joined.count()))[0]
    told("check", 0.5)
    of_variants = log.rows(
        variants.aggregate(
            n=variants.count(),
            holes=_any_null(variants, NEEDED["variants"]).sum(),
            told=variants["variant"].nunique(),
        )
    )[0]
    found = {"events": of_events, "cases": of_cases, "variants": of_variants}
    yield from _said(found)


NEEDED = {
    "events": (
        "case", "case_no", "seq", "activity", "ts", "wait_s", "nth", "new_edge",
        "position",
    ),
    "cases": (
        "case", "case_no", "start", "end", "duration_s", "events", "repeats",
        "first_activity", "last_activity", "variant",
    ),
    "variants": ("variant", "path", "cases", "events"),
}  # fmt: skip
"""Columns that have a value in every row."""


def _any_null(table: Any, names: tuple[str, ...]) -> Any:
    condition: Any = table[names[0]].isnull()
    for name in names[1:]:
        condition = condition | table[name].isnull()
    return condition


def _any_far(one: Any, other: Any) -> Any:
    """How many rows have a moment that an import would not take either."""
    low, high = FIRST, LAST
    return ((one < low) | (one > high) | (other < low) | (other > high)).sum()


def _said(found: dict[str, dict[str, Any]]) -> Iterator[str]:
    events, cases, variants = (found[name] for name in TABLES)
    for name, row in found.items():
        if row["holes"]:
            yield (
                f"{row['holes']} rows of “{name}” lack a value in one of "
                f"{', '.join(NEEDED[name])}."
            )
    rules = {
        "Times have to lie between the years 1900 and 2200.": (
            events["far"] or cases["far"]
        ),
        "Some events lie before the one they follow: next_ts is earlier than ts.": (
            events["back"]
        ),
        "gap_s has to be empty exactly where next_activity is.": events["odd"],
        "wait_s and work_s cannot be below 0.": events["negative"],
        "Some cases end before they start: end is earlier than start, or duration_s "
        "below 0.": cases["back"],
        "Events and cases do not hold the same cases; make both from the same rows, "
        "in one transaction.": len({events["told"], cases["told"], cases["n"]}) > 1
        or events["n"] != cases["events"],
        "Each case has to have one event with seq 1 and one without next_activity.": (
            {events["firsts"], events["lasts"]} != {events["told"]}
        ),
        "Some cases have a variant that the table of variants lacks, or it has one "
        "twice.": cases["joined"] != cases["n"] or variants["told"] != variants["n"],
    }
    yield from (words for words, is_broken in rules.items() if is_broken)


def describe(place: Place, told: Progress = silent) -> ImportedLog:
    """Counts, span and attributes of a place that has no problems.

    `told(step, share)` is called before each long question; it may raise to cancel.
    :raises StoreError: what stands in the way, the first of it.
    """
    told("check", 0.0)
    found = problems(place, told)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise StoreError(f"{found[0]}{more}")
    return counted(place, told)


def counted(place: Place, told: Progress = silent) -> ImportedLog:
    """Counts, span and attributes of a place that was found without problems.

    :raises StoreError: the database does not answer as it did.
    """
    with opened(place) as backend:
        seen = {name: backend.columns(name) or {} for name in TABLES}
    with open_external(place, UNKNOWN) as log:
        facts = _facts(log, told)
    attributes = [
        {"name": one.name, "column": one.name, "level": level, "kind": one.kind}
        for level, one in _attributes(seen)
    ]
    named = {**facts.pop("mapping"), "timezone": place.timezone}
    numbers = [one["name"] for one in attributes if one["kind"] == NUMBER]
    if amount := amount_among(numbers):
        named["amount"] = amount
    return ImportedLog(
        kind=KIND,
        mapping=named,
        rows=facts["events"],
        attributes=attributes,
        bytes=0,
        **facts,
    )


def _attributes(seen: dict[str, Any]) -> Iterator[tuple[str, Extra]]:
    taken: set[str] = set()
    for level, table in (("case", "cases"), ("event", "events")):
        for one in extras(table, seen[table]):
            if one.name not in taken:
                taken.add(one.name)
                yield level, one


ROLES = {"resource": "resource", "cost": "cost", "lifecycle": "lifecycle"}


def _facts(log: Log, told: Progress) -> dict[str, Any]:
    events, cases = log.events, log.cases
    told("count", 0.6)
    own = log.rows(
        events.aggregate(
            events=events.count(),
            activities=events["activity"].nunique(),
            out_of_order=events["out_of_order"].sum(),
            start=events["start_ts"].count(),
            **{role: events[column].count() for role, column in ROLES.items()},
        )
    )[0]
    told("count", 0.8)
    whole = log.rows(
        cases.aggregate(
            cases=cases.count(),
            first=cases["start"].min(),
            last=cases["end"].max(),
            single=(cases["events"] == 1).sum(),
            variants=cases["variant"].nunique(),
        )
    )[0]
    named = {role: column for role, column in ROLES.items() if own[role]}
    if own["start"]:
        named["start"] = "start_ts"
    return {
        "mapping": {"case": "case", "activity": "activity", "timestamp": "ts", **named},
        "events": own["events"],
        "activities": own["activities"],
        "cases": whole["cases"],
        "variants": whole["variants"],
        "start": whole["first"].isoformat(),
        "end": whole["last"].isoformat(),
        "quality": {
            "bad_rows": [],
            "bad_rows_total": 0,
            "bad_starts": [],
            "bad_starts_total": 0,
            "single_event_cases": whole["single"],
            "out_of_order": own["out_of_order"] or 0,
            "folded": 0,
            "left_out": {},
            "files": [],
            "varying": [],
        },
    }
