"""Measures of event logs into indicators, and again with the next import."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

import pytest

from diagnosis.mining.spelling import spell
from diagnosis.models import LogFeed
from diagnosis.services.log_feeds import (
    Choice,
    NotReady,
    feed_indicator,
    new_indicator,
    refresh_feeds,
)
from programmes.kit.errors import NotAllowed
from programmes.models import Indicator, Job, Measurement
from programmes.services.records import Invalid
from tests.diagnosis.fill import LOG, describe, import_now, receive
from tests.diagnosis.log_ready import indicator
from tests.world import NOW


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


class TestFeedIndicator:
    def test_records_complete_months(self, world) -> None:
        log = import_now(world, receive(world))
        measured = indicator(world)

        result = feed_indicator(
            by=world.owner,
            log=log,
            indicator=measured,
            choice=Choice("cases_completed"),
            now=NOW,
        )

        rows = Measurement.objects.filter(indicator=measured).order_by("at")
        assert [(one.at.date().isoformat(), one.value) for one in rows] == [
            ("2025-11-30", Decimal(1)),
            ("2025-12-31", Decimal(2)),
        ]
        assert {one.source for one in rows} == {"log"}
        assert (result.accepted, rows[0].note) == (2, log.name)

    def test_leaves_out_the_month_in_which_the_log_breaks_off(self, world) -> None:
        text = LOG.replace("2025-12-30", "2025-12-20")
        log = import_now(world, receive(world, text=text))
        measured = indicator(world)

        feed_indicator(
            by=world.lead,
            log=log,
            indicator=measured,
            choice=Choice("median_throughput_days"),
            now=NOW,
        )

        assert Measurement.objects.filter(indicator=measured).count() == 1

    def test_twice_changes_nothing(self, world) -> None:
        log = import_now(world, receive(world))
        given = {
            "by": world.lead,
            "log": log,
            "indicator": indicator(world),
            "choice": Choice("rework_share"),
            "now": NOW,
        }
        feed_indicator(**given)

        again = feed_indicator(**given)

        assert (again.accepted, again.unchanged) == (0, 2)

    def test_refuses(self, world) -> None:
        ready, waiting = import_now(world, receive(world)), receive(world)
        given = {
            "indicator": indicator(world),
            "choice": Choice("rework_share"),
            "now": NOW,
        }

        with pytest.raises(NotAllowed):
            feed_indicator(by=world.member, log=ready, **given)
        with pytest.raises(NotReady):
            feed_indicator(by=world.lead, log=waiting, **given)
        for measure in ("§nothing", "cost_per_case"):
            with pytest.raises(Invalid):
                feed_indicator(
                    by=world.lead, log=ready, **{**given, "choice": Choice(measure)}
                )

    def test_goes_by_week_where_the_indicator_does(self, world) -> None:
        log = import_now(world, receive(world))
        measured = indicator(world)
        measured.period = Indicator.Period.WEEK
        measured.save()

        feed_indicator(
            by=world.lead,
            log=log,
            indicator=measured,
            choice=Choice("edge_share", ["§Check", "§Ship"]),
            now=NOW,
        )

        rows = Measurement.objects.filter(indicator=measured).order_by("at")
        assert [(one.at.date().isoformat(), one.value) for one in rows] == [
            ("2025-11-09", 1),
            ("2025-12-14", 1),
        ]
        assert LogFeed.objects.get().period == "week"


class TestNewIndicator:
    def test_takes_unit_direction_and_period_of_the_measure(self, world) -> None:
        log = import_now(world, receive(world, process=describe(world)))
        given = {
            "by": world.lead,
            "log": log,
            "name": "§Ship late",
            "choice": Choice("activity_share", ["§Ship"]),
            "period": "week",
            "definition": "§Words",
            "now": NOW,
        }

        first, second = new_indicator(**given), new_indicator(**given)

        assert (first.unit, first.direction, first.period) == ("share", "cost", "week")
        assert first.process == log.process.scope_item
        assert first.code != second.code
        with pytest.raises(Invalid):
            new_indicator(**{**given, "choice": Choice("§luck")})
        with pytest.raises(NotAllowed):
            new_indicator(**{**given, "by": world.member})


class TestRefreshFeeds:
    def feed(self, world, log, code: str = "days", measure: str = "cases_completed"):
        measured = indicator(world, code)
        feed_indicator(
            by=world.lead,
            log=log,
            indicator=measured,
            choice=Choice(measure, (), [spell("activity", "§Ship", True)]),
            now=NOW,
        )
        return measured

    def test_follows_the_next_import_of_the_same_source(self, world) -> None:
        process = describe(world)
        measured = self.feed(world, import_now(world, receive(world, process=process)))
        text = LOG + "4;§Ship;2026-01-30 08:00\n"

        later = import_now(world, receive(world, text=text, process=process))

        assert LogFeed.objects.get().log == later
        rows = Measurement.objects.filter(indicator=measured).order_by("at")
        assert rows.last().at.date().isoformat() == "2026-01-31"

    def test_leaves_other_sources_alone(self, world) -> None:
        log = import_now(world, receive(world))
        self.feed(world, log)

        import_now(world, receive(world, name="§Another"))

        assert LogFeed.objects.get().log == log

    def test_says_what_could_not_be_fed(self, world, sign_in) -> None:
        log = import_now(world, receive(world))
        self.feed(world, log)
        LogFeed.objects.update(measure="cost_per_case")

        later = import_now(world, receive(world))

        assert (
            "no complete period"
            in Job.objects.get(pk=later.job_id).result["not_fed"][0]
        )
        page = sign_in(world.lead).get(f"/p/o2c/logs/{later.pk}/").content.decode()
        assert "no complete period" in page
        LogFeed.objects.update(created_by=None)
        assert refresh_feeds(by=None, log=log, now=NOW) == []


class TestFeedPage:
    def url(self, log, **query) -> str:
        return f"/p/o2c/logs/{log.pk}/indicator/?{urlencode(query)}"

    def test_shows_values_and_records_them(self, world, sign_in) -> None:
        log = import_now(world, receive(world))
        measured = indicator(world)
        client = sign_in(world.owner)
        given = {"activity": "§Check", "then": "§Ship", "f": spell("variant", 1, True)}
        url = self.url(log, measure="edge_share", **given)

        text = client.get(url).content.decode()
        answer = client.post(url, {"indicator": measured.pk})

        assert "Share of cases with a succession: §Check → §Ship" in text
        assert answer["Location"].startswith(f"/p/o2c/logs/{log.pk}/?f=")
        feed = LogFeed.objects.get()
        assert (feed.about, len(feed.filters)) == (["§Check", "§Ship"], 1)
        assert "Fed by this log" in client.get(self.url(log)).content.decode()

    def test_makes_a_new_indicator(self, world, sign_in) -> None:
        log = import_now(world, receive(world))
        client = sign_in(world.lead)

        client.post(self.url(log, measure="path_share", path=1), {"name": "§Straight"})

        made = Indicator.objects.get(name="§Straight")
        assert made.direction == "benefit"
        assert made.measurements.count() == 2

    def test_says_what_is_missing(self, world, sign_in) -> None:
        log = import_now(world, receive(world))
        client = sign_in(world.lead)

        asked = client.get(self.url(log, measure="edge_share", activity="§Check"))
        nothing = client.get(self.url(log, measure="cost_per_case"))
        neither = client.post(self.url(log, measure="rework_share"), {})
        none = client.post(self.url(log, measure="cost_per_case"), {"name": "§X"})

        assert "This measure asks for it." in asked.content.decode()
        assert "No period has a value." in nothing.content.decode()
        assert "name a new one" in neither.content.decode()
        assert none.status_code == 422
        assert not Indicator.objects.filter(name="§X").exists()
        assert not LogFeed.objects.exists()

    def test_offers_conformance_where_it_is_known(self, world, sign_in) -> None:
        log = import_now(world, receive(world))

        page = sign_in(world.lead).get(self.url(log, measure="move_fitness"))

        assert "measure" in page.context["form"].errors
