"""Activities and connections of the process map, each with its figures."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from diagnosis.mining.spelling import spell
from tests.diagnosis.fill import import_now, receive
from tests.diagnosis.test_step_times import LOG, MAPPING


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def log(world):
    return import_now(world, receive(world, text=LOG), MAPPING)


def page(client, log, **query: str) -> str:
    answer = client.get(f"/p/o2c/logs/{log.pk}/?{urlencode(query)}")
    assert answer.status_code == 200
    return answer.content.decode()


class TestDetail:
    def test_of_an_activity_has_its_figures_and_neighbours(
        self, world, sign_in, log
    ) -> None:
        text = page(sign_in(world.lead), log, node="§Check")

        assert 'id="detail"' in text
        assert "Work, nine in ten within" in text
        assert "Comes from" in text
        assert "Goes on to" in text
        assert "measure=activity_share" in text

    def test_of_a_connection_says_the_whole_time(self, world, sign_in, log) -> None:
        given = {"from": "§Receive", "to": "§Check"}

        text = page(sign_in(world.lead), log, **given)

        assert "<h3" in text
        assert "§Receive → §Check" in text
        assert "Share of all time between activities" in text
        assert "measure=edge_wait_hours" in text

    def test_is_absent_for_what_is_not_there(self, world, sign_in, log) -> None:
        client = sign_in(world.lead)

        assert 'id="detail"' not in page(client, log)
        assert 'id="detail"' not in page(client, log, node="§None")
        assert 'id="detail"' not in page(client, log, **{"from": "§Check", "to": ""})

    def test_is_reached_from_the_picture_and_the_table(
        self, world, sign_in, log
    ) -> None:
        text = page(sign_in(world.lead), log, f=spell("activity", "§Ship", True))

        drawn = text[text.index("<svg xmlns") :]
        drawn = drawn[: drawn.index("</svg>")]
        assert '<a href="?' in drawn
        assert "?e=" in drawn
        assert "e=0" in drawn
        there = drawn[drawn.index("?e=0") :].split('"')[0].replace("&amp;", "&")
        found = sign_in(world.lead).get(f"/p/o2c/logs/{log.pk}/{there}")
        assert 'id="detail"' in found.content.decode()
        assert 'role="group"' in text
        assert text.count("#detail") > drawn.count("#detail")

    def test_leaves_the_picture_light_under_long_filters(
        self, world, sign_in, log
    ) -> None:
        client = sign_in(world.lead)
        names = ["§Receive", "§Check", "§" + "x" * 200, "§" + "y" * 200]

        answer = client.get(
            f"/p/o2c/logs/{log.pk}/",
            {"f": [spell("activity", one, "x" not in one and "y" not in one)
                   for one in names]},
        )  # fmt: skip

        text = answer.content.decode()
        assert 'role="img"' in text
        assert "#detail" in text
