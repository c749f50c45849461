"""Versions of method packs: drafted, changed, released, filed, and moved to."""

from __future__ import annotations

from typing import Any

import pytest

from programmes import pack_files, pack_texts
from programmes.kit.errors import NotAllowed
from programmes.method_packs import PackWrong, read_pack
from programmes.models import Activity, Delegation, Gate, MethodPack, Programme
from programmes.pack_words import compare
from programmes.services import pack_editing, pack_moves, packs
from tests.programmes.ready import gate, ready_for_gate_1, submitted
from tests.world import NOW, World


def first(world: World) -> MethodPack:
    return MethodPack.objects.get(
        enterprise=world.enterprise, key="standard", version=1
    )


def drafted(world: World) -> MethodPack:
    return pack_editing.draft_pack(by=world.viewer, pack=first(world), now=NOW)


def released(world: World, **changes: Any) -> MethodPack:
    """The next version, with other words at gate 3."""
    found = drafted(world)
    content = found.content
    content["gates"][2] |= changes or {"days": 9}
    pack_editing.save_draft(by=world.viewer, pack=found, content=content)
    return pack_editing.release_pack(by=world.viewer, pack=found, note="§Why", now=NOW)


class TestEnsurePack:
    def test_writes_a_shipped_pack_once(self, world) -> None:
        made = packs.ensure_pack(enterprise=world.enterprise, key="light", now=NOW)

        again = packs.ensure_pack(enterprise=world.enterprise, key="light", now=NOW)

        assert made == again
        assert read_pack(made.content).structure[0] == (1, 2)

    def test_gives_the_newest_released_version(self, world) -> None:
        newest = released(world)
        pack_editing.draft_pack(by=world.viewer, pack=newest, now=NOW)

        assert packs.ensure_pack(enterprise=world.enterprise, now=NOW) == newest

    def test_offers_what_is_shipped_and_what_is_ours(self, world) -> None:
        content = drafted(world).content
        source = pack_files.write_yaml({**content, "title": "§Gold"})
        ours = pack_editing.import_pack(
            by=world.viewer,
            enterprise=world.enterprise,
            key="gold",
            source=source,
            now=NOW,
        )
        pack_editing.release_pack(by=world.viewer, pack=ours, note="", now=NOW)

        keys = [one.key for one in packs.packs_of(world.enterprise)]

        assert keys == ["standard", "panel", "light", "gold"]


class TestReadChecked:
    @pytest.mark.parametrize(
        ("part", "value", "said"),
        [
            ("waivable", ["G9.A1"], "gates, entry 1: “G9.A1” is no criterion"),
            ("optional", ["G2.A1"], "“G2.A1” is no criterion of this gate"),
            ("limits", {"G1.A1": {"luck": 1}}, "G1.A1 has no threshold “luck”"),
        ],
    )
    def test_refuses_what_the_registry_does_not_know(
        self, part: str, value: Any, said: str
    ) -> None:
        content = {"title": "x", "gates": [{"phases": [one]} for one in range(1, 9)]}
        content["gates"][0][part] = value  # type: ignore[index]

        with pytest.raises(PackWrong, match=said):
            packs.read_checked(content)

    def test_knows_the_texts_of_the_shipped_packs(self) -> None:
        texts: set[str] = set()
        for key in pack_files.SHIPPED:
            pack = read_pack(pack_files.shipped(key))
            texts |= {pack.title, pack.note}
            for rules in pack.gates:
                texts |= {rules.question, *rules.deliverables}
                texts |= {one.title for one in rules.judged}

        assert texts - {""} == pack_texts.TEXTS
        assert pack_texts.said("§Ours") == "§Ours"


