"""The ledger: its chain, what is entered, and that the database keeps it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from programmes.lifecycle import Outcome
from programmes.models import LedgerEntry, Signature
from programmes.models.ledger import GENESIS
from programmes.services import ballots, ledger, people, programmes, tokens
from programmes.services.decisions import undo_decision
from programmes.services.delegations import Handover, delegate, revoke_delegation
from programmes.services.gates import withdraw_gate
from programmes.services.ledger import Kind
from programmes.services.reopening import (
    reaffirm_gate,
    reopen_gate,
    resume_programme,
)
from programmes.services.waivers import answer_waiver, ask_waiver
from tests.programmes.ready import decide, gate, ready_for_gate_1, submitted
from tests.world import NOW, PASSWORD, World

ROOT = Path(__file__).resolve().parents[2]
APPS = ("programmes", "diagnosis", "design", "evaluation")
ANSWERS = r"return (csv_answer|export)\("


def entries(world: World) -> Any:
    return LedgerEntry.objects.filter(enterprise=world.enterprise).order_by("seq")


def last(world: World) -> LedgerEntry:
    return entries(world).last()


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


class TestAppend:
    def test_follows_the_entry_before(self, world: World) -> None:
        before = last(world)

        found = ledger.append(
            enterprise_id=world.enterprise.pk,
            kind=Kind.EXPORTED,
            facts={"what": "§", "share": 1.0},
            by=world.lead,
            now=NOW,
        )

        assert (found.seq, found.prev) == (before.seq + 1, before.mac)
        assert found.actor == world.person("lead")
        kept = LedgerEntry.objects.get(pk=found.pk)
        assert ledger.mac_of(kept, before.mac) == found.mac

    def test_begins_each_enterprise_at_one(self, world: World) -> None:
        first = LedgerEntry.objects.filter(enterprise=world.elsewhere).order_by("seq")

        assert [one.seq for one in first] == list(range(1, len(first) + 1))
        assert first[0].prev == GENESIS

    def test_depends_on_the_key(self, world: World, settings) -> None:  # type: ignore[no-untyped-def]
        entry = last(world)
        settings.LEDGER_KEY = "another"

        assert ledger.mac_of(entry, entry.prev) != entry.mac


class TestDatabase:
    @pytest.fixture(autouse=True)
    def strict(self, world: World) -> None:
        """As anywhere but in tests."""
        run("SET LOCAL meliora.may_empty_ledger = off")
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("ALTER TABLE programmes_ledgerentry ENABLE TRIGGER ledger_is_not_emptied")

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE programmes_ledgerentry SET mac = ''",
            "DELETE FROM programmes_ledgerentry",
            "TRUNCATE programmes_ledgerentry",
        ],
    )
    def test_refuses_to_change_an_entry(self, sql: str) -> None:
        # A truncation waits for no check that is still to come.
        run("SET CONSTRAINTS ALL IMMEDIATE")

        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            run(sql)

    def test_lets_tests_empty_it_but_never_edit_it(self) -> None:
        run("SET LOCAL meliora.may_empty_ledger = on")

        with pytest.raises(IntegrityError), transaction.atomic():
            run("UPDATE programmes_ledgerentry SET mac = ''")
        run("DELETE FROM programmes_ledgerentry")
        assert not LedgerEntry.objects.exists()


class TestGates:
    def test_enters_the_question_and_the_decision(self, world: World) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        asked = last(world)
        decide(world, review)
        found = last(world)
        signature = Signature.objects.get(review=review)

        assert (asked.kind, asked.facts["pack"]) == (Kind.SUBMITTED, review.pack_hash)
        assert asked.actor == world.person("lead")
        assert found.kind == Kind.DECIDED
        assert found.actor == world.person("sponsor")
        assert found.facts["outcome"] == "approve"
        assert found.facts["pack"] == review.pack_hash
        assert found.facts["signature"] == signature.pk
        assert signature.mark == review.pack_hash

    def test_enters_what_undoes_and_takes_up(self, world: World) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        withdraw_gate(by=world.lead, gate=gate(world, 1), now=NOW)
        review = submitted(world)
        decide(world, review)
        undo_decision(by=world.sponsor, gate=gate(world, 1), now=NOW)
        decide(world, gate(world, 1).reviews.latest("round"))
        later = NOW + timedelta(hours=1)
        reopen_gate(by=world.sponsor, gate=gate(world, 1), reason="§New", now=later)

        kinds = [one.kind for one in entries(world) if one.kind.startswith("gate.")]
        assert kinds == [
            *(Kind.SUBMITTED, Kind.WITHDRAWN, Kind.SUBMITTED, Kind.DECIDED),
            *(Kind.UNDONE, Kind.DECIDED, Kind.REOPENED),
        ]

    def test_enters_a_hold_that_ends(self, world: World) -> None:
        ready_for_gate_1(world)
        soon = NOW.date() + timedelta(days=9)
        decide(world, submitted(world), Outcome.HOLD, rationale="§", review_on=soon)
        later = NOW + timedelta(days=9)

        resume_programme(by=world.sponsor, gate=gate(world, 1), now=later)

        assert last(world).kind == Kind.RESUMED

    def test_enters_an_affirmation(self, world: World) -> None:
        ready_for_gate_1(world)
        decide(world, submitted(world))
        found = gate(world, 1)
        found.to_reaffirm = True
        found.save()

        reaffirm_gate(by=world.sponsor, gate=found, note="§", now=NOW)

        assert last(world).kind == Kind.REAFFIRMED

    def test_enters_ballots_sealed(self, world: World) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        person = world.person("controller")
        review.panel = [{"person": person.pk, "role": "controller", "seat": ""}]
        review.save()

        vote = ballots.cast_vote(
            by=world.controller,
            gate=gate(world, 1),
            outcome=Outcome.RETURN,
            comment="§No",
            now=NOW,
        )

        cast, revealed = entries(world).order_by("-seq")[:2][::-1]
        assert cast.kind == Kind.VOTED
        assert cast.facts["ballot"] == ledger.seal_of_ballot(vote)
        assert "return" not in str(cast.facts)
        assert revealed.kind == Kind.REVEALED

    def test_enters_waivers(self, world: World) -> None:
        content = world.programme.pack.content
        content["gates"][0]["waivable"] = ["G1.A2"]
        world.programme.pack.content = content
        world.programme.pack.save()
        asked = ask_waiver(
            by=world.lead, gate=gate(world, 1), code="G1.A2", reason="§", now=NOW
        )
        answer_waiver(by=world.sponsor, waiver=asked, grant=True, answer="", now=NOW)

        first, second = entries(world).order_by("-seq")[:2][::-1]
        assert (first.kind, second.kind) == (Kind.WAIVER_ASKED, Kind.WAIVER_GRANTED)
        assert second.facts["code"] == "G1.A2"

    def test_enters_delegations(self, world: World) -> None:
        taker = world.person("gatekeeper")
        handover = Handover(taker, NOW.date(), NOW.date(), "§Leave")
        found = delegate(
            by=world.sponsor, programme=world.programme, handover=handover, now=NOW
        )
        given = last(world)
        revoke_delegation(by=world.sponsor, delegation=found, now=NOW)

        assert given.facts["taker"] == taker.pk
        assert last(world).kind == Kind.UNDELEGATED

    def test_enters_mandate_and_money(self, world: World) -> None:
        ready_for_gate_1(world)

        found = {one.kind: one for one in entries(world)}
        for kind in (Kind.MANDATE, Kind.MONEY):
            signature = Signature.objects.get(pk=found[kind].facts["signature"])
            assert found[kind].facts["signed"] == ledger.seal_of_signature(signature)
            assert signature.name == str(signature.person)
            assert signature.mark


class TestPeople:
    def test_enters_roles(self, world: World) -> None:
        person = world.person("outsider")
        given = programmes.grant_role(
            by=world.lead,
            programme=world.programme,
            person=person,
            role="viewer",
            now=NOW,
        )
        first = last(world)
        programmes.revoke_role(by=world.lead, membership=given, now=NOW)

        assert (first.kind, first.facts["role"]) == (Kind.ROLE_GRANTED, "viewer")
        assert last(world).kind == Kind.ROLE_REVOKED
        assert last(world).facts["person"] == person.pk

    def test_enters_people_by_key_only(self, world: World) -> None:
        person = people.save_person(
            by=world.admin,
            enterprise=world.enterprise,
            details=people.Details(name="§Ada"),
            now=NOW,
        )
        people.set_roles(by=world.admin, person=person, roles=["auditor"], now=NOW)
        people.set_active(by=world.admin, person=person, is_active=False, now=NOW)
        people.set_active(by=world.admin, person=person, is_active=True, now=NOW)

        found = list(entries(world).order_by("-seq")[:4])[::-1]
        assert [one.kind for one in found] == [
            *(Kind.PERSON_ADDED, Kind.OFFICES, Kind.PERSON_LEFT, Kind.PERSON_BACK)
        ]
        assert all(one.facts["person"] == person.pk for one in found)
        assert "§" not in str([one.facts for one in found])

    def test_enters_tokens(self, world: World) -> None:
        token, _secret = tokens.create_token(
            by=world.admin,
            enterprise=world.enterprise,
            name="§ERP",
            scopes=["kpi:write"],
            expires_on=NOW.date() + timedelta(days=3),
            now=NOW,
        )
        made = last(world)
        tokens.revoke_token(by=world.admin, token=token, now=NOW)

        assert made.facts["scopes"] == ["kpi:write"]
        assert last(world).kind == Kind.TOKEN_REVOKED


class TestSignIns:
    def sign_in(self, client: Any, world: World, password: str) -> Any:
        form = {"login": world.lead.email, "password": password}
        return client.post(reverse("account_login"), form)

    def test_enters_failures_and_success(self, world: World, client: Any) -> None:
        self.sign_in(client, world, "wrong")
        failed = last(world)
        self.sign_in(client, world, "wrong again")
        self.sign_in(client, world, PASSWORD)

        assert (failed.kind, failed.actor) == (Kind.SIGN_IN_FAILED, None)
        assert failed.facts == {"person": world.person("lead").pk}
        assert last(world).kind == Kind.SIGN_IN
        assert last(world).facts == {"failures": 2}

    def test_enters_nothing_of_strangers(self, world: World, client: Any) -> None:
        before = last(world).seq

        form = {"login": "nobody@nowhere.example", "password": "wrong"}
        client.post(reverse("account_login"), form)

        assert last(world).seq == before


class TestExports:
    def test_enters_the_first_of_a_day(self, world: World, sign_in: Any) -> None:
        client = sign_in(world.lead)
        for name in ("needs-export", "objectives-export"):
            client.get(reverse(name, args=["o2c"]))
        client.get(reverse("portfolio-export"))

        found = entries(world).filter(kind=Kind.EXPORTED)
        assert [one.facts["what"] for one in found] == ["needs"]
        assert found[0].facts["programme"] == world.programme.pk

    def test_are_noted_by_every_view_that_answers_with_rows(self) -> None:
        folders = [ROOT / app / "views" for app in APPS]
        files = [path for folder in folders for path in folder.rglob("*.py")]
        texts = {path.name: path.read_text(encoding="utf-8") for path in files}
        answering = {
            name for name, text in texts.items() if re.search(ANSWERS, text, re.M)
        }

        assert {"register_files.py", "portfolio.py", "team.py"} <= answering
        assert [
            one for one in answering if "note_export(request" not in texts[one]
        ] == []
