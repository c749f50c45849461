"""Changed since approval: edits of what a decision rests on.

The material fields of a record (Record.material) are frozen in the pack of its gates.
When one changes after the approval, the person says why, the change is kept beside the
decision, and the gate is marked until its chair affirms or reopens it. Records that
came after the decision, and everything that is not material, change freely.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from programmes.gate_packs import material_values
from programmes.kit.errors import Refusal
from programmes.lifecycle import OPEN_GATE, GateKind, ReviewState
from programmes.models import Account, EvidenceChange, GateReview, Record
from programmes.services import notifications

Kind = EvidenceChange.Kind


class ReasonNeeded(Refusal):
    """An approval rests on what is changed; the person has to say why."""

    code = "reason-needed"
    status = 422


def decisions_on(record: Record) -> list[GateReview]:
    """The approvals that rest on the record as it stands: newest of each gate.

    One query; none where nothing of the record is material.
    """
    return decisions_on_any([record])


def decisions_on_any(rows: Sequence[Record]) -> list[GateReview]:
    """The approvals that rest on one of the rows of a table, all of one kind.

    One query; none where nothing of the rows is material.
    """
    there = [one for one in rows if one.pk is not None]
    if not there or not there[0].material or not there[0].evidence_of:
        return []
    reviews = (
        GateReview.objects.filter(
            gate__programme=there[0].programme_id,
            gate__kind=GateKind.PHASE,
            gate__state__in=OPEN_GATE,
            state=ReviewState.DECIDED,
            submitted_at__gte=min(one.created_at for one in there),
        )
        .select_related("gate__programme")
        .order_by("gate", "-round")
        .distinct("gate")
    )
    evidence = set(there[0].evidence_of)
    return [one for one in reviews if evidence & set(one.gate.phases)]


def given_on(reviews: list[GateReview], record: Record) -> list[GateReview]:
    """Those of the approvals that were given when the record was there."""
    return [one for one in reviews if one.submitted_at >= record.created_at]


def changed_fields(before: Record, after: Record) -> dict[str, tuple[str, str]]:
    """Material fields that differ -> (text before, text after)."""
    return differing(material_values(before), material_values(after))


def differing(old: dict[str, str], new: dict[str, str]) -> dict[str, tuple[str, str]]:
    """What differs between two sets of material values."""
    return {name: (old[name], new[name]) for name in new if old[name] != new[name]}


def refuse_without_reason(
    reviews: list[GateReview], fields: list[str], record: Record, reason: str
) -> None:
    """:raises ReasonNeeded: naming the gates and the fields; no field: all of it."""
    if not reviews or reason.strip():
        return
    labels = [str(field_of(record, name).verbose_name) for name in fields]
    labels = labels or [str(record._meta.verbose_name)]
    raise ReasonNeeded(
        _("%(gates)s was approved on this. Say why you change: %(fields)s.")
        % {
            "gates": ", ".join(str(one.gate) for one in reviews),
            "fields": ", ".join(labels),
        },
        {"change_reason": _("Give the reason; it is shown beside the approval.")},
    )


def mark(
    reviews: list[GateReview],
    record: Record,
    changed: dict[str, tuple[str, str]],
    *,
    by: Account | None,
    reason: str,
    now: datetime,
    kind: EvidenceChange.Kind = Kind.CHANGED,
) -> None:
    """Keep the changes beside the decisions, and flag their gates."""
    rows = changed or {"": ("", "")}
    for review in reviews:
        EvidenceChange.objects.bulk_create(
            EvidenceChange(
                gate=review.gate,
                review=review,
                kind=kind,
                record_type=record._meta.label_lower,
                record_id=record.pk,
                label=str(record)[:200] if record.is_named else "",
                field=name,
                before=old,
                after=new,
                reason=reason[:500],
                by=by,
                at=now,
            )
            for name, (old, new) in rows.items()
        )
        if review.gate.changed_at is None:
            review.gate.changed_at = now
            review.gate.save(update_fields=["changed_at"])
            chairs = notifications.chairs_of(review.gate, now.date())
            key = f"r{review.pk}-{now:%Y%m%d%H%M%S}"
            notifications.notify(chairs, "changed", review.gate, key=key, now=now)


def field_of(record: Record, name: str) -> Any:
    return record._meta.get_field(name)
