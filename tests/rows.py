"""Rows of the world for the pages: each app fills its own, in tests/<app>/fill.py.

Such a module has `fill(world)`, which creates one row of each kind by services, and
may have `ROWS`: name of an address -> function (parameter, world) -> key or token for
addresses that are not of a register.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from programmes.views.register import REGISTERS

APPS = ("programmes", "diagnosis", "design", "evaluation")
MODULES = [
    import_module(f"tests.{app}.fill") for app in APPS if find_spec(f"tests.{app}.fill")
]
ROWS: dict[str, Callable[[str, Any], Any]] = {}
for _module in MODULES:
    ROWS.update(getattr(_module, "ROWS", {}))


def fill_all(world: Any) -> None:
    """One row of each kind, of all apps."""
    for module in MODULES:
        module.fill(world)


def row_for(name: str, parameter: str, world: Any) -> Any:
    """The key of an existing row of the register that the address belongs to."""
    if name in ROWS:
        return ROWS[name](parameter, world)
    slug = name.rsplit("-", 1)[0]
    for register in REGISTERS:
        if register.slug == slug:
            manager: Any = register.model._default_manager
            row = manager.of(world.programme).order_by("pk").first()
            return row.pk if row else 0
    return 0
