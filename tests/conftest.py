"""Fixtures of all tests. Those below tests/maths use none of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser

    from tests.stage import Stage
    from tests.world import World

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that commit empty all tables; the ledger refuses that everywhere else."""
    from django.db import connection

    sql = "ALTER TABLE programmes_ledgerentry DISABLE TRIGGER ledger_is_not_emptied"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture(scope="session")
def world_rows(django_db_setup: None, django_db_blocker: Any) -> None:
    """The world is written once; each test works on it and rolls back."""
    from programmes import jobs
    from programmes.models import Job
    from tests.world import build_world

    bell, jobs._bell[:] = list(jobs._bell), []
    with django_db_blocker.unblock():
        build_world()
        Job.objects.all().delete()
    jobs._bell[:] = bell


@pytest.fixture
def world(world_rows: None, db: None) -> World:
    """The small enterprise with its cast (tests/world.py)."""
    from tests.world import build_world, load_world

    # A test that commits (transaction=True) empties the tables after itself.
    return load_world() or build_world()


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Two filled worlds for a whole module (tests/stage.py), rolled back at its end."""
    from tests.stage import staged

    with django_db_blocker.unblock(), staged() as found:
        yield found


@pytest.fixture
def sign_in(client: Client) -> Callable[..., Client]:
    """sign_in(account) -> a test client of that person."""
    from django.test import Client

    def enter(account: object) -> Client:
        fresh = Client()
        fresh.force_login(account)  # type: ignore[arg-type]
        return fresh

    return enter


@pytest.fixture(autouse=True)
def jobs_at_once(request: pytest.FixtureRequest) -> Iterator[None]:
    """Jobs run at once and inline, unless a test is marked for real workers."""
    if "tests/maths" in str(request.node.path):
        yield
        return
    from programmes import jobs

    before = list(jobs._bell)
    jobs.on_ring(jobs.run)
    yield
    jobs._bell[:] = before


@pytest.fixture
def commit(django_capture_on_commit_callbacks):  # type: ignore[no-untyped-def]
    """`with commit(): ...` runs what the block announced, as a commit would."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared real inputs; tests that need it skip without it."""
    root = Path(__file__).resolve().parents[1]
    folder = Path(os.environ.get("MELIORA_SHARED", root / ".." / "shared")).resolve()
    if not (folder / "data").is_dir():
        pytest.skip("the shared data is not here (MELIORA_SHARED)")
    return folder


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """The one browser of a run: the machine's Chromium, or the one npm brought."""
    from django.conf import settings
    from playwright.sync_api import sync_playwright

    from config.browser import chromium, launch_arguments, launch_environment

    path = chromium(settings.NPM)
    if path is None:
        pytest.fail("No Chromium on PATH; where npm has none, add -m 'not browser'.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=launch_arguments(),
            env=launch_environment(path),
        )
        yield browser
        browser.close()
