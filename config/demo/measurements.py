"""Series of measurements for the demo: the same numbers every time, back-dated."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta

from config.demo.cast import Cast, at
from programmes.models import Indicator, Programme
from programmes.services.measurements import record_measurements


def chance(*words: object) -> float:
    """A number from -1 to 1 that depends on the words alone."""
    text = "/".join(map(str, words))
    drawn = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
    return drawn / 2**31 - 1


def record_series(
    cast: Cast,
    programme: Programme,
    indicator: Indicator,
    *,
    first: date,
    last: date,
    every_days: int = 7,
    level: float,
    shift_on: date | None = None,
    level_after: float | None = None,
    spread: float = 0,
    places: int = 2,
    special: Mapping[date, float] | None = None,
) -> int:
    """Values around a level, with one shift, as the interface delivers them.

    :param special: days with a value of their own, for signals.
    """
    days = []
    day = first
    while day <= last:
        days.append(day)
        day += timedelta(days=every_days)
    rows = []
    for one in days:
        shifted = shift_on is not None and one >= shift_on
        middle = level_after if shifted and level_after is not None else level
        noise = chance(programme.code, indicator.code, one.isoformat())
        value = (special or {}).get(one, middle + spread * noise)
        rows.append(
            {
                "series": indicator.code,
                "at": one.isoformat(),
                "value": f"{value:.{places}f}",
            }
        )
    if not rows:
        return 0
    result = record_measurements(
        by=cast.account("lead"),
        programme=programme,
        rows=rows,
        source="api",
        now=at(last, 18),
    )
    return result.accepted
