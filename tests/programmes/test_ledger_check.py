"""Five kinds of tampering by SQL, with the triggers out of the way: each is found."""

from __future__ import annotations

import logging
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from programmes.kit.errors import NotAllowed
from programmes.lifecycle import Outcome
from programmes.models import Document, GateReview, LedgerCheck, LedgerEntry, Signature
from programmes.services import ballots
from programmes.services.decisions import undo_decision
from programmes.services.documents import issue
from programmes.services.ledger import head_of
from programmes.services.ledger_check import Checked, check_ledger, verify
from tests.programmes.ready import decide, gate, ready_for_gate_1, submitted
from tests.world import NOW, World

TABLE = "programmes_ledgerentry"


@pytest.fixture
def decided(world: World, settings: Any, tmp_path: Any) -> GateReview:
    """Ballots, a decision taken back, another decision, and an issued document."""
    settings.MEDIA_ROOT = tmp_path
    ready_for_gate_1(world)
    review = submitted(world)
    seat = {"person": world.person("controller").pk, "role": "controller", "seat": ""}
    review.panel = [seat]
    review.save()
    ballots.cast_vote(
        by=world.controller, gate=gate(world, 1), outcome=Outcome.APPROVE, now=NOW
    )
    decide(world, review)
    undo_decision(by=world.sponsor, gate=gate(world, 1), now=NOW)
    found = decide(world, gate(world, 1).reviews.latest("round"))
    issue(
        by=world.lead,
        programme=world.programme,
        kind=Document.Kind.DIAGNOSIS,
        facts={"ledger": head_of(world.enterprise.pk).as_json()},
        pdf=b"%PDF-1",
        pages=1,
        now=NOW,
    )
    return found


