"""Every register, phase and programme answers for the past, in few queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.addresses import addresses
from tests.stage import Stage

pytestmark = pytest.mark.django_db
MOST = 12
NAMES = set(addresses())
SLUGS = [
    slug
    for slug in (name.removesuffix("-xlsx-export") for name in sorted(NAMES))
    if {f"{slug}-xlsx-export", f"{slug}-list"} <= NAMES
]


class TestEachRegister:
    """Every list, file and row can be seen as of today, in few queries."""

    @pytest.mark.parametrize("slug", SLUGS)
    @pytest.mark.parametrize("what", ["list", "export", "detail"])
    def test_answers_for_the_past(self, what: str, slug: str, stage: Stage) -> None:
        path = f"{stage.paths[f'{slug}-{what}']}?as_of={timezone.localdate()}"
        client = stage.clients["lead"]
        client.get(path)

        with CaptureQueriesContext(connection) as found:
            response = client.get(path)

        assert response.status_code == 200
        asked = [one["sql"][:300] for one in found if "SAVEPOINT" not in one["sql"]]
        assert len(asked) <= MOST, "\n".join(asked)

    @pytest.mark.parametrize("path", ["", *(f"phases/{n}/" for n in range(1, 9))])
    def test_so_do_phases_and_the_programme(self, path: str, stage: Stage) -> None:
        base = f"/p/{stage.world.programme.code}/{path}"
        client = stage.clients["lead"]
        client.get(base)

        with CaptureQueriesContext(connection) as found:
            response = client.get(f"{base}?as_of={timezone.localdate()}")

        assert response.status_code == 200
        assert len(found) <= MOST, "\n".join(one["sql"][:200] for one in found)
