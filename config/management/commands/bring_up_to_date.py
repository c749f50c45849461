"""Make the tables of an empty database at once, or migrate one that is in use."""

from typing import Any

from django.core.management.base import BaseCommand

from config.newborn import bring_up_to_date


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        bring_up_to_date()
