"""Answers of lenses, kept in the cache as JSON.

A store of files never changes, so an answer is good for as long as the cache keeps it;
one of a connected log until the log is refreshed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.core.cache import cache

from diagnosis.mining.lenses import Log
from diagnosis.models import EventLog
from diagnosis.stores import connection_of, open_store, silence, state_of

DAYS = 7 * 24 * 3600
Lens = Callable[[Log], Any]


def answer(log: EventLog, lens: str, ask: Lens, **parameters: Any) -> Any:
    """The cached answer, else the lens asked now.

    :raises Unavailable: the database of a connected log does not answer, or the
        operator offers its connection no longer.
    """
    if log.connection:
        connection_of(log)  # kept answers are not told either once it is closed
    key = key_of(log, lens, parameters)
    held = cache.get(key)
    if held is None:
        with open_store(log) as opened, silence():
            held = json.loads(json.dumps(ask(opened), default=str))
        cache.set(key, held, DAYS)
    return held


def key_of(log: EventLog, lens: str, parameters: dict[str, Any]) -> str:
    text = json.dumps(parameters, sort_keys=True)
    return (
        f"log:{log.uuid}{state_of(log)}:{lens}:{sha256(text.encode()).hexdigest()[:16]}"
    )
