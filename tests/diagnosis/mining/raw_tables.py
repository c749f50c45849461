"""Databases of an enterprise, as tests need them: a raw table, and a reading role."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg2

from tests.diagnosis.mining.small_logs import Row

READER = "meliora_reader"


def url_of(database: str, user: str | None = None) -> str:
    """The address of a database on the server of the tests."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    place = parts.netloc
    if user:
        place = f"{user}@{place.rpartition('@')[2]}"
    return urlunsplit(parts._replace(path=f"/{database}", netloc=place))


@contextmanager
def database() -> Iterator[str]:
    """The name of an empty database that is gone afterwards."""
    name = f"erp_{uuid4().hex[:10]}"
    run("postgres", f"CREATE DATABASE {name}")
    try:
        with_reader(name)
        yield name
    finally:
        run("postgres", f"DROP DATABASE {name} WITH (FORCE)")


def with_reader(name: str) -> None:
    """The role of the connection; all tests of a server share it."""
    run(
        name,
        f"""DO $$ BEGIN CREATE ROLE {READER} LOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$""",
    )


def run(name: str, *statements: str) -> list[Any]:
    """Run statements as the owner; the rows of the last, if it has any."""
    link = psycopg2.connect(url_of(name))
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        link.close()


def raw_table(name: str, rows: Sequence[Row], table: str = "raw_events") -> None:
    """The rows in a table such as an ERP system might have."""
    link = psycopg2.connect(url_of(name))
    with link, link.cursor() as cursor:
        cursor.execute(
            f"""CREATE TABLE {table} (id bigint, "order" text, "what's done" text,
            began timestamptz, done timestamptz, who text, region text,
            amount float8)"""
        )
        cursor.execute("SET TimeZone = 'UTC'")
        cursor.executemany(
            f"INSERT INTO {table} VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",  # noqa: S608
            [
                (number, one.case, one.activity, one.start, one.end, one.who,
                 one.region, one.amount)
                for number, one in enumerate(rows)
            ],
        )  # fmt: skip
    link.close()
