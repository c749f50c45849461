"""A language in which every translated message stands in brackets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.utils import translation

OPEN, CLOSE = "⟦", "⟧"


def bracket(message: str) -> str:
    """The message in brackets; an empty one stays empty, as gettext has it."""
    return f"{OPEN}{message}{CLOSE}" if message else message


@contextmanager
def pseudo_language() -> Iterator[None]:
    """While it lasts gettext brackets what it is asked for, lazy messages included."""

    def gettext(message: str) -> str:
        return bracket(message)

    def pgettext(_context: str, message: str) -> str:
        return bracket(message)

    def ngettext(singular: str, plural: str, number: int) -> str:
        return bracket(singular if number == 1 else plural)

    def npgettext(_context: str, singular: str, plural: str, number: int) -> str:
        return ngettext(singular, plural, number)

    # Django keeps the functions of the active backend on this object.
    with mock.patch.multiple(
        translation._trans,
        create=True,
        gettext=gettext,
        pgettext=pgettext,
        ngettext=ngettext,
        npgettext=npgettext,
    ):
        yield
