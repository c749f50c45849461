"""Refuse a bad input by the name of its field, before anything is computed.

Every message reads ``field: what to give instead``, fit for the person who typed it.
"""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import NoReturn

LARGEST = 1e100
SMALLEST = 1e-100
LONGEST = 10_000
LONGEST_TEXT = 500

Number = int | float | Decimal
Amount = int | float | Decimal | str


def refuse(field: str, text: str) -> NoReturn:
    """Raise the one kind of error that invalid input leads to."""
    raise ValueError(f"{field}: {text}.")


def number(
    value: object,
    field: str,
    *,
    least: float | None = None,
    most: float | None = None,
    above: float | None = None,
    below: float | None = None,
) -> float:
    """Return a finite double inside the bounds; ``least`` and ``most`` are allowed.

    Sizes beyond 1e100 are refused and those below 1e-100 count as 0, so that quotients
    and products of inputs stay finite.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        refuse(field, "give a number")
    try:
        result = float(value)
    except (OverflowError, ValueError):
        result = math.nan
    if not abs(result) <= LARGEST:
        refuse(field, "give a finite number of ordinary size")
    result = result if abs(result) >= SMALLEST else 0.0
    if least is not None and result < least:
        refuse(field, f"give {least:g} or more")
    if most is not None and result > most:
        refuse(field, f"give {most:g} or less")
    if above is not None and result <= above:
        refuse(field, f"give more than {above:g}")
    if below is not None and result >= below:
        refuse(field, f"give less than {below:g}")
    return result


def amount(value: object, field: str) -> float:
    """Return a double from a number or from a decimal string such as ``1250.00``."""
    if isinstance(value, str):
        try:
            value = Decimal(value[:LONGEST_TEXT].strip())
        except InvalidOperation:
            refuse(field, "give an amount such as 1250.00")
    return number(value, field)


def whole(
    value: object, field: str, *, least: int | None = None, most: int | None = None
) -> int:
    """Return a whole number inside the bounds; 5.0 counts as 5."""
    result = number(value, field, least=least, most=most)
    if not result.is_integer():
        refuse(field, "give a whole number")
    return int(result)


def confidence_level(value: object, field: str = "confidence") -> float:
    """Return a level of confidence, strictly between 0 and 1."""
    return number(value, field, above=0, below=1)


def listed(
    values: object, field: str, *, least: int = 0, most: int = LONGEST
) -> list[object]:
    """Return a list of sensible length; text and tables are no lists."""
    if not isinstance(values, Sequence) or isinstance(values, str | bytes):
        refuse(field, "give a list")
    if len(values) < least:
        refuse(field, f"give at least {least} of them")
    if len(values) > most:
        refuse(field, f"give at most {most} of them")
    return list(values)


def numbers(
    values: object,
    field: str,
    *,
    shortest: int = 0,
    least: float | None = None,
    most: float | None = None,
) -> list[float]:
    """Return a list of finite doubles; an error names the position, from 1."""
    return [
        number(value, f"{field}[{position}]", least=least, most=most)
        for position, value in enumerate(listed(values, field, least=shortest), 1)
    ]


def amounts(values: object, field: str, *, shortest: int = 0) -> list[float]:
    """Return a list of doubles from numbers or decimal strings."""
    return [
        amount(value, f"{field}[{position}]")
        for position, value in enumerate(listed(values, field, least=shortest), 1)
    ]


def table(value: object, field: str) -> dict[str, object]:
    """Return a table of names and values."""
    if not isinstance(value, Mapping):
        refuse(field, "give a table of names and values")
    if len(value) > LONGEST:
        refuse(field, f"give at most {LONGEST} entries")
    return {text(key, field): content for key, content in value.items()}


def entry(row: Mapping[str, object], key: str, field: str) -> object:
    """Return one value of a row, refusing a row without it."""
    if key not in row:
        refuse(f"{field}.{key}", "this value is missing")
    return row[key]


def text(value: object, field: str) -> str:
    """Return a text that is neither blank nor endless."""
    if not isinstance(value, str) or not value.strip():
        refuse(field, "give a text")
    if len(value) > LONGEST_TEXT:
        refuse(field, f"give at most {LONGEST_TEXT} characters")
    return value


def choice(value: object, field: str, options: Sequence[str]) -> str:
    """Return one of the named options."""
    if not isinstance(value, str) or value not in options:
        refuse(field, f"choose one of {', '.join(options)}")
    return value
