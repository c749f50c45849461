"""The one door for changing records."""

from __future__ import annotations

import pytest

from programmes.kit.errors import Conflict, NotAllowed
from programmes.models import (
    Activity,
    Estimate,
    Need,
    Objective,
    ScopeItem,
    Tranche,
)
from programmes.services.records import (
    Invalid,
    Orphaned,
    delete_record,
    restore_record,
    save_record,
)
from tests.world import NOW


class TestSaveRecord:
    def test_writes_row_history_and_feed(self, world) -> None:
        need = world.save(Need, title="§Less waiting")

        assert (need.version, need.created_by) == (1, world.lead)
        assert need.history.count() == 1
        assert need.history.first().history_user == world.lead
        assert "§Less waiting" in Activity.objects.get(verb="created").label

    def test_counts_versions_and_keeps_the_reason(self, world) -> None:
        need = world.save(Need, title="§Less waiting")
        need.title = "§No waiting"

        save_record(by=world.lead, record=need, now=NOW, version=1, reason="§Asked")

        assert need.version == 2
        assert need.history.first().history_change_reason == "§Asked"

    def test_refuses_an_old_version(self, world) -> None:
        need = world.save(Need, title="§Less waiting")
        save_record(by=world.lead, record=need, now=NOW)

        with pytest.raises(Conflict):
            save_record(by=world.lead, record=need, now=NOW, version=1)

    def test_refuses_who_may_not(self, world) -> None:
        for name in ("viewer", "sponsor", "admin", "auditor", "outsider", "stranger"):
            with pytest.raises(NotAllowed):
                world.save(Need, by=name, title="§X")

    def test_names_broken_constraints(self, world) -> None:
        with pytest.raises(Invalid, match="Say why"):
            world.save(Need, title="§X", is_out=True)
        estimate = Estimate.objects.get(programme=world.programme)
        estimate.benefit_low, estimate.benefit_likely = 5, 4
        estimate.benefit_high = 6
        with pytest.raises(Invalid, match="in order"):
            save_record(by=world.lead, record=estimate, now=NOW)

    def test_names_bad_fields(self, world) -> None:
        with pytest.raises(Invalid) as refusal:
            world.save(Tranche, gate=1, amount=-1)

        assert "amount" in refusal.value.fields


class TestDeleteRecord:
    def test_puts_away_and_brings_back(self, world) -> None:
        need = world.save(Need, title="§X")

        delete_record(by=world.lead, record=need, now=NOW)
        assert not Need.objects.of(world.programme).exists()

        restore_record(by=world.lead, record=need, now=NOW)
        assert Need.objects.of(world.programme).get() == need

    def test_brings_nothing_back_over_another(self, world) -> None:
        values = {"kind": "process", "name": "§Release"}
        first = world.save(ScopeItem, **values)
        delete_record(by=world.lead, record=first, now=NOW)
        world.save(ScopeItem, **values)

        with pytest.raises(Invalid, match="already"):
            restore_record(by=world.lead, record=first, now=NOW)

    def test_brings_no_part_back_without_its_whole(self, world) -> None:
        whole = world.save(Objective, title="§Faster")
        part = world.save(Objective, title="§Faster release", parent=whole)
        for one in (part, whole):
            delete_record(by=world.lead, record=one, now=NOW)

        with pytest.raises(Orphaned, match="“§Faster”, which is deleted"):
            restore_record(by=world.lead, record=part, now=NOW)
        restore_record(by=world.lead, record=whole, now=NOW)
        restore_record(by=world.lead, record=part, now=NOW)

        assert Objective.objects.of(world.programme).count() == 2

    def test_brings_back_what_only_pointed_to_something_deleted(self, world) -> None:
        objective = world.save(Objective, title="§Faster")
        need = world.save(Need, title="§Less waiting", objective=objective)
        for one in (need, objective):
            delete_record(by=world.lead, record=one, now=NOW)

        restore_record(by=world.lead, record=need, now=NOW)

        assert Need.objects.of(world.programme).get() == need

    def test_is_refused_to_others(self, world) -> None:
        need = world.save(Need, title="§X")

        with pytest.raises(NotAllowed):
            delete_record(by=world.viewer, record=need, now=NOW)
        with pytest.raises(NotAllowed):
            restore_record(by=world.viewer, record=need, now=NOW)


class TestVisibleTo:
    def test_shows_members_and_auditors_only(self, world) -> None:
        world.save(Need, title="§X")

        seen = {
            name
            for name, account in world.accounts.items()
            if Need.objects.visible_to(account).exists()
        }

        assert seen == set(world.accounts) - {"admin", "outsider", "stranger"}
