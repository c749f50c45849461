"""The ledger: one entry for each decision and security event, chained by MACs.

The MAC of an entry covers the MAC before it, its number, and the canonical JSON of the
rest. Whoever edits, removes or reorders entries cannot make the MACs fit without the
key; whoever cuts the end is found by the heads printed in documents
(programmes/services/ledger_check.py).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from programmes.kit.canonical import canonical
from programmes.models import (
    Account,
    GateReview,
    LedgerEntry,
    Person,
    Programme,
    Signature,
    Vote,
)
from programmes.models.ledger import GENESIS

Kind = LedgerEntry.Kind
# The first half of the advisory lock's key; the second is the enterprise.
LOCK = 0x4C454447


@dataclass(frozen=True)
class Head:
    """The last entry: what a cut or rewritten ledger cannot show any more."""

    seq: int
    mac: str

    def as_json(self) -> dict[str, Any]:
        return {"seq": self.seq, "mac": self.mac}


def lock(enterprise_id: int) -> None:
    """One writer of an enterprise's ledger at a time, until the transaction ends.

    Take every lock on rows before it, or it before them all, never now this way and
    now that.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, enterprise_id % 2**31]
        )


def head_of(enterprise_id: int) -> Head:
    """The head now; number 0 of an empty ledger."""
    rows = LedgerEntry.objects.filter(enterprise=enterprise_id).order_by("-seq")
    found = rows.values_list("seq", "mac").first()
    return Head(*found) if found else Head(0, GENESIS)


def append(
    *,
    enterprise_id: int,
    kind: Kind,
    facts: Mapping[str, Any],
    now: datetime,
    by: Account | None = None,
    actor_id: int | None = None,
) -> LedgerEntry:
    """Write the next entry, in the transaction of what happened.

    :param facts: ids and hashes, never names.
    :param by: who did it, found as a person of the enterprise; or give `actor_id`.
    """
    with transaction.atomic():
        lock(enterprise_id)
        head = head_of(enterprise_id)
        entry = LedgerEntry(
            enterprise_id=enterprise_id,
            seq=head.seq + 1,
            at=now,
            kind=kind,
            actor_id=actor_id or person_id(by, enterprise_id),
            facts=json.loads(canonical(facts)),
            prev=head.mac,
        )
        entry.mac = mac_of(entry, head.mac)
        entry.save(force_insert=True)
    return entry


def person_id(by: Account | None, enterprise_id: int) -> int | None:
    if by is None:
        return None
    rows = Person.objects.filter(enterprise=enterprise_id, account=by)
    return rows.values_list("pk", flat=True).first()


def mac_of(entry: LedgerEntry, prev: str) -> str:
    told = {
        "enterprise": entry.enterprise_id,
        "at": entry.at.astimezone(UTC).isoformat(),
        "kind": str(entry.kind),
        "actor": entry.actor_id,
        "facts": entry.facts,
    }
    return keyed(f"{prev}\n{entry.seq}\n{canonical(told)}")


def keyed(text: str) -> str:
    return hmac.new(settings.LEDGER_KEY.encode(), text.encode(), "sha256").hexdigest()


def seal(facts: Mapping[str, Any]) -> str:
    """A hash that nobody without the key can guess the facts from, few as they are."""
    return keyed(f"seal\n{canonical(facts)}")


# --- what entries say of rows -------------------------------------------------------


def moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""


def seal_of_ballot(vote: Vote) -> str:
    return seal(
        {
            "review": vote.review_id,
            "person": vote.person_id,
            "account": vote.account_id,
            "outcome": str(vote.outcome),
            "scores": vote.scores,
            "comment": vote.comment,
            "late": vote.is_late,
            "at": moment(vote.cast_at),
        }
    )


def seal_of_decision(review: GateReview) -> str:
    return seal(
        {
            "review": review.pk,
            "pack": review.pack_hash,
            "outcome": str(review.outcome),
            "rationale": review.rationale,
            "review_on": str(review.review_on or ""),
            "disposal": review.disposal,
            "by": review.decided_by_id,
            "for": review.decided_for_id,
            "at": moment(review.decided_at),
        }
    )


def seal_of_signature(signature: Signature) -> str:
    """Without the printed name, which erasure may take out."""
    return seal(
        {
            "signature": signature.pk,
            "programme": signature.programme_id,
            "phase": int(signature.phase),
            "review": signature.review_id,
            "kind": signature.kind,
            "meaning": signature.meaning,
            "person": signature.person_id,
            "for": signature.on_behalf_of_id,
            "mark": signature.mark,
            "note": signature.note,
            "at": moment(signature.signed_at),
        }
    )


def signed(signature: Signature) -> dict[str, Any]:
    """What an entry says of a signature."""
    return {
        "signature": signature.pk,
        "signed": seal_of_signature(signature),
        "mark": signature.mark,
        "for": signature.on_behalf_of_id,
    }


# --- exports ------------------------------------------------------------------------


def note_export(
    *,
    by: Account,
    enterprise_id: int,
    what: str,
    now: datetime,
    programme: Programme | None = None,
) -> None:
    """The first export of a person and day is entered; the others are not."""
    actor_id = person_id(by, enterprise_id)
    today = LedgerEntry.objects.filter(
        enterprise=enterprise_id,
        kind=Kind.EXPORTED,
        actor=actor_id,
        at__date=now.astimezone(UTC).date(),
    )
    if actor_id is None or today.exists():
        return
    append(
        enterprise_id=enterprise_id,
        kind=Kind.EXPORTED,
        facts={"what": what, "programme": programme.pk if programme else None},
        actor_id=actor_id,
        now=now,
    )
