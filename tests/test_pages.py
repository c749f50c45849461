"""Each GET address answers for the lead."""

from __future__ import annotations

import pytest

from tests.addresses import addresses
from tests.stage import Stage

pytestmark = pytest.mark.django_db


class TestEachPage:
    @pytest.mark.parametrize("name", addresses())
    def test_opens_for_the_lead(self, name: str, stage: Stage) -> None:
        path = stage.paths[name]

        response = stage.ask("lead", path)

        assert response.status_code in (200, 302, 403, 405), (name, path)
