"""The tables made at once are those that the migrations make one after the other."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
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


@pytest.fixture(scope="module")
def migrated(django_db_setup: None) -> Iterator[Cursor]:
    """A database that went through every migration."""
    name = f"{os.environ['MELIORA_TEST_TEMPLATE']}_{os.getpid()}_migrated"
    url = os.environ["DATABASE_URL"]
    maintenance = psycopg2.connect(url.replace("/meliora?", "/postgres?"))
    maintenance.autocommit = True
    with maintenance.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        given = url.replace("/meliora?", f"/{name}?")
        done = subprocess.run(
            [sys.executable, "manage.py", "--no-bootstrap", "migrate", "-v", "0"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": given},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        opened = psycopg2.connect(given)
        with opened.cursor() as cursor:
            yield cursor
        opened.close()
    finally:
        with maintenance.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        maintenance.close()


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
