"""What the clock does at gates: reminders, lapses, and effects that waited for undo.

Nothing here ever decides.
"""

from __future__ import annotations

from datetime import datetime

from programmes.services import budget, notifications


def sweep(now: datetime) -> dict[str, int]:
    """Tell what is due or late, release what is final, send what waits. Twice does
    no harm."""
    notifications.remind(now)
    notifications.lapse(now)
    notifications.look_at_holds(now)
    return {
        "released": budget.release_due(now),
        "mails": notifications.send_mails(now),
    }
