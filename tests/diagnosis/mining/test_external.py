"""A log in PostgreSQL answers like the same log in files, and only ever reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from diagnosis.mining import cases, contrast, lenses, maps
from diagnosis.mining.external import Postgres, open_external
from diagnosis.mining.external_check import describe, problems, warnings
from diagnosis.mining.external_columns import StoreError
from diagnosis.mining.external_sql import Raw, Target, script
from diagnosis.mining.filters import AttributeFilter, ContainsFilter
from diagnosis.mining.lenses import Log, open_log
from diagnosis.mining.place import Place
from diagnosis.mining.sources import LogError
from diagnosis.mining.store import attributes_of
from tests.diagnosis.mining.every_lens import (
    FILTERS,
    LENSES,
    differences,
    drawn,
    plain,
)
from tests.diagnosis.mining.raw_tables import READER, database, raw_table, run, url_of
from tests.diagnosis.mining.small_logs import store_of

RAW = Raw(
    table="raw_events",
    case="order",
    activity="what's done",
    timestamp="done",
    start="began",
    resource="who",
    cost="cost",
    order="id",
    attributes=("region", "amount"),
)
TARGET = Target(schema="logs", prefix="orders_", role=READER)


@pytest.fixture(scope="module")
def erp() -> Iterator[str]:
    """A database with a raw table and the three tables made from it."""
    with database() as name:
        raw_table(name, drawn())
        run(name, script(RAW, TARGET))
        yield name


def place_in(name: str, user: str = READER) -> Place:
    return Place(url_of(name, user), schema="logs", prefix="orders_")


@pytest.fixture(scope="module")
def postgres(erp: str) -> Iterator[Log]:
    place = place_in(erp)
    with open_external(place, describe(place)) as log:
        yield log


@pytest.fixture(scope="module")
def duck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    """The same rows from a file; a table of a database has no rows of a file."""
    store: Path = store_of(drawn(), tmp_path_factory.mktemp("duck"), costed=True)
    with open_log(store) as log:
        quality = {**log.meta.quality, "files": []}
        yield replace(log, meta=replace(log.meta, quality=quality))


class TestPostgres:
    @pytest.mark.parametrize("name", LENSES)
    def test_gives_what_duckdb_gives(self, duck: Log, postgres: Log, name: str) -> None:
        ask = LENSES[name]

        assert differences(plain(ask(duck)), plain(ask(postgres)))[:5] == []

    @pytest.mark.parametrize("name", FILTERS)
    def test_chooses_the_same_cases(self, duck: Log, postgres: Log, name: str) -> None:
        chosen = [FILTERS[name]]

        one, other = (
            [lenses.overview(log.where(chosen)), maps.process_map(log.where(chosen))]
            for log in (duck, postgres)
        )

        assert differences(plain(one), plain(other))[:5] == []
        assert one[0].cases > 0

    def test_is_described_as_the_import_describes_it(
        self, duck: Log, postgres: Log
    ) -> None:
        names = ("events", "cases", "activities", "variants", "start", "end")

        one, other = (
            {name: getattr(log.meta, name) for name in names}
            for log in (duck, postgres)
        )

        assert one == other

    @pytest.mark.parametrize(
        "name", ["x' OR '1'='1", "back\\", "\\' OR 1=1 --", "%s %(a)s", '"', "🙂"]
    )
    def test_takes_any_text_as_text(self, postgres: Log, name: str) -> None:
        found = postgres.where([ContainsFilter(name)])

        assert lenses.overview(found).cases == 0

    def test_refuses_what_the_database_cannot_hold(self, postgres: Log) -> None:
        with pytest.raises(LogError, match="no log can have"):
            lenses.overview(postgres.where([ContainsFilter("a\x00")]))


OWNER = "meliora"


class TestReadOnly:
    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM logs.orders_copied RETURNING 1",
            "SET TRANSACTION READ WRITE",
            "CREATE TABLE mine (a int)",
        ],
    )
    def test_refuses_even_what_the_account_may(self, erp: str, statement: str) -> None:
        run(erp, "CREATE TABLE IF NOT EXISTS logs.orders_copied AS SELECT 1 AS a")
        backend = Postgres(place_in(erp, OWNER))
        backend.execute("SELECT 1")

        with pytest.raises(StoreError):
            backend.execute(statement)

        backend.disconnect()
        assert run(erp, "SELECT a FROM logs.orders_copied") == [(1,)]

    def test_says_when_the_account_may_do_more(self, erp: str) -> None:
        assert warnings(place_in(erp)) == []
        assert "SELECT alone" in warnings(place_in(erp, OWNER))[0]


class TestProblems:
    @pytest.fixture
    def own(self) -> Iterator[str]:
        """A small store of plain tables that a test may spoil."""
        with database() as name:
            raw_table(name, drawn()[:60])
            run(name, script(RAW, replace(TARGET, as_tables=True)))
            yield name

    def test_has_none_to_tell(self, own: str) -> None:
        assert problems(place_in(own)) == []

    @pytest.mark.parametrize(
        ("spoil", "words"),
        {
            "DROP TABLE logs.orders_variants": "“orders_variants” is not there",
            "DROP SCHEMA logs CASCADE": "“orders_events” is not there",
            "ALTER TABLE logs.orders_events DROP COLUMN nth": "lacks the column “nth”",
            "ALTER TABLE logs.orders_events ALTER ts TYPE timestamptz": (
                "is timestamp with time zone; it has to be timestamp without"
            ),
            "ALTER TABLE logs.orders_cases ALTER duration_s TYPE numeric": (
                "is numeric; it has to be double precision"
            ),
            "REVOKE SELECT ON logs.orders_cases FROM meliora_reader": "may not read",
            "REVOKE USAGE ON SCHEMA logs FROM meliora_reader": "may not read",
            "TRUNCATE logs.orders_events": "is empty",
            "UPDATE logs.orders_events SET activity = NULL WHERE seq = 1": (
                "lack a value in one of case,"
            ),
            "UPDATE logs.orders_events SET next_ts = ts - interval '1 s'": (
                "lie before the one they follow"
            ),
            'UPDATE logs.orders_cases SET "end" = "start" - interval \'1 s\'': (
                "end before they start"
            ),
            "UPDATE logs.orders_events SET ts = '0044-03-15 BC'": "1900 and 2200",
            "UPDATE logs.orders_cases SET \"end\" = 'infinity'": "1900 and 2200",
            "UPDATE logs.orders_events SET wait_s = -1": "cannot be below 0",
            "UPDATE logs.orders_events SET gap_s = NULL": "gap_s has to be empty",
            "UPDATE logs.orders_events SET seq = seq + 1000": "one event with seq 1",
            "DELETE FROM logs.orders_cases WHERE events > 1": "not hold the same cases",
            "UPDATE logs.orders_cases SET variant = 0": "variants lacks",
        }.items(),
    )
    def test_says_what_is_wrong(self, own: str, spoil: str, words: str) -> None:
        run(own, spoil)

        found = problems(place_in(own))

        assert any(words in one for one in found), found
        with pytest.raises(StoreError) as refused:
            describe(place_in(own))
        assert str(refused.value).startswith(found[0])

    def test_says_when_a_view_is_not_filled(self, own: str) -> None:
        run(
            own,
            "ALTER TABLE logs.orders_variants RENAME TO kept",
            "CREATE MATERIALIZED VIEW logs.orders_variants AS "
            "SELECT * FROM logs.kept WITH NO DATA",
            f"GRANT SELECT ON logs.orders_variants TO {READER}",
        )

        with pytest.raises(StoreError, match="not filled yet"):
            problems(place_in(own))


UUID = "0b8f6f0e-5d0e-4a0e-9d5e-1f2a3b4c5d6e"
SECRETS = ("hidden", "who", "nowhere", "127.0.0.1")


class TestAttributes:
    def test_are_further_columns_of_most_types(self) -> None:
        with database() as name:
            raw_table(name, drawn()[:60])
            run(
                name,
                script(RAW, replace(TARGET, as_tables=True)),
                *(
                    f"ALTER TABLE logs.orders_{table} ADD {column} DEFAULT {value}"
                    for table, column, value in (
                        ("events", '"Net sum" numeric(12, 2)', "12.5"),
                        ("events", "urgent boolean", "true"),
                        ("events", "due date", "'2025-01-31'"),
                        ("events", "items smallint", "3"),
                        ("cases", "plant varchar(9)", "'North'"),
                        ("cases", "reference uuid", f"'{UUID}'"),
                        ("cases", "extra jsonb", "'{}'"),
                    )
                ),
            )
            place = place_in(name)

            with open_external(place, describe(place)) as log:
                kinds = {
                    one.name: (one.level, one.kind) for one in attributes_of(log.meta)
                }
                chosen = {
                    attribute: lenses.overview(
                        log.where([AttributeFilter(attribute, (value,))])
                    ).cases
                    for attribute, value in (
                        ("urgent", "true"),
                        ("due", "2025-01-31"),
                        ("plant", "North"),
                        ("reference", UUID),
                    )
                }
                everything = lenses.overview(log).cases
                contrast.contrast(log)
                cases.timeline(log, cases.case_page(log).rows[0].case)

        assert kinds == {
            "region": ("event", "text"),
            "amount": ("event", "number"),
            "Net sum": ("event", "number"),
            "urgent": ("event", "text"),
            "due": ("event", "text"),
            "items": ("event", "number"),
            "plant": ("case", "text"),
            "reference": ("case", "text"),
        }
        assert set(chosen.values()) == {everything}


class TestConnecting:
    @pytest.mark.parametrize(
        ("url", "words"),
        {
            "postgres://who:hidden@/erp?host=/nowhere": "does not answer",
            "postgres://who:hidden@127.0.0.1:1/erp": "does not answer",
            "nonsense hidden": "does not answer|refused",
        }.items(),
    )
    def test_says_that_nobody_answers(
        self, url: str, words: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        place = Place(url)

        with pytest.raises(StoreError, match=words) as refused:
            problems(place)

        for told in (str(refused.value), repr(place), caplog.text):
            assert not [one for one in SECRETS if one in told]
        assert refused.value.__suppress_context__

    def test_says_that_the_account_is_not_let_in(self, erp: str) -> None:
        with pytest.raises(StoreError, match="lets this account in no longer") as no:
            problems(place_in(erp, "somebody_else"))

        assert "somebody_else" not in str(no.value)

    def test_gives_up_after_its_time(self, erp: str) -> None:
        backend = Postgres(replace(place_in(erp), seconds=1))

        with pytest.raises(StoreError, match="needed too long"):
            backend.execute("SELECT pg_sleep(5)")

        backend.disconnect()


class TestScript:
    def test_takes_local_times_and_their_zone(self) -> None:
        with database() as name:
            run(
                name,
                "CREATE TABLE plain (c int, a text, t timestamp)",
                "INSERT INTO plain VALUES (1, 'a', '2025-07-01 12:00')",
                script(
                    Raw("public.plain", "c", "a", "t", zone="Europe/Berlin"), TARGET
                ),
            )

            found = run(name, "SELECT ts::text, position FROM logs.orders_events")

        assert found == [("2025-07-01 10:00:00", 0)]

    def test_leaves_out_rows_that_say_nothing(self) -> None:
        with database() as name:
            run(
                name,
                "CREATE TABLE plain (c text, a text, t timestamptz)",
                "INSERT INTO plain VALUES ('1', 'a', now()), ('1', '', now()), "
                "('', 'a', now()), (NULL, 'a', now()), ('1', 'a', NULL)",
                script(Raw("plain", "c", "a", "t"), TARGET),
            )

            assert problems(place_in(name)) == []
            assert describe(place_in(name)).events == 1

    @pytest.mark.parametrize(
        ("raw", "words"),
        [
            (replace(RAW, attributes=("cost",)), "has the name of a column"),
            (replace(RAW, zone="Mars/Base"), "There is no time zone"),
        ],
    )
    def test_refuses_what_would_not_work(self, raw: Raw, words: str) -> None:
        with pytest.raises(LogError, match=words):
            script(raw, TARGET)
