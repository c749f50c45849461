"""Issuing the record of a round: by hand from the gate page, or by the clock.

The clock issues the pack of a question that waits, and the record of a decision once
nobody can undo it any more; each once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programmes import gate_record, jobs
from programmes.kit.canonical import canonical
from programmes.kit.errors import Refusal
from programmes.lifecycle import ReviewState
from programmes.models import Account, Document, Gate, GateReview, Job
from programmes.permissions import require
from programmes.services.decisions import UNDO_MINUTES
from programmes.services.documents import keep, numbered_report, printed

KIND = "reports.issue_gate"
# Older rounds are issued by hand; the clock does not look back further.
RECENT_DAYS = 30


class NothingAsked(Refusal):
    """The gate has no round yet."""

    code = "nothing-asked"


def review_of(key: int) -> GateReview:
    found: GateReview = GateReview.objects.select_related(
        "gate__programme__enterprise",
        "submitted_by",
        "decided_by",
        "decided_for",
    ).get(pk=key)
    return found


def issue_gate_record(
    *, by: Account | None, review: GateReview, now: datetime
) -> Document:
    """Render and keep the record of the round. Doing it twice makes two documents.

    :param by: None: the clock, in the name of who decided or asked.
    :raises NotAllowed: neither lead nor a chair.
    :raises NumberTaken, PdfFailed: as for reports.
    """
    programme = review.gate.programme
    if by is not None:
        require(by, "gate.record", programme)
    report = numbered_report(programme, gate_record.build(review, now))
    rendered = printed(report, now, {"pack.json": canonical(review.pack)})
    return keep(
        by=by or review.decided_by or review.submitted_by,
        programme=programme,
        kind=Document.Kind.GATE,
        facts=report.facts(),
        rendered=rendered,
        review=review,
        now=now,
    )


def start_record(*, by: Account, gate: Gate) -> Job:
    """Begin issuing the record of the newest round in the background.

    :raises NotAllowed: neither lead nor a chair.
    :raises NothingAsked: there is no round.
    """
    require(by, "gate.record", gate.programme)
    review = gate.reviews.order_by("-round").first()
    if review is None:
        raise NothingAsked(_("Nothing was asked at this gate yet."))
    return enqueue(review, by, by_clock=False, language=get_language() or "en")


def enqueue(review: GateReview, by: Account, *, by_clock: bool, language: str) -> Job:
    payload = {"review": review.pk, "by_clock": by_clock, "language": language}
    return jobs.enqueue(
        KIND,
        payload,
        programme=review.gate.programme,
        by=by,
        key=f"{'clock' if by_clock else 'hand'}-gate-record-{review.pk}",
    )


def sweep(now: datetime) -> int:
    """Start what is due and was not begun yet; returns how many."""
    after = now - timedelta(days=RECENT_DAYS)
    undoable = now - timedelta(minutes=UNDO_MINUTES)
    waits = Q(state=ReviewState.OPEN, submitted_at__gte=after)
    stands = Q(
        state=ReviewState.DECIDED, decided_at__gte=after, decided_at__lt=undoable
    )
    # What was issued, or begun, while it stood as it stands now.
    issued = Document.objects.filter(review=OuterRef("pk"))
    key = Concat(Value("clock-gate-record-"), Cast(OuterRef("pk"), CharField()))
    tried = Job.objects.filter(kind=KIND, key=key)
    rows = GateReview.objects.exclude(pack_hash="").select_related(
        "gate__programme", "submitted_by", "decided_by"
    )
    fresh = rows.filter(waits).filter(~Exists(issued), ~Exists(tried))
    decided = rows.filter(stands).filter(
        ~Exists(issued.filter(issued_at__gte=OuterRef("decided_at"))),
        ~Exists(tried.filter(created_at__gte=OuterRef("decided_at"))),
    )
    found = [*fresh, *decided]
    for review in found:
        by = review.decided_by or review.submitted_by
        enqueue(review, by, by_clock=True, language=settings.LANGUAGE_CODE)
    return len(found)
