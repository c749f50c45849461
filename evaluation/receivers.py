"""Who hears what in this app."""

from typing import Any

from django.dispatch import receiver

from evaluation.services.dashboards import ask_refresh
from programmes.events import measurements_recorded, records_changed, work_finished
from programmes.models import Programme


@receiver([measurements_recorded, records_changed, work_finished])
def ask_for_figures(programme_id: int, **_: Any) -> None:
    ask_refresh(programme=Programme.objects.get(pk=programme_id))
