"""A log larger than any page can show: hundreds of activities, paths and resources."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

ACTIVITIES = 320
CASES = 420
MAPPING = {
    "case": "§Case",
    "activity": "§Activity",
    "start": "§Begun",
    "timestamp": "§Done",
    "resource": "§Who",
}


def name(number: int) -> str:
    return f"§Step {number}: ask area {number % 37} for its opinion"


def large_log(seed: int = 4) -> str:
    """CSV of cases that jump between activities, most often to the next of a dozen.

    Each activity follows many others, nobody does more than a little, and the log
    spans twenty years.
    """
    draw = random.Random(seed)
    lines = ["§Case;§Activity;§Begun;§Done;§Who;§Region with a long name;§Amount"]
    for case in range(CASES):
        at = datetime(2003, 1, 1, tzinfo=UTC) + timedelta(days=17 * case)
        here = draw.randrange(ACTIVITIES)
        for _event in range(draw.randint(12, 40)):
            begun = at + timedelta(minutes=draw.randint(0, 90_000))
            at = begun + timedelta(minutes=draw.randint(1, 900))
            lines.append(
                f"§{case};{name(here)};{begun:%Y-%m-%d %H:%M};{at:%Y-%m-%d %H:%M};"
                f"§Department number {draw.randrange(90)};"
                f"§Region {draw.randrange(60)};{draw.randint(1, 999)}"
            )
            near = draw.random() < 0.7 and here % 12 != 11
            here = (here + 1 if near else draw.randrange(ACTIVITIES)) % ACTIVITIES
    return "\n".join(lines) + "\n"


def straight_log() -> str:
    """Three cases that pass all activities in order: a path no picture can hold."""
    lines = ["§Case;§Activity;§Begun;§Done;§Who"]
    for case in range(3):
        at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=case)
        for number in range(ACTIVITIES):
            done = at + timedelta(minutes=7)
            lines.append(
                f"§{case};{name(number)};{at:%Y-%m-%d %H:%M};{done:%Y-%m-%d %H:%M};§A"
            )
            at = done + timedelta(minutes=11)
    return "\n".join(lines) + "\n"
