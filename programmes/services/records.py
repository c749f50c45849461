"""The one door for changing records: rights, lock, version, history, feed, event."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ForeignKey, Q
from django.utils.translation import gettext as _

from programmes.events import announce, records_changed
from programmes.kit.errors import Conflict, Refusal
from programmes.lifecycle import GateKind, ReviewState
from programmes.models import (
    Account,
    GateReview,
    OrgUnit,
    Person,
    Programme,
    Record,
)
from programmes.permissions import require
from programmes.phases import Phase
from programmes.services import activity, material

AnyRecord = TypeVar("AnyRecord", bound=Record)


class UnderReview(Refusal):
    """The record is evidence of a gate that is in review."""

    code = "under-review"


class Orphaned(Refusal):
    """What the record belongs to is deleted itself."""

    code = "orphaned"


class Invalid(Refusal):
    """The values break a promise of the database."""

    code = "invalid"
    status = 422


def gates_over(phases: tuple[Phase, ...]) -> Q:
    """Reviews of the gates that close one of the phases, or several of them."""
    found = Q()
    for one in phases:
        found |= Q(gate__first_phase__lte=one, gate__phase__gte=one)
    return found & Q(gate__kind=GateKind.PHASE)


def refuse_under_review(
    programme: Programme, phases: tuple[Phase, ...], *, is_plan: bool = False
) -> None:
    """:raises UnderReview: when one of the gates has an open review.

    :param is_plan: an open exception review counts as well.
    """
    if not phases:
        return
    gates = gates_over(phases)
    if is_plan:
        gates |= Q(gate__kind=GateKind.EXCEPTION)
    review = (
        GateReview.objects.filter(
            gates, gate__programme=programme, state=ReviewState.OPEN
        )
        .select_related("gate")
        .first()
    )
    if review:
        raise UnderReview(
            _(
                "%(gate)s is in review, so its evidence is locked. "
                "Withdraw the review first."
            )
            % {"gate": review.gate}
        )


def refuse_locked(record: Record) -> None:
    """:raises UnderReview: when a gate that rests on the record is in review."""
    refuse_under_review(record.programme, record.evidence_of, is_plan=record.is_plan)


def save_record(
    *,
    by: Account | None,
    record: AnyRecord,
    now: datetime,
    version: int | None = None,
    act: str = "",
    url: str = "",
    reason: str = "",
) -> AnyRecord:
    """Create or change one record of a programme.

    :param version: the version the person saw; None skips the check.
    :raises NotAllowed: the person may not change this kind of record.
    :raises UnderReview: the record is evidence of a gate in review.
    :raises Conflict: somebody saved since the person opened the form.
    :raises ReasonNeeded: an approval rests on it, and no reason was given.
    :raises Invalid: a constraint of the table does not hold, or it points to a row
        of another programme; fields say which.
    """
    before = stored(record)
    if by is not None:
        require(by, act or record.act, record.programme, before)
    with transaction.atomic():
        refuse_locked(record)
        is_new = record.pk is None
        if is_new:
            record.created_at, record.created_by = now, by
        else:
            lock_version(record, version)
            record.version += 1
        record.updated_at = now
        refuse_foreign(record)
        validate(record)
        reviews, changed = resting_on(before, record, reason)
        record.stamp(by, now, reason)
        record.save()
        if changed:
            material.mark(reviews, record, changed, by=by, reason=reason, now=now)
        tell(by, "created" if is_new else "changed", record, now, url)
    return record


def resting_on(
    before: Record, record: Record, reason: str
) -> tuple[list[GateReview], dict[str, tuple[str, str]]]:
    """The approvals that rest on what is about to change, and what changes.

    :raises ReasonNeeded: there are some, and no reason is given.
    """
    if record.pk is None or not record.material:
        return [], {}
    changed = material.changed_fields(before, record)
    reviews = material.decisions_on(before) if changed else []
    material.refuse_without_reason(reviews, list(changed), record, reason)
    return reviews, changed if reviews else {}


def stored(record: AnyRecord) -> AnyRecord:
    """The record as it stands in the table: whose it is, is not the form's to say."""
    if record.pk is None:
        return record
    return cast(AnyRecord, type(record)._default_manager.get(pk=record.pk))


def lock_version(record: Record, version: int | None) -> None:
    """Lock the row and take its present version over into `record`."""
    rows = type(record)._default_manager.select_for_update().filter(pk=record.pk)
    current = rows.values_list("version", flat=True).get()
    if version is not None and version != current:
        raise Conflict(
            _(
                "Somebody saved this since you opened it. Your text is kept below; "
                "open the page in another tab to compare, then save again."
            )
        )
    record.version = current


