"""Method packs as YAML files: those that come with the program, and people's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from programmes.method_packs import Pack, PackWrong, read_pack

FOLDER = Path(__file__).parent / "packs"
SHIPPED = ("standard", "panel", "light")
LARGEST_FILE = 200_000
# What PyYAML raises on values that no pack has, beside its own errors.
UNREADABLE = (
    yaml.YAMLError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class PlainLoader(yaml.SafeLoader):
    """YAML without anchors, aliases and keys that stand twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None):
            raise PackWrong(_("A pack's file has no anchors (&) and no aliases (*)."))
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys = [key.value for key, _value in node.value if isinstance(key.value, str)]
        twice = next((one for one in keys if keys.count(one) > 1), None)
        if twice is not None:
            said = _("“%(name)s” stands twice (line %(line)s).")
            line = node.start_mark.line + 1
            raise PackWrong(said % {"name": twice[:40], "line": line})
        return super().construct_mapping(node, deep)


def parse_yaml(source: str) -> Any:
    """Content of a pack's file.

    :raises PackWrong: not plain YAML, or larger than a pack can be.
    """
    if len(source) > LARGEST_FILE:
        raise PackWrong(_("The file is larger than a pack can be (200 kB)."))
    try:
        return yaml.load(source, Loader=PlainLoader)  # noqa: S506 — a SafeLoader
    except UNREADABLE as error:
        mark = getattr(error, "problem_mark", None)
        if mark is None:
            raise PackWrong(_("The file is no valid YAML.")) from None
        said = _("The file is no valid YAML (line %(line)s).")
        raise PackWrong(said % {"line": mark.line + 1}) from None


def write_yaml(content: Any) -> str:
    """The text of a pack's file; parse_yaml reads it back."""
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=88))


@cache
def shipped(key: str) -> Any:
    """Content of a pack that comes with the program."""
    if key not in SHIPPED:
        raise PackWrong(_("There is no pack “%(key)s”.") % {"key": key[:40]})
    return parse_yaml((FOLDER / f"{key}.yaml").read_text())


@cache
def standard() -> Pack:
    return read_pack(shipped("standard"))
