"""Lessons of all programmes, and the start of the next cycle."""

from __future__ import annotations

import pytest
from django.urls import reverse

from evaluation.models import Lesson, Signal
from evaluation.services.cycles import TooEarly, start_cycle
from evaluation.services.dashboards import refresh_dashboard
from programmes.kit.errors import NotAllowed
from programmes.models import Gate, Membership, Need, Programme, Readiness
from tests.evaluation.fill import series, steady
from tests.evaluation.test_scorecard import indicator_of
from tests.world import NOW


class TestAllLessons:
    def test_shows_those_of_visible_programmes(self, world, sign_in):
        world.save(
            Lesson,
            title="§Test early",
            kind="success",
            phase=6,
            happened="§x",
            advice="§y",
            tags="§tests, §roll-out",
        )
        url = reverse("lessons-all")

        mine = sign_in(world.viewer).get(url, {"phase": "6"}).content.decode()
        other = sign_in(world.viewer).get(url, {"phase": "1"}).content.decode()
        theirs = sign_in(world.stranger).get(url).content.decode()

        assert "§Test early" in mine
        assert "Nothing matches" in other
        assert "§Test early" not in theirs


class TestStartCycle:
    def start(self, world, by="lead"):
        return start_cycle(
            by=world.accounts[by],
            programme=world.programme,
            code="o2c-2",
            name="§Second cycle",
            now=NOW,
        )

    def finish(self, world):
        Programme.objects.filter(pk=world.programme.pk).update(phase=8)
        world.programme.refresh_from_db()

    def test_takes_team_and_open_signals_along(self, world):
        self.finish(world)
        indicator_of(world)
        series(world, "cost", [*steady(), 9.0])
        refresh_dashboard(programme=world.programme, now=NOW)

        fresh = self.start(world)

        assert fresh.predecessor == world.programme
        assert Need.objects.get(programme=fresh).title.startswith("§cost")
        assert Signal.objects.get().is_open
        mine = Membership.objects.filter(programme=fresh)
        old = Membership.objects.filter(programme=world.programme)
        assert mine.count() == old.count()

    def test_waits_for_phase_eight(self, world):
        with pytest.raises(TooEarly):
            self.start(world)

    def test_is_for_the_lead(self, world):
        self.finish(world)

        with pytest.raises(NotAllowed):
            self.start(world, by="owner")

    def test_form_opens_it(self, world, sign_in):
        self.finish(world)
        url = reverse("cycle", args=["o2c"])
        data = {"name": "§Next", "code": "next"}

        answer = sign_in(world.lead).post(url, data)
        taken = sign_in(world.lead).post(url, data)

        assert answer["Location"] == "/p/next/"
        assert taken.status_code == 422

    def test_overview_leads_to_it_after_the_last_gate(self, world, sign_in):
        self.finish(world)
        gate = Gate.objects.get(programme=world.programme, phase=8)
        gate.state = "passed"
        gate.save()
        facts = {"needed": 3, "met": 3, "computed_at": NOW}
        Readiness.objects.update_or_create(gate=gate, defaults=facts)

        page = sign_in(world.lead).get("/p/o2c/").content.decode()

        assert 'href="/p/o2c/cycle/"' in page
