"""The ledger's page: who reads it, what it says, its check and its export."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest

from programmes import tasks
from programmes.models import Job, LedgerCheck, LedgerEntry
from programmes.services import ledger
from programmes.services.ledger import Kind
from tests.programmes.ready import decide, ready_for_gate_1, submitted
from tests.world import NOW, World

URL = "/ledger/"


@pytest.fixture
def decided(world: World) -> World:
    ready_for_gate_1(world)
    decide(world, submitted(world))
    return world


class TestPage:
    def test_shows_facts_in_words(self, decided: World, sign_in: Any) -> None:
        page = sign_in(decided.auditor).get(URL).content.decode()

        for part in ("Gate decided", "§Sponsor Person", "§Order to cash", "Approve"):
            assert part in page
        assert ledger.head_of(decided.enterprise.pk).mac in page
        assert "§Elsewhere" not in page

    def test_narrows_by_kind_and_programme(self, decided: World, sign_in: Any) -> None:
        client = sign_in(decided.admin)
        programme = decided.programme.pk

        page = client.get(f"{URL}?kind=gate.decided&programme={programme}")

        rows = page.context["rows"]
        assert [one["entry"].kind for one in rows] == [Kind.DECIDED]

    def test_survives_hostile_names(self, world: World, sign_in: Any) -> None:
        person = world.person("outsider")
        person.name = "§<script>alert(1)</script>"
        person.save()
        ledger.append(
            enterprise_id=world.enterprise.pk,
            kind=Kind.EXPORTED,
            facts={"what": "=cmd|' /C calc'!A0", "person": person.pk},
            actor_id=person.pk,
            now=NOW,
        )
        client = sign_in(world.auditor)

        page = client.get(URL).content.decode()
        table = client.get(f"{URL}export.csv").content.decode()

        assert "<script>alert" not in page
        assert "§&lt;script&gt;" in page
        assert "\n=cmd" not in table

    @pytest.mark.parametrize("who", ["lead", "sponsor", "outsider", "stranger"])
    def test_is_closed_to_others(self, world: World, sign_in: Any, who: str) -> None:
        assert sign_in(world.accounts[who]).get(URL).status_code == 403


class TestCheck:
    def test_runs_and_says_that_all_is_well(
        self, world: World, sign_in: Any, commit: Any
    ) -> None:
        client = sign_in(world.auditor)
        with commit():
            client.post(f"{URL}check/")
        page = client.get(URL).content.decode()

        assert Job.objects.get(kind="ledger.check").state == Job.State.DONE
        assert LedgerCheck.objects.get().by == world.auditor
        assert "The chain was whole up to entry" in page

    def test_shows_what_it_found(self, world: World, sign_in: Any) -> None:
        LedgerCheck.objects.create(
            enterprise=world.enterprise,
            at=NOW,
            seq=1,
            mac="0" * 64,
            findings=[{"code": "differs", "seq": 7, "thing": "decision 3"}],
        )

        page = sign_in(world.auditor).get(URL).content.decode()

        assert "1 thing that does not fit" in page
        assert "Decision: 3 What it speaks of was changed since." in page

    def test_is_done_by_the_clock(self, world: World) -> None:
        tasks.check_ledgers()

        assert LedgerCheck.objects.count() == 2


class TestExport:
    def test_gives_what_the_macs_are_made_of(self, world: World, sign_in: Any) -> None:
        answer = sign_in(world.auditor).get(f"{URL}export.csv")

        text = answer.content.decode("utf-8-sig")
        rows = list(csv.DictReader(StringIO(text)))
        exported = LedgerEntry.objects.filter(kind=Kind.EXPORTED).get()
        assert rows[0]["mac"] == exported.prev
        assert exported.facts["what"] == "ledger"
