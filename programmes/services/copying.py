"""Lists of an earlier programme of the same enterprise, taken over into a new one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ForeignKey
from django.utils.translation import gettext as _

from programmes.kit.errors import Refusal
from programmes.kit.together import together
from programmes.models import (
    Account,
    ItAsset,
    Need,
    Objective,
    OrgUnit,
    Person,
    Programme,
    Record,
    Risk,
    ScopeItem,
    SystemUse,
)
from programmes.permissions import require
from programmes.services.records import Invalid, save_record

# In this order, so that what is pointed to is there first. What belongs to the time of
# the programme it came from is left out.
LISTS: dict[str, tuple[type[Record], tuple[str, ...]]] = {
    "objectives": (Objective, ("due_on",)),
    "needs": (Need, ()),
    "scope": (ScopeItem, ()),
    "it": (ItAsset, ()),
    "risks": (Risk, ("due_on", "reviewed_on")),
}


class CannotCopy(Refusal):
    """The programme is not one to take over from."""

    code = "cannot-copy"


def sources(user: Account, programme: Programme) -> Any:
    """Programmes of the same enterprise that the person may read, the newest first."""
    rows = Programme.objects.visible_to(user).filter(enterprise=programme.enterprise_id)
    return rows.exclude(pk=programme.pk).order_by("-created_at", "-pk")


def rows_to_copy(slug: str, source: Programme, into: Programme) -> list[Any]:
    """The rows of a list that the programme does not have yet, by their names."""
    return all_to_copy(source, into)[slug]


def all_to_copy(source: Programme, into: Programme) -> dict[str, list[Any]]:
    """The rows of each list that the programme does not have yet; two queries."""
    theirs = together(source, **{slug: open_rows(slug, source) for slug in LISTS})
    ours = together(into, **{slug: all_rows(slug, into) for slug in LISTS})
    there = {slug: {str(one).casefold() for one in rows} for slug, rows in ours.items()}
    return {
        slug: [one for one in rows if str(one).casefold() not in there[slug]]
        for slug, rows in theirs.items()
    }


def all_rows(slug: str, programme: Programme) -> Any:
    manager: Any = LISTS[slug][0]._default_manager
    return manager.of(programme).order_by("pk")


def open_rows(slug: str, programme: Programme) -> Any:
    """What is worth taking over: closed risks are not."""
    rows = all_rows(slug, programme)
    return rows.filter(state=Risk.State.OPEN) if slug == "risks" else rows


def copy_lists(
    *,
    by: Account,
    source: Programme,
    into: Programme,
    slugs: Sequence[str],
    now: datetime,
) -> dict[str, int]:
    """Copy the chosen lists; how many rows of each.

    :raises CannotCopy: the programme is another enterprise's, or not to be read.
    :raises NotAllowed, UnderReview: as for save_record; then nothing is copied.
    """
    if not sources(by, into).filter(pk=source.pk).exists():
        raise CannotCopy(_("Choose an earlier programme of this enterprise."))
    chosen = [one for one in LISTS if one in slugs]
    if not chosen:
        raise Invalid(_("Choose at least one list."))
    for slug in chosen:
        require(by, LISTS[slug][0].act, into)
    counts = {}
    twins: dict[tuple[type[Record], int], Record] = {}
    with transaction.atomic():
        for slug in chosen:
            rows = rows_to_copy(slug, source, into)
            for row in parents_first(rows):
                twins[type(row), row.pk] = save_record(
                    by=by, record=twin_of(row, into, twins), now=now
                )
            counts[slug] = len(rows)
        if {"it", "scope"} & set(chosen):
            link_systems(by, source, into, now)
    return counts


def link_systems(
    by: Account, source: Programme, into: Programme, now: datetime
) -> None:
    """Systems support the same processes here, where both are there by name."""
    ours = together(into, **{slug: all_rows(slug, into) for slug in ("it", "scope")})
    named = {
        slug: {str(one).casefold(): one.pk for one in rows}
        for slug, rows in ours.items()
    }
    there = set(SystemUse.objects.of(into).values_list("system_id", "process_id"))
    uses = SystemUse.objects.of(source).select_related("system", "process")
    for use in uses.order_by("pk"):
        system = named["it"].get(str(use.system).casefold())
        process = named["scope"].get(str(use.process).casefold())
        if system and process and (system, process) not in there:
            twin = SystemUse(programme=into, system_id=system, process_id=process)
            save_record(by=by, record=twin, now=now)


def parents_first(rows: list[Any]) -> list[Any]:
    """Each objective after the one that it serves."""
    known = {one.pk for one in rows}
    placed: set[int] = set()
    ordered: list[Any] = []
    waiting = list(rows)
    while waiting:
        ready = [
            one
            for one in waiting
            if getattr(one, "parent_id", None) not in known - placed
        ] or waiting
        ordered += ready
        placed |= {one.pk for one in ready}
        waiting = [one for one in waiting if one.pk not in placed]
    return ordered


def twin_of(
    row: Record, into: Programme, twins: dict[tuple[type[Record], int], Record]
) -> Record:
    """A new record with the values of the row; links lead to what was copied."""
    model = type(row)
    left_out = next(out for kind, out in LISTS.values() if kind is model)
    twin = model(programme=into)
    base = {one.name for one in Record._meta.get_fields()}
    for field in model._meta.concrete_fields:
        if field.name in base or field.name in left_out or field.primary_key:
            continue
        value = getattr(row, field.attname)
        if isinstance(field, ForeignKey):
            value = linked(field, value, twins)
        setattr(twin, field.attname, value)
    return twin


def linked(
    field: Any, key: int | None, twins: dict[tuple[type[Record], int], Record]
) -> int | None:
    """People and units stay; what is of the old programme becomes its twin, if any."""
    model = field.related_model
    if key is None or model in (Person, OrgUnit):
        return key
    twin = twins.get((model, key))
    return twin.pk if twin else None