class TestDraftPack:
    def test_copies_what_the_version_says(self, world) -> None:
        found = drafted(world)

        assert found.version == 2
        assert found.released_at is None
        assert compare(read_pack(first(world).content), read_pack(found.content)) == []

    def test_is_one_at_a_time(self, world) -> None:
        drafted(world)

        with pytest.raises(pack_editing.DraftThere):
            drafted(world)

    def test_is_for_method_owners(self, world) -> None:
        for name in ("lead", "sponsor", "admin", "auditor", "stranger"):
            with pytest.raises(NotAllowed, match="method owner"):
                pack_editing.draft_pack(
                    by=world.accounts[name], pack=first(world), now=NOW
                )

    def test_leaves_out_criteria_that_are_no_more(self, world) -> None:
        old = first(world)
        old.content["gates"][0] |= {
            "waivable": ["G1.Z9", "G1.A1"],
            "limits": {"G1.Z9": {"share": 1}, "G1.A1": {"share": 1}},
        }
        old.save()

        found = read_pack(drafted(world).content).gate_of(1)

        assert found.waivable == {"G1.A1"}
        assert found.limits in ({}, {"G1.A1": {}})


class TestSaveDraft:
    def test_says_something_else(self, world) -> None:
        found = drafted(world)
        content = {**found.content, "title": "§Ours"}

        pack_editing.save_draft(by=world.viewer, pack=found, content=content)

        found.refresh_from_db()
        assert str(found) == "§Ours 2"

    def test_refuses_garbage(self, world) -> None:
        with pytest.raises(PackWrong):
            pack_editing.save_draft(by=world.viewer, pack=drafted(world), content=[])

    def test_never_touches_a_released_version(self, world) -> None:
        found = first(world)

        for act in (
            lambda: pack_editing.save_draft(
                by=world.viewer, pack=found, content=found.content
            ),
            lambda: pack_editing.save_gate(
                by=world.viewer, pack=found, number=1, content={}
            ),
            lambda: pack_editing.release_pack(
                by=world.viewer, pack=found, note="", now=NOW
            ),
            lambda: pack_editing.delete_draft(by=world.viewer, pack=found),
        ):
            with pytest.raises(pack_editing.PackReleased):
                act()

    def test_keeps_the_phases_of_a_gate(self, world) -> None:
        found = drafted(world)

        pack_editing.save_gate(
            by=world.viewer, pack=found, number=3, content={"phases": [8], "days": 3}
        )

        found.refresh_from_db()
        assert read_pack(found.content).gate_of(3).days == 3


class TestReleasePack:
    def test_is_told(self, world) -> None:
        found = released(world)

        assert found.released_at == NOW
        assert Activity.objects.filter(verb="released", label=str(found)).exists()

    def test_a_draft_can_be_deleted_instead(self, world) -> None:
        pack_editing.delete_draft(by=world.viewer, pack=drafted(world))

        assert MethodPack.objects.filter(enterprise=world.enterprise).count() == 1


class TestImportPack:
    def test_reads_what_was_exported(self, world, sign_in) -> None:
        pk = first(world).pk
        answer = sign_in(world.lead).get(f"/packs/{pk}/pack.yaml")

        made = pack_editing.import_pack(
            by=world.viewer,
            enterprise=world.enterprise,
            key="standard",
            source=pack_files.write_yaml(drafted_free(answer.content.decode())),
            now=NOW,
        )

        assert made.version == 2
        assert "attachment" in answer["Content-Disposition"]

    def test_refuses_a_second_draft(self, world) -> None:
        source = pack_files.write_yaml(drafted(world).content)

        with pytest.raises(pack_editing.DraftThere):
            pack_editing.import_pack(
                by=world.viewer,
                enterprise=world.enterprise,
                key="standard",
                source=source,
                now=NOW,
            )

    def test_is_for_method_owners(self, world) -> None:
        with pytest.raises(NotAllowed):
            pack_editing.import_pack(
                by=world.lead, enterprise=world.enterprise, key="x", source="", now=NOW
            )


def drafted_free(source: str) -> Any:
    """The content of a file without criteria that are no more."""
    content = pack_files.parse_yaml(source)
    for one in content["gates"]:
        for part in ("waivable", "optional", "limits"):
            one.pop(part, None)
    return content


