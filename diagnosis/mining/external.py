"""Logs that live in a database of the enterprise: the same lenses, read only.

Ibis writes the SQL and psycopg2, which the product has, carries it. The backend of
Ibis itself wants psycopg 3, and Django takes that for its own as soon as it is there
(docs/decisions/0070). PostgreSQL 15 or newer is what is tested.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from diagnosis.mining.external_columns import TABLES, Found, StoreError, columns_of
from diagnosis.mining.lenses import Log
from diagnosis.mining.place import Place
from diagnosis.mining.sources import LogError
from diagnosis.mining.store import ImportedLog

if TYPE_CHECKING:
    import ibis.expr.types as ir

logger = logging.getLogger(__name__)
CONNECT_SECONDS = 5
LOCK_SECONDS = 2
WORK_MEMORY = "64MB"
"""Less would compare “not in” of a million cases row by row."""
OLDEST = 150_000
"""PostgreSQL 15: older ones have no `regexp_like`."""


class Postgres:
    """What a `Log` asks of a database: one connection, one transaction, no writing.

    All questions of one opening are answered from the same moment.
    """

    name = "postgres"

    def __init__(self, place: Place) -> None:
        """:raises StoreError: it does not answer, or lets nobody in."""
        self.place = place
        self.link = _connect(place)

    def execute(self, sql: str, values: tuple[Any, ...] | None = None) -> list[Any]:
        """All rows of a statement."""
        with sentences(), self.link.cursor() as cursor:
            cursor.execute(sql, values)
            found: list[Any] = cursor.fetchall()
            return found

    def columns(self, table: str) -> dict[str, Found] | None:
        """Name and type of the columns; None where there is no such table."""
        rows = self.execute(COLUMNS, (self.place.schema, self.place.name(table)))
        return {name: Found(name, kind) for name, kind in rows} if rows else None

    def table(self, table: str) -> "ir.Table":
        """A table as Ibis sees it; what is no part of a log is cast or left out.

        :raises StoreError: it is not there, or not as it has to be.
        """
        import ibis  # noqa: PLC0415  (half a second, only where it is needed)

        found = columns_of(table, self.columns(table), self.place.name(table))
        schema = {one.name: one.ibis for one in found}
        whole = ibis.table(
            schema, name=self.place.name(table), database=self.place.schema
        )
        cast = {
            one.name: whole[one.name].cast(one.seen)
            for one in found
            if one.seen != one.ibis
        }
        return whole.mutate(**cast) if cast else whole

    @cached_property
    def compiler(self) -> Any:
        from ibis.backends.sql.compilers.postgres import compiler  # noqa: PLC0415

        return compiler

    def compile(self, expression: Any) -> str:
        """The SQL of an expression."""
        query = self.compiler.to_sqlglot(expression)
        sql: str = query.sql(dialect=self.compiler.dialect, copy=False)
        if "\x00" in sql:
            raise LogError("A filter holds a character that no log can have.")
        return sql

    def to_pyarrow(self, expression: Any) -> Any:
        """The answer as an Arrow table."""
        rows = self.execute(self.compile(expression))
        return _arrow(rows, expression.as_table().schema().to_pyarrow())

    def to_pyarrow_batches(self, expression: Any, chunk_size: int) -> Iterator[Any]:
        """The answer as Arrow tables of so many rows; the database keeps the rest."""
        schema = expression.as_table().schema().to_pyarrow()
        with sentences(), self.link.cursor(name="batches") as cursor:
            cursor.execute(self.compile(expression))
            while rows := cursor.fetchmany(chunk_size):
                yield from _arrow(rows, schema).combine_chunks().to_batches()

    def disconnect(self) -> None:
        with suppress(Exception):
            self.link.close()


COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, NULL)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
        AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum
"""


