"""What the tests of the tabs of a log share: a small log with everything in it."""

from __future__ import annotations

import pytest

from tests.diagnosis.fill import import_now, receive

ROWS = [
    "§Order;§Activity;§Begun;§Done;§Who;§Region;§Cost;§Worth",
    "1;§Receive;2025-11-03 08:00;2025-11-03 09:00;§Ann;north;5.50;1200",
    "1;§Check;2025-11-03 10:00;2025-11-03 11:00;§Bo;north;20;1200",
    "1;§Ship;2025-11-03 12:00;2025-11-03 13:00;§Bo;north;8;1200",
    "2;§Receive;2025-11-05 08:00;2025-11-05 09:00;§Ann;south;5.50;450,50",
    "2;§Check;2025-11-20 08:00;2025-11-20 10:00;§Bo;south;90.25;450,50",
    "2;§Check;2025-11-28 08:00;2025-11-28 10:00;§Cy;south;40;450,50",
    "2;§Ship;2025-12-12 10:00;2025-12-12 11:00;§Bo;south;8;450,50",
    "3/x;§Receive;2025-12-01 08:00;2025-12-01 09:00;§Ann;north;5.50;80",
    "3/x;§Check;2025-12-02 08:00;2025-12-02 09:00;§Ann;north;;80",
    "4;§Receive;2025-12-03 08:00;2025-12-03 09:00;;south;4;",
    "4;§Check;2026-01-15 08:00;2026-01-15 09:00;§Cy;south;33;",
]
MAPPING = {
    "case": "§Order",
    "activity": "§Activity",
    "timestamp": "§Done",
    "start": "§Begun",
    "resource": "§Who",
    "cost": "§Cost",
    "amount": "§Worth",
    "case_attributes": ["§Region"],
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def log(world):
    return import_now(world, receive(world, text="\n".join(ROWS) + "\n"), MAPPING)


@pytest.fixture
def lead(world, sign_in):
    return sign_in(world.lead)


def url(log, more: str = "") -> str:
    return f"/p/o2c/logs/{log.pk}/{more}"


def read(lead, log, more: str, **asked) -> str:
    answer = lead.get(url(log, more), asked)
    assert answer.status_code == 200
    return answer.content.decode()
