"""Is the ledger whole, and does it agree with the rows that it speaks of?

Five things are looked at: the numbers run without a gap, each entry follows the one
before, each MAC fits, the heads that were published are still there, and packs,
decisions, ballots, signatures and documents are what was entered, none without entry.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programmes.kit.canonical import hash_of
from programmes.models import (
    Account,
    Document,
    Enterprise,
    GateReview,
    LedgerCheck,
    LedgerEntry,
    Signature,
    Vote,
)
from programmes.models.ledger import GENESIS
from programmes.permissions import require_in_enterprise
from programmes.services import ledger
from programmes.services.ledger import Head, Kind

logger = logging.getLogger("meliora.ledger")
AT_ONCE = 2000
# Something that an entry speaks of: what it is, and its key.
Thing = tuple[str, str]

WORDS: dict[str, Promise] = {
    "gap": _("Entries before this one are missing."),
    "order": _("It does not follow the entry before it."),
    "changed": _("It is not what was written."),
    "cut": _("The ledger ends before this number, which was published."),
    "head": _("A published head says something else of this entry."),
    "gone": _("What it speaks of is not there any more."),
    "differs": _("What it speaks of was changed since."),
    "unentered": _("There is no entry for this."),
}

NOUNS: dict[str, Promise] = {
    "round": _("Round of a gate:"),
    "ballot": _("Ballot:"),
    "decision": _("Decision:"),
    "signature": _("Signature:"),
    "document": _("Document:"),
    "check": _("Check:"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit: at which entry, and what of."""

    code: str
    seq: int | None
    thing: str = ""

    def __str__(self) -> str:
        parts = [f"#{self.seq}" if self.seq else "", self.thing]
        return f"{' '.join(filter(None, parts))}: {WORDS[self.code]}"

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "seq": self.seq, "thing": self.thing}


@dataclass
class Checked:
    """What a check saw."""

    head: Head = field(default_factory=lambda: Head(0, GENESIS))
    entries: int = 0
    findings: list[Finding] = field(default_factory=list)
    claims: dict[Thing, tuple[str, int]] = field(default_factory=dict)
    macs: dict[int, str] = field(default_factory=dict)

    def find(self, code: str, seq: int | None, thing: str = "") -> None:
        self.findings.append(Finding(code, seq, thing))


def verify(enterprise: Enterprise) -> Checked:
    """Check the whole ledger of an enterprise. Nobody writes to it meanwhile."""
    with transaction.atomic():
        ledger.lock(enterprise.pk)
        heads = list(published(enterprise))
        checked = Checked()
        read_chain(enterprise, checked, {one.seq for one, _where in heads})
        for head, where in heads:
            compare_head(checked, head, where)
        compare_rows(checked, dict(present(enterprise)))
    return checked


def read_chain(enterprise: Enterprise, checked: Checked, wanted: set[int]) -> None:
    """Numbers, order and MACs; remembers what the entries say of rows."""
    rows = LedgerEntry.objects.filter(enterprise=enterprise).order_by("seq")
    for entry in rows.iterator(AT_ONCE):
        before = checked.head
        if entry.seq != before.seq + 1:
            checked.find("gap", entry.seq)
        elif entry.prev != before.mac:
            checked.find("order", entry.seq)
        if ledger.mac_of(entry, entry.prev) != entry.mac:
            checked.find("changed", entry.seq)
        checked.head = Head(entry.seq, entry.mac)
        checked.entries += 1
        if entry.seq in wanted:
            checked.macs[entry.seq] = entry.mac
        for thing, said in claims(entry):
            checked.claims[thing] = (said, entry.seq)


def published(enterprise: Enterprise) -> Iterator[tuple[Head, str]]:
    """Heads that left the ledger: in documents, and in the last check of it."""
    rows = Document.objects.filter(programme__enterprise=enterprise).order_by("pk")
    for key, told in rows.values_list("pk", "facts__ledger"):
        if told:
            yield Head(told["seq"], told["mac"]), f"document {key}"
    last = LedgerCheck.objects.filter(enterprise=enterprise).order_by("-seq").first()
    if last is not None:
        yield Head(last.seq, last.mac), "check"


