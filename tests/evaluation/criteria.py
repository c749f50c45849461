"""The tests that every criterion of a gate passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programmes import gating
from programmes.models import Programme
from programmes.phases import Phase
from tests.world import NOW, World

Cases = dict[str, tuple[Callable[[World], None], Callable[[], Any]]]


def look(world: World, code: str) -> gating.Assessment:
    programme = Programme.objects.get(pk=world.programme.pk)
    verdict = gating.assess(programme, Phase(int(code[1])), NOW)
    return next(one.assessment for one in verdict.items if one.criterion.code == code)


class EachCriterion:
    """What holds of each criterion: a test class names its cases.

    :cvar cases: code -> what makes it pass, and what breaks it then.
    :cvar empty: codes that ask nothing of a programme without their records.
    """

    cases: ClassVar[Cases]
    empty: ClassVar[set[str]]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        metafunc.parametrize("code", sorted(self.cases))

    def test_passes_when_its_records_are_right(self, world, code: str) -> None:
        self.cases[code][0](world)

        found = look(world, code)

        assert found.result is gating.Result.PASS, found.detail
        assert found.links == ()

    def test_fails_and_leads_to_the_cure(self, world, sign_in, code: str) -> None:
        make, spoil = self.cases[code]
        make(world)
        spoil()

        found = look(world, code)

        assert found.result is gating.Result.FAIL
        assert sign_in(world.lead).get(found.links[0].url).status_code == 200

    def test_says_something_of_an_empty_programme(self, world, code: str) -> None:
        found = look(world, code)

        applies = found.result is not gating.Result.FAIL
        assert applies == (code in self.empty)
        assert applies or found.links

    def test_asks_the_database_twice_at_most(self, world, code: str) -> None:
        self.cases[code][0](world)
        programme = Programme.objects.get(pk=world.programme.pk)
        phase = Phase(int(code[1]))
        one = gating.known_criteria()[code]
        rules = gating.rules_of(programme, phase)
        loaded = gating._evidence[phase](programme, NOW)

        with CaptureQueriesContext(connection) as queries:
            one.check(loaded, gating.limits_of(rules))

        assert len(queries) <= 2
