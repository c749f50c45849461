"""Who hears what in this app."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import get_language

from programmes import jobs
from programmes.events import mandate_signed, records_changed
from programmes.models import Account, Programme
from programmes.services.readiness import refresh_readiness


@receiver(records_changed)
def refresh_stored_readiness(programme_id: int, **_: Any) -> None:
    programme = Programme.objects.select_related("enterprise").get(pk=programme_id)
    refresh_readiness(programme=programme, now=timezone.now())


@receiver(mandate_signed)
def freeze_mandate(programme_id: int, account_id: int, **_: Any) -> None:
    """Print the mandate in the name and language of who signed it."""
    jobs.enqueue(
        "reports.issue_mandate",
        {"language": get_language() or "en"},
        programme=Programme.objects.get(pk=programme_id),
        by=Account.objects.get(pk=account_id),
        key=f"report-mandate-{programme_id}",
    )
