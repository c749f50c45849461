"""Only the named files of node_modules can be reached."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles import finders

FONT = "vendor/fontsource-variable/inter/files/inter-latin-opsz-normal.woff2"


class TestPackageFinder:
    @pytest.mark.parametrize("path", [FONT, "vendor/vega/build/vega.min.js"])
    def test_finds_what_is_listed(self, path: str) -> None:
        assert finders.find(path)

    @pytest.mark.parametrize(
        "path",
        [
            "vendor/vega/package.json",
            "vendor/../manage.py",
            "vendor/vega/build/../package.json",
            "vendor/",
            "vega/build/vega.min.js",
            "vendor//etc/passwd",
        ],
    )
    def test_finds_nothing_else(self, path: str) -> None:
        assert not finders.find(path)

    def test_lists_what_it_finds(self) -> None:
        finder = finders.get_finder("config.assets.PackageFinder")

        for name, storage in finder.list([]):
            assert finders.find(f"{storage.prefix}/{name}")
