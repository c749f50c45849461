"""No page of a log is heavier than 60 kB, however large the log."""

from __future__ import annotations

import pytest

from diagnosis.mining.spelling import spell
from diagnosis.services.saved_filters import save_filter
from tests.diagnosis.fill import describe, import_now, receive
from tests.diagnosis.large_log import MAPPING, large_log, name, straight_log

MOST = 60_000
PAGES = [
    "",
    "?level=main",
    "?level=all",
    "?level=all&measure=frequency",
    "?show=table",
    "paths/",
    "cases/",
    "case/?case=§7",
    "times/",
    "times/?by=week",
    "times/?time=work&by=week&day=0123&from=22:00&to=6:00",
    "resources/",
    "workload/",
    "slow-and-fast/",
    "conformance/",
    "quality/",
    "versions/",
    "indicator/",
]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def opened(client, log, more: str) -> str:
    answer = client.get(f"/p/o2c/logs/{log.pk}/{more}")
    assert answer.status_code == 200, more
    return answer.content.decode()


def too_heavy(client, log, pages) -> dict[str, int]:
    sizes = {one: len(opened(client, log, one).encode()) for one in pages}
    return {page: size for page, size in sizes.items() if size > MOST}


class TestLargeLog:
    def test_has_light_pages(self, world, sign_in) -> None:
        process = describe(world)
        given = receive(world, text=large_log(), process=process)
        log = import_now(world, given, MAPPING)
        begun = spell("activity", name(7), True)
        saved = save_filter(
            by=world.lead, log=log, name="§7", filters=[begun], now=world.now
        )
        client = sign_in(world.lead)
        chosen = {
            "f": begun,
            "node": name(8),
        }
        asked = "&".join(f"{key}={value}" for key, value in chosen.items())

        pages = [*PAGES, f"compare/?saved={saved.pk}", f"?{asked}"]
        assert log.is_ready, log.error
        assert not too_heavy(client, log, pages)
        assert "The map shows the most frequent connections" in opened(client, log, "")

    def test_says_where_its_main_path_is_no_picture(self, world, sign_in) -> None:
        given = receive(world, text=straight_log())
        log = import_now(world, given, MAPPING)
        client = sign_in(world.lead)

        assert not too_heavy(client, log, PAGES[:5])
        text = opened(client, log, "")
        assert "too large for a picture" in text
        assert 'aria-label="Map as a table"' in text