def refuse_foreign(record: Record) -> None:
    """Check the rows that it newly points to; those it pointed to before were checked.

    :raises Invalid: one is of another programme or enterprise, or deleted.
    """
    fields = [one for one in record._meta.concrete_fields if wall_of(one, record)]
    names = [one.attname for one in fields]
    rows = type(record)._default_manager.filter(pk=record.pk) if record.pk else None
    before = (rows.values(*names).first() if rows and names else None) or {}
    wrong = {}
    for field in fields:
        key = getattr(record, field.attname)
        if key is None or key == before.get(field.attname):
            continue
        there: Any = field.related_model
        if not there._default_manager.filter(pk=key, **wall_of(field, record)).exists():
            wrong[field.name] = _("%(field)s: this is not one of the programme's.") % {
                "field": field.verbose_name
            }
    if wrong:
        raise Invalid(" ".join(wrong.values()), wrong)


def wall_of(field: Any, record: Record) -> dict[str, Any]:
    """What a row that the field points to must be; nothing where all may be chosen."""
    model = field.related_model if isinstance(field, ForeignKey) else None
    if model in (Person, OrgUnit):
        return {"enterprise": record.programme.enterprise_id}
    if model is not None and issubclass(model, Record):
        return {"programme": record.programme_id, "deleted_at": None}
    return {}


def validate(record: Record) -> None:
    try:
        record.full_clean(exclude=["created_by"])
    except ValidationError as error:
        fields = {
            name: " ".join(messages)
            for name, messages in error.message_dict.items()
            if name != "__all__"
        }
        general = error.message_dict.get("__all__", [])
        message = " ".join([*general, *fields.values()])
        raise Invalid(message, fields) from error


def delete_record(
    *,
    by: Account,
    record: Record,
    now: datetime,
    act: str = "",
    reason: str | None = None,
) -> None:
    """Put a record away for 30 days; `restore_record` brings it back.

    :param reason: None where nobody is asked, as the deletion can be undone.
    :raises NotAllowed, UnderReview: as for save_record.
    :raises ReasonNeeded: an approval rests on it, and the reason asked for is empty.
    """
    require(by, act or record.act, record.programme, record)
    with transaction.atomic():
        refuse_locked(record)
        lock_version(record, None)
        reviews = material.decisions_on(record)
        if reason is not None:
            material.refuse_without_reason(reviews, [], record, reason)
        record.deleted_at, record.updated_at = now, now
        record.version += 1
        record.stamp(by, now, reason or "")
        record.save(update_fields=["deleted_at", "updated_at", "version"])
        material.mark(
            reviews,
            record,
            {},
            by=by,
            reason=reason or "",
            now=now,
            kind=material.Kind.DELETED,
        )
        tell(by, "deleted", record, now, "")


def restore_record(
    *, by: Account, record: Record, now: datetime, act: str = ""
) -> None:
    """Undo a deletion.

    :raises NotAllowed, UnderReview: as for save_record.
    :raises Orphaned: what it belongs to is deleted.
    :raises Invalid: something else has taken its place meanwhile.
    """
    require(by, act or record.act, record.programme, record)
    with transaction.atomic():
        refuse_locked(record)
        refuse_orphan(record)
        lock_version(record, None)
        record.deleted_at, record.updated_at = None, now
        record.version += 1
        validate(record)
        record.stamp(by, now)
        record.save(update_fields=["deleted_at", "updated_at", "version"])
        reviews = material.decisions_on(record)
        kind = material.Kind.RESTORED
        material.mark(reviews, record, {}, by=by, reason="", now=now, kind=kind)
        tell(by, "restored", record, now, "")


def refuse_orphan(record: Record) -> None:
    """A part comes back only to a whole that is there.

    :raises Orphaned: a record it cannot be without, or the one above it, is deleted.
    """
    for field in record._meta.concrete_fields:
        whole: Any = field.related_model if isinstance(field, ForeignKey) else None
        if whole is None or not issubclass(whole, Record):
            continue
        if field.null and whole is not type(record):
            continue
        rows = whole._default_manager.exclude(deleted_at=None)
        gone = rows.filter(pk=getattr(record, field.attname)).first()
        if gone is not None:
            raise Orphaned(
                _("It belongs to “%(whole)s”, which is deleted. Restore that first.")
                % {"whole": gone}
            )


def tell(
    by: Account | None, verb: str, record: Record, now: datetime, url: str
) -> None:
    activity.record(
        by=by,
        verb=verb,
        kind=record._meta.label_lower,
        label=str(record) if record.is_named else "",
        programme=record.programme,
        now=now,
        url=url,
    )
    announce(
        records_changed,
        programme_id=record.programme_id,
        phases=tuple(int(one) for one in record.evidence_of),
    )


def label_of(model: type[Record], name: str) -> str:
    """The label of a field, in the reader's language."""
    field: Any = model._meta.get_field(name)
    return str(field.verbose_name)


def fill(record: AnyRecord, **values: Any) -> AnyRecord:
    """Set several fields at once, for services and the demo."""
    for name, value in values.items():
        setattr(record, name, value)
    return record
