"""The index tree, grades of raters, effects, economics, lessons, the next cycle."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from evaluation.models import (
    CostBenefit,
    EvaluationSetup,
    QualitativeItem,
    Rating,
    ScoreRule,
)
from evaluation.scoring import (
    economics_of,
    effects_of,
    index_of,
    progress_of,
    scorecard_of,
    setup_of,
)
from evaluation.services.economics import NoActual, confirm_economics
from evaluation.services.scorecard import give_ratings, save_score_rule, save_setup
from programmes.kit.errors import NotAllowed
from programmes.models import Activity, Indicator
from programmes.services.records import Invalid, save_record
from tests.evaluation.fill import series
from tests.world import NOW


def indicator_of(world, code="cost", branch="economic", **values):
    given = {"name": f"§{code}", "baseline": 10, "target": 5, **values}
    return world.save(Indicator, code=code, branch=branch, **given)


def line(world, **values):
    given = {"title": "§Line", "kind": "benefit", "year": 2026, "plan": 100, **values}
    return world.save(CostBenefit, **given)


def setup(world, **values):
    record = EvaluationSetup(programme=world.programme, **values)
    return save_setup(by=world.lead, record=record, now=NOW)


class TestIndexOf:
    @pytest.mark.parametrize(
        ("direction", "value", "worst", "best", "expected"),
        [
            ("cost", 6, 10, 2, 50),
            ("cost", 1, 10, 2, 100),
            ("benefit", 6, 2, 10, 50),
            ("target", 9, 6, 8, 50),
            ("cost", 6, 2, 10, None),
            ("benefit", 6, 10, 2, None),
            ("cost", None, 10, 2, None),
            ("cost", 6, None, 2, None),
        ],
    )
    def test_is_from_nought_to_hundred(self, direction, value, worst, best, expected):
        assert index_of(direction, value, worst, best) == expected

    def test_progress_is_not_clipped(self):
        assert progress_of(10, 5, 4) == 120
        assert progress_of(None, 5, 4) is None


class TestScorecard:
    def test_joins_three_branches_with_coverage(self, world):
        cost = indicator_of(world)
        wait = indicator_of(world, "wait", "management")
        for one in (cost, wait):
            world.save(ScoreRule, indicator=one, weight=100)
        series(world, "cost", [7.5])
        item = world.save(QualitativeItem, title="§Clarity", weight=100)
        give_ratings(
            by=world.member,
            programme=world.programme,
            grades={item.pk: 5},
            group="team",
            now=NOW,
        )

        card = scorecard_of(world.programme, setup_of(world.programme))

        assert [one.index for one in card.branches] == [50, None, 100]
        assert round(card.index, 2) == round((0.4 * 50 + 0.2 * 100) / 0.6, 2)
        assert round(card.coverage, 2) == 0.6
        assert card.is_provisional
        assert card.before == 0

    def test_is_empty_without_weights(self, world):
        card = scorecard_of(world.programme, setup_of(world.programme))

        assert card.index is None
        assert not card.leaves

    def test_page_shows_it(self, world, sign_in):
        world.save(ScoreRule, indicator=indicator_of(world), weight=100)
        series(world, "cost", [7.5])

        page = sign_in(world.viewer).get(reverse("scorecard", args=["o2c"]))

        text = page.content.decode()
        assert "50% of the way to the target" in text
        assert "Provisional" in text


class TestSaveSetup:
    def test_weights_add_up(self, world):
        with pytest.raises(Invalid, match="100"):
            setup(world, economic=50)

    def test_after_follows_before(self, world):
        with pytest.raises(Invalid):
            setup(
                world,
                baseline_until=date(2026, 2, 1),
                measured_from=date(2026, 1, 1),
            )

    def test_form_saves_it(self, world, sign_in):
        url = reverse("evaluation-setup", args=["o2c"])
        data = {"economic": 50, "management": 30, "qualitative": 20, "rate": 6}

        answer = sign_in(world.lead).post(url, data)

        assert answer.status_code == 302
        assert setup_of(world.programme).economic == 50

    def test_form_shows_a_refusal(self, world, sign_in):
        url = reverse("evaluation-setup", args=["o2c"])
        data = {"economic": 50, "management": 50, "qualitative": 20, "rate": 6}

        answer = sign_in(world.lead).post(url, data)

        assert answer.status_code == 422


class TestSaveScoreRule:
    @pytest.mark.parametrize(
        ("direction", "worst", "best"),
        [("cost", 2, 10), ("benefit", 10, 2), ("cost", 5, 5)],
    )
    def test_refuses_values_the_wrong_way_round(self, world, direction, worst, best):
        aims = {"baseline": None, "target": None, "direction": direction}
        one = indicator_of(world, **aims)
        rule = ScoreRule(
            programme=world.programme,
            indicator=one,
            weight=50,
            worst=Decimal(worst),
            best=Decimal(best),
        )

        with pytest.raises(Invalid):
            save_score_rule(by=world.lead, record=rule, now=NOW)

    def test_takes_baseline_and_target_for_missing_ones(self, world):
        rule = ScoreRule(
            programme=world.programme, indicator=indicator_of(world), weight=50
        )

        assert save_score_rule(by=world.lead, record=rule, now=NOW).pk


class TestGiveRatings:
    @pytest.fixture
    def item(self, world):
        return world.save(QualitativeItem, title="§Clarity", weight=100)

    def give(self, world, item, by="member", **values):
        given = {"grades": {item.pk: 4}, "group": "team", "now": NOW, **values}
        return give_ratings(by=world.accounts[by], programme=world.programme, **given)

    def test_again_changes_ones_own(self, world, item):
        self.give(world, item)
        self.give(world, item, grades={item.pk: 2})

        assert Rating.objects.get().grade == 2

    def test_an_anonymous_one_leaves_no_name(self, world, item, sign_in):
        self.give(world, item, is_anonymous=True)

        rating = Rating.objects.get()
        page = sign_in(world.lead).get(
            reverse("qualitative-detail", args=["o2c", item.pk])
        )
        assert rating.created_by is None
        assert rating.history.get().history_user is None
        assert not Activity.objects.filter(actor=world.member).exists()
        assert "§Member Person" not in page.content.decode()
        assert "1 rater gave a grade without a name" in page.content.decode()

    def test_a_named_one_shows_the_name(self, world, item, sign_in):
        self.give(world, item)

        page = sign_in(world.lead).get(
            reverse("qualitative-detail", args=["o2c", item.pk])
        )

        assert "§Member Person" in page.content.decode()

    def test_viewers_do_not_rate(self, world, item):
        with pytest.raises(NotAllowed):
            self.give(world, item, by="viewer")

    def test_only_the_lead_enters_for_others(self, world, item):
        self.give(world, item, by="lead", is_outside=True)
        self.give(world, item, by="lead", is_outside=True)

        assert Rating.objects.filter(person=None).count() == 2
        with pytest.raises(NotAllowed):
            self.give(world, item, is_outside=True)

    def test_needs_a_grade_of_a_living_item(self, world, item):
        with pytest.raises(Invalid):
            self.give(world, item, grades={})
        with pytest.raises(Invalid):
            self.give(world, item, grades={item.pk + 999: 3})

    def test_form_saves_and_remembers(self, world, item, sign_in):
        client = sign_in(world.member)
        url = reverse("ratings", args=["o2c"])

        answer = client.post(url, {f"item-{item.pk}": 5, "group": "staff"})

        assert answer.status_code == 302
        assert "checked" in client.get(url).content.decode()

    def test_form_without_a_grade_is_refused(self, world, item, sign_in):
        url = reverse("ratings", args=["o2c"])

        assert sign_in(world.member).post(url, {"group": "staff"}).status_code == 422


class TestEffects:
    def test_compares_before_with_after(self, world, sign_in):
        indicator_of(world)
        today = NOW.date()
        setup(
            world,
            baseline_until=today - timedelta(days=3),
            measured_from=today - timedelta(days=2),
        )
        series(world, "cost", [10, 10, 11, 5, 6, 4])

        found = effects_of(world.programme, setup_of(world.programme))
        page = sign_in(world.viewer).get(reverse("effects", args=["o2c"]))

        assert (found[0].difference.n_before, found[0].difference.n_after) == (3, 3)
        text = page.content.decode()
        assert "§cost fell by 5.33" in text
        assert "1 of 1 goal indicators are better than before" in text

    def test_says_rose_and_stayed(self, world, sign_in):
        today = NOW.date()
        aims = {"baseline": 1, "target": 5, "direction": "benefit"}
        indicator_of(world, "up", **aims)
        indicator_of(world, "flat", **aims)
        indicator_of(world, "none", **aims)
        setup(
            world,
            baseline_until=today - timedelta(days=3),
            measured_from=today - timedelta(days=2),
        )
        series(world, "up", [1, 1, 1, 2, 2, 2])
        series(world, "flat", [1, 1, 1, 1, 1, 1])

        text = sign_in(world.viewer).get(reverse("effects", args=["o2c"]))

        said = text.content.decode()
        assert "§up rose by 1.00" in said
        assert "§flat stayed at 1.00" in said
        assert "Not computed" in said

    def test_asks_for_periods(self, world, sign_in):
        page = sign_in(world.lead).get(reverse("effects", args=["o2c"]))

        assert "What is before, and what is after?" in page.content.decode()


class TestEconomics:
    def test_actual_where_known_else_plan(self, world):
        line(world, kind="cost", year=2025, plan=100, actual=110)
        line(world, year=2026, plan=80)
        line(world, year=2027, plan=80)

        worth = economics_of(list(CostBenefit.objects.all()), 0.0)

        assert worth.planned == [-100, 80, 80]
        assert worth.actual == [-110, 80, 80]
        assert worth.npv == 50
        assert round(worth.payback, 3) == 1.375
        assert worth.benefit == 0

    def test_nothing_is_worth_nothing(self):
        assert economics_of([], 0.1).npv is None

    def test_finds_a_benefit_counted_twice(self, world, sign_in):
        one = indicator_of(world)
        line(world, indicator=one, period="Q1", title="§First")
        line(world, indicator=one, period="q1 ", title="§Second")
        line(world, indicator=one, period="Q2", title="§Third")

        worth = economics_of(list(CostBenefit.objects.all()), 0.1)
        page = sign_in(world.lead).get(reverse("economics-list", args=["o2c"]))

        assert {str(row) for row in worth.doubled} == {"§First", "§Second"}
        assert "may be counted twice" in page.content.decode()


class TestConfirmEconomics:
    def confirm(self, world, rows, by="controller"):
        return confirm_economics(
            by=world.accounts[by], programme=world.programme, lines=rows, now=NOW
        )

    def test_holds_until_the_line_changes(self, world):
        row = line(world, actual=90)

        assert self.confirm(world, [row]) == 1
        assert self.confirm(world, [row]) == 0
        row = CostBenefit.objects.get()
        assert row.is_confirmed
        row.actual = 95
        assert not save_record(by=world.lead, record=row, now=NOW).is_confirmed

    def test_is_for_the_controller(self, world):
        with pytest.raises(NotAllowed):
            self.confirm(world, [line(world, actual=90)], by="lead")

    def test_needs_an_actual_amount(self, world):
        with pytest.raises(NoActual):
            self.confirm(world, [line(world)])

    def test_button_confirms_all(self, world, sign_in):
        line(world, actual=90)
        line(world)

        sign_in(world.controller).post(reverse("economics-confirm", args=["o2c"]))

        assert CostBenefit.objects.exclude(confirmed_at=None).count() == 1
