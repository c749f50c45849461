"""Each address, opened by the lead: it answers, changes nothing, and asks seldom.

Every address is opened three times, and all tests read what was found then: first with
cold caches, again with warm ones, and once more with ten times the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection, reset_queries
from django.http import HttpHeaders
from django.test.utils import CaptureQueriesContext

from tests.addresses import addresses
from tests.growth import grow
from tests.headers import complaints
from tests.stage import Stage, changes, rolled_back

# The database of the tests is made for tests that ask for it by this mark.
pytestmark = pytest.mark.django_db

MOST = 12
MOST_OF_PHASES_AND_GATES = 20
TWENTY = ("gate", "phase")
LEDGER = "programmes_ledgerentry"


@dataclass
class Visit:
    """What the lead met: the answer, rows written by table, queries asked.

    Session and user are among the queries; -1 queries: it was no page.
    """

    status: int
    headers: HttpHeaders
    written: dict[str, int]
    queries: list[str]

    @property
    def asked(self) -> int:
        return len(self.queries) if self.status == 200 else -1


@dataclass
class Visits:
    cold: Visit
    few: Visit
    many: Visit


def visit(stage: Stage, name: str) -> Visit:
    before = changes()
    reset_queries()  # the log of the connection keeps some thousands only
    with CaptureQueriesContext(connection) as found:
        answer = stage.clients["lead"].get(stage.paths[name])
    written = {
        table: n - before.get(table, 0)
        for table, n in changes().items()
        if n != before.get(table, 0)
    }
    queries = [one["sql"] for one in found if "SAVEPOINT" not in one["sql"]]
    return Visit(answer.status_code, answer.headers, written, queries)


@pytest.fixture(scope="module")
def visits(stage: Stage) -> Iterator[dict[str, Visits]]:
    names = addresses()
    with rolled_back():
        cold = {name: visit(stage, name) for name in names}
        few = {name: visit(stage, name) for name in names}
        assert grow(stage.world) > 100
        many = {name: visit(stage, name) for name in names}
        yield {name: Visits(cold[name], few[name], many[name]) for name in names}


class TestEachPage:
    @pytest.mark.parametrize("name", addresses())
    def test_opens_for_the_lead(self, name: str, visits: dict[str, Visits]) -> None:
        assert visits[name].cold.status in (200, 302, 403, 405)

    @pytest.mark.parametrize("name", addresses())
    def test_has_the_headers(self, name: str, visits: dict[str, Visits]) -> None:
        assert not complaints(visits[name].cold.headers)

    @pytest.mark.parametrize("name", addresses())
    def test_changes_nothing(self, name: str, visits: dict[str, Visits]) -> None:
        # The first export of a day is entered in the ledger.
        told = {LEDGER} if name.endswith("-export") else set()

        assert set(visits[name].cold.written) <= told

    @pytest.mark.parametrize("name", addresses())
    def test_asks_as_often_for_many_rows(
        self, name: str, visits: dict[str, Visits]
    ) -> None:
        found = visits[name]

        assert found.many.asked == found.few.asked, repeated(found.many.queries)

    @pytest.mark.parametrize("name", addresses())
    def test_stays_below_the_ceiling(
        self, name: str, visits: dict[str, Visits]
    ) -> None:
        ceiling = MOST_OF_PHASES_AND_GATES if name in TWENTY else MOST
        many = visits[name].many

        assert many.asked <= ceiling, "\n".join(sql[:300] for sql in many.queries)


@pytest.mark.django_db
class TestEachGate:
    """Every gate and phase has a page of its own; the list above opens the first."""

    @pytest.mark.parametrize("kind", ["gates", "phases"])
    @pytest.mark.parametrize("number", range(1, 9))
    def test_stays_below_the_ceiling(
        self, kind: str, number: int, stage: Stage
    ) -> None:
        client = stage.clients["lead"]
        path = f"/p/{stage.world.programme.code}/{kind}/{number}/"
        client.get(path)

        with CaptureQueriesContext(connection) as found:
            client.get(path)

        asked = "\n".join(one["sql"][:200] for one in found)
        assert len(found) <= MOST_OF_PHASES_AND_GATES, asked


def repeated(queries: list[str]) -> str:
    """The queries that look alike, most often first."""
    shapes: dict[str, int] = {}
    for sql in queries:
        shape = sql[:160]
        shapes[shape] = shapes.get(shape, 0) + 1
    often = sorted(shapes.items(), key=lambda one: -one[1])[:3]
    return "\n".join(f"{n} x {shape}" for shape, n in often)
