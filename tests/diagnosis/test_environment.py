"""Factors and SWOT: the page, and what gate 3 asks of them."""

from __future__ import annotations

import pytest

from diagnosis.models import OUTSIDE, Factor, SwotItem
from programmes import gating
from programmes.kit.errors import NotAllowed
from programmes.phases import Phase
from tests.world import NOW

HOSTILE = "§<script>alert(1)</script>"


def add_factor(world, dimension="legal", **values):
    given = {"text": "§New rules", "impact": -4, "likelihood": 4, "source": "§Law"}
    return world.save(Factor, dimension=dimension, **(given | values))


def analyse(world, source="§Somebody"):
    for one in OUTSIDE:
        add_factor(world, one, source=source)
    for field in SwotItem.Field:
        world.save(SwotItem, field=field, text="§Entry", source=source)


def assessed(world, code):
    found = gating.assess(world.programme, Phase.DIAGNOSIS, NOW).items
    return next(one.assessment for one in found if one.criterion.code == code)


class TestFactor:
    def test_deserves_attention_by_size_and_likelihood(self, world):
        factor = add_factor(world, impact=-3, likelihood=4)

        assert factor.attention == 12

    @pytest.mark.parametrize("values", [{"impact": 6}, {"likelihood": 0}])
    def test_stays_in_range(self, world, values):
        from programmes.services.records import Invalid

        with pytest.raises(Invalid):
            add_factor(world, **values)

    def test_is_written_by_the_lead_only(self, world):
        with pytest.raises(NotAllowed):
            world.save(
                Factor, by="member", dimension="legal", text="§", impact=1, likelihood=1
            )


class TestEnvironmentPage:
    def test_shows_factors_and_entries_as_text(self, world, sign_in):
        add_factor(world, text=HOSTILE)
        world.save(SwotItem, field="threat", text=HOSTILE, source=HOSTILE)

        html = sign_in(world.viewer).get("/p/o2c/environment/").content.decode()

        assert "1 factor needs special attention" in html
        assert HOSTILE not in html
        assert html.count("&lt;script&gt;") >= 3

    def test_says_that_nothing_is_known(self, world, sign_in):
        html = sign_in(world.lead).get("/p/o2c/environment/").content.decode()

        assert "No factor is known yet" in html

    def test_is_closed_to_outsiders(self, world, sign_in):
        assert sign_in(world.outsider).get("/p/o2c/environment/").status_code == 404

    def test_asks_no_more_with_more_rows(
        self, world, sign_in, django_assert_max_num_queries
    ):
        analyse(world)
        client = sign_in(world.lead)

        with django_assert_max_num_queries(12):
            client.get("/p/o2c/environment/")


class TestGate3EnvironmentCriterion:
    def test_passes_with_a_source_everywhere(self, world):
        analyse(world)

        assert assessed(world, "G3.A1").result == "pass"

    def test_fails_without_sources_and_leads_to_the_forms(self, world):
        analyse(world, source="")

        found = assessed(world, "G3.A1")

        assert (found.result, found.done, found.of) == ("fail", 0, 10)
        assert found.links[0].url == "/p/o2c/factors/new/?dimension=political"
