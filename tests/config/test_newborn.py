"""The tables made at once are those that the migrations make one after the other."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper

ROOT = Path(__file__).resolve().parents[2]

COLUMNS = """
    SELECT table_name, column_name, data_type, character_maximum_length,
           numeric_precision, numeric_scale, is_nullable, column_default,
           is_identity, identity_generation, collation_name
    FROM information_schema.columns WHERE table_schema = 'public'
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), condeferrable
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""
INDEXES = """
    SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""
TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal
"""
FUNCTIONS = """
    SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
APPLIED = "SELECT app, name FROM django_migrations"
KINDS = "SELECT app_label, model FROM django_content_type"
RIGHTS = "SELECT codename FROM auth_permission"

Cursor = CursorWrapper | psycopg2.extensions.cursor


@contextmanager
def empty_database(name: str) -> Iterator[str]:
    """The address of a database without tables, which is gone afterwards."""
    url = os.environ["DATABASE_URL"]
    own = f"{os.environ['MELIORA_TEST_TEMPLATE']}_{os.getpid()}_{name}"
    maintenance = psycopg2.connect(url.replace("/meliora?", "/postgres?"))
    maintenance.autocommit = True
    with maintenance.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {own}")
        try:
            yield url.replace("/meliora?", f"/{own}?")
        finally:
            cursor.execute(f"DROP DATABASE {own} WITH (FORCE)")
            maintenance.close()


def manage(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def migrated(django_db_setup: None) -> Iterator[Cursor]:
    """A database that went through every migration."""
    with empty_database("migrated") as url:
        done = manage(url, "manage.py", "--no-bootstrap", "migrate", "-v", "0")
        assert done.returncode == 0, done.stderr
        opened = psycopg2.connect(url)
        with opened.cursor() as cursor:
            yield cursor
        opened.close()


def rows(cursor: Cursor, sql: str) -> list[str]:
    cursor.execute(sql)
    return sorted(str(one) for one in cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(COLUMNS, id="columns"),
        pytest.param(CONSTRAINTS, id="constraints"),
        pytest.param(INDEXES, id="indexes"),
        pytest.param(TRIGGERS, id="triggers"),
        pytest.param(FUNCTIONS, id="functions"),
        pytest.param(APPLIED, id="applied"),
        pytest.param(KINDS, id="content types"),
        pytest.param(RIGHTS, id="permissions"),
    ],
)
def test_same_as_migrated(migrated: Cursor, sql: str) -> None:
    with connection.cursor() as cursor:
        made = rows(cursor, sql)
    assert made
    assert made == rows(migrated, sql)


KILLED = """
import os, signal
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from django.db.migrations.recorder import MigrationRecorder
from config.newborn import bring_up_to_date
MigrationRecorder.record_applied = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
bring_up_to_date()
"""


def test_killed_in_the_middle_leaves_an_empty_database(django_db_setup: None) -> None:
    with empty_database("killed") as url:
        killed = manage(url, "-c", KILLED)
        opened = psycopg2.connect(url)
        with opened.cursor() as cursor:
            left = rows(cursor, COLUMNS)
            opened.rollback()
            again = manage(url, "manage.py", "--no-bootstrap", "bring_up_to_date")
            made = rows(cursor, APPLIED)
        opened.close()

    assert killed.returncode == -9
    assert left == []
    assert (again.returncode, bool(made)) == (0, True), again.stderr
