"""What a demo programme ordered and paid, and what the controller confirmed."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from config.demo.cast import Cast
from programmes.models import BudgetEntry, BudgetLine, Gate, Programme
from programmes.services.budget import (
    confirm_entries,
    release_tranche,
    save_entry,
)

KINDS = BudgetEntry.Kind


def spend(cast: Cast, programme: Programme, phase: int, now: datetime) -> None:
    """The gate released its tranche; each line is ordered, paid twice and confirmed."""
    gate = Gate.objects.select_related("programme__enterprise").get(
        programme=programme, phase=phase
    )
    release_tranche(gate=gate, now=now, by=cast.account("sponsor"))
    keys = []
    for line in BudgetLine.objects.of(programme).filter(phase=phase).order_by("pk"):
        whole = line.planned_foreign if line.currency else line.planned
        paid = ((whole or Decimal(0)) * (95 + line.pk % 8) / 100).quantize(Decimal(1))
        first = (paid * 6 / 10).quantize(Decimal(1))
        number = f"{programme.code.upper()}-{line.pk}"
        enter(cast, line, KINDS.COMMITTED, paid, f"PO {number}", now)
        keys += [
            enter(cast, line, KINDS.ACTUAL, first, f"INV {number}-1", now),
            enter(cast, line, KINDS.ACTUAL, paid - first, f"INV {number}-2", now),
        ]
    if keys:
        confirm_entries(
            by=cast.account("controller"),
            programme=programme,
            keys=keys,
            now=now + timedelta(days=1),
        )


def order(cast: Cast, programme: Programme, phase: int, now: datetime) -> None:
    """A phase that runs: all is ordered, some above its plan, a third of it paid."""
    rows = BudgetLine.objects.of(programme).filter(phase=phase).order_by("pk")
    for place, line in enumerate(rows):
        whole = (line.planned_foreign if line.currency else line.planned) or Decimal(0)
        ordered = (whole * (106 - 8 * place) / 100).quantize(Decimal(1))
        number = f"{programme.code.upper()}-{line.pk}"
        enter(cast, line, KINDS.COMMITTED, ordered, f"PO {number}", now)
        first = (ordered / 3).quantize(Decimal(1))
        later = now + timedelta(days=30)
        enter(cast, line, KINDS.ACTUAL, first, f"INV {number}-1", later)


def begin_spending(cast: Cast, programme: Programme, now: datetime) -> None:
    """The first phase has orders and a payment that waits for its confirmation."""
    line = BudgetLine.objects.of(programme).filter(phase=1).order_by("pk").first()
    if line is not None:
        enter(cast, line, KINDS.COMMITTED, Decimal(26_000), "PO 1-2026", now)
        enter(cast, line, KINDS.ACTUAL, Decimal(9_400), "INV 77-104", now)


def enter(
    cast: Cast,
    line: BudgetLine,
    kind: str,
    amount: Decimal,
    document: str,
    now: datetime,
) -> int:
    entry = BudgetEntry(
        programme=line.programme,
        line=line,
        kind=kind,
        amount=amount,
        booked_on=now.date(),
        document=document,
        note="" if kind == KINDS.COMMITTED else "By the order, checked by the lead",
    )
    return save_entry(by=cast.account("lead"), record=entry, now=now).pk