def compare_head(checked: Checked, head: Head, where: str) -> None:
    if head.seq > checked.head.seq:
        checked.find("cut", head.seq, where)
    elif head.seq and checked.macs.get(head.seq) != head.mac:
        checked.find("head", head.seq, where)


# --- rows ---------------------------------------------------------------------------


def claims(entry: LedgerEntry) -> Iterator[tuple[Thing, str]]:
    """What the entry says of rows: the thing and its hash."""
    facts = entry.facts
    if entry.kind in (Kind.SUBMITTED, Kind.UNDONE):
        yield ("round", str(facts.get("again") or facts["review"])), facts["pack"]
    if entry.kind == Kind.UNDONE:
        for person, said in facts["ballots"]:
            yield ("ballot", f"{facts['again']}/{person}"), said
    if entry.kind == Kind.VOTED:
        yield ("ballot", f"{facts['review']}/{facts['person']}"), facts["ballot"]
    if entry.kind == Kind.DECIDED:
        yield ("decision", str(facts["review"])), facts["decision"]
    if "signature" in facts:
        yield ("signature", str(facts["signature"])), facts["signed"]
    if entry.kind == Kind.ISSUED:
        yield ("document", str(facts["document"])), f"{facts['pdf']} {facts['told']}"


def present(enterprise: Enterprise) -> Iterator[tuple[Thing, str]]:
    """The same of the rows as they are."""
    reviews = GateReview.objects.filter(gate__programme__enterprise=enterprise)
    for review in reviews.exclude(pack_hash="").iterator(AT_ONCE):
        pack = hash_of(review.pack)
        is_same = pack == review.pack_hash
        yield ("round", str(review.pk)), pack if is_same else f"not {pack}"
        if review.outcome:
            yield ("decision", str(review.pk)), ledger.seal_of_decision(review)
    votes = Vote.objects.filter(review__gate__programme__enterprise=enterprise)
    for vote in votes.iterator(AT_ONCE):
        thing = ("ballot", f"{vote.review_id}/{vote.person_id}")
        yield thing, ledger.seal_of_ballot(vote)
    signatures = Signature.objects.filter(programme__enterprise=enterprise)
    for signature in signatures.iterator(AT_ONCE):
        yield ("signature", str(signature.pk)), ledger.seal_of_signature(signature)
    for row in Document.objects.filter(programme__enterprise=enterprise).iterator(100):
        yield ("document", str(row.pk)), f"{row.sha256} {hash_of(row.facts)}"


def compare_rows(checked: Checked, rows: dict[Thing, str]) -> None:
    for thing, (said, seq) in checked.claims.items():
        if thing not in rows:
            checked.find("gone", seq, " ".join(thing))
        elif rows[thing] != said:
            checked.find("differs", seq, " ".join(thing))
    for thing in rows:
        if thing not in checked.claims:
            checked.find("unentered", None, " ".join(thing))


# --- keeping ------------------------------------------------------------------------


def check_ledger(
    *, enterprise: Enterprise, now: datetime, by: Account | None = None
) -> LedgerCheck:
    """Check and keep the result; its head goes to the log, outside the database.

    :raises NotAllowed: neither auditor nor administrator; without `by` it is the clock.
    """
    if by is not None:
        require_in_enterprise(by, "ledger.read", enterprise)
    checked = verify(enterprise)
    found = LedgerCheck.objects.create(
        enterprise=enterprise,
        at=now,
        by=by,
        seq=checked.head.seq,
        mac=checked.head.mac,
        findings=[one.as_json() for one in checked.findings],
    )
    level = logging.ERROR if checked.findings else logging.INFO
    logger.log(
        level,
        "ledger of enterprise %s: head %s %s, %s findings",
        enterprise.pk,
        checked.head.seq,
        checked.head.mac,
        len(checked.findings),
    )
    return found
