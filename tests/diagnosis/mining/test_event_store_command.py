"""Connections as the operator names them, and the command that lists and checks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config.management.commands.event_store import Command
from diagnosis.mining.external_sql import Raw, Target, script
from diagnosis.mining.place import Connection, Place, read_connections
from tests.diagnosis.mining.every_lens import drawn
from tests.diagnosis.mining.raw_tables import READER, database, raw_table, run, url_of

ERP = {"url": "postgresql://reader:hidden@db/erp", "enterprise": "Aldermoor"}


class TestReadConnections:
    def test_takes_what_is_needed_and_has_defaults(self) -> None:
        found = read_connections(json.dumps({"erp": ERP}))

        assert found == {
            "erp": Connection("erp", "erp", "Aldermoor", Place(ERP["url"]))
        }
        assert "hidden" not in repr(found)

    def test_takes_everything(self) -> None:
        more = {
            "label": "Orders",
            "schema": "logs",
            "prefix": "o_",
            "timezone": "Europe/Berlin",
            "seconds": 60,
        }

        found = read_connections(json.dumps({"erp": {**ERP, **more}}))["erp"]

        assert (found.label, found.place.name("cases")) == ("Orders", "o_cases")
        assert (found.place.schema, found.place.seconds) == ("logs", 60)
        assert found.place.timezone == "Europe/Berlin"

    @pytest.mark.parametrize("text", ["", " \n", "{}"])
    def test_takes_none(self, text: str) -> None:
        assert read_connections(text) == {}

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ("{hidden", "no JSON"),
            ([ERP], "JSON object"),
            ({"My ERP": ERP}, "a-z, 0-9"),
            ({"erp": "hidden"}, "has to be an object"),
            ({"erp": {**ERP, "password": "hidden"}}, "and nothing else"),
            ({"erp": {"url": "postgresql://hidden"}}, "lacks its enterprise"),
            ({"erp": {"enterprise": "hidden"}}, "lacks its url"),
            ({"erp": {**ERP, "url": "mysql://hidden"}}, "begin with postgresql://"),
            ({"erp": {**ERP, "schema": ""}}, "schema of “erp”"),
            ({"erp": {**ERP, "prefix": "hidden" * 20}}, "prefix of “erp”"),
            ({"erp": {**ERP, "timezone": "hidden"}}, "timezone of “erp”"),
            ({"erp": {**ERP, "seconds": "hidden"}}, "seconds of “erp”"),
            ({"erp": {**ERP, "seconds": True}}, "seconds of “erp”"),
            ({"erp": {**ERP, "seconds": 0}}, "seconds of “erp”"),
        ],
    )
    def test_refuses_without_repeating_a_value(self, given: Any, words: str) -> None:
        text = given if isinstance(given, str) else json.dumps(given)

        with pytest.raises(ValueError, match=words) as refused:
            read_connections(text)

        assert "hidden" not in str(refused.value)


def told(*arguments: str) -> tuple[str, int]:
    """What the command prints, and its exit code."""
    out = StringIO()
    try:
        call_command(Command(), *arguments, stdout=out)
    except SystemExit as stopped:
        return out.getvalue(), int(str(stopped.code))
    return out.getvalue(), 0


class TestEventStore:
    @pytest.fixture
    def erp(self, settings: Any) -> Iterator[str]:
        """A store in a database, named in the settings."""
        with database() as name:
            raw_table(name, drawn()[:40])
            raw = Raw("raw_events", "order", "what's done", "done", order="id")
            run(name, script(raw, Target("logs", "o_", READER)))
            place = Place(url_of(name, READER), "logs", "o_")
            settings.EVENT_STORES = {
                "erp": Connection("erp", "Orders", "Aldermoor", place)
            }
            yield name

    def test_lists_without_addresses(self, erp: str) -> None:
        said, code = told()

        assert said == (
            "erp: Orders, for Aldermoor, tables logs.o_events, …cases, …variants\n"
        )
        assert code == 0
        assert told("erp") == (said, 0)

    def test_says_that_there_is_none(self, settings: Any) -> None:
        settings.EVENT_STORES = {}

        assert told() == ("MELIORA_EVENT_STORES names no connection.\n", 0)

    def test_checks_one(self, erp: str) -> None:
        said, code = told("erp", "--check")

        assert "In order: " in said
        assert "40 events, 4 activities" in said
        assert "Note:" not in said
        assert code == 0

    def test_tells_what_is_missing(self, erp: str) -> None:
        run(erp, "DROP MATERIALIZED VIEW logs.o_cases")

        said, code = told("erp", "--check")

        assert "- The table “o_cases” is not there" in said
        assert code == 1

    def test_tells_that_nobody_answers(self, settings: Any) -> None:
        place = Place("postgresql://hidden@/x?host=/nowhere")
        settings.EVENT_STORES = {"erp": Connection("erp", "Orders", "A", place)}

        said, code = told("erp", "--check")

        assert "does not answer" in said
        assert "hidden" not in said
        assert code == 1

    def test_prints_the_sql_for_the_place(self, erp: str) -> None:
        named = ("--case", "c", "--activity", "a", "--timestamp", "t")
        more = ("--start", "s", "--attribute", "x", "--attribute", "y", "--role", "me")

        said, code = told("erp", "--sql", "raw", *named, *more)

        raw = Raw("raw", "c", "a", "t", start="s", attributes=("x", "y"))
        assert said == script(raw, Target("logs", "o_", "me"))
        assert code == 0

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("nobody",), "names no “nobody”"),
            (("--sql", "raw", "--case", "c"), "needs --activity, --timestamp too"),
            (
                ("--sql", "raw", "--case", "c", "--activity", "a", "--timestamp", "t",
                 "--attribute", "ts"),
                "name of a column",
            ),
        ],
    )  # fmt: skip
    def test_refuses_what_it_cannot_do(
        self, arguments: tuple[str, ...], words: str
    ) -> None:
        with pytest.raises(CommandError, match=words) as refused:
            told(*arguments)

        assert refused.value.returncode == 2
