"""Training: places, attendance, quiz by personal link, certificates, coverage."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from programmes.models import (
    Course,
    Participation,
    PersonalLink,
    QuizQuestion,
    TrainingSession,
)
from programmes.services.personal_links import new_link
from programmes.services.records import Invalid
from programmes.services.training import (
    MOST_ATTEMPTS,
    NobodyToAsk,
    NoCertificate,
    NoPlace,
    QuizOver,
    add_target_group,
    certificate,
    coverage,
    invite_to_quiz,
    save_participation,
    take_part,
    take_quiz,
)
from tests.world import NOW, World


@pytest.fixture(autouse=True)
def no_counts() -> None:
    cache.clear()


def course_of(world: World, **more: Any) -> Course:
    course: Course = world.save(Course, title="§Basics", **more)
    return course


def session_of(world: World, course: Course, capacity: int = 1) -> TrainingSession:
    session: TrainingSession = world.save(
        TrainingSession, course=course, held_on=NOW.date(), capacity=capacity
    )
    return session


def person_on(
    world: World, course: Course, name: str = "member", **more: Any
) -> Participation:
    row = Participation(
        programme=world.programme, course=course, person=world.person(name), **more
    )
    return save_participation(by=world.lead, record=row, now=NOW)


def quiz(world: World, course: Course) -> list[QuizQuestion]:
    return [
        world.save(
            QuizQuestion, course=course, text=f"§{n}", choices="§a\n\n§b", right=2
        )
        for n in range(2)
    ]


def link_of(world: World, course: Course) -> PersonalLink:
    url(world, course)
    return PersonalLink.objects.get()


def url(world: World, course: Course) -> str:
    link = new_link(
        programme=world.programme, person=world.person("member"), course=course, now=NOW
    )
    PersonalLink.objects.update(expires_on=date(2099, 1, 1))
    return f"/a/{link.rstrip('/').rpartition('/')[2]}/"


class TestTakingPart:
    def test_all_staff_in_scope_are_added_once(self, world) -> None:
        course = course_of(world)

        added = add_target_group(by=world.champion, course=course, now=NOW)

        assert added == 9
        assert add_target_group(by=world.lead, course=course, now=NOW) == 0

    def test_a_full_session_takes_nobody_more(self, world) -> None:
        course = course_of(world)
        session = session_of(world, course)
        person_on(world, course, session=session)

        with pytest.raises(NoPlace):
            person_on(world, course, "owner", session=session)

    def test_a_session_of_another_training_is_refused(self, world) -> None:
        session = session_of(world, course_of(world))

        with pytest.raises(Invalid):
            person_on(world, course_of(world), session=session)

    def test_who_came_is_trained_on_the_day(self, world) -> None:
        course = course_of(world)
        session = session_of(world, course, capacity=2)
        came = person_on(world, course, session=session)
        away = person_on(world, course, "owner", session=session, done_on=NOW.date())

        n = take_part(by=world.lead, session=session, came=[came.pk], now=NOW)

        came.refresh_from_db()
        away.refresh_from_db()
        assert (n, came.done_on, away.done_on) == (2, NOW.date(), None)


class TestQuizQuestion:
    @pytest.mark.parametrize(
        ("choices", "right"), [("§one", 1), ("§a\n§b", 3), ("§\n" * 7, 1)]
    )
    def test_has_two_to_six_choices_and_a_right_one(
        self, world, choices: str, right: int
    ) -> None:
        with pytest.raises(Invalid):
            world.save(
                QuizQuestion,
                course=course_of(world),
                text="§?",
                choices=choices,
                right=right,
            )


class TestInviteToQuiz:
    def test_mails_those_whose_result_is_open(self, world, commit) -> None:
        course = course_of(world)
        quiz(world, course)
        person_on(world, course)
        person_on(world, course, "owner", score=90)

        with commit():
            n = invite_to_quiz(by=world.lead, course=course, now=NOW)

        assert n == 1
        assert [one.to for one in mail.outbox] == [[world.person("member").email]]
        assert "/a/" in mail.outbox[0].body

    def test_needs_questions(self, world) -> None:
        with pytest.raises(NobodyToAsk):
            invite_to_quiz(by=world.lead, course=course_of(world), now=NOW)

    def test_needs_people(self, world) -> None:
        course = course_of(world)
        quiz(world, course)

        with pytest.raises(NobodyToAsk):
            invite_to_quiz(by=world.lead, course=course, now=NOW)


class TestTakeQuiz:
    def test_scores_and_keeps_the_best(self, world) -> None:
        course = course_of(world)
        first, second = quiz(world, course)
        person_on(world, course)
        link = link_of(world, course)

        half = take_quiz(link=link, answers={first.pk: 2, second.pk: 1}, now=NOW)
        worse = take_quiz(link=link, answers={first.pk: 1, second.pk: 1}, now=NOW)

        assert (half.score, worse.score, worse.attempts) == (50, 50, 2)
        assert worse.history.count() == 3

    def test_every_question_is_answered(self, world) -> None:
        course = course_of(world)
        first, second = quiz(world, course)
        person_on(world, course)
        link = link_of(world, course)

        for answers in ({first.pk: 2}, {first.pk: 2, second.pk: 3}):
            with pytest.raises(Invalid):
                take_quiz(link=link, answers=answers, now=NOW)

    def test_ends_when_passed_or_tried_often(self, world) -> None:
        course = course_of(world)
        row = person_on(world, course, score=70)
        link = link_of(world, course)

        with pytest.raises(QuizOver):
            take_quiz(link=link, answers={}, now=NOW)
        Participation.objects.update(score=0, attempts=MOST_ATTEMPTS)
        with pytest.raises(QuizOver):
            take_quiz(link=link, answers={}, now=NOW)
        Participation.objects.filter(pk=row.pk).update(deleted_at=NOW)
        with pytest.raises(QuizOver):
            take_quiz(link=link, answers={}, now=NOW)

    def test_is_taken_on_the_page_of_the_link(self, world) -> None:
        course = course_of(world)
        questions = quiz(world, course)
        person_on(world, course, done_on=NOW.date())
        here = url(world, course)

        shown = Client().get(here)
        missing = Client().post(here, {f"answer-{questions[0].pk}": "2"})
        done = Client().post(here, {f"answer-{one.pk}": "2" for one in questions})
        after = Client().get(here)

        assert "§a" in shown.text
        assert missing.status_code == 422
        assert "checked" in missing.text
        assert done.status_code == 302
        assert Participation.objects.get().score == 100
        assert "certificate.pdf" in after.text
        assert Client().get(f"{here}certificate.pdf").content[:4] == b"%PDF"


class TestCertificate:
    @pytest.mark.parametrize(
        "given", [{}, {"done_on": NOW.date()}, {"done_on": NOW.date(), "score": 69}]
    )
    def test_needs_training_and_quiz(self, world, given: Any) -> None:
        row = person_on(world, course_of(world), **given)

        with pytest.raises(NoCertificate):
            certificate(participation=row, asks_quiz=True)

    def test_is_refused_by_link_alike(self, world) -> None:
        course = course_of(world)
        person_on(world, course)

        answer = Client().get(f"{url(world, course)}certificate.pdf")

        assert answer.status_code == 404

    def test_is_a_pdf_for_the_lead(self, world, sign_in) -> None:
        row = person_on(world, course_of(world), done_on=NOW.date())
        client = sign_in(world.lead)

        there = client.get(reverse("participants-certificate", args=["o2c", row.pk]))
        Participation.objects.update(done_on=None)
        gone = client.get(reverse("participants-certificate", args=["o2c", row.pk]))

        assert there.content[:4] == b"%PDF"
        assert gone.status_code == 404


class TestCoverage:
    def test_counts_people_and_scores_by_unit(self, world) -> None:
        course = course_of(world)
        person_on(world, course, done_on=NOW.date(), score=80)
        person_on(world, course, "owner", score=60)
        person_on(world, course, "auditor")

        desk, none = coverage(course.participations.select_related("person__unit"))

        assert (desk.of, desk.done, desk.share, desk.mean_score) == (2, 1, 0.5, 70)
        assert (none.unit, none.share, none.mean_score) == (None, 0, None)


class TestPages:
    def test_buttons_add_mail_and_take_attendance(self, world, sign_in) -> None:
        course = course_of(world)
        session = session_of(world, course)
        row = person_on(world, course, session=session)
        client = sign_in(world.champion)

        added = client.post(
            reverse("training-group", args=["o2c", course.pk]), follow=True
        )
        refused = client.post(
            reverse("training-mail", args=["o2c", course.pk]), follow=True
        )
        client.post(
            reverse("sessions-came", args=["o2c", session.pk]), {"came": row.pk}
        )

        row.refresh_from_db()
        assert "8 people added" in added.text
        assert "Write the questions" in refused.text
        assert row.done_on == NOW.date()
