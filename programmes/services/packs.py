"""Method packs of an enterprise."""

from __future__ import annotations

from datetime import datetime

from programmes.models import Enterprise, MethodPack
from programmes.pack_files import shipped

DEFAULT = "standard"


def ensure_pack(
    *, enterprise: Enterprise, key: str = DEFAULT, now: datetime
) -> MethodPack:
    """The newest released version of a pack in the enterprise.

    A shipped pack is written into the enterprise when it is first used there.

    :raises PackWrong: neither the enterprise nor the program has such a pack.
    """
    rows = MethodPack.objects.filter(enterprise=enterprise, key=key)
    found = rows.exclude(released_at=None).order_by("-version").first()
    if found is not None:
        return found
    content = shipped(key)
    made, _created = MethodPack.objects.get_or_create(
        enterprise=enterprise,
        key=key,
        version=1,
        defaults={
            "title": content["title"],
            "content": content,
            "created_at": now,
            "released_at": now,
        },
    )
    return made
