"""The pages of method packs."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from programmes import pack_files
from programmes.method_packs import read_pack
from programmes.models import MethodPack
from programmes.services import pack_editing
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


class TestPackPages:
    def test_a_gate_is_changed_in_its_form(self, world, sign_in) -> None:
        found = drafted(world)
        client = sign_in(world.viewer)
        url = f"/packs/{found.pk}/gates/4/"
        form = client.get(url).context["form"]
        data = {name: form[name].initial for name in form.fields}
        data = {name: one for name, one in data.items() if one not in (None, False)}
        data |= {
            "question": "§Worth it?",
            "kind-G4.A1": "warns",
            "limit-G4.a1-share": "0.6",
            "judged-4-title": "§Brave?",
            "deliverables": "§Goals\n\n§Case",
        }

        answer = client.post(url, data)

        assert answer.status_code == 302
        found.refresh_from_db()
        rules = read_pack(found.content).gate_of(4)
        assert rules.question == "§Worth it?"
        assert "G4.A1" in rules.optional
        assert rules.limits == {"G4.a1": {"share": 0.6}}
        assert rules.judged[-1].key == "brave"
        assert rules.deliverables == ("§Goals", "§Case")

    def test_a_wrong_form_is_told(self, world, sign_in) -> None:
        url = f"/packs/{drafted(world).pk}/gates/4/"

        answer = sign_in(world.viewer).post(url, {"days": "200"})

        assert answer.status_code == 422
        assert sign_in(world.viewer).get(url.replace("/4/", "/9/")).status_code == 404

    def test_title_and_tolerances_are_changed(self, world, sign_in) -> None:
        found = drafted(world)

        sign_in(world.viewer).post(
            f"/packs/{found.pk}/edit/",
            {"title": "§Ours", "note": "§a\r\n§b", "time": 5, "cost": 6, "benefit": 7},
        )

        found.refresh_from_db()
        read = read_pack(found.content)
        assert (read.note, read.tolerances.benefit) == ("§a\n§b", 7)

    @pytest.mark.parametrize("page", ["edit/", "gates/1/"])
    def test_a_released_version_has_no_form(self, world, sign_in, page: str) -> None:
        client = sign_in(world.viewer)

        answer = client.get(f"/packs/{first(world).pk}/{page}", follow=True)

        assert "A released version is not changed" in answer.content.decode()

    def test_a_whole_life(self, world, sign_in) -> None:
        client = sign_in(world.viewer)
        start = f"/packs/{first(world).pk}/"

        made = client.post(f"{start}draft/")["Location"]
        again = client.post(f"{start}draft/", follow=True)
        client.post(f"{made}release/", {"note": "§Better"})
        twice = client.post(f"{made}release/", {"note": "§Better"})
        gone = client.post(f"{made}delete/", follow=True)
        second = client.post(f"{made}draft/")["Location"]
        client.post(f"{second}delete/")

        assert "has a draft already" in again.content.decode()
        assert twice.status_code == 422
        assert "not changed" in gone.content.decode()
        assert client.get(second).status_code == 404
        assert "§Better" in client.get("/packs/").content.decode()

    def test_a_shipped_pack_is_taken_up(self, world, sign_in) -> None:
        client = sign_in(world.viewer)

        assert "/packs/" in client.post("/packs/take/panel/")["Location"]
        assert client.post("/packs/take/gold/")["Location"] == "/packs/"
        assert MethodPack.objects.filter(key="panel").count() == 1

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"\xff\xfe", "no UTF-8 text"),
            (b"title: [", "no valid YAML"),
            (b"a" * 200_001, "larger than a pack"),
            (b"title: x", "A pack is a mapping"),
        ],
    )
    def test_a_wrong_file_is_refused(
        self, world, sign_in, content: bytes, said: str
    ) -> None:
        given = SimpleUploadedFile("p.yaml", content)

        answer = sign_in(world.viewer).post(
            "/packs/import/", {"key": "ours", "file": given}
        )

        assert answer.status_code == 422
        assert said in answer.content.decode()

    def test_a_file_becomes_a_draft(self, world, sign_in) -> None:
        source = pack_files.write_yaml({**drafted(world).content, "title": "§New"})
        given = SimpleUploadedFile("p.yaml", source.encode())

        sign_in(world.viewer).post("/packs/import/", {"key": "ours", "file": given})

        assert MethodPack.objects.get(key="ours").released_at is None

    def test_the_lead_moves_the_programme(self, world, sign_in) -> None:
        newer = released(world)
        client = sign_in(world.lead)
        page = client.get("/p/o2c/pack/").content.decode()

        answer = client.post(f"/p/o2c/pack/{newer.pk}/move/", follow=True)
        again = client.post(f"/p/o2c/pack/{newer.pk}/move/", follow=True)

        assert "Working days" in page
        assert "There is no newer version" in answer.content.decode()
        assert "Choose a newer released version" in again.content.decode()

    def test_packs_of_others_are_not_found(self, world, sign_in) -> None:
        other = MethodPack.objects.get(enterprise=world.elsewhere)

        for page in ("", "pack.yaml", "edit/", "gates/1/"):
            found = sign_in(world.viewer).get(f"/packs/{other.pk}/{page}")
            assert found.status_code == 404
