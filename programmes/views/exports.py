"""What every download of rows does beside answering: the ledger is told."""

from __future__ import annotations

from django.utils import timezone

from programmes.access import MelioraRequest
from programmes.services import ledger


def note_export(request: MelioraRequest, what: str) -> None:
    """Enter the first export of this person and day."""
    if request.person is None:
        return
    ledger.note_export(
        by=request.user,
        enterprise_id=request.enterprise.pk,
        programme=getattr(request, "programme", None),
        what=what,
        now=timezone.now(),
    )
