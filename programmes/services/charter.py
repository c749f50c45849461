"""Saving one field of a record as it is left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from programmes.models import Account, Record
from programmes.services.records import save_record


def save_field(
    *,
    by: Account,
    record: Record,
    name: str,
    value: Any,
    now: datetime,
    save: Any = save_record,
) -> Record:
    """Change one field and leave the others as they stand; equal values change nothing.

    :raises NotAllowed, UnderReview, Invalid: as for save_record.
    """
    # The row as it stands: whatever else was typed on the page is saved by itself.
    manager: Any = type(record)._default_manager
    fresh: Record = manager.get(pk=record.pk) if record.pk else record
    if record.pk and getattr(fresh, name) == value:
        return fresh
    setattr(fresh, name, value)
    saved: Record = save(by=by, record=fresh, now=now)
    return saved
