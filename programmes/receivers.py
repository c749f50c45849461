"""Who hears what in this app."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from programmes.events import records_changed
from programmes.models import Programme
from programmes.services.readiness import refresh_readiness


@receiver(records_changed)
def refresh_stored_readiness(programme_id: int, **_: Any) -> None:
    programme = Programme.objects.select_related("enterprise").get(pk=programme_id)
    refresh_readiness(programme=programme, now=timezone.now())
