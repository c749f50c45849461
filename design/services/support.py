"""The check of steps against dimensions, and tasks made of supporting schemes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from design.models import Dimension, SchemeStep, StepDimension, SupportScheme
from design.services.people import person_of
from programmes.models import Account, Programme, WorkItem
from programmes.permissions import require
from programmes.phases import Phase
from programmes.services.records import Invalid, delete_record, save_record

# (step, dimension) -> affected, not affected, or None: not checked.
Cells = Mapping[tuple[int, str], bool | None]


def check_cells(
    *,
    by: Account,
    programme: Programme,
    cells: Cells,
    now: datetime,
    reason: str = "",
) -> int:
    """Say what each step affects; returns how many changed. Twice does no harm.

    :raises NotAllowed: may not edit supporting schemes.
    :raises UnderReview: gate 5 is in review.
    :raises ReasonNeeded: gate 5 was approved on what changes, and no reason is given.
    :raises Invalid: a strange step or dimension.
    """
    require(by, StepDimension.act, programme)
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)
        steps = SchemeStep.objects.of(programme).in_bulk()
        present = {
            (one.step_id, one.dimension): one
            for one in StepDimension.objects.of(programme)
        }
        person = person_of(by, programme)
        changed = 0
        for (step, dimension), wanted in cells.items():
            if step not in steps or dimension not in Dimension.values:
                raise Invalid(_("This step or dimension is not of the programme."))
            cell = present.get((step, dimension)) or StepDimension(
                programme=programme, step=steps[step], dimension=dimension
            )
            if wanted is None:
                changed += uncheck(by, cell, now, reason)
            elif cell.pk is None or cell.is_affected != wanted:
                cell.is_affected, cell.checked_by = wanted, person
                save_record(by=by, record=cell, now=now, reason=reason)
                changed += 1
    return changed


def uncheck(by: Account, cell: StepDimension, now: datetime, reason: str) -> int:
    if cell.pk is None:
        return 0
    delete_record(by=by, record=cell, now=now, reason=reason)
    return 1


def make_task(*, by: Account, item: SupportScheme, now: datetime) -> WorkItem:
    """Put a supporting scheme into the work plan. Doing it twice does no harm.

    The link back is not a change of the scheme itself: its version stays, so that a
    gate that has passed on it does not count as changed.

    :raises NotAllowed: may not edit the work plan.
    """
    require(by, WorkItem.act, item.programme)
    with transaction.atomic():
        item = SupportScheme.objects.select_for_update(of=["self"]).get(pk=item.pk)
        task: WorkItem | None = item.work_item
        if task is not None and task.deleted_at is None:
            return task
        task = WorkItem(
            programme=item.programme,
            title=item.title,
            detail=item.detail,
            phase=Phase.IMPLEMENTATION,
            owner=item.owner,
            due_on=item.due_on,
            reason_label=item.title,
            reason_url=f"/p/{item.programme.code}/support/{item.pk}/",
        )
        save_record(by=by, record=task, now=now)
        item.work_item = task
        item.stamp(by, now)
        item.save(update_fields=["work_item"])
    return task