def tamper(*statements: str, **values: int) -> None:
    """As a superuser would, with the triggers off; LEDGER stands for the table."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for sql in statements:
            cursor.execute(sql.replace("LEDGER", TABLE), values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def seqs(world: World) -> list[int]:
    rows = LedgerEntry.objects.filter(enterprise=world.enterprise).order_by("seq")
    return list(rows.values_list("seq", flat=True))


def found(world: World) -> set[tuple[str, int | None]]:
    return {(one.code, one.seq) for one in verify(world.enterprise).findings}


def things(checked: Checked) -> set[tuple[str, str]]:
    return {(one.code, one.thing.split()[0]) for one in checked.findings}


class TestVerify:
    def test_finds_nothing_where_nothing_was_done(
        self, world: World, decided: GateReview
    ) -> None:
        checked = verify(world.enterprise)

        assert checked.findings == []
        assert checked.entries == checked.head.seq == len(seqs(world))

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE LEDGER SET at = at + interval '1s' WHERE seq = 3",
            "UPDATE LEDGER SET kind = 'x' WHERE seq = 3",
        ],
    )
    def test_finds_an_edited_entry(
        self, world: World, decided: GateReview, sql: str
    ) -> None:
        tamper(sql)

        assert ("changed", 3) in found(world)

    def test_finds_edited_facts_with_a_new_mac(
        self, world: World, decided: GateReview
    ) -> None:
        entry = LedgerEntry.objects.get(enterprise=world.enterprise, kind="gate.undone")
        tamper(
            "UPDATE LEDGER SET facts = facts || '{\"gate\": 2}', "
            "mac = repeat('a', 64) WHERE id = %(pk)s",
            pk=entry.pk,
        )

        assert ("changed", entry.seq) in found(world)
        assert ("order", entry.seq + 1) in found(world)

    def test_finds_a_removed_entry(self, world: World, decided: GateReview) -> None:
        tamper("DELETE FROM LEDGER WHERE seq = 4")

        assert ("gap", 5) in found(world)

    def test_finds_a_removed_entry_under_new_numbers(
        self, world: World, decided: GateReview
    ) -> None:
        tamper(
            "DELETE FROM LEDGER WHERE seq = 4",
            "UPDATE LEDGER SET seq = seq + 100000 WHERE seq > 4",
            "UPDATE LEDGER SET seq = seq - 100001 WHERE seq > 100000",
        )

        assert {("order", 4), ("changed", 4)} <= found(world)

    def test_finds_entries_in_another_order(
        self, world: World, decided: GateReview
    ) -> None:
        tamper(
            "UPDATE LEDGER SET seq = 100004 WHERE seq = 4",
            "UPDATE LEDGER SET seq = 4 WHERE seq = 5",
            "UPDATE LEDGER SET seq = 5 WHERE seq = 100004",
        )

        assert {("order", 4), ("changed", 4), ("changed", 5)} <= found(world)

    def test_finds_a_tail_that_was_cut(self, world: World, decided: GateReview) -> None:
        last = seqs(world)[-1]
        tamper("DELETE FROM LEDGER WHERE seq >= %(seq)s", seq=last - 1)

        checked = verify(world.enterprise)

        # The head that the document carries, and rows that lost their entries.
        assert ("cut", "document") in things(checked)
        assert ("unentered", "decision") in things(checked)

    def test_finds_a_tail_that_was_cut_since_the_last_check(self, world: World) -> None:
        check_ledger(enterprise=world.enterprise, now=NOW)
        tamper("DELETE FROM LEDGER WHERE seq = %(seq)s", seq=seqs(world)[-1])

        assert things(verify(world.enterprise)) == {("cut", "check")}

    def test_finds_a_head_that_was_written_anew(
        self, world: World, decided: GateReview
    ) -> None:
        row = Document.objects.get()
        row.facts["ledger"]["mac"] = "0" * 64
        row.save()

        assert ("head", "document") in things(verify(world.enterprise))

    @pytest.mark.parametrize(
        ("sql", "thing"),
        [
            (
                "UPDATE programmes_gatereview "
                """SET pack = pack || '{"ask": "other"}'""",
                "round",
            ),
            ("UPDATE programmes_gatereview SET outcome = 'stop'", "decision"),
            ("UPDATE programmes_gatereview SET rationale = 'other'", "decision"),
            ("UPDATE programmes_vote SET outcome = 'return'", "ballot"),
            ("UPDATE programmes_signature SET note = 'other'", "signature"),
            ("UPDATE programmes_document SET sha256 = repeat('b', 64)", "document"),
        ],
    )
    def test_finds_rows_that_were_edited(
        self, world: World, decided: GateReview, sql: str, thing: str
    ) -> None:
        tamper(sql)

        assert ("differs", thing) in things(verify(world.enterprise))

    def test_finds_rows_that_are_gone_and_new(
        self, world: World, decided: GateReview
    ) -> None:
        row = Signature.objects.filter(review=decided).get()
        row.pk, key = None, row.pk
        row.save()
        tamper("DELETE FROM programmes_signature WHERE id = %(pk)s", pk=key)

        expected = {("gone", "signature"), ("unentered", "signature")}
        assert things(verify(world.enterprise)) == expected


class TestCheckLedger:
    def test_keeps_and_logs_the_head(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.INFO, "meliora.ledger"):
            row = check_ledger(enterprise=world.enterprise, now=NOW)

        assert (row.seq, row.findings) == (seqs(world)[-1], [])
        assert row.mac in caplog.text

    def test_refuses_a_lead(self, world: World) -> None:
        with pytest.raises(NotAllowed):
            check_ledger(enterprise=world.enterprise, by=world.lead, now=NOW)
        assert not LedgerCheck.objects.exists()

    def test_is_done_for_an_auditor(self, world: World) -> None:
        later = NOW + timedelta(days=1)

        row = check_ledger(enterprise=world.enterprise, by=world.auditor, now=later)

        assert row.by == world.auditor


class TestCommand:
    def test_says_that_nothing_was_found(self, world: World) -> None:
        out = StringIO()

        call_command("verify_ledger", stdout=out)

        assert out.getvalue().count("no finding") == 2

    def test_ends_with_one_and_names_the_entry(self, world: World) -> None:
        tamper("UPDATE LEDGER SET kind = 'x' WHERE seq = 3")
        out = StringIO()

        with pytest.raises(SystemExit) as ended:
            call_command("verify_ledger", enterprise="§Aldermoor", stdout=out)

        assert ended.value.code == 1
        assert "#3: It is not what was written." in out.getvalue()
        assert "§Elsewhere" not in out.getvalue()

    def test_refuses_an_unknown_name(self, world: World) -> None:
        with pytest.raises(CommandError):
            call_command("verify_ledger", enterprise="§Nowhere")
