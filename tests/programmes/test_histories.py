"""Every record keeps its history: what, by whom, when and why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps

from programmes.models import Objective, Record
from programmes.services.records import fill, save_record
from programmes.views.register import REGISTERS
from tests.world import NOW

RECORDS = [one for one in apps.get_models() if issubclass(one, Record)]


class TestEachRecord:
    @pytest.mark.parametrize("model", RECORDS, ids=lambda one: one._meta.label)
    def test_has_a_history_with_person_and_reason(self, model: type[Record]) -> None:
        history = model.history.model
        names = {one.name for one in history._meta.get_fields()}

        assert {"history_user", "history_change_reason", "history_date"} <= names
        fields = {one.name for one in model._meta.concrete_fields}
        assert {one.name for one in history.tracked_fields} == fields


class TestEachRegister:
    def test_has_a_page_of_its_history(self) -> None:
        for one in REGISTERS:
            assert any(path.name == one.name("history") for path in one.urls())


class TestEntry:
    def test_names_who_changed_it_when_and_why(self, world) -> None:
        objective = world.save(Objective, title="§Faster")
        later = NOW + timedelta(days=3)

        fill(objective, title="§Twice as fast")
        save_record(by=world.lead, record=objective, now=later, reason="§clearer")

        entry = objective.history.first()
        assert entry.history_user == world.lead
        assert entry.history_date == later
        assert entry.history_change_reason == "§clearer"
