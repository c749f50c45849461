"""Choices of cases under a name: kept for all versions of a log, for the programme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from diagnosis.mining.spelling import read_filters
from diagnosis.models import EventLog, SavedFilter
from diagnosis.services.logs import page_of
from programmes.kit.errors import Refusal
from programmes.models import Account
from programmes.permissions import require
from programmes.services import activity
from programmes.services.records import Invalid

MOST_SAVED = 40


class NameTaken(Refusal):
    """Another choice of the log has this name."""

    code = "name-taken"
    status = 422


def filters_of(log: EventLog) -> list[SavedFilter]:
    """The saved choices of a log, whatever its version, by name."""
    return list(SavedFilter.objects.filter(line=log.line).order_by("name", "pk"))


def save_filter(
    *, by: Account, log: EventLog, name: str, filters: Sequence[str], now: datetime
) -> SavedFilter:
    """Keep the filters under a name.

    :raises NotAllowed: not the lead.
    :raises Invalid: no name, no filter, or too many of them.
    :raises NameTaken: the log has a choice of this name.
    """
    require(by, "log.edit", log.programme)
    texts = [text for text, _filter in read_filters(filters)]
    if not texts:
        raise Invalid(_("Choose cases first, then save the choice."))
    if SavedFilter.objects.filter(line=log.line).count() >= MOST_SAVED:
        raise Invalid(_("A log keeps %(n)s choices; delete one.") % {"n": MOST_SAVED})
    saved = SavedFilter(
        programme=log.programme,
        line=log.line,
        name=named(name),
        filters=texts,
        created_at=now,
        created_by=by,
    )
    return store(saved, log, by, now, "created")


def rename_filter(
    *, by: Account, log: EventLog, saved: SavedFilter, name: str, now: datetime
) -> SavedFilter:
    """Give a saved choice another name.

    :raises NotAllowed: not the lead.
    :raises Invalid: no name.
    :raises NameTaken: the log has a choice of this name.
    """
    require(by, "log.edit", log.programme)
    saved.name = named(name)
    return store(saved, log, by, now, "changed")


def delete_filter(
    *, by: Account, log: EventLog, saved: SavedFilter, now: datetime
) -> None:
    """Forget a saved choice; the log keeps its cases.

    :raises NotAllowed: not the lead.
    """
    require(by, "log.edit", log.programme)
    with transaction.atomic():
        tell(saved, log, by, now, "deleted")
        saved.delete()


def named(name: str) -> str:
    plain = " ".join(name.split())[:80]
    if not plain:
        raise Invalid(_("Give the choice a name."))
    return plain


def store(
    saved: SavedFilter, log: EventLog, by: Account, now: datetime, verb: str
) -> SavedFilter:
    try:
        with transaction.atomic():
            saved.save()
            tell(saved, log, by, now, verb)
    except IntegrityError:
        raise NameTaken(
            _("The log has a choice named “%(name)s” already.") % {"name": saved.name}
        ) from None
    return saved


def tell(saved: SavedFilter, log: EventLog, by: Any, now: datetime, verb: str) -> None:
    activity.record(
        by=by,
        verb=verb,
        kind=saved._meta.label_lower,
        label=saved.name,
        programme=log.programme,
        now=now,
        url=page_of(log),
    )
