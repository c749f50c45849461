"""The pulse: who answered cannot be told, and small groups keep silent."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from programmes.models import OrgUnit, Pulse, PulseAnswer
from programmes.services.pulses import (
    PulseClosed,
    answer_pulse,
    answers_of,
    result_of,
    turn_pulse,
)
from programmes.services.records import Invalid
from tests.programmes.ready import taken_pulse
from tests.world import NOW, World

SCORES = {
    "awareness": 4,
    "desire": 4,
    "knowledge": 3,
    "ability": 4,
    "reinforcement": 4,
}


@pytest.fixture(autouse=True)
def no_counts() -> None:
    cache.clear()


def open_pulse(world: World) -> Pulse:
    pulse: Pulse = world.save(Pulse, title="§Pulse", population=10)
    return turn_pulse(by=world.lead, pulse=pulse, now=NOW)


def answered(pulse: Pulse, unit: OrgUnit | None, n: int, **more: Any) -> None:
    for _one in range(n):
        answer_pulse(
            **{
                "pulse": pulse,
                "nonce": uuid.uuid4(),
                "unit": unit,
                "group": "staff",
                "scores": SCORES,
                "now": NOW,
                **more,
            }
        )


class TestAnswerPulse:
    def test_keeps_nothing_that_leads_back(self) -> None:
        names = {one.name for one in PulseAnswer._meta.get_fields()}

        assert names == {"id", "pulse", "unit", "group", *SCORES}

    def test_sent_twice_is_kept_once(self, world) -> None:
        pulse, nonce = open_pulse(world), uuid.uuid4()
        answered(pulse, world.unit, 2, nonce=nonce)

        assert pulse.answers.count() == 1

    @pytest.mark.parametrize(
        "wrong", [{"group": "§"}, {"scores": {**SCORES, "desire": 6}}, {"scores": {}}]
    )
    def test_asks_for_every_answer(self, world, wrong: Any) -> None:
        with pytest.raises(Invalid):
            answered(open_pulse(world), world.unit, 1, **wrong)

    def test_is_refused_before_and_after(self, world) -> None:
        fresh = world.save(Pulse, title="§", population=1)
        with pytest.raises(PulseClosed):
            answered(fresh, world.unit, 1)
        with pytest.raises(PulseClosed):
            answered(taken_pulse(world), world.unit, 1)

    def test_a_closed_pulse_stays_closed(self, world) -> None:
        with pytest.raises(PulseClosed):
            turn_pulse(by=world.lead, pulse=taken_pulse(world), now=NOW)


class TestResultOf:
    def test_names_the_barrier_of_all_and_of_each_group(self, world) -> None:
        pulse = taken_pulse(world)

        found = result_of(pulse, answers_of(pulse))

        assert found is not None
        assert (found.n, found.response) == (6, 0.6)
        assert found.overall.readiness is not None
        assert found.overall.readiness.barrier_point == "knowledge"
        assert [one.name for one in found.units] == ["§Order desk"]

    def test_says_nothing_while_open_or_below_five(self, world) -> None:
        pulse = open_pulse(world)
        answered(pulse, world.unit, 6)
        assert result_of(pulse, answers_of(pulse)) is None

        few = open_pulse(world)
        answered(few, world.unit, 4)
        turn_pulse(by=world.lead, pulse=few, now=NOW)
        assert result_of(few, answers_of(few)) is None

    def test_a_small_group_silences_the_one_that_would_betray_it(self, world) -> None:
        pulse = open_pulse(world)
        answered(pulse, world.unit, 6)
        answered(pulse, None, 2)
        turn_pulse(by=world.lead, pulse=pulse, now=NOW)

        found = result_of(pulse, answers_of(pulse))

        assert found is not None
        assert [one.is_shown for one in found.units] == [False, False]
        assert {one.n for one in found.units} == {0}


class TestPublicPage:
    def given(self, world: World) -> dict[str, Any]:
        return {
            "nonce": str(uuid.uuid4()),
            "unit": world.unit.pk,
            "group": "staff",
            **SCORES,
        }

    def test_takes_answers_without_a_sign_in(self, world) -> None:
        pulse = open_pulse(world)
        url = reverse("staff-pulse", args=[pulse.token])

        shown = Client().get(url)
        done = Client().post(url, self.given(world), follow=True)

        assert shown.text.count('class="scale"') == 5
        assert "Thank you" in done.text
        assert pulse.answers.count() == 1

    def test_shows_its_form_once_a_browser(self, world) -> None:
        pulse, browser = open_pulse(world), Client()
        url = reverse("staff-pulse", args=[pulse.token])
        cookie = browser.post(url, self.given(world)).cookies[f"pulse-{pulse.pk}"]

        again = browser.post(url, self.given(world))

        assert (cookie.value, cookie["path"], cookie["httponly"]) == ("1", url, True)
        assert "You have answered already" in browser.get(url).text
        assert "You have answered already" in again.text
        assert pulse.answers.count() == 1
        assert 'class="scale"' in Client().get(url).text

    def test_asks_again_for_another_pulse(self, world) -> None:
        browser = Client()
        browser.post(
            reverse("staff-pulse", args=[open_pulse(world).token]), self.given(world)
        )

        page = browser.get(reverse("staff-pulse", args=[open_pulse(world).token]))

        assert 'class="scale"' in page.text

    def test_names_what_is_missing(self, world) -> None:
        url = reverse("staff-pulse", args=[open_pulse(world).token])

        answer = Client().post(url, {"group": "staff"})

        assert answer.status_code == 422
        assert 'role="alert"' in answer.text

    def test_is_over_when_closed(self, world) -> None:
        url = reverse("staff-pulse", args=[taken_pulse(world).token])

        assert Client().get(url).status_code == 410

    def test_was_never_there_before_it_opens(self, world) -> None:
        pulse = world.save(Pulse, title="§", population=1)

        for name in ("staff-pulse", "staff-pulse-thanks"):
            assert Client().get(reverse(name, args=[pulse.token])).status_code == 404


class TestPages:
    def test_a_closed_pulse_is_compared_with_the_one_before(
        self, world, sign_in
    ) -> None:
        taken_pulse(world)
        pulse = taken_pulse(world, awareness=2)
        Pulse.objects.filter(pk=pulse.pk).update(opened_at=NOW.replace(hour=12))

        page = sign_in(world.viewer).get(
            reverse("pulses-detail", args=["o2c", pulse.pk])
        )

        assert "The barrier is awareness" in page.text
        assert "The pulse before" in page.text

    def test_the_lead_opens_and_closes(self, world, sign_in) -> None:
        pulse = world.save(Pulse, title="§", population=1)
        client = sign_in(world.lead)
        url = reverse("pulses-turn", args=["o2c", pulse.pk])

        for said in ("Saved", "Saved", "stays closed"):
            assert said in client.post(url, follow=True).text
