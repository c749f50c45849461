"""Money of a programme: what is ordered and paid, who confirms it, what is released."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from programmes.events import announce, records_changed
from programmes.kit.errors import Refusal
from programmes.lifecycle import OPEN_GATE, OPENING, GateKind, ReviewState
from programmes.models import (
    Account,
    BudgetEntry,
    BudgetLine,
    Gate,
    GateReview,
    Programme,
    Tranche,
)
from programmes.permissions import require
from programmes.services import activity
from programmes.services.records import save_record

NOTHING = Decimal(0)
# A decision can be undone so long; its money waits.
UNDO = timedelta(minutes=10)


class OwnEntry(Refusal):
    """Nobody confirms what they wrote themselves."""

    code = "own-entry"


class NothingChosen(Refusal):
    """There is no payment to confirm."""

    code = "nothing-chosen"
    status = 422


def save_entry(
    *, by: Account, record: BudgetEntry, now: datetime, **options: Any
) -> BudgetEntry:
    """Write what was ordered or paid, and keep the sums of its line.

    The amount counts in the programme's currency by the rate of the line. A confirmed
    entry that is changed waits for its confirmation again.

    :raises NotAllowed, Conflict, Invalid: as for save_record.
    """
    with transaction.atomic():
        old = BudgetEntry.objects.filter(pk=record.pk).values_list("line", flat=True)
        lines = {record.line_id, *old}
        if record.line_id is not None and record.amount is not None:
            record.home_amount = record.line.home(record.amount)
        saved = save_record(by=by, record=record, now=now, **options)
        for line in BudgetLine.objects.select_for_update().filter(pk__in=lines):
            keep_sums(line, by, now)
    return saved


def keep_sums(line: BudgetLine, by: Account | None, now: datetime) -> None:
    """The sums of a line; its version stays, so that no approval is touched."""
    kinds = BudgetEntry.Kind
    entries = BudgetEntry.objects.filter(line=line, deleted_at=None)
    sums = entries.aggregate(
        committed=Sum("home_amount", filter=Q(kind=kinds.COMMITTED)),
        actual=Sum("home_amount", filter=Q(kind=kinds.ACTUAL)),
    )
    line.committed = max(sums["committed"] or NOTHING, NOTHING)
    line.actual = max(sums["actual"] or NOTHING, NOTHING)
    line.stamp(by, now)
    line.save(update_fields=["committed", "actual"])


def waiting(programme: Programme) -> Any:
    """Payments that the controller has not confirmed as they stand."""
    rows = BudgetEntry.objects.of(programme).filter(kind=BudgetEntry.Kind.ACTUAL)
    return rows.exclude(confirmed_version=F("version")).order_by("booked_on", "pk")


def confirm_entries(
    *, by: Account, programme: Programme, keys: Sequence[int], now: datetime
) -> int:
    """The controller confirms payments as they stand; returns how many.

    :raises NotAllowed: not the controller.
    :raises NothingChosen: none of them waits.
    :raises OwnEntry: the controller wrote one of them.
    """
    require(by, "budget.confirm", programme)
    with transaction.atomic():
        rows = list(waiting(programme).filter(pk__in=keys).select_for_update())
        if not rows:
            raise NothingChosen(_("Choose at least one payment that waits."))
        for row in rows:
            if row.created_by_id == by.pk:
                raise OwnEntry(
                    _("You wrote %(entry)s yourself; another controller confirms it.")
                    % {"entry": row}
                )
            row.confirmed_at, row.confirmed_by = now, by
            row.confirmed_version = row.version
            row.stamp(by, now)
            row.save(
                update_fields=["confirmed_at", "confirmed_by", "confirmed_version"]
            )
            tell(by, "confirmed", row, now)
    return len(rows)


# --- tranches ---------------------------------------------------------------------


def release_tranche(
    *, gate: Gate, now: datetime, by: Account | None = None
) -> list[Tranche]:
    """The gate has passed: what it releases may be spent. Twice does no harm.

    Called by the decision of the gate, which has asked for the rights.
    """
    return set_released(gate, by, now, is_released=True)


def release_due(now: datetime) -> int:
    """Release what decisions free that nobody can undo any more; how many tranches."""
    reviews = (
        GateReview.objects.filter(
            state=ReviewState.DECIDED,
            outcome__in=list(OPENING),
            gate__kind=GateKind.PHASE,
            gate__state__in=list(OPEN_GATE),
            decided_at__lte=now - UNDO,
        )
        .filter(
            Exists(
                Tranche.objects.filter(
                    programme=OuterRef("gate__programme"),
                    gate__gte=OuterRef("gate__first_phase"),
                    gate__lte=OuterRef("gate__phase"),
                    released_at=None,
                    deleted_at=None,
                )
            )
        )
        .select_related("gate__programme__enterprise", "decided_by")
    )
    return sum(
        len(release_tranche(gate=one.gate, now=now, by=one.decided_by))
        for one in reviews
    )


def take_back_tranche(
    *, gate: Gate, now: datetime, by: Account | None = None
) -> list[Tranche]:
    """Undo of `release_tranche`, for a decision that is undone or reopened."""
    return set_released(gate, by, now, is_released=False)


def set_released(
    gate: Gate, by: Account | None, now: datetime, *, is_released: bool
) -> list[Tranche]:
    with transaction.atomic():
        rows = Tranche.objects.of(gate.programme).filter(
            gate__in=gate.phases, released_at__isnull=is_released
        )
        found = list(rows.select_for_update(of=("self",)))
        for row in found:
            row.released_at = now if is_released else None
            row.stamp(by, now)
            row.save(update_fields=["released_at"])
            tell(by, "released" if is_released else "took_back", row, now)
    return found


def tell(by: Account | None, verb: str, row: Any, now: datetime) -> None:
    activity.record(
        by=by,
        verb=verb,
        kind=row._meta.label_lower,
        label=str(row) if row.is_named else "",
        programme=row.programme,
        now=now,
        url=f"/p/{row.programme.code}/budget/",
    )
    announce(
        records_changed,
        programme_id=row.programme_id,
        phases=tuple(int(one) for one in row.evidence_of),
    )
