"""A window of the run's browser for journeys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.walk import Walker


@pytest.fixture
def walker(chrome: Browser, live_server: Any) -> Callable[..., Walker]:
    """walker() -> a new browser window on the live server."""
    return lambda **more: Walker(chrome, live_server.url, **more)
