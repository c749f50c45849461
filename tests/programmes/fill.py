"""Rows of phases 1 and 2 for the page tests."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile

from programmes.maths.calendars import Change
from programmes.models import (
    BudgetEntry,
    BudgetLine,
    Condition,
    Delegation,
    Dependency,
    Document,
    EvidenceChange,
    Gate,
    GateReview,
    Indicator,
    ItAsset,
    Job,
    LedgerCheck,
    Measurement,
    Need,
    Objective,
    Risk,
    Signature,
    SystemUse,
    Tranche,
    Vote,
    Waiver,
    WorkCalendar,
    WorkItem,
)
from programmes.services import pack_editing
from programmes.services.budget import save_entry
from programmes.services.documents import new_reference
from programmes.services.measurements import record_measurements
from programmes.services.plan import move_plan
from programmes.services.tokens import create_token
from tests.programmes.exceptional import place_exception
from tests.programmes.fill_kick_off import fill_kick_off
from tests.programmes.fill_rows import ROWS as ROWS
from tests.world import NOW, World, scope_process


def fill(world: World) -> None:
    """One row of each register of phases 1 and 2, so that each page has one."""
    fill_charter(world)
    fill_money(world)
    fill_plan(world)
    fill_kick_off(world)
    fill_work(world)
    fill_risks(world)
    fill_shared(world)
    fill_packs(world)
    place_exception(world)


def fill_charter(world: World) -> None:
    """What the programme wants, covers and leans on."""
    today, member = NOW.date(), world.person("member")
    objective = world.save(
        Objective,
        title="§Halve the cycle time",
        owner=world.person("sponsor"),
        measure="§Median days",
        target=5,
        unit="§days",
        due_on=today,
    )
    world.save(
        Need,
        title="§Less waiting",
        source="§Sales",
        priority="1must",
        objective=objective,
    )
    process = scope_process(world)
    system = world.save(
        ItAsset,
        name="§ERP",
        owner=member,
        state="live",
        interface="api",
        data_quality=3,
        fit=3,
        ease=2,
    )
    world.save(SystemUse, system=system, process=process)


def fill_money(world: World) -> None:
    """A budget line with an order and a payment, and a tranche."""
    today = NOW.date()
    line = world.save(
        BudgetLine, title="§Team", phase=1, category="people", planned=100
    )
    for kind in BudgetEntry.Kind:
        entry = BudgetEntry(programme=world.programme, line=line, kind=kind)
        entry.amount, entry.booked_on, entry.document = Decimal(40), today, "§PO-1"
        save_entry(by=world.lead, record=entry, now=NOW)
    world.save(Tranche, gate=1, amount=100)


def fill_work(world: World) -> None:
    """Two tasks, one after the other, and an indicator."""
    today, member = NOW.date(), world.person("member")
    first = world.save(WorkItem, title="§First", owner=member, due_on=today)
    second = world.save(WorkItem, title="§Second", owner=member, due_on=today)
    world.save(Dependency, before=first, after=second)
    world.save(
        Indicator,
        code="cycle",
        name="§Cycle time",
        definition="§Median",
        unit="§d",
        source="§ERP",
        owner=world.person("owner"),
        baseline=9,
        target=5,
    )


def fill_packs(world: World) -> None:
    """A newer version of the pack that the programme keeps, and a draft after it."""
    owner = world.viewer
    newer = pack_editing.draft_pack(by=owner, pack=world.programme.pack, now=NOW)
    content = newer.content
    content["title"], content["note"] = "§Ours", "§For all"
    content["gates"][0] |= {
        "question": "§Now?",
        "days": 7,
        "judged": [{"key": "fit", "title": "§Fit", "weight": 2}],
        "deliverables": ["§A paper"],
    }
    pack_editing.save_draft(by=owner, pack=newer, content=content)
    pack_editing.release_pack(by=owner, pack=newer, note="§More time", now=NOW)
    pack_editing.draft_pack(by=owner, pack=newer, now=NOW)


def fill_plan(world: World) -> None:
    """A calendar and a change of the dates."""
    world.save(WorkCalendar, country="DE", region="BY")
    move_plan(
        by=world.lead,
        programme=world.programme,
        wanted={1: Change(days=20), 2: Change(date(2026, 4, 1), 10)},
        now=NOW,
    )


def fill_shared(world: World) -> None:
    """A value, a token, a job, a document, and a decided gate."""
    programme, lead = world.programme, world.lead
    indicator = Indicator.objects.of(programme).get(code="cycle")
    record_measurements(
        by=lead,
        programme=programme,
        rows=[{"series": "cycle", "at": "2026-03-01", "value": "8.5"}],
        source=Measurement.Source.HAND,
        now=NOW,
    )
    indicator.refresh_from_db()
    create_token(
        by=world.admin,
        enterprise=world.enterprise,
        name="§ERP",
        scopes=["kpi:write"],
        expires_on=NOW.date() + timedelta(days=30),
        now=NOW,
    )
    Job.objects.create(kind="§none", programme=programme, created_by=lead)
    Document.objects.create(
        programme=programme,
        kind="diagnosis",
        number=1,
        facts={},
        facts_sha256="0" * 64,
        pdf=ContentFile(b"%PDF-1.7", name="report.pdf"),
        sha256="0" * 64,
        pages=1,
        issued_by=lead,
        issued_at=NOW,
    )
    fill_decided(world)


def fill_decided(world: World) -> None:
    """A round of gate 1 with its condition, its ballots and its papers."""
    programme, lead = world.programme, world.lead
    review = GateReview.objects.create(
        gate=Gate.objects.get(programme=programme, phase=1),
        round=1,
        state="decided",
        ask="§May we begin?",
        evidence={},
        fingerprint="0" * 64,
        pack={"judged": [{"key": "fit", "title": "§Fit", "weight": 1}]},
        panel=[
            {
                "person": world.person("gatekeeper").pk,
                "role": "gatekeeper",
                "seat": "§HR",
            }
        ],
        submitted_by=lead,
        submitted_at=NOW,
        due_on=NOW.date(),
        outcome="approve_with_conditions",
        rationale="§Yes, if",
        decided_by=world.sponsor,
        decided_at=NOW,
    )
    owner = world.person("owner")
    task = world.save(WorkItem, title="§Train them", owner=owner, due_on=NOW.date())
    Condition.objects.create(
        review=review,
        text="§Train them",
        owner=owner,
        due_on=NOW.date(),
        work_item=task,
    )
    fill_panel(world, review)
    fill_proofs(world, review)


def fill_risks(world: World) -> None:
    """A high risk with a response, and a low one that nobody owns."""
    world.save(
        Risk,
        title="§Data of two systems differ",
        cause="§No owner",
        effect="§Wrong baseline",
        category="it",
        probability=4,
        impact=4,
        owner=world.person("member"),
        response="reduce",
        response_text="§Compare a sample",
        reviewed_on=NOW.date(),
    )
    world.save(Risk, title="§Holidays", probability=2, impact=2)


def fill_panel(world: World, review: GateReview) -> None:
    """A ballot, a waiver, somebody who stands in, and a change since the approval."""
    gate, gatekeeper = review.gate, world.person("gatekeeper")
    Vote.objects.create(
        review=review,
        person=gatekeeper,
        account=world.gatekeeper,
        role="gatekeeper",
        outcome="return",
        scores={"fit": 2},
        comment="§Not yet",
        cast_at=NOW,
    )
    Waiver.objects.create(
        gate=gate, code="G1.A3", reason="§Later", asked_by=world.lead, asked_at=NOW
    )
    Delegation.objects.create(
        programme=world.programme,
        giver=world.person("sponsor"),
        taker=world.person("viewer"),
        starts_on=NOW.date() - timedelta(days=9),
        ends_on=NOW.date() - timedelta(days=5),
        reason="§Leave",
        created_by=world.sponsor,
        created_at=NOW,
    )
    EvidenceChange.objects.create(
        gate=gate,
        review=review,
        record_type="programmes.objective",
        record_id=1,
        label="§Halve the cycle time",
        field="target",
        before="5",
        after="6",
        reason="§Too hard",
        by=world.lead,
        at=NOW,
    )
    gate.changed_at = NOW
    gate.save(update_fields=["changed_at"])


def fill_proofs(world: World, review: GateReview) -> None:
    """A signature, the record of the gate, and checks of the ledger."""
    Signature.objects.create(
        programme=world.programme,
        phase=1,
        review=review,
        kind="decision",
        meaning="§I approve",
        name="§Sponsor Person",
        person=world.person("sponsor"),
        on_behalf_of=world.person("owner"),
        account=world.sponsor,
        mark="0" * 64,
        signed_at=NOW,
    )
    Document.objects.create(
        programme=world.programme,
        kind="gate",
        number=1,
        review=review,
        reference=new_reference(),
        facts={"ledger": {"seq": 3, "mac": "0" * 64}},
        facts_sha256="0" * 64,
        pdf=ContentFile(b"%PDF-1.7", name="record.pdf"),
        sha256="0" * 64,
        pages=1,
        issued_by=world.lead,
        issued_at=NOW,
    )
    LedgerCheck.objects.create(
        enterprise=world.enterprise,
        at=NOW,
        seq=1,
        mac="0" * 64,
        findings=[
            {"code": "gap", "seq": 3, "thing": ""},
            {"code": "unentered", "seq": None, "thing": f"decision {review.pk}"},
        ],
    )
