"""A page asks the database a fixed number of times, however many rows there are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.addresses import addresses
from tests.growth import grow
from tests.stage import Stage

pytestmark = pytest.mark.django_db

MOST = 12
MOST_OF_PHASES_AND_GATES = 20
TWENTY = ("gate", "phase")
Counts = dict[str, tuple[int, int, list[str]]]


def count(stage: Stage, name: str) -> tuple[int, list[str]]:
    """Queries of the page for the lead, session and user included; -1: no page."""
    with CaptureQueriesContext(
        connection,
    ) as found:
        status = stage.clients["lead"].get(stage.paths[name]).status_code
    queries = [one["sql"] for one in found if "SAVEPOINT" not in one["sql"]]
    return (len(queries) if status == 200 else -1), queries


@pytest.fixture(scope="module")
def counts(stage: Stage) -> Counts:
    names = addresses()
    for name in names:
        stage.clients["lead"].get(stage.paths[name])
    few = {name: count(stage, name)[0] for name in names}
    assert grow(stage.world) > 100
    many = {name: count(stage, name) for name in names}
    return {name: (few[name], *many[name]) for name in names}


class TestEachPage:
    @pytest.mark.parametrize("name", addresses())
    def test_asks_as_often_for_many_rows(self, name: str, counts: Counts) -> None:
        few, many, queries = counts[name]

        assert many == few, repeated(queries)

    @pytest.mark.parametrize("name", addresses())
    def test_stays_below_the_ceiling(self, name: str, counts: Counts) -> None:
        ceiling = MOST_OF_PHASES_AND_GATES if name in TWENTY else MOST
        _few, many, queries = counts[name]

        assert many <= ceiling, "\n".join(sql[:300] for sql in queries)


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
