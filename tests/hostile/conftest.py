"""One stage for the whole folder: building it takes longer than most of its tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.stage import Stage, staged


@pytest.fixture(scope="package")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock(), staged() as found:
        yield found
