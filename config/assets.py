"""Serve named files of node_modules, and nothing else of it.

The "@" of a scope is left out of the address (vendor/fontsource-variable/...), since
templates would write it as %40 and style sheets as @: two addresses for one file.
"""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PREFIX = "vendor/"
SCOPE = "@"


class PackageFinder(BaseFinder):
    """Maps vendor/<path> to node_modules/<path> where settings.NPM_FILES allows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.root = Path(settings.NPM)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        for pattern in settings.NPM_FILES:
            scope = pattern.split("/")[0]
            folder = self.root / scope
            storage = FileSystemStorage(location=folder)
            storage.prefix = PREFIX + scope.lstrip(SCOPE)  # type: ignore[attr-defined]
            for file in sorted(self.root.glob(pattern)):
                yield str(file.relative_to(folder)), storage

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = self.file_of(path.removeprefix(PREFIX)) if PREFIX in path else None
        # Django takes a list for "nothing here", also where one path is asked for.
        return found if found and not find_all else [found] if found else []

    def file_of(self, name: str) -> str | None:
        """The file behind an address below vendor/, if the list allows it."""
        if ".." in PurePosixPath(name).parts:
            return None
        for candidate in (name, SCOPE + name):
            allowed = any(
                PurePosixPath(candidate).match(one) for one in settings.NPM_FILES
            )
            file = self.root / candidate
            if allowed and file.is_file():
                return str(file)
        return None
