"""Two filled worlds side by side, kept from module to module and rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.test import Client

from programmes.models import Enterprise, Programme
from tests.addresses import addresses, parameters, path_of
from tests.rows import fill_all
from tests.world import World, build_world

ACTORS = (
    "admin",
    "auditor",
    "lead",
    "sponsor",
    "gatekeeper",
    "controller",
    "owner",
    "member",
    "champion",
    "viewer",
    "outsider",
    "stranger",
    "anonymous",
)
GIVEN = {"code", "number", "key", "step"}
CHANGES = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del
    FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""


@dataclass
class Stage:
    """The world of the tests, the same of another enterprise, and who may enter."""

    world: World
    far: World
    clients: dict[str, Client] = field(default_factory=dict)
    callers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.sign_in()

    def sign_in(self) -> None:
        """Everybody with a browser of their own, without messages from before."""
        for actor in ACTORS:
            client = self.clients[actor] = Client(raise_request_exception=False)
            if actor != "anonymous":
                client.force_login(getattr(self.world, actor))

    @cached_property
    def paths(self) -> dict[str, str]:
        """Name of an address -> where it stands in the world."""
        return {name: path_of(name, self.world) for name in addresses()}

    def foreign_path(self, name: str) -> str:
        """The address in our programme, with keys of rows of the other enterprise."""
        path = path_of(name, self.far)
        return path.replace(
            f"/p/{self.far.programme.code}/", f"/p/{self.world.programme.code}/"
        )

    def ask(self, actor: str, path: str, method: str = "GET", data: Any = None) -> Any:
        """One request whose effects are rolled back, each from its own machine."""
        client = self.clients[actor]
        caller = {"REMOTE_ADDR": f"2001:db8::{next(self.callers):x}"}
        with rolled_back():
            if method == "GET":
                return client.get(path, **caller)
            return client.post(path, data or {}, **caller)


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def staged() -> Iterator[Stage]:
    with rolled_back():
        # The world that other tests have written stands aside meanwhile.
        for before in Enterprise.objects.all():
            Enterprise.objects.filter(pk=before.pk).update(name=f"{before.name} before")
        for old in Programme.objects.all():
            Programme.objects.filter(pk=old.pk).update(code=f"old-{old.code}")
        far = build_world()
        fill_all(far)
        for kind in (far.enterprise, far.elsewhere):
            Enterprise.objects.filter(pk=kind.pk).update(name=f"{kind.name} afar")
        for one in (far.programme, far.other_programme):
            code = f"far-{one.code}"
            Programme.objects.filter(pk=one.pk).update(code=code)
            one.code = code
        world = build_world()
        fill_all(world)
        # Django asks at the end of each test: for all rows of the stage, unless now.
        connection.check_constraints()
        yield Stage(world, far)


class Keeper:
    """Holds the stage while the modules of a run ask for it: building it takes long.

    What a test changes on it is rolled back with the test; what a module changes, the
    module rolls back.
    """

    def __init__(self, database: Any) -> None:
        self.database = database
        self.stack = ExitStack()
        self.stage: Stage | None = None

    def give(self) -> Stage:
        if self.stage is None:
            self.stack.enter_context(self.database.unblock())
            self.stage = self.stack.enter_context(staged())
        else:
            self.stage.sign_in()
        return self.stage

    def clear(self) -> None:
        """Roll the stage back: somebody else needs the tables."""
        self.stage = None
        self.stack.close()


def changes() -> dict[str, int]:
    """Rows written in this transaction so far, by table (savepoints included)."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGES)
        return dict(cursor.fetchall())


def has_key(name: str) -> bool:
    """Does the address name a row?"""
    return bool(set(parameters(name)) - GIVEN)


def is_of_programme(name: str) -> bool:
    return "code" in parameters(name)
