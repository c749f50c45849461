"""One row of a batch: what a door sent, read into types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _

from programmes.models import Indicator

LARGEST = Decimal(10) ** 13
PLACES = Decimal("0.000001")
FUTURE = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """One good row of a batch."""

    index: int
    indicator: Indicator
    at: datetime
    key: str
    value: Decimal
    version: int
    note: str


class BadRow(ValueError):
    """A row is wrong; `name` is the field."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def read_row(
    index: int, raw: Any, indicators: dict[str, Indicator], now: datetime
) -> Row:
    if not isinstance(raw, dict):
        raise BadRow("", _("Each row is an object with series, at and value."))
    indicator = indicators.get(str(raw.get("series", "")))
    if indicator is None:
        raise BadRow("series", _("No indicator of the programme has this code."))
    return Row(
        index,
        indicator,
        read_moment(raw.get("at"), now),
        read_text(raw, "key", 80),
        read_value(raw.get("value")),
        read_version(raw.get("version", 1)),
        read_text(raw, "note", 300),
    )


def read_text(raw: dict[str, Any], name: str, longest: int) -> str:
    text = raw.get(name) or ""
    if not isinstance(text, str) or len(text) > longest or "\0" in text:
        raise BadRow(name, _("Text of at most %(most)s signs.") % {"most": longest})
    return text


def read_moment(raw: Any, now: datetime) -> datetime:
    """A day or an instant with offset; a day means its noon, UTC."""
    try:
        moment = parse_datetime(str(raw)) if "T" in str(raw) else None
        if moment is None:
            day = parse_date(str(raw))
            moment = datetime(day.year, day.month, day.day, 12) if day else None  # noqa: DTZ001
    except ValueError:
        moment = None
    if moment is None:
        raise BadRow("at", _("Give a day (2026-01-31) or a moment with its offset."))
    if is_naive(moment):
        moment = make_aware(moment)
    if moment > now + FUTURE:
        raise BadRow("at", _("This lies in the future."))
    if moment.year < 1970:
        raise BadRow("at", _("This lies before 1970."))
    return moment


def read_value(raw: Any) -> Decimal:
    """A finite decimal, as text or number."""
    if isinstance(raw, bool) or raw is None or len(str(raw)) > 40:
        raise BadRow("value", _("Give a number."))
    try:
        value = Decimal(str(raw).strip())
    except InvalidOperation:
        raise BadRow("value", _("Give a number, with a point for decimals.")) from None
    # copy_abs, as abs() itself overflows on 1e999999999.
    if not value.is_finite() or value.copy_abs() >= LARGEST:
        raise BadRow("value", _("The number is out of range."))
    return value.quantize(PLACES)


def read_version(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw < 2**62:
        raise BadRow("version", _("The version is a positive whole number."))
    return raw
