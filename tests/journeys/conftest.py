"""A browser for journeys: the machine's Chromium, or npm's, else skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from config.browser import chromium, launch_arguments, launch_environment
from tests.journeys.walk import Walker


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    path = chromium(settings.NPM)
    if path is None:
        pytest.skip("no Chromium on this machine, and none in node_modules")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=launch_arguments(),
            env=launch_environment(path),
        )
        yield browser
        browser.close()


@pytest.fixture
def walker(chrome: Browser, live_server: Any) -> Callable[..., Walker]:
    """walker() -> a new browser window on the live server."""
    return lambda **more: Walker(chrome, live_server.url, **more)
