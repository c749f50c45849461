"""Which IT systems support which processes of the scope."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from programmes.models import Account, ItAsset, ScopeItem, SystemUse
from programmes.services.records import delete_record, save_record


def uses_of(programme: Any) -> Any:
    """The links of which both ends are there."""
    return SystemUse.objects.of(programme).filter(
        system__deleted_at=None, process__deleted_at=None
    )


@transaction.atomic
def save_system(
    *,
    by: Account,
    record: ItAsset,
    now: datetime,
    processes: Collection[ScopeItem] | None = None,
    **more: Any,
) -> ItAsset:
    """Save a system with the processes it supports; None leaves those as they are.

    :raises NotAllowed, UnderReview, Conflict, ReasonNeeded, Invalid: as save_record.
    """
    saved = save_record(by=by, record=record, now=now, **more)
    if processes is not None:
        link_processes(by=by, system=saved, processes=processes, now=now)
    return saved


def link_processes(
    *, by: Account, system: ItAsset, processes: Collection[ScopeItem], now: datetime
) -> None:
    """Have the system support exactly these processes; what stands is left alone."""
    wanted = {one.pk for one in processes}
    there = {
        one.process_id: one
        for one in uses_of(system.programme)
        .filter(system=system)
        .select_related("programme")
    }
    for key in sorted(there.keys() - wanted):
        delete_record(by=by, record=there[key], now=now)
    for key in sorted(wanted - there.keys()):
        use = SystemUse(programme=system.programme, system=system, process_id=key)
        save_record(by=by, record=use, now=now)
