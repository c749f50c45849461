"""Answers of lenses, kept in the cache as JSON.

A store never changes, so an answer is good for as long as the cache keeps it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.core.cache import cache

from diagnosis.mining.lenses import Log, open_log
from diagnosis.models import EventLog

DAYS = 7 * 24 * 3600
Lens = Callable[[Log], Any]


def answer(log: EventLog, lens: str, ask: Lens, **parameters: Any) -> Any:
    """The cached answer, else the lens asked now."""
    key = key_of(log, lens, parameters)
    held = cache.get(key)
    if held is None:
        with open_log(log.store) as opened:
            held = json.loads(json.dumps(ask(opened), default=str))
        cache.set(key, held, DAYS)
    return held


def key_of(log: EventLog, lens: str, parameters: dict[str, Any]) -> str:
    text = json.dumps(parameters, sort_keys=True)
    return f"log:{log.uuid}:{lens}:{sha256(text.encode()).hexdigest()[:16]}"
