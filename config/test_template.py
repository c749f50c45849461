"""The database with all tables that the databases of the tests are copied from.

Making them takes seconds, and every worker of every run would do it again. The copy
is named after what it was made from, so that it is never out of date.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg2

from config.services import ServiceError, guard

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "meliora_template_"


def made_template(home: Path) -> str:
    """Name of the database with all tables at `home`, made if it is missing.

    :raises ServiceError: the tables cannot be made; the last words are told.
    """
    name = PREFIX + digest()
    with guard(home):
        known = databases()
        if name not in known:
            for old in known:
                if old.startswith(PREFIX):
                    run(f"DROP DATABASE {old} WITH (FORCE)")
            unready = f"{name}_unready"
            run(f"CREATE DATABASE {unready}")
            make_tables(unready)
            run(f"ALTER DATABASE {unready} RENAME TO {name}")
    return name


def digest() -> str:
    """Of everything that says what the tables look like: migrations, and libraries."""
    found = hashlib.sha256()
    files = [
        *ROOT.glob("*/migrations/*.py"),
        ROOT / "config" / "newborn.py",
        ROOT / "requirements.lock",
    ]
    for path in sorted(files):
        found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:12]


def make_tables(database: str) -> None:
    given = os.environ["DATABASE_URL"].replace("/meliora?", f"/{database}?")
    done = subprocess.run(
        [sys.executable, "manage.py", "--no-bootstrap", "bring_up_to_date"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": given},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ServiceError("The tables cannot be made: " + done.stderr[-1000:].strip())


def databases() -> list[str]:
    return [name for (name,) in run("SELECT datname FROM pg_database")]


def run(sql: str) -> list[Any]:
    """The rows of a statement on the server of DATABASE_URL."""
    maintenance = os.environ["DATABASE_URL"].replace("/meliora?", "/postgres?")
    connection = psycopg2.connect(maintenance)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