def _connect(place: Place) -> Any:
    import psycopg2  # noqa: PLC0415  (only where it is needed)

    options = {
        "default_transaction_read_only": "on",
        "statement_timeout": f"{place.seconds}s",
        "lock_timeout": f"{LOCK_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{10 * place.seconds}s",
        "work_mem": WORK_MEMORY,
        "standard_conforming_strings": "on",
        "TimeZone": "UTC",
        "DateStyle": "ISO",
    }
    with sentences():
        link = psycopg2.connect(
            place.url,
            connect_timeout=CONNECT_SECONDS,
            application_name="meliora",
            client_encoding="UTF8",
            options=" ".join(f"-c {name}={value}" for name, value in options.items()),
        )
        link.set_session(isolation_level="REPEATABLE READ", readonly=True)
    return link


@contextmanager
def sentences() -> Iterator[None]:
    """What the driver says, in words that name no host, account or password."""
    import psycopg2  # noqa: PLC0415  (only where it is needed)

    try:
        yield
    except (psycopg2.Error, UnicodeError) as error:
        # Its own words may name the host, the account or rows of the enterprise.
        code = getattr(error, "pgcode", None)
        logger.warning("Connected store: %s %s", type(error).__name__, code or "")
        raise StoreError(_words(error)) from None


def _words(error: Exception) -> str:
    code = getattr(error, "pgcode", None) or ""
    for begin, words in WORDS.items():
        if code.startswith(begin):
            return words
    text = str(error)
    for part, words in WORDS_OF_CONNECTING.items():
        if part in text:
            return words
    return GONE if _is_connection(error) else ODD


def _is_connection(error: Exception) -> bool:
    return type(error).__name__ in ("OperationalError", "InterfaceError")


GONE = (
    "The connected database does not answer; try again later, or ask the operator "
    "whether it runs and can be reached."
)
ODD = "The connected database refused the question; ask the operator to check it."
NO_ENTRY = (
    "The connected database lets this account in no longer; ask the operator to check "
    "the connection."
)
WORDS = {
    "57014": "The connected database needed too long; narrow the cases down, or ask "
    "the operator for an index or more time.",
    "55P03": "The connected database is busy with a change of the tables; try again "
    "in a minute.",
    "42501": "The account of the connection may not read the tables; ask the operator "
    "to grant SELECT on them.",
    "42P01": "A table of the connected log is gone; ask the operator to check it.",
    "42703": "A column of the connected log is gone; ask the operator to check it.",
    "55000": "A materialised view of the connected log is not filled yet; ask the "
    "operator to refresh it.",
    "28": NO_ENTRY,
    "3D": NO_ENTRY,
    "57P": GONE,
    "08": GONE,
}
"""By the code of the error, or how it begins."""
WORDS_OF_CONNECTING = {
    "authentication failed": NO_ENTRY,
    "no pg_hba.conf entry": NO_ENTRY,
    "does not exist": NO_ENTRY,
}
"""By what the driver says before there is a session, and with it a code."""


def _arrow(rows: list[Any], schema: Any) -> Any:
    """Rows of the driver as an Arrow table; whole numbers may come as decimals."""
    import pyarrow as pa  # noqa: PLC0415

    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return pa.table(
        [
            pa.array(_plain(column, one.type), one.type)
            for column, one in zip(columns, schema, strict=True)
        ],
        schema=schema,
    )


def _plain(column: Any, kind: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_integer(kind):
        return [None if one is None else int(one) for one in column]
    if pa.types.is_floating(kind):
        return [None if one is None else float(one) for one in column]
    return column


@contextmanager
def opened(place: Place) -> Iterator[Postgres]:
    """The database, given back in the end."""
    backend = Postgres(place)
    try:
        yield backend
    finally:
        backend.disconnect()


def open_external(place: Place, meta: ImportedLog) -> Log:
    """Open the log of a place; `meta` is what `external_check.describe` found.

    :raises StoreError: it does not answer, or its tables are not as they have to be.
    """
    backend = Postgres(place)
    try:
        tables = [backend.table(name) for name in TABLES]
    except BaseException:
        backend.disconnect()
        raise
    return Log(backend, tables[0], tables[1], tables[2], meta)
