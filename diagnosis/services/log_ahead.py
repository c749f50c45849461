"""What the page of a large log asks first, answered by the job that imported it."""

from __future__ import annotations

import logging

from diagnosis.models import EventLog
from diagnosis.services import lenses, log_lenses

LARGE = 50_000
"""Events from which a person would notice the wait."""
logger = logging.getLogger(__name__)


def answer_ahead(log: EventLog) -> None:
    """Keep the answers of the overview, so that its first reader waits for none.

    The log is imported, whatever becomes of this.
    """
    if log.events < LARGE:
        return
    try:
        lenses.everything(log)
        lenses.attributes(log)
        log_lenses.activities(log)
    except Exception:
        logger.exception("log %s: nothing answered ahead", log.pk)
