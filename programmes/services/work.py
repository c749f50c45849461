"""Finishing and reopening tasks, also by their owners."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from programmes.events import announce, work_finished
from programmes.kit.errors import Refusal
from programmes.models import Account, Dependency, Programme, WorkItem
from programmes.permissions import require
from programmes.services.records import Invalid, save_record


class StillWaiting(Refusal):
    """Something that comes first is not done."""

    code = "still-waiting"


def finish_work(*, by: Account, item: WorkItem, now: datetime) -> WorkItem:
    """Mark a task done. Doing it twice does no harm.

    :raises NotAllowed: neither lead nor owner.
    :raises StillWaiting: a task before it is open; or it is a gate's condition, which
        the lead or sponsor closes on the gate page.
    """
    require(by, "work.finish", item.programme, item)
    if item.kind == WorkItem.Kind.CONDITION:
        raise StillWaiting(_("A gate condition is closed on its gate page."))
    if item.state == WorkItem.State.DONE:
        return item
    first = item.needs.filter(deleted_at=None, before__deleted_at=None).exclude(
        before__state__in=[WorkItem.State.DONE, WorkItem.State.DROPPED]
    )
    waiting = first.select_related("before").first()
    if waiting:
        raise StillWaiting(
            _("First finish: %(title)s.") % {"title": waiting.before.title}
        )
    item.state, item.done_share, item.done_at = WorkItem.State.DONE, 100, now
    saved = save_record(by=by, record=item, now=now, act="work.finish")
    announce(work_finished, programme_id=item.programme_id, work_item_id=item.pk)
    return saved


def reopen_work(*, by: Account, item: WorkItem, now: datetime) -> WorkItem:
    """Undo of `finish_work`.

    :raises NotAllowed: neither lead nor owner.
    """
    require(by, "work.finish", item.programme, item)
    item.state, item.done_share, item.done_at = WorkItem.State.OPEN, 0, None
    saved = save_record(by=by, record=item, now=now, act="work.finish")
    announce(work_finished, programme_id=item.programme_id, work_item_id=item.pk)
    return saved


def save_dependency(
    *,
    by: Account,
    record: Dependency,
    now: datetime,
    version: int | None = None,
    act: str = "",
    reason: str = "",
) -> Dependency:
    """Say that a task waits for another one.

    :raises Invalid: it would close a circle; the message names it.
    """
    circle = path_between(record.programme, record.after_id, record.before_id)
    if circle:
        raise Invalid(
            _("This closes a circle: %(tasks)s.") % {"tasks": " → ".join(circle)}
        )
    return save_record(
        by=by, record=record, now=now, version=version, act=act, reason=reason
    )


def path_between(programme: Programme, start: int, end: int) -> list[str]:
    """The titles on a way from one task to another, or nothing."""
    rows = Dependency.objects.of(programme).select_related("before", "after")
    following: dict[int, list[int]] = {}
    titles: dict[int, str] = {}
    for row in rows:
        following.setdefault(row.before_id, []).append(row.after_id)
        titles[row.before_id], titles[row.after_id] = row.before.title, row.after.title
    ways = [[start]]
    seen = {start}
    while ways:
        way = ways.pop()
        if way[-1] == end:
            return [titles.get(one, "…") for one in way]
        for one in following.get(way[-1], []):
            if one not in seen:
                seen.add(one)
                ways.append([*way, one])
    return []