class TestMoveProgramme:
    def test_keeps_the_newer_version(self, world) -> None:
        newer = released(world)

        pack_moves.move_programme(
            by=world.lead, programme=world.programme, pack=newer, now=NOW
        )

        assert Programme.objects.get(pk=world.programme.pk).pack == newer
        assert Activity.objects.filter(verb="moved", note="§Why").exists()

    def test_is_the_lead_s(self, world) -> None:
        newer = released(world)

        for name in ("sponsor", "viewer", "admin", "owner"):
            with pytest.raises(NotAllowed):
                pack_moves.move_programme(
                    by=world.accounts[name],
                    programme=world.programme,
                    pack=newer,
                    now=NOW,
                )

    def test_refuses_drafts_and_other_packs(self, world) -> None:
        light = packs.ensure_pack(enterprise=world.enterprise, key="light", now=NOW)

        for pack in (drafted(world), light, first(world)):
            with pytest.raises(pack_moves.CannotMove, match="newer released"):
                pack_moves.move_programme(
                    by=world.lead, programme=world.programme, pack=pack, now=NOW
                )

    def test_waits_for_a_gate_in_review(self, world) -> None:
        ready_for_gate_1(world)
        submitted(world)

        with pytest.raises(pack_moves.CannotMove, match="in review"):
            pack_moves.move_programme(
                by=world.lead, programme=world.programme, pack=released(world), now=NOW
            )

    def test_regroups_later_gates(self, world) -> None:
        newer = merged(world, [4, 5])

        pack_moves.move_programme(
            by=world.lead, programme=world.programme, pack=newer, now=NOW
        )

        rows = Gate.objects.filter(programme=world.programme)
        assert rows.count() == 7
        assert gate(world, 4).phases == (4, 5)

    def test_keeps_the_gates_that_are_reached(self, world) -> None:
        with pytest.raises(pack_moves.CannotMove, match="Gate 1 closes other phases"):
            pack_moves.move_programme(
                by=world.lead,
                programme=world.programme,
                pack=merged(world, [1, 2]),
                now=NOW,
            )

    def test_keeps_gates_that_somebody_handed_over(self, world) -> None:
        Delegation.objects.create(
            programme=world.programme,
            gate=gate(world, 5),
            giver=world.person("sponsor"),
            taker=world.person("owner"),
            starts_on=NOW.date(),
            ends_on=NOW.date(),
            reason="§Away",
            created_by=world.sponsor,
            created_at=NOW,
        )

        with pytest.raises(pack_moves.CannotMove, match="Gate 5"):
            pack_moves.move_programme(
                by=world.lead,
                programme=world.programme,
                pack=merged(world, [4, 5]),
                now=NOW,
            )


def merged(world: World, phases: list[int]) -> MethodPack:
    """The next version, in which one gate closes these phases."""
    content = drafted(world).content
    MethodPack.objects.filter(released_at=None).delete()
    gates = [one for one in content["gates"] if one["phases"][0] not in phases]
    gates = sorted([*gates, {"phases": phases}], key=lambda one: one["phases"][0])
    made = pack_editing.import_pack(
        by=world.viewer,
        enterprise=world.enterprise,
        key="standard",
        source=pack_files.write_yaml({**content, "gates": gates}),
        now=NOW,
    )
    return pack_editing.release_pack(by=world.viewer, pack=made, note="", now=NOW)


class TestCompare:
    def test_names_what_is_said_otherwise(self, world) -> None:
        newer = released(world, days=9, veto=["controller"], optional=["G3.A1"])

        found = compare(read_pack(first(world).content), read_pack(newer.content))

        assert {one.label for one in found} >= {"Working days", "Veto"}
        assert {one.place for one in found} == {"Gate 3: Diagnosis"}
        assert [one.after for one in found if one.label == "Working days"] == ["9"]
