"""What people are told, when, and how often by mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from programmes.lifecycle import Outcome
from programmes.models import Account, Condition, Notification, Tranche
from programmes.services import decisions, gate_clock, notifications, reopening
from tests.programmes.ready import condition, decide, ready_for_gate_1, submitted
from tests.world import NOW, World

LATER = NOW + timedelta(minutes=11)


def told(account: Account) -> list[str]:
    rows = Notification.objects.filter(account=account).order_by("pk")
    return [one.kind for one in rows]


@pytest.fixture
def review(world: World) -> Any:
    ready_for_gate_1(world)
    return submitted(world)


class TestTell:
    def test_chair_and_panel_learn_of_a_question(self, world, review) -> None:
        assert told(world.sponsor) == ["decide"]
        assert told(world.gatekeeper) == ["vote"]
        assert told(world.lead) == []

    def test_lead_and_owner_learn_of_a_decision(self, world, review) -> None:
        decide(
            world,
            review,
            Outcome.CONDITIONS,
            rationale="§If",
            conditions=[condition(world)],
        )

        assert told(world.lead) == ["decided"]
        assert told(world.member) == ["condition"]

    def test_an_undone_decision_is_taken_back(self, world, review) -> None:
        decide(world, review)

        decisions.undo_decision(by=world.sponsor, gate=review.gate, now=NOW)

        assert told(world.lead) == []

    def test_sentences_are_words(self, world, review) -> None:
        decide(world, review)

        said = [notifications.sentence(one) for one in Notification.objects.all()]

        assert "Gate 1: Approve." in said
        assert any("waits for your decision until" in one for one in said)


class TestRemind:
    def test_before_the_day_and_after_it_once_each(self, world, review) -> None:
        due = review.due_on - NOW.date()
        for days in (due.days - 1, due.days - 1, due.days + 1, due.days + 2):
            notifications.remind(NOW + timedelta(days=days))

        assert told(world.sponsor) == ["decide", "due", "overdue"]
        assert told(world.lead) == ["overdue"]

    def test_nothing_ever_decides(self, world, review) -> None:
        gate_clock.sweep(NOW + timedelta(days=400))

        review.refresh_from_db()
        assert review.state == "open"

    def test_a_late_condition_calls_the_chair_once(self, world, review) -> None:
        decide(
            world,
            review,
            Outcome.CONDITIONS,
            rationale="§If",
            conditions=[condition(world)],
        )
        for _n in range(2):
            notifications.lapse(NOW + timedelta(days=3))

        assert Condition.objects.get().lapsed_at is not None
        assert told(world.sponsor).count("lapsed") == 1

    def test_a_hold_is_looked_at_again(self, world, review) -> None:
        day = NOW.date() + timedelta(days=5)
        decide(world, review, Outcome.HOLD, rationale="§Wait", review_on=day)

        notifications.look_at_holds(NOW + timedelta(days=4))
        assert "hold" not in told(world.sponsor)
        notifications.look_at_holds(NOW + timedelta(days=5))

        assert told(world.sponsor).count("hold") == 1


class TestMail:
    def test_goes_out_once_and_links_the_gate(self, world, review) -> None:
        sent = [notifications.send_mails(NOW) for _n in range(2)]

        assert sent[1] == 0
        [letter] = [one for one in mail.outbox if one.to == [world.sponsor.email]]
        assert "/p/o2c/gates/1/" in letter.body
        assert "\n" not in letter.subject

    def test_of_a_decision_waits_until_nobody_can_undo_it(self, world, review) -> None:
        decide(world, review)

        notifications.send_mails(NOW)
        assert [world.lead.email] not in [one.to for one in mail.outbox]
        notifications.send_mails(LATER)

        assert [world.lead.email] in [one.to for one in mail.outbox]

    @pytest.mark.parametrize(("wish", "days"), [("daily", 1), ("weekly", 7)])
    def test_digests_keep_their_distance(self, world, review, wish, days) -> None:
        Account.objects.filter(pk=world.sponsor.pk).update(mail=wish, mailed_at=NOW)

        soon = NOW + timedelta(days=days) - timedelta(hours=1)
        notifications.send_mails(soon)
        assert [world.sponsor.email] not in [one.to for one in mail.outbox]
        notifications.send_mails(soon + timedelta(hours=1))

        assert [world.sponsor.email] in [one.to for one in mail.outbox]

    def test_never_means_never(self, world, review) -> None:
        Account.objects.update(mail="never")

        assert notifications.send_mails(LATER) == 0


class TestMoney:
    def test_is_released_when_undo_is_over_and_taken_back_by_reopening(
        self, world, review
    ) -> None:
        decide(world, review)

        gate_clock.sweep(NOW)
        assert Tranche.objects.get().released_at is None
        gate_clock.sweep(LATER)
        gate_clock.sweep(LATER)
        assert Tranche.objects.get().released_at == LATER
        reopening.reopen_gate(
            by=world.sponsor, gate=review.gate, reason="§Again", now=LATER
        )

        assert Tranche.objects.get().released_at is None


class TestInbox:
    def test_shows_what_was_told_and_marks_it_read(
        self, world, review, sign_in
    ) -> None:
        client = sign_in(world.sponsor)
        line = Notification.objects.get(account=world.sponsor)

        page = client.get("/inbox/").content.decode()
        answer = client.post("/inbox/follow/", {"line": line.pk})

        line.refresh_from_db()
        assert "waits for your decision" in page
        assert answer["Location"] == "/p/o2c/gates/1/"
        assert line.read_at is not None

    def test_marks_all_and_nobody_elses(self, world, review, sign_in) -> None:
        foreign = Notification.objects.get(account=world.gatekeeper)
        client = sign_in(world.sponsor)

        client.post("/inbox/follow/")
        answer = client.post("/inbox/follow/", {"line": foreign.pk})

        foreign.refresh_from_db()
        assert answer.status_code == 404
        assert foreign.read_at is None
        assert not Notification.objects.filter(
            account=world.sponsor, read_at=None
        ).exists()
