"""A row of the world for the `pk` of an address."""

from __future__ import annotations

from typing import Any

from programmes.views.register import REGISTERS


def row_for(name: str, parameter: str, world: Any) -> int:
    """The key of an existing row of the register that the address belongs to."""
    slug = name.rsplit("-", 1)[0]
    for register in REGISTERS:
        if register.slug == slug:
            manager: Any = register.model._default_manager
            row = manager.of(world.programme).first()
            return row.pk if row else 0
    return 0
