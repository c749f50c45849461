"""
How numbers, money, shares, times and days are written, in the active language.

Pure functions: what they need is given to them, ``today`` and ``now`` included.
Rounding is half up, the minus is a true minus, and what is not known is "·".
Separators come from Django's locale data; what Django does not know (short money,
where the currency stands, the space before a percent sign) is in ``HABITS``.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils import dateformat
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

MISSING = "·"
MINUS = "−"
NARROW = "\u202f"
HARD = "\u00a0"
NEAR = 14
SYMBOLS = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "C$",
    "CHF": "CHF" + HARD,
    "CNY": "¥",
    "EUR": "€",
    "GBP": "£",
    "INR": "₹",
    "JPY": "¥",
    "KRW": "₩",
    "PLN": "zł",
    "USD": "$",
}
WHOLE = {"JPY", "KRW"}
# The unit of indicators whose values are fractions.
SHARE = "share"
UNITS = (("y", 31_557_600), ("d", 86400), ("h", 3600), ("min", 60), ("s", 1))

Amount = Decimal | float | int | None


@dataclass(frozen=True)
class Step:
    """A unit of short money: its size, its word, and from where it is used."""

    size: int
    word: str
    start: int
    places: int = 2


@dataclass(frozen=True)
class Habit:
    """What one language does its own way."""

    steps: tuple[Step, ...] = (
        Step(1_000_000_000, "bn", 1_000_000_000),
        Step(1_000_000, "m", 100_000),
        Step(1_000, "k", 10_000, 0),
    )
    symbol_last: bool = False
    percent: str = "%"
    day: str = "j M Y"
    near_day: str = "D j M"


ENGLISH = Habit()
GERMAN = Habit(
    steps=(
        Step(1_000_000_000, HARD + "Mrd.", 1_000_000_000),
        Step(1_000_000, HARD + "Mio.", 100_000),
        Step(1_000, HARD + "Tsd.", 10_000, 0),
    ),
    symbol_last=True,
    percent=NARROW + "%",
    day="j. M Y",
    near_day="D, j. M",
)
CHINESE = Habit(
    steps=(Step(100_000_000, "亿", 100_000_000), Step(10_000, "万", 10_000)),
    day="Y年n月j日",
    near_day="n月j日 D",
)
CONTINENTAL = replace(ENGLISH, symbol_last=True, percent=NARROW + "%")
HABITS = {
    "de": GERMAN,
    "zh": CHINESE,
    **dict.fromkeys(("es", "fi", "fr", "it", "nl", "pl", "pt", "sv"), CONTINENTAL),
}


def habit() -> Habit:
    """The habits of the active language; English where none are written down."""
    return HABITS.get((get_language() or "en").split("-")[0], ENGLISH)


def decimal(value: object) -> Decimal | None:
    """The value as a Decimal, or None for what is no finite number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        result = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return result if result.is_finite() else None


