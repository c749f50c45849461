"""Fixtures of all tests. Those below tests/maths use none of them."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser

    from tests.stage import Keeper, Stage
    from tests.world import World

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that commit empty all tables; the ledger refuses that everywhere else."""
    from django.db import connection

    sql = "ALTER TABLE programmes_ledgerentry DISABLE TRIGGER ledger_is_not_emptied"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(sql)


WRITE_WORLD = pytest.StashKey[Callable[[], None]]()
EMPTIED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def world_rows(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> None:
    """The world is written once; each test works on it and rolls back."""
    from programmes import jobs
    from programmes.models import Job
    from tests.world import build_world

    def write() -> None:
        bell, jobs._bell[:] = list(jobs._bell), []
        with django_db_blocker.unblock():
            build_world()
            Job.objects.all().delete()
        jobs._bell[:] = bell

    write()
    request.config.stash[WRITE_WORLD] = write


@pytest.fixture
def world(world_rows: None, db: None) -> World:
    """The small enterprise with its cast (tests/world.py)."""
    from tests.world import build_world, load_world

    # A test that commits (transaction=True) empties the tables after itself.
    return load_world() or build_world()


STAGE = pytest.StashKey["Keeper"]()
ON_STAGE = pytest.StashKey[set[Path]]()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Thousands of tests stay until the end: nothing of them is looked at again.

    Python would walk through all of them each time that it looks for garbage.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()


# Few tests that take minutes: begun last, one worker would wait for the other.
LONG = ("faults", "journeys", "test_demo.py", "test_newborn.py", "browser")


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Long files first, those that share the stage next, then the many small ones."""
    on_stage = config.stash[ON_STAGE] = {
        item.path for item in items if "stage" in getattr(item, "fixturenames", ())
    }
    sizes = Counter(item.path for item in items)

    def rank(item: pytest.Item) -> tuple[bool, bool, int, str]:
        is_long = bool({*LONG} & {*item.path.parts})
        of_stage = item.path in on_stage
        return not is_long, not of_stage, -sizes[item.path], str(item.path)

    items.sort(key=rank)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A module without it has the stage cleared; an emptied world is written again."""
    keeper = item.config.stash.get(STAGE, None)
    if keeper and item.path not in item.config.stash[ON_STAGE] and has_rows(item):
        keeper.clear()
    if commits(item):
        item.config.stash[EMPTIED] = True
    elif "world" in getattr(item, "fixturenames", ()):
        write = item.config.stash.get(WRITE_WORLD, None)
        if write and item.config.stash.get(EMPTIED, False):
            write()
        item.config.stash[EMPTIED] = False


def commits(item: pytest.Item) -> bool:
    """Does the test commit, so that the tables are emptied after it?"""
    mark = item.get_closest_marker("django_db")
    used = {"transactional_db", "live_server", "site"}
    is_marked = mark is not None and bool(mark.kwargs.get("transaction"))
    return is_marked or bool(used & set(getattr(item, "fixturenames", ())))


def has_rows(item: pytest.Item) -> bool:
    """Does the test work on the database?"""
    named = {"db", "transactional_db", "world", "site"}
    used = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(named & used)


@pytest.fixture(scope="session")
def stage_keeper(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Keeper]:
    from tests.stage import Keeper

    keeper = request.config.stash[STAGE] = Keeper(django_db_blocker)
    yield keeper
    keeper.clear()


@pytest.fixture(scope="module")
def stage(stage_keeper: Keeper) -> Stage:
    """Two filled worlds (tests/stage.py)."""
    return stage_keeper.give()


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


@pytest.fixture
def within_a_minute() -> Iterator[None]:
    """Callers of public pages are counted by the minute, which does not end here."""
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    with mock.patch("programmes.kit.callers.timezone.now", return_value=now):
        yield


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
    from django.db import connections
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
        # Beside Playwright's loop this thread has a connection of its own, and nobody
        # drops a database that somebody is connected to.
        connections.close_all()
