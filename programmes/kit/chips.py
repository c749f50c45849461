"""Filters that are on, as chips that each take one away."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import QueryDict

from programmes.kit.errors import Text

# What a page puts back to its beginning when a filter changes.
PAGE = "page"


def chips(parameters: QueryDict, shown: Mapping[str, Text]) -> list[dict[str, Text]]:
    """One for each filter that is on: what it says, and the address without it.

    :param shown: name in the address -> words; empty ones are off.
    """
    found: list[dict[str, Text]] = []
    for name, label in shown.items():
        if label:
            rest = parameters.copy()
            for one in (name, PAGE):
                rest.pop(one, None)
            found.append({"label": label, "href": f"?{rest.urlencode()}"})
    return found


def kept(parameters: QueryDict, *dropped: str) -> str:
    """The query without some names."""
    rest = parameters.copy()
    for one in dropped:
        rest.pop(one, None)
    return rest.urlencode()