def rounded(value: Decimal, places: int) -> Decimal:
    """Half up, away from zero, as people were taught."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def plain(value: Decimal, places: int) -> str:
    """Rounded, grouped, with the separators of the language and a true minus."""
    exact = rounded(value, places)
    text = number_format(abs(exact), decimal_pos=places, force_grouping=True)
    return (MINUS if exact < 0 else "") + text


def number(value: object, places: int | None = None, *, signed: bool = False) -> str:
    """
    A number with the given decimals; without, as many as it has, three at most.

    :param signed: write a plus before a positive number, for differences
    """
    exact = decimal(value)
    if exact is None:
        return MISSING
    if places is None:
        digits = rounded(exact, 3).normalize().as_tuple().exponent
        places = max(-digits, 0) if isinstance(digits, int) else 0
    text = plain(exact, places)
    return "+" + text if signed and rounded(exact, places) > 0 else text


def percent(share: object, places: int = 0, *, signed: bool = False) -> str:
    """A share from 0 to 1 as a percentage: 0.75 is 75%."""
    exact = decimal(share)
    if exact is None:
        return MISSING
    return number(exact * 100, places, signed=signed) + habit().percent


def is_share(unit: str) -> bool:
    """Whether values of the unit are fractions, kept from 0 to 1, told in percent."""
    return unit.strip().lower() == SHARE


def scaled(value: Any, unit: str) -> Any:
    """The value as people say it: a share of 0.35 is 35. Nothing stays nothing."""
    return value if value is None or not is_share(unit) else value * 100


def unit_said(unit: str) -> str:
    """The unit beside such a value: % for a share."""
    return habit().percent.strip() if is_share(unit) else unit


def quantity(value: object, unit: str, places: int | None = None) -> str:
    """A value with its unit: 35%, 4.2 days; without a unit the number alone."""
    exact = decimal(value)
    if exact is None:
        return MISSING
    return with_unit(number(scaled(exact, unit), places), unit)


def with_unit(text: str, unit: str) -> str:
    """A number already written, with its unit behind it."""
    said = unit_said(unit)
    if said == "%":
        return text + habit().percent
    return f"{text} {said}".strip()


def money(amount: object, currency: str = "EUR", *, places: int | None = None) -> str:
    """
    The exact amount: whole where it is whole, otherwise to the cent.

    :param places: the decimals, so that a column of amounts stays in line
    """
    exact = decimal(amount)
    if exact is None:
        return MISSING
    if places is None:
        whole = exact == exact.to_integral_value() or currency in WHOLE
        places = 0 if whole else 2
    return with_symbol(exact, plain(abs(exact), places), currency, places)


def money_short(amount: object, currency: str = "EUR") -> str:
    """
    The amount for a tile: €1.84m, €41k, €8,450.

    A tenth of a million is already written in millions, so that neighbours compare.
    """
    exact = decimal(amount)
    if exact is None:
        return MISSING
    for step in habit().steps:
        if rounded(abs(exact) / step.start, 3) >= 1:
            scaled = exact / step.size
            places = step.places if abs(scaled) < 100 else min(step.places, 1)
            text = plain(abs(scaled), places) + step.word
            return with_symbol(scaled, text, currency, places)
    return with_symbol(exact, plain(abs(exact), 0), currency, 0)


def with_symbol(value: Decimal, text: str, currency: str, places: int) -> str:
    """The text of an amount with its currency where the language wants it."""
    symbol = SYMBOLS.get(currency, currency + HARD)
    minus = MINUS if rounded(value, places) < 0 else ""
    if habit().symbol_last:
        return f"{minus}{text}{HARD}{symbol.strip()}"
    return f"{minus}{symbol}{text}"


def duration(value: object, unit: str = "s") -> str:
    """
    A length of time in its largest sensible unit: 2.1 d, 3.5 h, 14 min, 40 s; from
    two years on in years.

    :param value: a timedelta, or a number of the unit
    :param unit: s, min, h or d
    """
    if isinstance(value, timedelta):
        value, unit = value.total_seconds(), "s"
    exact = decimal(value)
    if exact is None:
        return MISSING
    seconds = exact * dict(UNITS)[unit]
    for name, size in UNITS:
        places = 1 if name in {"y", "d", "h"} else 0
        if rounded(abs(seconds) / size, 3) >= (2 if name == "y" else 1) or name == "s":
            places = places if abs(seconds) / size < 100 else 0
            return plain(seconds / size, places) + HARD + unit_word(name)
    return MISSING


def unit_word(name: str) -> str:
    return {
        "y": pgettext("unit of time", "y"),
        "d": pgettext("unit of time", "d"),
        "h": pgettext("unit of time", "h"),
        "min": pgettext("unit of time", "min"),
        "s": pgettext("unit of time", "s"),
    }[name]


def day(value: date | None, today: date | None = None) -> str:
    """25 Nov 2026; within two weeks of today with its weekday, Wed 25 Nov."""
    if value is None:
        return MISSING
    if isinstance(value, datetime):
        value = value.date()
    near = today is not None and abs((value - today).days) <= NEAR
    return dateformat.format(value, habit().near_day if near else habit().day)


def moment(value: datetime | None, today: date | None = None) -> str:
    """A day and a time of 24 hours: Yesterday, 16:42 or 18 Nov 2026, 09:15."""
    if value is None:
        return MISSING
    named = {0: _("Today"), -1: _("Yesterday")}
    distance = (value.date() - today).days if today else None
    date_text = named.get(distance) if distance is not None else None
    return f"{date_text or day(value.date(), today)}, {value:%H:%M}"


def since(value: date | datetime | None, now: datetime) -> str:
    """How far away: in 5 days, yesterday, 14 minutes ago. Stands beside a date."""
    if value is None:
        return MISSING
    if isinstance(value, datetime):
        gap = value - now
        if abs(gap) < timedelta(hours=20):
            return near_in_time(gap)
        value = value.astimezone(now.tzinfo).date() if value.tzinfo else value.date()
    return near_in_days((value - now.date()).days)


def near_in_time(gap: timedelta) -> str:
    minutes = round(abs(gap).total_seconds() / 60)
    if minutes < 1:
        return _("just now")
    ahead = gap > timedelta(0)
    if minutes < 60:
        text = (
            ngettext("in %(n)d minute", "in %(n)d minutes", minutes)
            if ahead
            else ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes)
        )
        return text % {"n": minutes}
    hours = round(minutes / 60)
    text = (
        ngettext("in %(n)d hour", "in %(n)d hours", hours)
        if ahead
        else ngettext("%(n)d hour ago", "%(n)d hours ago", hours)
    )
    return text % {"n": hours}


def near_in_days(days: int) -> str:
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    if days in near:
        return near[days]
    count = abs(days)
    if count < 60:
        text = (
            ngettext("in %(n)d day", "in %(n)d days", count)
            if days > 0
            else ngettext("%(n)d day ago", "%(n)d days ago", count)
        )
        return text % {"n": count}
    months = round(count / 30.44)
    text = (
        ngettext("in %(n)d month", "in %(n)d months", months)
        if days > 0
        else ngettext("%(n)d month ago", "%(n)d months ago", months)
    )
    return text % {"n": months}


def yes_no(value: object) -> str:
    """A flag in words."""
    return _("yes") if value else _("no")
