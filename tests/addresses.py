"""All addresses of the URLconf, and how to fill their parameters in the world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.rows import row_for

ELSEWHERE = ("admin:", "account_")


def patterns(
    resolver: URLResolver | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """(name, pattern) of every address, namespaces included."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            inside = f"{prefix}{one.namespace}:" if one.namespace else prefix
            yield from patterns(one, inside)
        else:
            yield f"{prefix}{one.name}", one


def addresses() -> list[str]:
    """Names of our own addresses, sorted."""
    return sorted({name for name, _one in patterns() if not name.startswith(ELSEWHERE)})


def parameters(name: str) -> list[str]:
    pattern = dict(patterns())[name]
    return list(pattern.pattern.converters)


def path_of(name: str, world: Any) -> str:
    """The address with the parameters that the world gives; 0 where it has no row."""
    values: dict[str, Any] = {}
    for one in parameters(name):
        if one == "code":
            values[one] = world.programme.code
        elif one == "number":
            values[one] = 1
        elif one == "key":
            values[one] = "finance.npv"
        else:
            values[one] = row_for(name, one, world)
    return reverse(name, kwargs=values)
