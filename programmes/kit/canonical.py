"""One text, and one hash, for equal facts."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(facts: Any) -> str:
    """One JSON text for equal facts, however the database wrote their numbers."""
    return json.dumps(
        settled(facts),
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        default=str,
    )


def settled(value: Any) -> Any:
    """Whole floats as integers (jsonb keeps no difference), tuples as lists."""
    if isinstance(value, dict):
        return {str(key): settled(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [settled(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def hash_of(facts: Any) -> str:
    """SHA-256 of the canonical text, as hexadecimal digits."""
    return hashlib.sha256(canonical(facts).encode()).hexdigest()
