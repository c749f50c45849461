"""What this app announces. Later apps listen in their receivers.py."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.dispatch import Signal

# A gate was approved: programme_id, phase.
gate_passed = Signal()
# A record of a phase changed: programme_id, phases (a tuple of Phase).
records_changed = Signal()
# The sponsor signed the mandate: programme_id, account_id.
mandate_signed = Signal()
# Measurements arrived or changed: programme_id, indicator_ids.
measurements_recorded = Signal()
# A task was finished or reopened: programme_id, work_item_id.
work_finished = Signal()


@dataclass(frozen=True)
class Announcement:
    """What is told after the commit; equal ones in one transaction are told once."""

    event: Signal
    facts: tuple[tuple[str, Any], ...]

    def __call__(self) -> None:
        self.event.send(sender=None, **dict(self.facts))


def announce(event: Signal, **facts: Any) -> None:
    """Tell the listeners once the transaction has been committed."""
    said = Announcement(event, tuple(sorted(facts.items())))
    # One that waits was registered in blocks that are still open or went well, so it
    # survives whatever this one would survive.
    waiting = transaction.get_connection().run_on_commit
    if not any(entry[1] == said for entry in waiting):
        transaction.on_commit(said)
