"""Narrowing an event log in its page, and exporting what is left."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import etree

from diagnosis.mining.analyse import analyse_log
from diagnosis.mining.spelling import spell
from tests.diagnosis.fill import import_now, receive


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def log(world):
    return import_now(world, receive(world))


def url(log, more: str = "") -> str:
    return f"/p/o2c/logs/{log.pk}/{more}"


def texts(answer) -> list[str]:
    return parse_qs(urlsplit(answer["Location"]).query).get("f", [])


class TestNarrowLog:
    @pytest.mark.parametrize(
        ("given", "chip"),
        [
            ({"kind": "activity", "name": "§Check", "keep": "1"}, "with §Check"),
            ({"kind": "activity", "name": "§Check", "keep": "0"}, "without §Check"),
            ({"kind": "duration", "least": "1"}, "1 days or longer"),
            ({"kind": "duration", "below": "9"}, "shorter than 9 days"),
            ({"kind": "duration", "least": "0", "below": "9"}, "0 to 9 days"),
            ({"kind": "follows", "first": "§Check", "then": "§Ship"}, "§Check ⇢ §Ship"),
            ({"kind": "ends", "first": "§Check"}, "begins with §Check"),
            ({"kind": "ends", "last": "§Ship"}, "ends with §Ship"),
            (
                {"kind": "time", "since": "2020-01-01", "mode": "started"},
                "begun in it",
            ),
            ({"kind": "time", "until": "2090-01-01", "mode": "ended"}, "ended in it"),
        ],
    )
    def test_shows_each_filter_as_a_chip(
        self, world, sign_in, log, given, chip
    ) -> None:
        client = sign_in(world.owner)

        answer = client.get(url(log, "filter/"), given)

        text = client.get(answer["Location"]).content.decode()
        assert chip in text
        assert "whole log" in text or "No case passes" in text

    def test_offers_a_range_of_numbers(self, world, sign_in) -> None:
        rows = [f"{n};§Check;2025-01-{n:02d};{n},50" for n in range(10, 28)]
        text = "\n".join(["§Order;§Activity;§Done;§Amount", *rows])
        log = import_now(world, receive(world, text=text))
        client = sign_in(world.owner)
        given = {"kind": "number", "name": "§Amount", "least": "20.5"}

        least = client.get(url(log, "filter/"), given, follow=True)
        both = client.get(url(log, "filter/"), {**given, "most": "21"}, follow=True)
        none = client.get(url(log, "filter/"), {"kind": "number", "name": "§Amount"})

        assert "§Amount ≥ 20.5" in least.content.decode()
        assert [one.label for one in both.context["chips"]] == ["20.5 ≤ §Amount ≤ 21"]
        assert texts(none) == []

    def test_composes_filters_and_removes_one(self, world, sign_in, log) -> None:
        client = sign_in(world.owner)
        first = spell("activity", "§Check", True)

        answer = client.get(
            url(log, "filter/"), {"f": first, "kind": "duration", "least": "0"}
        )

        page = client.get(answer["Location"])
        assert texts(answer) == [first, spell("duration", 0.0, None)]
        assert len(page.context["chips"]) == 2
        left = client.get(url(log) + page.context["chips"][0].href)
        assert [one.label for one in left.context["chips"]] == ["0 days or longer"]

    def test_keeps_the_filters_in_the_switches(self, world, sign_in, log) -> None:
        client = sign_in(world.owner)
        text = spell("variant", 1, True)

        page = client.get(url(log), {"f": [text, spell("variant", 99, False)]})

        labels = [one.label for one in page.context["chips"]]
        assert labels == ["path 1", "not path 99"]
        assert all("f=" in one["href"] for one in page.context["levels"])

    @pytest.mark.parametrize(
        "given",
        [
            {"kind": "duration"},
            {"kind": "time", "mode": "started"},
            {"kind": "ends"},
            {"kind": "activity", "name": "§Unknown"},
        ],
    )
    def test_says_what_is_missing(self, world, sign_in, log, given) -> None:
        answer = sign_in(world.owner).get(url(log, "filter/"), given, follow=True)

        assert list(answer.context["messages"])
        assert not answer.context["chips"]

    def test_knows_no_other_kind(self, world, sign_in, log) -> None:
        answer = sign_in(world.owner).get(url(log, "filter/?kind=x"))

        assert answer["Location"] == url(log, "?")

    def test_asks_for_a_log_that_is_ready(self, world, sign_in) -> None:
        waiting = receive(world)

        answer = sign_in(world.owner).get(url(waiting, "filter/?kind=time"))

        assert answer.status_code == 404

    def test_shows_the_whole_log_for_an_unknown_attribute(
        self, world, sign_in, log
    ) -> None:
        text = spell("attribute", "§none", "x", True)

        answer = sign_in(world.owner).get(url(log), {"f": text})

        assert not answer.context["chips"]
        assert "no attribute" in answer.content.decode()

    def test_says_that_nothing_is_left(self, world, sign_in, log) -> None:
        text = spell("duration", 9999, None)

        answer = sign_in(world.owner).get(url(log), {"f": text})

        assert "No case passes all filters" in answer.content.decode()


class TestExportEvents:
    def test_gives_the_chosen_events_as_csv(self, world, sign_in, log, tmp_path):
        client = sign_in(world.owner)
        text = spell("variant", 1, True)

        answer = client.get(url(log, "events.csv"), {"f": text})

        file = tmp_path / "out.csv"
        file.write_bytes(b"".join(answer.streaming_content))
        found = analyse_log(file)
        assert "attachment" in answer["Content-Disposition"]
        assert found["variants"] == 1
        assert found["cases"] == found["variant_counts"][0] > 0

    def test_gives_the_same_log_as_xes(self, world, sign_in, log, tmp_path):
        answer = sign_in(world.owner).get(url(log, "events.xes"))

        file = tmp_path / "out.xes"
        file.write_bytes(b"".join(answer.streaming_content))
        assert etree.parse(file).getroot().tag.endswith("log")
        found = analyse_log(file)
        assert (found["cases"], found["events"]) == (log.cases, log.events)

    def test_goes_back_for_an_unknown_attribute(self, world, sign_in, log) -> None:
        text = spell("attribute", "§none", "x", True)

        answer = sign_in(world.owner).get(url(log, "events.csv"), {"f": text})

        assert answer["Location"] == url(log)

    def test_gives_an_empty_log_when_nothing_is_left(self, world, sign_in, log) -> None:
        text = spell("duration", 9999, None)

        answer = sign_in(world.owner).get(url(log, "events.xes"), {"f": text})

        assert b"".join(answer.streaming_content).endswith(b"</log>\n")
