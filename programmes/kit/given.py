"""Single values as a browser sends them, where a whole form would be too much."""

from __future__ import annotations

from collections.abc import Mapping

MOST_DIGITS = 9


def whole(given: Mapping[str, str], name: str, default: int = 0) -> int:
    """A whole number, or the default where it is none or absurdly long."""
    text = given.get(name, "")
    fits = text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if fits else default


def words(given: Mapping[str, str], name: str, most: int) -> str:
    """A text that can be stored, cut to its longest."""
    return given.get(name, "").replace("\0", "").strip()[:most]
