"""Which activity of a log is which step of the described process."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from diagnosis.foreseen import ELSEWHERE, UNKNOWN, activities_of, held_for
from diagnosis.models import EventLog
from diagnosis.services.log_feeds import NotReady
from diagnosis.services.logs import page_of
from diagnosis.services.processes import steps_of
from programmes.models import Account
from programmes.permissions import require
from programmes.services.records import Invalid, save_record


def save_step_mapping(
    *,
    by: Account,
    log: EventLog,
    activities: Mapping[str, str],
    unrecorded: Collection[str],
    now: datetime,
) -> EventLog:
    """Say which step each activity is; activities that are not named stay as they are.

    :param activities: activity -> key of a step, `ELSEWHERE` or `UNKNOWN`; those that
        the log does not know are left out.
    :param unrecorded: keys of the tasks that the system does not record.
    :raises NotAllowed: not the lead.
    :raises NotReady: the log is not imported.
    :raises Invalid: the log has no process, or the process no such step.
    """
    require(by, "log.edit", log.programme)
    if not log.is_ready:
        raise NotReady(_("The log is not imported yet."))
    if log.process is None:
        raise Invalid(_("Say first which process the log belongs to."))
    with transaction.atomic():
        locked = EventLog.objects.select_for_update(of=("self",)).get(pk=log.pk)
        keys = {one.key for one in steps_of(log.process)}
        if not set(activities.values()) <= keys | {ELSEWHERE, UNKNOWN}:
            raise Invalid(_("One of these steps is gone; open the page again."))
        there = set(activities_of(log))
        held = held_for(locked).get("activities", {})
        given = {one: key for one, key in activities.items() if one in there}
        log.step_mapping = {
            "process": log.process_id,
            "activities": {**held, **given},
            "unrecorded": sorted(set(unrecorded) & keys),
        }
        return save_record(by=by, record=log, now=now, url=page_of(log))
