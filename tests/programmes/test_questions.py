"""Questions of staff, the stakeholder map, champions, and the communication plan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programmes.kit.errors import NotAllowed
from programmes.models import Communication, Membership, StaffQuestion, Stakeholder
from programmes.services.questions import (
    ask_question,
    days_open,
    published,
    save_question,
)
from programmes.services.records import Invalid, fill
from tests.world import NOW, World


def asked(world: World, **more: Any) -> StaffQuestion:
    values = {"text": "§Why?", "asked_on": NOW.date()} | more
    question: StaffQuestion = world.save(StaffQuestion, **values)
    return question


class TestAskQuestion:
    def test_everybody_with_a_role_asks(self, world) -> None:
        person = world.person("viewer")

        found = ask_question(
            by=world.viewer,
            person=person,
            programme=world.programme,
            text=" §Why? ",
            now=NOW,
        )

        assert (found.text, found.person, found.unit) == ("§Why?", person, world.unit)

    def test_nobody_else_does(self, world) -> None:
        with pytest.raises(NotAllowed):
            ask_question(
                by=world.auditor,
                person=None,
                programme=world.programme,
                text="§",
                now=NOW,
            )

    def test_in_the_app_by_the_form_on_the_list(self, world, sign_in) -> None:
        client = sign_in(world.member)
        url = reverse("questions-ask", args=["o2c"])

        empty = client.post(url, {"text": " "}, follow=True)
        done = client.post(url, {"text": "§When?"}, follow=True)

        assert "Please write your question" in empty.text
        assert "§When?" in done.text
        assert StaffQuestion.objects.get().asked_by == "§Member Person"


class TestSaveQuestion:
    def test_an_answer_carries_its_day(self, world) -> None:
        question = fill(asked(world), answer="§Because")

        save_question(by=world.champion, record=question, now=NOW)

        assert question.answered_on == NOW.date()
        assert days_open(question, NOW.date()) is None

    def test_without_an_answer_it_is_open_again(self, world) -> None:
        question = asked(world, answer="§", answered_on=NOW.date())

        save_question(by=world.lead, record=fill(question, answer=""), now=NOW)

        assert days_open(question, NOW.date() + timedelta(days=3)) == 3

    def test_only_answers_are_published(self, world) -> None:
        with pytest.raises(Invalid):
            save_question(
                by=world.lead, record=fill(asked(world), is_published=True), now=NOW
            )


class TestPublished:
    def test_names_nobody(self, world, sign_in) -> None:
        asked(
            world,
            asked_by="§Clara",
            answer="§Because",
            answered_on=NOW.date(),
            is_published=True,
        )
        asked(world, text="§Secret?")

        page = sign_in(world.viewer).get(reverse("faq", args=["o2c"]))

        assert published(world.programme).count() == 1
        assert "§Because" in page.text
        assert "§Clara" not in page.text
        assert "§Secret" not in page.text


class TestAgeing:
    def test_old_open_questions_are_named(self, world, sign_in) -> None:
        asked(world, asked_on=timezone.localdate() - timedelta(days=11))

        page = sign_in(world.lead).get(reverse("questions-list", args=["o2c"]))

        assert "1 question waits, 1 of them longer than 10 days" in page.text


class TestStakeholderMap:
    def test_tells_of_hot_spots_first(self, world, sign_in) -> None:
        client = sign_in(world.lead)
        url = reverse("stakeholders-map", args=["o2c"])
        empty = client.get(url)
        row = world.save(Stakeholder, name="§Council", influence=5, stance=-2)
        hot = client.get(url)
        row.stance = 0
        row.save()

        assert "No stakeholder is on the map yet" in empty.text
        assert "1 strong stakeholder is against it" in hot.text
        assert "1 is still to be won" in client.get(url).text
        assert row.gap == 1


class TestChampions:
    def test_units_without_one_are_named(self, world, sign_in) -> None:
        client = sign_in(world.lead)
        url = reverse("champions", args=["o2c"])

        covered = client.get(url)
        Membership.objects.filter(role="champion").delete()
        bare = client.get(url)

        assert "1 of 1 units in scope have a champion" in covered.text
        assert "1 unit has no champion" in bare.text


class TestCommunicationPlan:
    def test_what_is_late_is_told_above_the_plan(self, world, sign_in) -> None:
        today = timezone.localdate()
        yesterday = today - timedelta(days=1)
        for text, due, done in (
            ("§Late", yesterday, None),
            ("§Done", yesterday, today),
            ("§Later", today, None),
        ):
            world.save(
                Communication, message=text, audience="§", due_on=due, done_on=done
            )

        page = sign_in(world.viewer).get(reverse("communications-list", args=["o2c"]))

        assert "1 communication is overdue" in page.text
        for state in ("Overdue", "Done", "Planned"):
            assert state in page.text
