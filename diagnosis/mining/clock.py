"""A day in one column and the time of day in another: together they are a moment."""

import re
from collections.abc import Sequence

CLOCK = re.compile(
    r"(?:[01]?\d|2[0-4])[:.h][0-5]\d(?:[:.][0-5]\d(?:[.,]\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?"
)
DIGITS = re.compile(r"(?:[01]?\d|2[0-3])[0-5]\d[0-5]\d")
"""Hours, minutes and seconds without marks; a leading zero may be lost."""
MIDNIGHT = r"[T ]00:00(:00([.,]0+)?)?$"
SHORT = r"^\d{5}$"


def is_clock(values: Sequence[str], named: bool = False) -> bool:
    """Whether nearly all filled values are times of day.

    Bare digits are such only where the column is `named` after the time.
    """
    filled = [value.strip() for value in values if value.strip()]
    shape = [
        CLOCK.fullmatch(one) or (named and DIGITS.fullmatch(one)) for one in filled
    ]
    return len(filled) > 0 and sum(map(bool, shape)) >= 0.95 * len(filled)


def is_day(values: Sequence[str]) -> bool:
    """Whether no filled value has a time of day other than midnight."""
    filled = [value.strip() for value in values if value.strip()]
    return all(":" not in re.sub(MIDNIGHT, "", value) for value in filled)


def joined(day: str, clock: str) -> str:
    """Both as one text, as `joined_sql` makes it."""
    hours = clock.strip()
    hours = f"0{hours}" if re.search(SHORT, hours) else hours
    return f"{re.sub(MIDNIGHT, '', day.strip())} {hours}".strip()


def joined_sql(day: str, clock: str) -> str:
    """SQL for the text of both; a day at midnight loses its own time."""
    bare = f"regexp_replace(trim({day}), '{MIDNIGHT}', '')"
    hours = f"regexp_replace(trim({clock}), '{SHORT}', '0\\0')"
    return f"trim({bare} || ' ' || {hours})"
