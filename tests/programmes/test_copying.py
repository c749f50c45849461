"""Lists of an earlier programme are taken over within one enterprise."""

from __future__ import annotations

from typing import Any

import pytest

from programmes.kit.errors import NotAllowed
from programmes.models import (
    ItAsset,
    Need,
    Objective,
    Programme,
    Risk,
    ScopeItem,
    SystemUse,
)
from programmes.services import programmes
from programmes.services.copying import CannotCopy, copy_lists
from programmes.services.records import Invalid, save_record
from tests.world import NOW, World


@pytest.fixture
def earlier(world: World) -> Programme:
    """A programme of the same lead with an objective that serves another, and more."""
    found = programmes.create_programme(
        by=world.lead, enterprise=world.enterprise, code="old", name="§Old", now=NOW
    )

    def save(model: Any, **values: Any) -> Any:
        record = model(programme=found, **values)
        return save_record(by=world.lead, record=record, now=NOW)

    leaf = save(
        Objective, title="§Leaf", due_on=NOW.date(), owner=world.person("owner")
    )
    leaf.parent = save(Objective, title="§Top", level="strategic")
    save_record(by=world.lead, record=leaf, now=NOW)
    save(Need, title="§Need", source="§Sales", objective=leaf)
    save(Risk, title="§Risk", probability=2, impact=2, reviewed_on=NOW.date())
    save(Risk, title="§Past", probability=2, impact=2, state="closed")
    return found


def copy(world: World, source: Programme, *slugs: str, by: str = "lead") -> Any:
    return copy_lists(
        by=world.accounts[by],
        source=source,
        into=world.programme,
        slugs=slugs,
        now=NOW,
    )


class TestCopyLists:
    def test_keeps_links_and_leaves_dates(self, world, earlier) -> None:
        counts = copy(world, earlier, "objectives", "needs", "risks")

        leaf = Objective.objects.of(world.programme).get(title="§Leaf")
        need = Need.objects.of(world.programme).get()
        risk = Risk.objects.of(world.programme).get()
        assert counts == {"objectives": 2, "needs": 1, "risks": 1}
        assert (leaf.parent.title, leaf.due_on) == ("§Top", None)
        assert leaf.parent.programme == world.programme
        assert (leaf.owner, need.objective) == (world.person("owner"), leaf)
        assert risk.reviewed_on is None

    def test_links_systems_to_the_same_processes_once(self, world, earlier) -> None:
        def save(model: Any, **values: Any) -> Any:
            record = model(programme=earlier, **values)
            return save_record(by=world.lead, record=record, now=NOW)

        system = save(ItAsset, name="§ERP")
        for name in ("§Invoicing", "§Dunning"):
            process = save(ScopeItem, kind="process", name=name)
            save(SystemUse, system=system, process=process)

        copy(world, earlier, "it")
        assert not SystemUse.objects.of(world.programme).exists()
        copy(world, earlier, "scope")
        copy(world, earlier, "it", "scope")

        uses = SystemUse.objects.of(world.programme)
        assert sorted((str(one.system), str(one.process)) for one in uses) == [
            ("§ERP", "§Dunning"),
            ("§ERP", "§Invoicing"),
        ]

    def test_leaves_what_is_there_by_name(self, world, earlier) -> None:
        copy(world, earlier, "objectives")

        assert copy(world, earlier, "objectives") == {"objectives": 0}

    def test_drops_links_to_what_is_not_taken(self, world, earlier) -> None:
        copy(world, earlier, "needs")

        assert Need.objects.of(world.programme).get().objective is None

    def test_refuses_other_enterprises_and_unread_programmes(
        self, world, earlier
    ) -> None:
        with pytest.raises(CannotCopy):
            copy(world, world.other_programme, "needs")
        with pytest.raises(CannotCopy):
            copy(world, earlier, "needs", by="sponsor")

    def test_refuses_nothing_chosen_and_who_may_not(self, world, earlier) -> None:
        with pytest.raises(Invalid):
            copy(world, earlier)
        with pytest.raises(NotAllowed):
            copy(world, earlier, "needs", by="auditor")


class TestPage:
    def test_shows_counts_and_takes_over(self, world, sign_in, earlier) -> None:
        client = sign_in(world.lead)

        page = client.get(f"/p/o2c/copy/?source={earlier.pk}")
        done = client.post(
            "/p/o2c/copy/", {"source": earlier.pk, "list": ["needs", "risks"]}
        )

        counts = {one["slug"]: one["count"] for one in page.context["lists"]}
        assert counts == {
            "objectives": 2,
            "needs": 1,
            "scope": 0,
            "it": 0,
            "risks": 1,
        }
        assert done.headers["Location"] == "/p/o2c/phases/1/"
        assert Need.objects.of(world.programme).count() == 1

    def test_refuses_a_foreign_programme(self, world, sign_in) -> None:
        url = f"/p/o2c/copy/?source={world.other_programme.pk}"

        assert sign_in(world.lead).get(url).status_code == 404

    def test_says_when_nothing_is_chosen(self, world, sign_in, earlier) -> None:
        page = sign_in(world.lead).post("/p/o2c/copy/", {"source": earlier.pk})

        assert page.status_code == 422
        assert "at least one list" in page.content.decode()

    def test_is_empty_without_earlier_ones(self, world, sign_in) -> None:
        page = sign_in(world.lead).get("/p/o2c/copy/")

        assert "No earlier programme" in page.content.decode()
