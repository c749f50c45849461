"""Objectives as a tree with loose ends, and needs sorted together."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.html import escape

from programmes.kit.errors import NotAllowed
from programmes.models import Need, Objective
from programmes.services.needs import Triage, triage_needs, undo_triage
from programmes.services.records import Invalid
from tests.programmes.ready import decide, ready_for_gate_1, submitted
from tests.world import NOW, World

TREE = "/p/o2c/objectives/tree/"
TRIAGE = "/p/o2c/needs/triage/"


def objective(world: World, title: str, **more: Any) -> Objective:
    return world.save(Objective, title=title, **more)


def sort(world: World, needs: list[Need], by: str = "lead", **more: Any) -> Any:
    return triage_needs(
        by=world.accounts[by],
        programme=world.programme,
        keys=[one.pk for one in needs],
        triage=Triage(**more),
        now=NOW,
    )


class TestTree:
    def test_hangs_objectives_and_needs_below_what_they_serve(
        self, world, sign_in
    ) -> None:
        top = objective(world, "§Top", level="strategic")
        leaf = objective(world, "§Leaf", parent=top)
        need = world.save(Need, title="§Need", objective=leaf)

        page = sign_in(world.viewer).get(TREE)

        [branch] = page.context["branches"]
        assert branch["objective"] == top
        assert branch["below"][0]["needs"] == [need]
        assert page.context["loose"] == []
        assert "has its place" in page.content.decode()

    def test_names_loose_ends(self, world, sign_in) -> None:
        objective(world, "§Alone", level="strategic")
        objective(world, "§Serves nothing")
        world.save(Need, title="§Nowhere")
        world.save(Need, title="§Out", is_out=True, reason="§No")

        page = sign_in(world.viewer).get(TREE)

        names = [[str(row) for row in one["rows"]] for one in page.context["loose"]]
        assert names == [
            ["§Alone"],
            ["§Serves nothing"],
            ["§Serves nothing"],
            ["§Nowhere"],
        ]
        assert "4 things hang loose" in page.content.decode()

    def test_shows_a_ring_once(self, world, sign_in) -> None:
        first = objective(world, "§One")
        second = objective(world, "§Two", parent=first)
        Objective.objects.filter(pk=first.pk).update(parent=second)

        page = sign_in(world.viewer).get(TREE)

        assert len(page.context["branches"]) == 1

    def test_escapes_hostile_text(self, world, sign_in) -> None:
        objective(world, "§<script>alert(1)</script>")

        assert b"<script>alert" not in sign_in(world.viewer).get(TREE).content

    def test_is_empty_at_first(self, world, sign_in) -> None:
        assert "nothing yet" in sign_in(world.viewer).get(TREE).content.decode()


class TestTriage:
    def test_gives_several_a_place_and_undoes_it(self, world, sign_in) -> None:
        aim = objective(world, "§Aim")
        needs = [world.save(Need, title=f"§{one}") for one in "AB"]
        client = sign_in(world.lead)

        page = client.post(
            TRIAGE,
            {
                "need": [one.pk for one in needs],
                "priority": "1must",
                "objective": aim.pk,
            },
            follow=True,
        )

        assert "2 needs sorted" in page.content.decode()
        assert Need.objects.filter(priority="1must", objective=aim).count() == 2
        [message] = page.context["messages"]
        undo = message.extra_tags.removeprefix("undo:")
        assert escape(undo) in page.content.decode()
        client.post(undo)
        assert Need.objects.filter(priority="", objective=None).count() == 2

    def test_declares_out_with_a_reason(self, world) -> None:
        need = world.save(Need, title="§A", objective=objective(world, "§Aim"))

        with pytest.raises(Invalid, match="Say why"):
            sort(world, [need], is_out=True)
        sort(world, [need], is_out=True, reason="§Later")

        need.refresh_from_db()
        assert (need.is_out, need.objective, need.reason) == (True, None, "§Later")

    def test_changes_none_when_one_is_refused(self, world) -> None:
        good = world.save(Need, title="§A", is_out=True, reason="§Before")
        bad = world.save(Need, title="§B")

        with pytest.raises(Invalid):
            sort(world, [good, bad], is_out=True)

        good.refresh_from_db()
        assert good.reason == "§Before"

    def test_undo_leaves_what_changed_since(self, world) -> None:
        needs = [world.save(Need, title=f"§{one}") for one in "AB"]
        before = sort(world, needs, priority="1must")
        sort(world, needs[:1], priority="3could")

        count = undo_triage(
            by=world.lead, programme=world.programme, before=before, now=NOW
        )

        found = dict(Need.objects.values_list("title", "priority"))
        assert (count, found) == (1, {"§A": "3could", "§B": ""})

    def test_says_what_is_missing(self, world, sign_in) -> None:
        aim = objective(world, "§Aim")
        need = world.save(Need, title="§A")
        client = sign_in(world.lead)

        for sent, said in (
            ({"need": need.pk}, "Choose a priority"),
            ({"priority": "1must"}, "Choose at least one"),
            ({"need": need.pk, "objective": aim.pk, "is_out": "on"}, "not both"),
        ):
            page = client.post(TRIAGE, sent)
            assert (page.status_code, said in page.content.decode()) == (422, True)

    def test_needs_a_reason_after_the_approval(self, world, sign_in) -> None:
        ready_for_gate_1(world)
        decide(world, submitted(world))
        need = Need.objects.get()
        client = sign_in(world.lead)

        refused = client.post(TRIAGE, {"need": need.pk, "priority": "3could"})
        client.post(TRIAGE, {"need": need.pk, "priority": "3could", "reason": "§So"})

        need.refresh_from_db()
        assert (refused.status_code, need.priority) == (422, "3could")

    def test_is_the_leads(self, world) -> None:
        need = world.save(Need, title="§A")

        with pytest.raises(NotAllowed):
            sort(world, [need], by="viewer", priority="1must")
        with pytest.raises(NotAllowed):
            undo_triage(by=world.viewer, programme=world.programme, before=[], now=NOW)

    def test_undo_takes_no_forged_token(self, world, sign_in) -> None:
        page = sign_in(world.lead).post(f"{TRIAGE}undo/?token=x", follow=True)

        assert "no longer be undone" in page.content.decode()

    def test_undo_in_review_says_why_not(self, world, sign_in) -> None:
        client = sign_in(world.lead)
        ready_for_gate_1(world)
        page = client.post(
            TRIAGE, {"need": Need.objects.get().pk, "priority": "3could"}, follow=True
        )
        [message] = page.context["messages"]
        submitted(world)

        page = client.post(message.extra_tags.removeprefix("undo:"), follow=True)

        assert "Gate 1 is in review" in page.content.decode()
