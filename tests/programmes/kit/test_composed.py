"""A composed question gives what its queryset gives, whatever the values."""

from __future__ import annotations

from datetime import date
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from programmes.access import PEOPLE, PINNED, people_of, pinned_of
from programmes.kit.composed import Composed
from programmes.models import Account, Programme
from programmes.permissions import PEOPLE_IN, people_in

TODAY = date(2026, 3, 2)
PEOPLE_IN_WORLD = ("lead", "sponsor", "owner", "viewer", "auditor", "admin", "stranger")


def told(rows: Any, *names: str) -> list[tuple[Any, ...]]:
    return [(one, *(getattr(one, name) for name in names)) for one in rows]


@pytest.mark.parametrize("actor", PEOPLE_IN_WORLD)
class TestQuestionsOfTheDoor:
    def test_people_are_those_of_the_queryset(self, world, actor: str) -> None:
        user = getattr(world, actor).pk
        names = ("offices", "waiting", "unread", "enterprise", "unit")

        found = told(PEOPLE.rows(user=user, today=TODAY), *names)

        assert found == told(people_of(user, TODAY), *names)
        assert found

    @pytest.mark.parametrize("code", ["", "absent", None])
    def test_programmes_are_those_of_the_queryset(
        self, world, actor: str, code: str | None
    ) -> None:
        user = getattr(world, actor).pk
        asked = world.programme.code if code is None else code
        names = ("my_roles", "place", "is_asked", "enterprise", "unit", "pack")

        found = told(PINNED.rows(user=user, code=asked), *names)

        assert found == told(pinned_of(user, asked), *names)

    def test_roles_are_those_of_the_queryset(self, world, actor: str) -> None:
        given = {
            "user": getattr(world, actor).pk,
            "programme": world.programme.pk,
            "enterprise": world.programme.enterprise_id,
        }
        names = ("offices", "my_roles")

        assert told(PEOPLE_IN.rows(**given), *names) == told(people_in(**given), *names)


class TestComposed:
    def test_asks_one_query(self, world, django_assert_num_queries) -> None:
        PINNED.rows(user=world.lead.pk, code="")

        with django_assert_num_queries(1):
            rows = PINNED.rows(user=world.lead.pk, code=world.programme.code)
            assert [str(one.enterprise) for one in rows]

    def test_is_prepared_once_by_a_connection(self, world) -> None:
        PINNED.rows(user=world.lead.pk, code="")
        PINNED.rows(user=world.sponsor.pk, code=world.programme.code)

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT generic_plans + custom_plans FROM pg_prepared_statements"
                " WHERE name = %s",
                [PINNED.plan.name],
            )
            (times,) = cursor.fetchall()
        assert times[0] >= 2

    def test_needs_every_value(self, world) -> None:
        with pytest.raises(KeyError, match="code"):
            PINNED.rows(user=world.lead.pk)

    def test_keeps_values_of_two_questions_apart(self, world) -> None:
        asked = Composed(lambda user: Account.objects.filter(pk=user), user=-5)

        assert asked.rows(user=world.lead.pk) == [world.lead]
        assert asked.rows(user=world.sponsor.pk) == [world.sponsor]

    def test_a_constant_like_an_example_of_another_type_stays(self, world) -> None:
        def build(state: str) -> Any:
            return Programme.objects.filter(pk__gt=-5, state=state)

        asked = Composed(build, state="-5")

        found = asked.rows(state=Programme.State.ACTIVE)

        assert set(found) == set(build(Programme.State.ACTIVE))
        assert world.programme in found


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_replaced_is_told_again() -> None:
    asked = Composed(lambda user: Account.objects.filter(pk=user), user=-5)
    account = Account.objects.create(email="a@b.example")
    assert asked.rows(user=account.pk) == [account]

    connection.close()

    assert asked.rows(user=account.pk) == [account]


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_its_own_connection() -> None:
    asked = Composed(lambda user: Account.objects.filter(pk=user), user=-5)
    account = Account.objects.create(email="a@b.example")
    asked.rows(user=account.pk)
    found: list[Any] = []

    def ask() -> None:
        found.extend(asked.rows(user=account.pk))
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()

    assert found == [account]
