"""What this app announces. Later apps listen in their receivers.py."""

from typing import Any

from django.db import transaction
from django.dispatch import Signal

# A gate was approved: programme_id, phase.
gate_passed = Signal()
# A record of a phase changed: programme_id, phases (a tuple of Phase).
records_changed = Signal()
# Measurements arrived or changed: programme_id, indicator_ids.
measurements_recorded = Signal()
# A task was finished or reopened: programme_id, work_item_id.
work_finished = Signal()


def announce(event: Signal, **facts: Any) -> None:
    """Tell the listeners once the transaction has been committed."""
    transaction.on_commit(lambda: event.send(sender=None, **facts))
