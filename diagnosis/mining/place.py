"""Where logs in databases of an enterprise are, as the operator names them.

Names come from the environment of the installation; nobody types an address, and a
message never repeats what stands there.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

ANSWER_SECONDS = 30
MOST_SECONDS = 600
MOST_CONNECTIONS = 100
SCHEMES = ("postgres://", "postgresql://")
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LENGTHS = {"schema": 63, "prefix": 50, "label": 80, "enterprise": 120, "timezone": 60}
NEEDED = ("url", "enterprise")
KEYS = ("url", "seconds", *LENGTHS)


@dataclass(frozen=True)
class Place:
    """Where the three tables of a log are: a database, a schema, a prefix.

    `url` holds a password, so it is never shown; `seconds` bounds each answer.
    `timezone` is the zone in which the hours of a week are shown.
    """

    url: str = field(repr=False)
    schema: str = "public"
    prefix: str = ""
    timezone: str = "UTC"
    seconds: int = ANSWER_SECONDS

    def name(self, table: str) -> str:
        """The name of one of the three tables."""
        return f"{self.prefix}{table}"


@dataclass(frozen=True)
class Connection:
    """A place under the name of the operator, for the enterprise of that name."""

    name: str
    label: str
    enterprise: str
    place: Place


def read_connections(text: str) -> dict[str, Connection]:
    """The connections of a JSON object: name -> url, enterprise and more.

    :raises ValueError: what is wrong, without any of the values.
    """
    if not text.strip():
        return {}
    try:
        given = json.loads(text)
    except ValueError:
        raise ValueError("it is no JSON") from None
    if not isinstance(given, dict) or len(given) > MOST_CONNECTIONS:
        raise ValueError("it has to be a JSON object of at most 100 connections")
    return {name: _connection(name, said) for name, said in given.items()}


def _connection(name: str, said: Any) -> Connection:
    if not NAME.fullmatch(name):
        raise ValueError("a name has up to 40 of a-z, 0-9 and -")
    if not isinstance(said, dict):
        raise ValueError(f"“{name}” has to be an object")
    odd = [one for one in said if one not in KEYS]
    if odd:
        raise ValueError(f"“{name}” may have {', '.join(KEYS)}, and nothing else")
    for key in NEEDED:
        if not said.get(key):
            raise ValueError(f"“{name}” lacks its {key}")
    if not str(said["url"]).startswith(SCHEMES):
        raise ValueError(f"the url of “{name}” has to begin with postgresql://")
    texts = {key: _text(name, key, said) for key in LENGTHS if key in said}
    return Connection(
        name=name,
        label=texts.pop("label", "") or name,
        enterprise=texts.pop("enterprise"),
        place=Place(url=said["url"], seconds=_seconds(name, said), **texts),
    )


def _text(name: str, key: str, said: Mapping[str, Any]) -> str:
    value = said[key]
    is_text = isinstance(value, str) and len(value) <= LENGTHS[key]
    if not is_text or "\x00" in value or (key == "schema" and not value):
        raise ValueError(
            f"the {key} of “{name}” is a text of 1 to {LENGTHS[key]} signs"
        )
    if key == "timezone":
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError):
            raise ValueError(f"the timezone of “{name}” is none") from None
    return str(value)


def _seconds(name: str, said: Mapping[str, Any]) -> int:
    value = said.get("seconds", ANSWER_SECONDS)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if not is_number or not 1 <= value <= MOST_SECONDS:
        raise ValueError(f"the seconds of “{name}” are a number from 1 to 600")
    return int(value)
