"""The risk register: its matrix, the largest ones, looking at all again."""

from __future__ import annotations

import pytest

from programmes.kit.errors import NotAllowed
from programmes.models import Risk
from programmes.services.risks import largest_risks, review_risks
from tests.programmes.ready import ready_for_gate_1, submitted
from tests.world import NOW, World


def risk(world: World, title: str, probability: int, impact: int, **more) -> Risk:
    return world.save(Risk, title=title, probability=probability, impact=impact, **more)


class TestLargestRisks:
    def test_are_the_open_ones_by_score_then_impact(self, world) -> None:
        risk(world, "§A", 1, 1)
        second = risk(world, "§B", 4, 3)
        first = risk(world, "§C", 3, 4)
        risk(world, "§D", 5, 5, state="closed")
        third = risk(world, "§E", 2, 3)

        assert largest_risks(world.programme) == [first, second, third]

    def test_are_shown_at_an_open_review(self, world, sign_in) -> None:
        ready_for_gate_1(world)
        submitted(world)

        page = sign_in(world.sponsor).get("/p/o2c/gates/1/").content.decode()

        assert "Largest risks" in page
        assert "§Begin early" in page


class TestReviewRisks:
    def test_notes_the_day_on_all_open_ones(self, world) -> None:
        seen = risk(world, "§A", 1, 1)
        closed = risk(world, "§B", 1, 1, state="closed")

        count = review_risks(by=world.lead, programme=world.programme, now=NOW)

        seen.refresh_from_db()
        closed.refresh_from_db()
        assert (count, seen.reviewed_on, closed.reviewed_on) == (1, NOW.date(), None)

    def test_is_not_everybodys(self, world) -> None:
        with pytest.raises(NotAllowed):
            review_risks(by=world.viewer, programme=world.programme, now=NOW)

    def test_is_refused_in_review_with_its_reason(self, world, sign_in) -> None:
        ready_for_gate_1(world)
        submitted(world)

        page = sign_in(world.lead).post("/p/o2c/risks/reviewed/", follow=True)

        assert "Gate 1 is in review" in page.content.decode()

    def test_works_by_button(self, world, sign_in) -> None:
        risk(world, "§A", 1, 1)

        page = sign_in(world.lead).post("/p/o2c/risks/reviewed/", follow=True)

        assert "1 open risk is noted" in page.content.decode()


class TestMatrix:
    def test_counts_open_risks_and_opens_them(self, world, sign_in) -> None:
        risk(world, "§A", 5, 3)
        risk(world, "§B", 5, 3)
        risk(world, "§C", 1, 2)
        client = sign_in(world.viewer)

        page = client.get("/p/o2c/risks/")
        narrowed = client.get("/p/o2c/risks/?state=open&probability=5&impact=3")

        assert "3 open risks, 2 high" in page.content.decode()
        titles = [str(row["record"]) for row in narrowed.context["rows"]]
        assert titles == ["§A", "§B"]

    def test_exports_score_and_level(self, world, sign_in) -> None:
        risk(world, "§A", 5, 3)

        text = sign_in(world.lead).get("/p/o2c/risks/export.csv").content.decode()

        assert "§A,15,High" in text

    @pytest.mark.parametrize(
        ("score", "level"), [((3, 5), "high"), ((2, 4), "medium"), ((7, 1), "low")]
    )
    def test_levels(self, score, level) -> None:
        assert Risk(probability=score[0], impact=score[1]).level == level
