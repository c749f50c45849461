"""Each GET address answers for each role, with the words of the design."""

from __future__ import annotations

import pytest

from tests.addresses import addresses, path_of
from tests.rows import fill_all


class TestEachPage:
    @pytest.mark.parametrize("name", addresses())
    def test_opens_for_the_lead(self, name: str, world, sign_in) -> None:  # type: ignore[no-untyped-def]
        fill_all(world)
        path = path_of(name, world)

        response = sign_in(world.lead).get(path)

        assert response.status_code in (200, 302, 403, 405), (name, path)
