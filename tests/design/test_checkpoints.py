"""Go-live checkpoints: one signature of the head of a unit, as a gate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from design.models import Rollout
from design.services.rollout import NoHead, ask_head, open_checkpoint
from programmes import gating
from programmes.kit.errors import NotAllowed
from programmes.lifecycle import GateState, Outcome
from programmes.models import (
    Course,
    Gate,
    GateReview,
    Notification,
    Participation,
    WorkItem,
)
from programmes.services import decisions
from programmes.services.decisions import Decision, decide_gate
from programmes.services.gate_steps import WrongMoment
from programmes.services.gates import NotReady
from tests.design.ready import accept
from tests.world import NOW, PASSWORD, World

TODAY = NOW.date()


def rollout(world: World, **values: Any) -> Rollout:
    given = {
        "go_live_on": TODAY,
        "owner": world.person("member"),
        "fallback": "§Old list",
        "unit": world.unit,
    }
    found: Rollout = world.save(Rollout, **{**given, **values})
    return found


def look(gate: Gate) -> dict[str, gating.Assessment]:
    rules = gating.rules_at(gate)
    found = gating.assess_outside(gate, NOW, rules, frozenset())
    return {one.criterion.code: one.assessment for one in found.items}


def decided(world: World, review: GateReview, outcome: Outcome, by: str) -> None:
    decide_gate(
        by=world.accounts[by],
        gate=review.gate,
        decision=Decision(outcome, rationale="§Not yet", disposal="§Back"),
        fingerprint=review.fingerprint,
        now=NOW,
    )


class TestAskHead:
    def test_accepts_with_one_signature(self, world) -> None:
        unit = rollout(world)

        review = accept(world, unit)

        unit.refresh_from_db()
        assert (unit.accepted_at, unit.accepted_by) == (NOW, world.person("member"))
        meaning = review.signatures.get().meaning
        assert meaning == "I approve the go-live of §Order desk."
        assert review.outcome_words == "Accept"

    def test_tells_the_head(self, world, sign_in) -> None:
        ask_head(by=world.lead, rollout=rollout(world), now=NOW)

        row = Notification.objects.get(kind="decide", account=world.member)
        assert row.url == "/p/o2c/reviews/1/"
        assert row.url.encode() in sign_in(world.member).get("/work/").content

    def test_undo_takes_it_back(self, world) -> None:
        unit = rollout(world)
        review = accept(world, unit)

        decisions.undo_decision(by=world.member, gate=review.gate, now=NOW)

        unit.refresh_from_db()
        assert unit.accepted_at is None

    def test_returned_it_is_asked_again(self, world) -> None:
        unit = rollout(world)
        review = ask_head(by=world.lead, rollout=unit, now=NOW)
        decided(world, review, Outcome.RETURN, "member")

        again = ask_head(by=world.lead, rollout=unit, now=NOW)

        assert again.round == 2
        unit.refresh_from_db()
        assert unit.accepted_at is None

    @pytest.mark.parametrize("name", ["lead", "sponsor", "owner"])
    def test_nobody_else_accepts(self, world, name: str) -> None:
        review = ask_head(by=world.lead, rollout=rollout(world), now=NOW)

        with pytest.raises(NotAllowed):
            decided(world, review, Outcome.APPROVE, name)

    @pytest.mark.parametrize("outcome", [Outcome.STOP, Outcome.HOLD])
    def test_the_programme_is_not_the_heads(self, world, outcome: Outcome) -> None:
        review = ask_head(by=world.lead, rollout=rollout(world), now=NOW)

        with pytest.raises(WrongMoment):
            decided(world, review, outcome, "member")

    def test_is_the_leads(self, world) -> None:
        with pytest.raises(NotAllowed):
            ask_head(by=world.member, rollout=rollout(world), now=NOW)

    @pytest.mark.parametrize("name", ["", "lead"])
    def test_needs_a_head_who_is_not_the_one_who_asks(self, world, name: str) -> None:
        head = world.person(name) if name else None

        with pytest.raises(NoHead):
            ask_head(by=world.lead, rollout=rollout(world, owner=head), now=NOW)

    def test_follows_a_new_head_until_it_is_asked(self, world) -> None:
        unit = rollout(world)
        open_checkpoint(by=world.lead, rollout=unit, now=NOW)
        Rollout.objects.update(owner=world.person("owner"))

        gate = open_checkpoint(by=world.lead, rollout=unit, now=NOW)

        assert gate.chair == world.person("owner")


class TestCriteria:
    @pytest.mark.parametrize(
        ("code", "values"),
        [
            ("L.A1", {"go_live_on": None}),
            ("L.A1", {"go_live_on": TODAY + timedelta(days=1)}),
            ("L.A4", {"fallback": ""}),
        ],
    )
    def test_ask_for_what_is_missing(self, world, code: str, values: Any) -> None:
        unit = rollout(world, **values)

        with pytest.raises(NotReady):
            ask_head(by=world.lead, rollout=unit, now=NOW)

        found = look(Gate.every.get(kind="go_live"))
        assert found[code].result is gating.Result.FAIL
        assert "/rollout/" in found[code].links[0].url

    def test_pass(self, world) -> None:
        gate = open_checkpoint(by=world.lead, rollout=rollout(world), now=NOW)

        found = {code: str(one.result) for code, one in look(gate).items()}

        assert found == {
            "L.A1": "pass",
            "L.A2": "not_applicable",
            "L.A3": "not_applicable",
            "L.A4": "pass",
        }

    @pytest.mark.parametrize(("done", "result"), [(None, "fail"), (TODAY, "pass")])
    def test_training(self, world, done: Any, result: str) -> None:
        gate = open_checkpoint(by=world.lead, rollout=rollout(world), now=NOW)
        course = world.save(Course, title="§Basics")
        person = world.person("member")
        world.save(Participation, course=course, person=person, done_on=done)

        assert str(look(gate)["L.A2"].result) == result

    @pytest.mark.parametrize(("state", "result"), [("open", "fail"), ("done", "pass")])
    def test_tasks(self, world, state: str, result: str) -> None:
        gate = open_checkpoint(by=world.lead, rollout=rollout(world), now=NOW)
        world.save(WorkItem, title="§Build", due_on=TODAY, phase=6, state=state)

        assert str(look(gate)["L.A3"].result) == result


class TestPages:
    def test_one_click_asks_and_one_screen_signs(self, world, sign_in) -> None:
        unit = rollout(world)
        lead = sign_in(world.lead)
        page = lead.get(f"/p/o2c/rollout/{unit.pk}/").content.decode()
        assert "Ask its head to accept" in page

        answer = lead.post(f"/p/o2c/rollout/{unit.pk}/ask/")

        assert answer.url == "/p/o2c/reviews/1/"
        review = GateReview.objects.get(gate__kind="go_live")
        head = sign_in(world.member)
        brief = head.get(answer.url).content.decode()
        assert "Is it really running in this unit?" in brief
        assert 'name="password"' in brief
        given = {
            "outcome": "approve",
            "fingerprint": review.fingerprint,
            "step": "sign",
            "password": PASSWORD,
        }
        wrong = head.post(f"{answer.url}decide/", {**given, "password": "no"})
        assert wrong.status_code == 422
        assert head.post(f"{answer.url}decide/", given).url == answer.url
        assert Gate.every.get(kind="go_live").state == GateState.PASSED
        page = head.get(f"/p/o2c/rollout/{unit.pk}/").content.decode()
        assert "Accepted by §Member Person" in page

    def test_what_is_missing_shows_the_checkpoint(self, world, sign_in) -> None:
        unit = rollout(world, fallback="")

        answer = sign_in(world.lead).post(f"/p/o2c/rollout/{unit.pk}/ask/")

        assert answer.url == "/p/o2c/reviews/1/"
        assert sign_in(world.lead).get(answer.url).status_code == 200

    def test_without_a_head_it_stays(self, world, sign_in) -> None:
        unit = rollout(world, owner=None)

        answer = sign_in(world.lead).post(f"/p/o2c/rollout/{unit.pk}/ask/")

        assert answer.url == f"/p/o2c/rollout/{unit.pk}/"

    @pytest.mark.parametrize("name", ["lead", "member", "viewer"])
    def test_asks_at_most_twenty_times(self, world, sign_in, name: str) -> None:
        ask_head(by=world.lead, rollout=rollout(world), now=NOW)
        client = sign_in(world.accounts[name])
        client.get("/p/o2c/reviews/1/")

        with CaptureQueriesContext(connection) as found:
            answer = client.get("/p/o2c/reviews/1/")

        assert answer.status_code == 200
        assert len(found) <= 20, "\n".join(one["sql"][:150] for one in found)


class TestOldAcceptances:
    def test_count_without_a_checkpoint(self, world, sign_in) -> None:
        unit = rollout(world)
        Rollout.objects.update(accepted_at=NOW, accepted_by=world.person("member"))

        page = sign_in(world.lead).get(f"/p/o2c/rollout/{unit.pk}/").content.decode()

        assert "Accepted by §Member Person" in page
        assert "Ask its head" not in page
