"""Who hears what in this app."""

from typing import Any

from allauth.account.signals import user_logged_in
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import get_language

from programmes import jobs
from programmes.events import mandate_signed, records_changed
from programmes.models import Account, Programme
from programmes.services import exception_reviews, sign_ins
from programmes.services.readiness import refresh_readiness


@receiver(records_changed)
def refresh_stored_readiness(programme_id: int, **_: Any) -> None:
    programme = Programme.objects.select_related("enterprise").get(pk=programme_id)
    now = timezone.now()
    readiness = refresh_readiness(programme=programme, now=now)
    exception_reviews.watch(programme=programme, readiness=readiness, now=now)


@receiver(user_logged_in)
def note_sign_in(user: Account, **_: Any) -> None:
    sign_ins.note_sign_in(account=user, now=timezone.now())


@receiver(user_login_failed)
def note_failure(credentials: dict[str, Any], **_: Any) -> None:
    """Asked with whatever name the form sent."""
    named = credentials.get("email") or credentials.get("username") or ""
    sign_ins.note_failure(email=str(named)[:254], now=timezone.now())


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
