"""Lucide icons, read once per process from the npm package and drawn inline."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
CONTENT = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)


class UnknownIconError(LookupError):
    """No icon of that name is in the package."""


def icon(name: str, size: str = "") -> SafeString:
    """
    An icon as inline SVG, hidden from the accessibility tree.

    An unknown name is drawn as an empty square unless ``ICONS_STRICT`` (by default
    ``DEBUG``) is set; then it raises, so that a test sees it before a reader does.

    :param size: empty (16 px), "sm" (14 px) or "lg" (20 px)
    :raises UnknownIconError: when no such icon exists and icons are strict
    """
    try:
        content = outline(name)
    except UnknownIconError:
        if getattr(settings, "ICONS_STRICT", settings.DEBUG):
            raise
        content = SafeString("")
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        f" {size}" if size else "",
        content,
    )


@cache
def outline(name: str) -> SafeString:
    """
    The paths of an icon, without the element around them.

    :raises UnknownIconError: when the package has no icon of that name
    """
    path = Path(settings.NPM) / "lucide-static" / "icons" / f"{name}.svg"
    if not NAME.fullmatch(name) or not path.is_file():
        raise UnknownIconError(name)
    found = CONTENT.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise UnknownIconError(name)
    shapes = re.sub(r"\s+", " ", found[1]).replace(" />", "/>").replace("> <", "><")
    # The text comes from a pinned package, never from a person.
    return mark_safe(shapes.strip())  # noqa: S308
