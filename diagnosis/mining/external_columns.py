"""The three tables of a connected log: which columns they have, and of which type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from diagnosis.mining.sources import LogError

TABLES = ("events", "cases", "variants")
TEXT = ("text", "character varying")
WHOLE = ("bigint", "integer", "smallint")
DECIMAL = ("double precision",)
MOMENT = ("timestamp without time zone",)
TRUTH = ("boolean",)
KINDS = {
    "text": (TEXT, "string"),
    "whole": (WHOLE, "int64"),
    "decimal": (DECIMAL, "float64"),
    "moment": (MOMENT, "timestamp"),
    "truth": (TRUTH, "boolean"),
}
"""The types that a column may have in the database, and what Ibis calls it."""
WANTED: Mapping[str, Mapping[str, str]] = {
    "events": {
        "case": "text",
        "case_no": "whole",
        "seq": "whole",
        "activity": "text",
        "ts": "moment",
        "start_ts": "moment",
        "resource": "text",
        "cost": "decimal",
        "lifecycle": "text",
        "next_activity": "text",
        "next_ts": "moment",
        "next_resource": "text",
        "gap_s": "decimal",
        "wait_s": "decimal",
        "work_s": "decimal",
        "nth": "whole",
        "new_edge": "truth",
        "position": "whole",
        "out_of_order": "truth",
    },
    "cases": {
        "case": "text",
        "case_no": "whole",
        "start": "moment",
        "end": "moment",
        "duration_s": "decimal",
        "span_s": "decimal",
        "events": "whole",
        "repeats": "whole",
        "cost": "decimal",
        "first_activity": "text",
        "last_activity": "text",
        "variant": "whole",
    },
    "variants": {
        "variant": "whole",
        "path": "text",
        "cases": "whole",
        "events": "whole",
    },
}
NUMBERS = (*WHOLE, *DECIMAL, "real", "numeric")
SPEAKABLE = (
    *TEXT, "character", "boolean", "date", "uuid", *MOMENT, "timestamp with time zone",
)  # fmt: skip
"""Further columns of these types are attributes that read as text."""
IBIS = {
    **dict.fromkeys((*TEXT, "character"), "string"),
    "bigint": "int64",
    "integer": "int32",
    "smallint": "int16",
    "double precision": "float64",
    "real": "float32",
    "numeric": "decimal",
    "boolean": "boolean",
    "date": "date",
    "uuid": "uuid",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamp('UTC')",
}


class StoreError(LogError):
    """The database of a connected log does not answer as it should.

    The sentence says nothing of the address or the account: only the operator, who
    wrote them into the settings, may know these.
    """


@dataclass(frozen=True)
class Found:
    """A column of the database and its type there."""

    name: str
    kind: str


@dataclass(frozen=True)
class Typed:
    """A column as Ibis knows it (`ibis`) and as the lenses see it (`seen`)."""

    name: str
    ibis: str
    seen: str


@dataclass(frozen=True)
class Extra:
    """A column that is an attribute: 'text' or 'number'."""

    name: str
    kind: str


def extras(table: str, found: Mapping[str, Found]) -> Iterator[Extra]:
    """Columns beyond those that a log needs; odd types are left out."""
    for one in found.values():
        if one.name in WANTED[table] or table == "variants":
            continue
        if one.kind in NUMBERS:
            yield Extra(one.name, "number")
        elif one.kind in SPEAKABLE:
            yield Extra(one.name, "text")


def columns_of(table: str, found: Mapping[str, Found] | None, name: str) -> list[Typed]:
    """The columns to read.

    :raises StoreError: the table or a column is missing, or of another type.
    """
    wrong = list(faults(table, found, name))
    if found is None or wrong:
        raise StoreError(wrong[0])
    own = [
        Typed(column, IBIS[found[column].kind], KINDS[kind][1])
        for column, kind in WANTED[table].items()
    ]
    seen = {"number": "float64", "text": "string"}
    more = [
        Typed(one.name, IBIS[found[one.name].kind], seen[one.kind])
        for one in extras(table, found)
    ]
    return own + more


def faults(table: str, found: Mapping[str, Found] | None, name: str) -> Iterator[str]:
    """What is missing or of another type, a sentence each."""
    if found is None:
        yield (
            f"The table “{name}” is not there, or the account may not see its schema; "
            "ask the operator to make it."
        )
        return
    for column, kind in WANTED[table].items():
        allowed = KINDS[kind][0]
        if column not in found:
            yield (
                f"The table “{name}” lacks the column “{column}” "
                f"({allowed[0]}); ask the operator to add it."
            )
        elif found[column].kind not in allowed:
            yield (
                f"The column “{column}” of “{name}” is {found[column].kind}; "
                f"it has to be {allowed[0]}."
            )
