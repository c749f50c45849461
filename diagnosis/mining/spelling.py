"""Filters as short texts: how an address, a cache and a saved choice name them.

A filter is a JSON list: its kind first, then what it asks for.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from math import isfinite
from typing import Any

from diagnosis.mining.filters import (
    AttributeFilter,
    ContainsFilter,
    DoubtFilter,
    DurationFilter,
    EndpointFilter,
    Filter,
    FollowsFilter,
    MoveFilter,
    NumberFilter,
    TimeFilter,
    VariantFilter,
)

DAY = 86_400.0
LONGEST = 2_000
MOST_FILTERS = 12
MOST_CLOSING = 200
LONGEST_CASE_DAYS = 100_000
MODES = ("contained", "started", "ended", "touching")


class BadFilter(ValueError):
    """A text that names no filter."""


def read_filter(text: str) -> Filter:
    """The filter that a text names.

    :raises BadFilter: it names none.
    """
    if len(text) > LONGEST or "\0" in text:
        raise BadFilter
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        kind, *given = json.loads(text)
        return READERS[kind](*given)
    raise BadFilter


def read_filters(texts: Sequence[str]) -> list[tuple[str, Filter]]:
    """Text and filter of those that name one, each once; the rest is left out."""
    found: dict[str, Filter] = {}
    for text in texts[: 2 * MOST_FILTERS]:
        with suppress(BadFilter):
            found[text] = read_filter(text)
    return list(found.items())[:MOST_FILTERS]


def spell(kind: str, *given: Any) -> str:
    """The text of a filter."""
    return json.dumps([kind, *given], ensure_ascii=False, separators=(",", ":"))


def _time(since: Any, until: Any, mode: Any) -> Filter:
    if mode not in MODES or not (since or until):
        raise BadFilter
    moments = [datetime.fromisoformat(one) if one else None for one in (since, until)]
    return TimeFilter(moments[0], moments[1], mode)


def _duration(least: Any, below: Any) -> Filter:
    bounds = [None if one is None else float(one) for one in (least, below)]
    known = [one for one in bounds if one is not None]
    if not known or not all(0 <= one <= LONGEST_CASE_DAYS for one in known):
        raise BadFilter
    low, high = (None if one is None else one * DAY for one in bounds)
    return DurationFilter(low, high)


def _attribute(name: Any, value: Any, keep: Any) -> Filter:
    return AttributeFilter(_text(name), (_text(value),), bool(keep))


def _number(name: Any, least: Any, most: Any) -> Filter:
    bounds = [None if one is None else float(one) for one in (least, most)]
    known = [one for one in bounds if one is not None]
    if not known or not all(isfinite(one) for one in known):
        raise BadFilter
    return NumberFilter(_text(name), bounds[0], bounds[1])


def _activity(name: Any, keep: Any) -> Filter:
    return ContainsFilter(_text(name), bool(keep))


def _variant(number: Any, keep: Any) -> Filter:
    if not isinstance(number, int) or not 0 < number < 2**31:
        raise BadFilter
    return VariantFilter((number,), bool(keep))


def _follows(first: Any, then: Any, directly: Any) -> Filter:
    return FollowsFilter(_text(first), _text(then), bool(directly))


def _ends(first: Any, last: Any) -> Filter:
    if not first and not last:
        raise BadFilter
    ends = [(_text(one),) if one else () for one in (first, last)]
    return EndpointFilter(ends[0], ends[1])


def _doubt(kind: Any, keep: Any, *about: Any) -> Filter:
    needs = {"single": 0, "order": 0, "negative": 0, "duplicate": 0, "missing": 1}
    if kind != "open" and len(about) != needs[kind]:
        raise BadFilter
    if len(about) > MOST_CLOSING or (kind == "open" and not about):
        raise BadFilter
    return DoubtFilter(kind, bool(keep), tuple(_text(one) for one in about))


def _move(source: Any, target: Any, over: Any) -> Filter:
    if source is None and target is None:
        raise BadFilter
    ends = [None if one is None else _text(one) for one in (source, target)]
    return MoveFilter(ends[0], ends[1], tuple(_text(one) for one in list(over)))


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise BadFilter
    return value


READERS: dict[str, Callable[..., Filter]] = {
    "time": _time,
    "duration": _duration,
    "attribute": _attribute,
    "number": _number,
    "activity": _activity,
    "variant": _variant,
    "follows": _follows,
    "ends": _ends,
    "doubt": _doubt,
    "move": _move,
}
