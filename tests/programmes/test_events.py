"""What is announced, is told once and after the commit only."""

from __future__ import annotations

import contextlib

import pytest
from django.db import transaction

from programmes.events import announce, records_changed


@pytest.fixture
def heard():
    told = []

    def listen(**facts) -> None:
        told.append(facts["programme_id"])

    receivers = records_changed.receivers
    records_changed.receivers = []
    records_changed.connect(listen)
    yield told
    records_changed.receivers = receivers
    records_changed.sender_receivers_cache.clear()


def say(number: int) -> None:
    announce(records_changed, programme_id=number, phases=(1,))


@pytest.mark.django_db(transaction=True)
class TestAnnounce:
    def test_tells_equal_things_once(self, heard) -> None:
        with transaction.atomic():
            say(1)
            say(2)
            say(1)
            assert heard == []

        assert heard == [1, 2]

    def test_tells_nothing_of_what_was_rolled_back(self, heard) -> None:
        with transaction.atomic():
            with contextlib.suppress(RuntimeError), transaction.atomic():
                say(1)
                raise RuntimeError
            say(2)

        assert heard == [2]

    def test_survives_the_end_of_an_inner_block(self, heard) -> None:
        with transaction.atomic():
            with transaction.atomic():
                say(1)
            say(1)

        assert heard == [1]
