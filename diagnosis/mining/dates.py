"""Dates as people write them: which format is meant, and how SQL reads it.

The same SQL expression serves the guess, the preview and the import, so a column
never parses in one and fails in another.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from diagnosis.mining.engine import literal

ISO = "iso"
EPOCH_SECONDS = "epoch_s"
EPOCH_MILLISECONDS = "epoch_ms"
EXCEL = "excel"
EPOCHS = {
    EPOCH_SECONDS: (1e6, 6.3e8, 4.1e9),
    EPOCH_MILLISECONDS: (1e3, 6.3e11, 4.1e12),
    "epoch_us": (1.0, 6.3e14, 2.2e15),
    "epoch_ns": (1e-3, 6.3e17, 2.2e18),
}
"""Format -> microseconds in its unit, and the numbers that are guessed to be it: those
from 1990 to 2100, of the longer ones, which are identifiers too, those to 2040."""
NAMED = (ISO, EXCEL, *EPOCHS)
"""Formats that have a name instead of a pattern; `excel` counts days since 1899."""

_TIMES = ("", "%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%H:%M:%S,%f")
_TWELVE = ("%I:%M %p", "%I:%M:%S %p", "%I:%M%p", "%I:%M:%S%p")
_DAYS = tuple(
    order.replace("-", mark)
    for order in ("%d-%m-%Y", "%m-%d-%Y", "%d-%m-%y", "%m-%d-%y")
    for mark in "./-"
)
_YEARS = ("%Y.%m.%d", "%Y/%m/%d", "%Y-%m-%d", "%Y%m%d")
_NAMES = (
    "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %b %y", "%b %d %Y", "%b %d, %Y",
    "%d %B %Y", "%B %d, %Y", "%d. %B %Y", "%d/%b/%y", "%d/%b/%Y", "%a, %d %b %Y",
)  # fmt: skip
_JOINS = (" ", "T", ", ")
_COMPACT = (
    "%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%dT%H%M%S", "%Y%m%d %H%M%S", "%Y%m%d %H%M",
    "%a %b %d %H:%M:%S %Y", "%a %b %d %H:%M:%S UTC %Y", "%a %b %d %H:%M:%S GMT %Y",
)  # fmt: skip


@dataclass(frozen=True)
class DateGuess:
    """The format that reads most values of a column.

    `parsed` of `total` values are read by it. `alternative` reads just as many and
    means other days (day first or month first); None when there is no doubt.
    """

    format: str
    parsed: int
    total: int
    alternative: str | None


@lru_cache(maxsize=1)
def candidates() -> tuple[str, ...]:
    """Every strptime format that is tried, the likelier ones first."""
    found = [
        day + (join + time if time else "")
        for day in (*_DAYS, *_YEARS, *_NAMES)
        for time in (*_TIMES, *_TWELVE)
        for join in (_JOINS if time else ("",))
    ]
    zoned = [f"{form}{gap}%z" for form in found if "%S" in form for gap in ("", " ")]
    return (*found, *_COMPACT, *zoned)


def moment_sql(column: str, form: str) -> str:
    """SQL that turns a text column into a UTC timestamp, or NULL.

    Times without an offset are read in the connection's time zone.
    """
    text = f"trim({column})"
    if form == ISO:
        usual = f"try_cast({column} AS TIMESTAMPTZ)"  # blanks around it are allowed
        whole = f"coalesce({usual}, try_cast({_usual_iso(text)} AS TIMESTAMPTZ))"
    elif form in EPOCHS:
        number = f"try_cast({text} AS DOUBLE) * {EPOCHS[form][0]}"
        whole = f"make_timestamptz(try_cast({number} AS BIGINT))"
    elif form == EXCEL:
        days = f"try_cast(replace({text}, ',', '.') AS DOUBLE) - 25569"
        seconds = f"try_cast(round(({days}) * 86400, 3) * 1e6 AS BIGINT)"
        whole = f"try_cast(make_timestamp({seconds}) AS TIMESTAMPTZ)"
    else:
        parsed = f"try_strptime({text}, {literal(form)})"
        whole = f"try_cast({parsed} AS TIMESTAMPTZ)"
    moment = f"timezone('UTC', {whole})"
    return f"CASE WHEN year({moment}) BETWEEN 1900 AND 2200 THEN {moment} END"


def _usual_iso(text: str) -> str:
    """SQL that writes the rarer forms of ISO 8601 the usual way.

    A comma before the fraction, no marks at all, a blank before the offset, t and z.
    """
    dotted = f"replace(upper({text}), ',', '.')"
    joined = f"regexp_replace({dotted}, ' ([+-]\\d\\d:?\\d\\d)$', '\\1')"
    marks = "'^(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)(\\d\\d)'"
    return f"regexp_replace({joined}, {marks}, '\\1-\\2-\\3T\\4:\\5:\\6')"


def looks_dated(values: list[str]) -> bool:
    """Whether most values have the length and the digits of a date or an epoch."""
    shaped = sum(
        6 <= len(value.strip()) <= 40
        and sum(map(str.isdigit, value)) >= 4
        and value.strip()[0].isalnum()
        for value in values
        if value.strip()
    )
    return shaped >= 0.6 * max(len(values), 1)


def guess_format(values: list[str]) -> DateGuess | None:
    """The date format of a column's values, or None when they are no dates."""
    filled = [value.strip() for value in values if value.strip()]
    if not filled or not looks_dated(filled[:200]):
        return None
    number = _epoch(filled) or _serial(filled)
    if number:
        return DateGuess(number, len(filled), len(filled), None)
    if _count(filled, ISO) == len(filled):
        return DateGuess(ISO, len(filled), len(filled), None)
    few = filled[:: max(1, len(filled) // 60)][:80]
    scored = [(_count(few, form), form) for form in (ISO, *_likely(few))]
    best = max(score for score, _ in scored)
    if best < 0.6 * len(few):
        return None
    likely = [form for score, form in scored if score >= 0.7 * best]
    counts = {form: _count(filled, form) for form in likely}
    top = max(counts.values())
    if top < 0.6 * len(filled):
        return None
    return _settle([f for f in likely if counts[f] == top], top, filled)


def _likely(values: list[str]) -> list[str]:
    """The candidates whose punctuation is that of one of the values."""
    marks = {_marks(value) for value in values}
    zoned = any(re.search(r"(?:[+-]\d\d(?::?\d\d)?|Z)$", value) for value in values)
    return [
        form
        for form in candidates()
        if (zoned if form.endswith("%z") else _marks(form) in marks)
    ]


@lru_cache(maxsize=4096)
def _marks(text: str) -> str:
    """The punctuation of a date or of a format, in its order."""
    return re.sub(r"%\w|\w", "", text)


def _count(values: list[str], form: str) -> int:
    shape = _shape(form)
    return sum(shape.fullmatch(value) is not None for value in values)


_PARTS = {
    "d": r"(?:0?[1-9]|[12]\d|3[01])",
    "m": r"(?:0?[1-9]|1[0-2])",
    "Y": r"(?:19|20|21)\d\d",
    "y": r"\d\d",
    "H": r"(?:[01]?\d|2[0-4])",
    "I": r"(?:0?[1-9]|1[0-2])",
    "M": r"[0-5]?\d",
    "S": r"[0-6]?\d",
    "f": r"\d{1,9}",
    "p": r"[AaPp][Mm]",
    "a": r"(?i:mon|tue|wed|thu|fri|sat|sun)",
    "b": r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    "B": r"(?i:january|february|march|april|may|june|july|august|september|october"
    r"|november|december)",
    "z": r"(?:[+-]\d\d(?::?\d\d)?|Z)",
}


@lru_cache(maxsize=2048)
def _shape(form: str) -> re.Pattern[str]:
    """What values of a format look like."""
    if form == ISO:
        day = r"(?:19|20|21)\d\d[-/]\d{1,2}[-/]\d{1,2}"
        zone = r"(?: ?Z| UTC|[+-]\d\d(?::?\d\d)?)?"
        return re.compile(rf"{day}(?:[T ]\d?\d:\d\d(?::\d\d(?:\.\d+)?)?{zone})?")
    parts = re.split(r"(%[a-zA-Z])", form)
    return re.compile(
        "".join(_PARTS[p[1]] if p[:1] == "%" else re.escape(p) for p in parts)
    )


def _settle(forms: list[str], top: int, values: list[str]) -> DateGuess:
    """Between formats that read equally much, the one with the shorter span.

    Days and months mixed up spread a few weeks over a whole year, so the shorter
    span is the likelier one; equal spans leave the day first.
    """
    first = forms[0]
    twin = _swapped(first)
    if twin == first or twin not in forms:
        return DateGuess(first, top, len(values), None)
    day_first, month_first = sorted((first, twin))
    if _span(values, month_first) < _span(values, day_first):
        return DateGuess(month_first, top, len(values), day_first)
    return DateGuess(day_first, top, len(values), month_first)


def _span(values: list[str], form: str) -> timedelta:
    """Time from the first to the last value under that format."""
    moments = []
    for value in values:
        with suppress(ValueError):
            moments.append(datetime.strptime(value, form).replace(tzinfo=UTC))
    return max(moments) - min(moments) if moments else timedelta.max


def _swapped(form: str) -> str:
    """The same format with day and month exchanged."""
    return form.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m")


def _epoch(values: list[str]) -> str | None:
    """The unit since 1970, when all values are numbers of its span."""
    if not all(re.fullmatch(r"\d{9,19}(\.\d+)?", value.strip()) for value in values):
        return None
    numbers = [float(value) for value in values]
    for form, (_, least, most) in EPOCHS.items():
        if all(least <= number <= most for number in numbers):
            whole = form != "epoch_ns" or all(one.endswith("000") for one in values)
            return form if whole else None
    return None


def _serial(values: list[str]) -> str | None:
    """Days since 1899 with the time of day as a fraction, as spreadsheets count."""
    shaped = [re.fullmatch(r"[2-7]\d{4}([.,]\d+)?", value) for value in values]
    fine = sum(bool(one and one.group(1) and len(one.group(1)) > 4) for one in shaped)
    return EXCEL if all(shaped) and fine * 10 >= 7 * len(values) else None


def strptime_format(pattern: str) -> str:
    """A format as people or spreadsheets write it, as a strptime format.

    `d.m.yy H:MM` and `dd.MM.yyyy HH:mm` both work: an m before the hour is a month,
    after it a minute. Formats with a percent sign and those in `NAMED` pass through.

    :raises ValueError: when the pattern names something that is no part of a date.
    """
    text = pattern.strip()
    if "%" in text or text in NAMED:
        return text
    if text.lower() in ("iso8601", "iso 8601"):
        return ISO
    result, hours = [], False
    for token in _tokens(text):
        kind = token[0]
        hours = hours or kind in "Hh"
        if kind in "Mm" and not hours:
            result.append({1: "%m", 2: "%m", 3: "%b"}.get(len(token), "%B"))
        elif kind in "Mm":
            result.append("%M")
        else:
            names = {"yyyy": "%Y", "yy": "%y", "d": "%d", "dd": "%d", "a": "%p"}
            twelve = {"h": "%I", "H": "%H", "s": "%S", "S": "%f"}
            result.append(names.get(token) or twelve.get(kind, token))
    twelve_hours = any(mark == "%p" for mark in result)
    return "".join(result).replace("%I", "%I" if twelve_hours else "%H")


def _tokens(text: str) -> list[str]:
    """The letters of a pattern in runs, quoted text taken literally."""
    text = re.sub(r"'([^']*)'", r"\1", text) if text.count("'") > 1 else text
    text = re.sub(r"[Dd]{1,2}", lambda found: found.group().lower(), text)
    text = re.sub(r"[Yy]{4}", "yyyy", re.sub(r"\b[Yy]{2}\b", "yy", text))
    text = re.sub(r"AM/PM|am/pm|tt", "a", text)
    runs = [match.group() for match in re.finditer(r"([A-Za-z])\1*|[^A-Za-z]", text)]
    strange = [run for run in runs if run[0].isalpha() and run[0] not in "yMmdHhsSaT"]
    if strange or not runs:
        raise ValueError(
            f"“{text}” is no date format; write for instance dd.MM.yyyy HH:mm."
        )
    return runs
