"""Measurements in, from every door; contracts frozen; corrections with their past."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _

from programmes.events import announce, measurements_recorded
from programmes.kit.errors import Refusal
from programmes.models import (
    Account,
    Indicator,
    Measurement,
    MeasurementBatch,
    MeasurementRevision,
    Programme,
)
from programmes.permissions import require
from programmes.services import activity
from programmes.services.records import Invalid, label_of, save_record

MOST_ROWS = 10_000
LARGEST = Decimal(10) ** 13
PLACES = Decimal("0.000001")
FUTURE = timedelta(days=1)


class KeyReused(Refusal):
    """The idempotency key came with other rows before."""

    code = "key-reused"
    status = 422


class RowsRejected(Refusal):
    """Nothing was stored, because all-or-nothing was asked and rows were wrong."""

    code = "rows-rejected"
    status = 422

    def __init__(self, message: str, errors: list[dict[str, Any]]) -> None:
        super().__init__(message)
        self.errors = errors


class ContractFrozen(Refusal):
    """The definition is frozen; values still come in."""

    code = "contract-frozen"


@dataclass(frozen=True)
class Row:
    """One good row of a batch."""

    index: int
    indicator: Indicator
    at: datetime
    key: str
    value: Decimal
    version: int
    note: str


@dataclass
class BatchResult:
    """What became of each row; errors carry the row's index and the reason."""

    accepted: int = 0
    replaced: int = 0
    unchanged: int = 0
    stale: int = 0
    rejected: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class BadRow(ValueError):
    """A row is wrong; `name` is the field."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def record_measurements(
    *,
    by: Account | None,
    programme: Programme,
    rows: Sequence[dict[str, Any]],
    source: str,
    now: datetime,
    key: str = "",
    atomic: bool = False,
) -> BatchResult:
    """Store a batch of {series, at, value, key?, version?, note?}.

    Identity is (series, at, key). The same again is unchanged, a higher version
    replaces, a lower one is stale: arrival order does not matter. Bad rows are
    reported with their index and the rest is stored, unless `atomic`.

    :param by: None for a service account, whose scope the edge has checked.
    :raises NotAllowed: may record for none of the series.
    :raises KeyReused: the key came with another body.
    :raises RowsRejected: atomic, and at least one row is wrong.
    :raises Invalid: no rows or too many.
    """
    if not rows or len(rows) > MOST_ROWS:
        raise Invalid(_("Send between 1 and %(most)s rows.") % {"most": MOST_ROWS})
    digest = hashlib.sha256(
        json.dumps(rows, sort_keys=True, default=str).encode()
    ).hexdigest()
    with transaction.atomic():
        earlier = earlier_result(programme, key, digest)
        if earlier:
            return earlier
        result = BatchResult()
        good = read_rows(programme, rows, now, result)
        refuse_foreign(by, programme, good)
        if atomic and result.rejected:
            raise RowsRejected(
                _("%(count)s rows are wrong; nothing was stored.")
                % {"count": result.rejected},
                result.errors,
            )
        batch = MeasurementBatch.objects.create(
            programme=programme,
            source=source,
            key=key,
            digest=digest,
            received_at=now,
            received_by=by,
        )
        changed = store(good, batch, by, now, result)
        batch.result = result.as_json()
        batch.save(update_fields=["result"])
        if changed:
            tell_recorded(by, programme, changed, now)
    return result


def earlier_result(programme: Programme, key: str, digest: str) -> BatchResult | None:
    """The stored answer of a batch that came before with this key."""
    if not key:
        return None
    Programme.objects.select_for_update().get(pk=programme.pk)
    batch = MeasurementBatch.objects.filter(programme=programme, key=key).first()
    if batch is None:
        return None
    if batch.digest != digest:
        raise KeyReused(_("This idempotency key was used with other rows before."))
    return BatchResult(**batch.result)


def read_rows(
    programme: Programme,
    rows: Sequence[dict[str, Any]],
    now: datetime,
    result: BatchResult,
) -> list[Row]:
    indicators = {one.code: one for one in Indicator.objects.of(programme)}
    good = []
    for index, raw in enumerate(rows):
        try:
            good.append(read_row(index, raw, indicators, now))
        except BadRow as error:
            result.rejected += 1
            result.errors.append(
                {"pointer": f"/rows/{index}/{error.name}", "detail": str(error)}
            )
    return good


def read_row(
    index: int, raw: Any, indicators: dict[str, Indicator], now: datetime
) -> Row:
    if not isinstance(raw, dict):
        raise BadRow("", _("Each row is an object with series, at and value."))
    indicator = indicators.get(str(raw.get("series", "")))
    if indicator is None:
        raise BadRow("series", _("No indicator of the programme has this code."))
    return Row(
        index,
        indicator,
        read_moment(raw.get("at"), now),
        read_text(raw, "key", 80),
        read_value(raw.get("value")),
        read_version(raw.get("version", 1)),
        read_text(raw, "note", 300),
    )


def read_text(raw: dict[str, Any], name: str, longest: int) -> str:
    text = raw.get(name) or ""
    if not isinstance(text, str) or len(text) > longest or "\0" in text:
        raise BadRow(name, _("Text of at most %(most)s signs.") % {"most": longest})
    return text


def read_moment(raw: Any, now: datetime) -> datetime:
    """A day or an instant with offset; a day means its noon, UTC."""
    try:
        moment = parse_datetime(str(raw)) if "T" in str(raw) else None
        if moment is None:
            day = parse_date(str(raw))
            moment = datetime(day.year, day.month, day.day, 12) if day else None  # noqa: DTZ001
    except ValueError:
        moment = None
    if moment is None:
        raise BadRow("at", _("Give a day (2026-01-31) or a moment with its offset."))
    if is_naive(moment):
        moment = make_aware(moment)
    if moment > now + FUTURE:
        raise BadRow("at", _("This lies in the future."))
    if moment.year < 1970:
        raise BadRow("at", _("This lies before 1970."))
    return moment


def read_value(raw: Any) -> Decimal:
    """A finite decimal, as text or number."""
    if isinstance(raw, bool) or raw is None or len(str(raw)) > 40:
        raise BadRow("value", _("Give a number."))
    try:
        value = Decimal(str(raw).strip())
    except InvalidOperation:
        raise BadRow("value", _("Give a number, with a point for decimals.")) from None
    # copy_abs, as abs() itself overflows on 1e999999999.
    if not value.is_finite() or value.copy_abs() >= LARGEST:
        raise BadRow("value", _("The number is out of range."))
    return value.quantize(PLACES)


def read_version(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw < 2**62:
        raise BadRow("version", _("The version is a positive whole number."))
    return raw


def refuse_foreign(
    by: Account | None, programme: Programme, good: Sequence[Row]
) -> None:
    """:raises NotAllowed: for the first series the person may not record."""
    if by is None:
        return
    for indicator in {row.indicator.pk: row.indicator for row in good}.values():
        require(by, "measurement.record", programme, indicator)


def store(
    good: Sequence[Row],
    batch: MeasurementBatch,
    by: Account | None,
    now: datetime,
    result: BatchResult,
) -> set[int]:
    """Insert, replace or leave each row; returns the indicators that changed."""
    ids = {row.indicator.pk for row in good}
    # Locking the series makes batches that touch the same ones wait for one another.
    list(Indicator.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    existing = {
        (one.indicator_id, one.at, one.key): one
        for one in Measurement.objects.filter(
            indicator__in=ids, at__in={row.at for row in good}
        )
    }
    fresh: dict[tuple[int, datetime, str], Measurement] = {}
    corrected: dict[int, Measurement] = {}
    revisions: list[MeasurementRevision] = []
    changed: set[int] = set()
    for row in good:
        identity = (row.indicator.pk, row.at, row.key)
        found = fresh.get(identity) or existing.get(identity)
        if found is None:
            fresh[identity] = new_measurement(row, batch, now)
            result.accepted += 1
            changed.add(row.indicator.pk)
            continue
        if not newer(row, found, result):
            continue
        if identity not in fresh:
            revisions.append(revision_of(found, by, now))
            corrected[found.pk] = found
        found.value, found.version, found.note = row.value, row.version, row.note
        found.batch, found.received_at, found.source = batch, now, batch.source
        changed.add(row.indicator.pk)
    Measurement.objects.bulk_create(fresh.values(), batch_size=2000)
    MeasurementRevision.objects.bulk_create(revisions, batch_size=2000)
    Measurement.objects.bulk_update(
        corrected.values(),
        ["value", "version", "note", "batch", "received_at", "source"],
        batch_size=1000,
    )
    return changed


def newer(row: Row, found: Measurement, result: BatchResult) -> bool:
    """Count the row; True when it replaces what is there."""
    if row.version < found.version:
        result.stale += 1
        return False
    if row.version == found.version and row.value == found.value:
        result.unchanged += 1
        return False
    result.replaced += 1
    return True


def new_measurement(row: Row, batch: MeasurementBatch, now: datetime) -> Measurement:
    return Measurement(
        indicator=row.indicator,
        at=row.at,
        key=row.key,
        value=row.value,
        version=row.version,
        note=row.note,
        source=batch.source,
        batch=batch,
        received_at=now,
    )


def revision_of(
    found: Measurement, by: Account | None, now: datetime
) -> MeasurementRevision:
    return MeasurementRevision(
        indicator_id=found.indicator_id,
        at=found.at,
        key=found.key,
        value=found.value,
        version=found.version,
        replaced_at=now,
        replaced_by=by,
    )


def tell_recorded(
    by: Account | None, programme: Programme, changed: set[int], now: datetime
) -> None:
    names = Indicator.objects.filter(pk__in=changed).order_by("code")
    label = ", ".join(names.values_list("name", flat=True)[:3])
    more = len(changed) - 3
    activity.record(
        by=by,
        verb="recorded",
        programme=programme,
        now=now,
        label=f"{label} +{more}" if more > 0 else label,
        url=f"/p/{programme.code}/indicators/",
    )
    announce(
        measurements_recorded,
        programme_id=programme.pk,
        indicator_ids=sorted(changed),
    )


def remove_measurement(*, by: Account, measurement: Measurement, now: datetime) -> None:
    """Take out a wrong value; the revision keeps it.

    :raises NotAllowed: may not record for this series.
    """
    indicator = measurement.indicator
    require(by, "measurement.record", indicator.programme, indicator)
    with transaction.atomic():
        revision_of(measurement, by, now).save()
        measurement.delete()
        tell_recorded(by, indicator.programme, {indicator.pk}, now)


def save_indicator(
    *,
    by: Account | None,
    record: Indicator,
    now: datetime,
    version: int | None = None,
    act: str = "",
) -> Indicator:
    """Create or change an indicator; a frozen contract refuses a new definition.

    :raises ContractFrozen: definition, formula, unit, direction or code differ.
    """
    if record.pk and record.is_frozen:
        before = Indicator.objects.get(pk=record.pk)
        names = ["code", "definition", "formula", "unit", "direction", "source"]
        changed = [one for one in names if getattr(before, one) != getattr(record, one)]
        if changed:
            raise ContractFrozen(
                _("The contract is frozen; open it before changing the definition."),
                {one: _("Frozen") for one in changed},
            )
    return save_record(by=by, record=record, now=now, version=version, act=act)


def freeze_contract(*, by: Account, indicator: Indicator, now: datetime) -> Indicator:
    """Fix definition, formula, source, unit and direction. Twice does no harm.

    :raises NotAllowed: neither lead nor owner.
    :raises Invalid: the definition is incomplete; the message names what is missing.
    """
    require(by, indicator.act, indicator.programme, indicator)
    if indicator.is_frozen:
        return indicator
    needed = ["definition", "unit", "source", "owner"]
    missing = [
        label_of(Indicator, one) for one in needed if not getattr(indicator, one)
    ]
    if missing:
        raise Invalid(_("Still missing: %(names)s.") % {"names": ", ".join(missing)})
    indicator.frozen_at = now
    indicator.frozen_version = indicator.version + 1
    return save_record(by=by, record=indicator, now=now)


def unfreeze_contract(*, by: Account, indicator: Indicator, now: datetime) -> Indicator:
    """Open the definition again; gates that asked for it turn red until refrozen.

    :raises NotAllowed: neither lead nor owner.
    """
    require(by, indicator.act, indicator.programme, indicator)
    indicator.frozen_at = indicator.frozen_version = None
    return save_record(by=by, record=indicator, now=now)
