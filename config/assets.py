"""Serve named files of node_modules, and nothing else of it."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PREFIX = "vendor/"


class PackageFinder(BaseFinder):
    """Maps vendor/<path> to node_modules/<path> where settings.NPM_FILES allows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.root = Path(settings.NPM)
        self.storage = FileSystemStorage(location=self.root)
        self.storage.prefix = PREFIX.rstrip("/")  # type: ignore[attr-defined]

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        for pattern in settings.NPM_FILES:
            for file in sorted(self.root.glob(pattern)):
                yield str(file.relative_to(self.root)), self.storage

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = path.removeprefix(PREFIX)
        found = None
        if name != path and ".." not in PurePosixPath(name).parts:
            allowed = any(PurePosixPath(name).match(one) for one in settings.NPM_FILES)
            file = self.root / name
            found = str(file) if allowed and file.is_file() else None
        if find_all:
            return [found] if found else []
        return found
