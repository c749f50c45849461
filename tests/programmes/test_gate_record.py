"""The gate record: its facts, its PDF, and who and what issues it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from programmes import gate_record
from programmes.kit.canonical import hash_of
from programmes.kit.errors import NotAllowed
from programmes.lifecycle import Outcome
from programmes.models import Document, GateReview, Job, Objective, Waiver
from programmes.reports import Report
from programmes.services import gate_records
from programmes.services.ballots import cast_vote
from programmes.services.decisions import undo_decision
from programmes.services.documents import check
from programmes.services.gate_records import (
    NothingAsked,
    issue_gate_record,
    review_of,
    start_record,
)
from programmes.services.records import fill, save_record
from tests.programmes.ready import (
    condition,
    decide,
    gate,
    ready_for_gate_1,
    submitted,
)
from tests.world import NOW, World

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


def seat(review: GateReview, world: World, *roles: str) -> None:
    review.panel = [
        {"person": world.person(role).pk, "role": role, "seat": "§IT"} for role in roles
    ]
    judged = [{"key": "fit", "title": "§Fit", "weight": 1}]
    review.pack = {**review.pack, "panel": review.panel, "judged": judged}
    review.pack_hash = hash_of(review.pack)
    review.save()


def told(report: Report) -> str:
    return str(report.facts())


def section(report: Report, key: str) -> Any:
    return next((one for one in report.sections if one.key == key), None)


class TestBuild:
    def test_is_a_pack_until_the_decision(self, world: World) -> None:
        ready_for_gate_1(world)
        review = submitted(world)

        report = gate_record.build(review_of(review.pk), NOW)

        assert report.title == "Pack of gate 1"
        assert "asked for the decision at gate 1" in report.message
        assert "§Yes?" in told(report)
        assert section(report, "changes") is None
        assert review.pack_hash in told(report)

    def test_tells_criteria_and_evidence_as_they_were_frozen(
        self, world: World
    ) -> None:
        ready_for_gate_1(world)
        review = submitted(world)

        report = gate_record.build(review_of(review.pk), NOW)

        assert "The mandate is signed by the sponsor" in told(report)
        tables = {one.title: one for one in section(report, "evidence").blocks}
        rows = [[cell.text for cell in row] for row in tables["Objectives"].rows]
        assert rows[0][0] == "§Faster"
        assert "§Days" in rows[0][2]

    def test_tells_decision_conditions_and_signature(self, world: World) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        decide(
            world,
            review,
            Outcome.CONDITIONS,
            rationale="§Nearly",
            conditions=[condition(world)],
        )

        report = gate_record.build(review_of(review.pk), LATER)

        assert report.title == "Record of gate 1"
        for part in (
            "Approve with conditions",
            "§Nearly",
            "§Ask the night shift",
            "“I approve gate 1 with the conditions listed.”",
            "§Sponsor Person",
        ):
            assert part in told(report)

    def test_keeps_ballots_sealed_until_the_reveal(self, world: World) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        seat(review, world, "gatekeeper", "controller", "owner", "member")
        cast_vote(
            by=world.controller,
            gate=gate(world, 1),
            outcome=Outcome.RETURN,
            comment="§Too dear",
            scores={"fit": 2},
            now=NOW,
        )
        sealed = gate_record.build(review_of(review.pk), NOW)
        cast_vote(
            by=world.gatekeeper,
            gate=gate(world, 1),
            outcome=Outcome.APPROVE,
            scores={"fit": 5},
            now=NOW,
        )
        shown = gate_record.build(review_of(review.pk), NOW)

        assert "§Too dear" not in told(sealed)
        assert "1 of 4 ballots are cast" in section(sealed, "panel").lead
        assert "§Too dear" in told(shown)
        assert "2 of 4 ballots were cast; 1 against" in section(shown, "panel").lead
        judged = section(shown, "panel").blocks[1].rows[0]
        assert [one.text for one in judged] == ["§Fit", "2", "3.5", "5"]

    def test_tells_waivers_and_what_changed_since_the_round_before(
        self, world: World
    ) -> None:
        ready_for_gate_1(world)
        first = submitted(world)
        decide(world, first, Outcome.RETURN, rationale="§More")
        objective = Objective.objects.get()
        save_record(by=world.lead, record=fill(objective, target=4), now=NOW)
        second = submitted(world)
        Waiver.objects.create(
            gate=second.gate,
            review=second,
            code="G1.A2",
            reason="§Later",
            state="granted",
            asked_by=world.lead,
            asked_at=NOW,
            answered_by=world.sponsor,
        )

        report = gate_record.build(review_of(second.pk), NOW)

        assert "§Later" in told(report)
        changed = section(report, "changes").blocks[0].rows
        assert any("§Faster" in row[0].text for row in changed)

    def test_tells_that_a_round_has_the_same_evidence(self, world: World) -> None:
        ready_for_gate_1(world)
        decide(world, submitted(world))
        again = undo_decision(by=world.sponsor, gate=gate(world, 1), now=NOW)

        report = gate_record.build(review_of(again.pk), NOW)

        assert "the same as in round 1" in section(report, "changes").lead

    def test_tells_on_whose_behalf_was_decided(self, world: World) -> None:
        ready_for_gate_1(world)
        review = decide(world, submitted(world))
        review.decided_for = world.person("owner")
        review.save()
        signature = review.signatures.get()
        signature.on_behalf_of = world.person("owner")
        signature.save()

        report = gate_record.build(review_of(review.pk), LATER)

        assert "§Sponsor Person for §Owner Person" in report.message
        assert "for §Owner Person, 2 Mar 2026" in told(report)


class TestIssueGateRecord:
    def test_issues_a_pdf_with_the_pack_inside(self, world: World) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        decide(world, review)

        found = issue_gate_record(
            by=world.sponsor, review=review_of(review.pk), now=NOW
        )

        reader = PdfReader(BytesIO(found.pdf.read()))
        pack = reader.attachments["pack.json"][0]
        facts = reader.attachments["facts.json"][0]
        assert hashlib.sha256(pack).hexdigest() == review.pack_hash
        assert hashlib.sha256(facts).hexdigest() == found.facts_sha256
        assert (found.kind, found.number, found.review) == ("gate", 1, review)
        assert check(found).is_good
        assert found.facts["ledger"]["seq"]
        text = "\n".join(page.extract_text() for page in reader.pages)
        assert found.reference in text
        assert found.facts["ledger"]["mac"][:12] in text

    def test_is_refused_to_a_viewer(self, world: World) -> None:
        ready_for_gate_1(world)
        review = submitted(world)

        with pytest.raises(NotAllowed):
            issue_gate_record(by=world.viewer, review=review_of(review.pk), now=NOW)
        assert not Document.objects.exists()

    def test_needs_a_round(self, world: World) -> None:
        with pytest.raises(NothingAsked):
            start_record(by=world.lead, gate=gate(world, 1))


class TestSweep:
    @pytest.fixture
    def begun(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """Keys of rounds whose record was begun; nothing is rendered."""
        found: list[int] = []
        monkeypatch.setattr(
            gate_records,
            "enqueue",
            lambda review, by, **_more: found.append(review.pk),
        )
        return found

    def test_begins_the_pack_of_a_question(self, world: World, begun: Any) -> None:
        ready_for_gate_1(world)
        review = submitted(world)

        assert gate_records.sweep(NOW) == 1
        assert begun == [review.pk]

    def test_waits_until_nobody_can_undo(self, world: World, begun: Any) -> None:
        ready_for_gate_1(world)
        review = decide(world, submitted(world))

        early = gate_records.sweep(NOW + timedelta(minutes=10))
        late = gate_records.sweep(NOW + timedelta(minutes=11))

        assert (early, late) == (0, 1)
        assert begun == [review.pk]

    def test_leaves_old_rounds_to_people(self, world: World, begun: Any) -> None:
        ready_for_gate_1(world)
        decide(world, submitted(world))

        assert gate_records.sweep(NOW + timedelta(days=40)) == 0

    def test_issues_each_once(self, world: World) -> None:
        ready_for_gate_1(world)
        now = timezone.now()
        review = decide(world, submitted(world), now=now - timedelta(hours=1))

        counts = [gate_records.sweep(now) for _time in range(2)]

        assert counts == [1, 0]
        job = Job.objects.get(kind=gate_records.KIND)
        assert job.payload["review"] == review.pk
        assert job.created_by == world.sponsor


class TestGatePage:
    def test_begins_and_lists_the_record(
        self, world: World, sign_in: Any, commit: Any
    ) -> None:
        ready_for_gate_1(world)
        review = decide(world, submitted(world))
        client = sign_in(world.sponsor)

        with commit():
            answer = client.post(reverse("gate-record", args=["o2c", 1]))
        page = client.get(reverse("gate", args=["o2c", 1])).content.decode()

        document = Document.objects.get(review=review)
        job = Job.objects.get(kind=gate_records.KIND)
        assert answer.url == reverse("job", args=["o2c", job.pk])
        assert job.state == Job.State.DONE, job.error
        assert reverse("document", args=["o2c", document.pk]) in page
        assert "Signed:" in page
        assert "“I approve gate 1.”" in page
        assert review.pack_hash[:12] in page

    def test_says_that_nothing_was_asked(self, world: World, sign_in: Any) -> None:
        client = sign_in(world.lead)

        answer = client.post(reverse("gate-record", args=["o2c", 1]), follow=True)

        assert "Nothing was asked at this gate yet." in answer.content.decode()
        assert not Job.objects.filter(kind=gate_records.KIND).exists()
