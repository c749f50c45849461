"""All criteria of all gates: each is cheap, and what is red leads to its cure."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programmes import gating
from programmes.lifecycle import GateKind
from programmes.method_packs import GateRules
from programmes.models import Gate, Programme
from programmes.phases import Phase
from programmes.services.programmes import create_programme
from tests.stage import Stage
from tests.world import NOW

pytestmark = pytest.mark.django_db

MOST_QUERIES = 2
CODES = sorted(gating.known_criteria(), key=gating.natural)
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
FORM = re.compile(r"<form[^>]*method=\"post\"|<form[^>]*method=post")
HREF = re.compile(r'href="(/p/[^"#]+)')
Found = dict[str, gating.Assessment]


def evidence_for(place: Phase | GateKind, programme: Programme) -> Any:
    """What the criteria of a phase, or of a gate outside the sequence, look at."""
    of: Any = programme
    if isinstance(place, GateKind):
        of = Gate.every.filter(programme=programme, kind=place).first()
        of.programme = programme
    return gating._evidence[place](of, NOW)


def programme_of(stage: Stage) -> Programme:
    rows = Programme.objects.select_related("enterprise", "pack")
    return rows.get(pk=stage.world.programme.pk)


@pytest.fixture(scope="module")
def loaded(stage: Stage) -> dict[Any, Any]:
    programme = programme_of(stage)
    places = {one.phase for one in gating.known_criteria().values()}
    return {place: evidence_for(place, programme) for place in places}


@pytest.fixture(scope="module")
def bare(stage: Stage) -> dict[Any, Any]:
    """The same of a programme in which nobody entered anything."""
    programme = create_programme(
        by=stage.world.lead,
        enterprise=stage.world.enterprise,
        code="bare",
        name="§Bare",
        starts_on=NOW.date(),
        now=NOW,
    )
    programme = Programme.objects.select_related("enterprise", "pack").get(
        pk=programme.pk
    )
    return {place: evidence_for(place, programme) for place in Phase}


@pytest.fixture(scope="module")
def limits() -> dict[str, Any]:
    return gating.limits_of(GateRules(phases=(1,)))


@pytest.mark.parametrize("code", CODES)
class TestEachCriterion:
    def test_asks_at_most_twice(
        self, code: str, loaded: dict[Any, Any], limits: dict[str, Any]
    ) -> None:
        one = gating.known_criteria()[code]

        with CaptureQueriesContext(connection) as found:
            one.check(loaded[one.phase], limits)

        asked = "\n".join(query["sql"][:300] for query in found)
        assert len(found) <= MOST_QUERIES, asked

    def test_red_it_leads_to_a_form_in_two_clicks(
        self,
        code: str,
        stage: Stage,
        loaded: dict[Any, Any],
        bare: dict[Any, Any],
        limits: dict[str, Any],
    ) -> None:
        one = gating.known_criteria()[code]
        worlds = [each[one.phase] for each in (loaded, bare) if one.phase in each]

        assessed = [one.check(world, limits) for world in worlds]

        red = [found for found in assessed if found.result is gating.Result.FAIL]
        if not red:
            pytest.skip("red neither in a filled nor in an empty programme")
        for found in red:
            assert found.links, f"{code} is red without a link"
            assert reaches_a_form(stage.clients["lead"], found.links[0].url)


def reaches_a_form(client: Any, url: str) -> bool:
    """Has the page a form, or is one of its pages one click away?"""
    page = main_of(client, url)
    if FORM.search(page):
        return True
    ways = dict.fromkeys(unescape(one) for one in HREF.findall(page))
    return any(FORM.search(main_of(client, way)) for way in list(ways)[:40])


def main_of(client: Any, url: str) -> str:
    answer = client.get(url)
    if answer.status_code != 200 or "html" not in answer["content-type"]:
        return ""
    found = MAIN.search(answer.content.decode())
    return found.group() if found else ""
