"""Measures of event logs into indicators, and again with the next import."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from diagnosis import foreseen
from diagnosis.answers import answer
from diagnosis.mining.conformance import Model
from diagnosis.mining.lenses import Log
from diagnosis.mining.series import MEASURES, Asked, series
from diagnosis.mining.sources import LogError
from diagnosis.mining.spelling import read_filter
from diagnosis.models import EventLog, LogFeed
from diagnosis.services.processes import steps_of
from programmes.kit.errors import Refusal
from programmes.models import Account, Indicator, Measurement
from programmes.permissions import require
from programmes.services.indicators import save_indicator
from programmes.services.measurements import BatchResult, record_measurements
from programmes.services.records import Invalid

# A period counts as complete when the log reaches this close to its end.
NEARLY = {"month": timedelta(days=4), "week": timedelta(days=1)}
DAYS_OF_A_WEEK = 7
LONGEST_CODE = 34


class NotReady(Refusal):
    """The log is not imported yet."""

    code = "log-not-ready"


@dataclass(frozen=True)
class Choice:
    """A measure, what it is about and of which cases."""

    measure: str
    about: Sequence[str] = ()
    filters: Sequence[str] = ()


def feed_indicator(
    *, by: Account, log: EventLog, indicator: Indicator, choice: Choice, now: datetime
) -> BatchResult:
    """Record a measure of the log as values of an indicator, by its week or month.

    The period in which the log breaks off is left out. Again with the same log is
    unchanged; the next import of the same source feeds the indicator again.
    :raises NotAllowed: may not record for this indicator.
    :raises NotReady: the log is not imported.
    :raises Invalid: there is no such measure, or it has no complete period.
    """
    require(by, "measurement.record", log.programme, indicator)
    if not log.is_ready:
        raise NotReady(_("The log is not imported yet."))
    period = period_of(indicator)
    rows = rows_of(log, indicator, choice, period)
    if not rows:
        raise Invalid(_("The log has no complete period with this measure."))
    with transaction.atomic():
        result = record_measurements(
            by=by,
            programme=log.programme,
            rows=rows,
            source=Measurement.Source.LOG,
            now=now,
        )
        LogFeed.objects.update_or_create(
            indicator=indicator,
            defaults={
                "log": log,
                "measure": choice.measure,
                "about": list(choice.about),
                "filters": list(choice.filters),
                "period": period,
                "created_by": by,
                "fed_at": now,
            },
        )
    return result


def new_indicator(
    *,
    by: Account,
    log: EventLog,
    name: str,
    choice: Choice,
    period: str,
    definition: str,
    now: datetime,
) -> Indicator:
    """An indicator for a measure: unit, direction and period are those of the measure.

    :raises NotAllowed, Invalid: as for save_indicator.
    :raises Invalid: there is no such measure.
    """
    measure = MEASURES.get(choice.measure)
    if measure is None:
        raise Invalid(_("There is no such measure."))
    directions = Indicator.Direction
    indicator = Indicator(
        programme=log.programme,
        code=free_code(log, name),
        name=name,
        definition=definition[:2000],
        unit=measure.unit,
        direction=directions.HIGHER if measure.higher else directions.LOWER,
        period=period,
        source=log.name,
        process=log.process.scope_item if log.process else None,
    )
    return save_indicator(by=by, record=indicator, now=now)


def feed_new_indicator(
    *,
    by: Account,
    log: EventLog,
    name: str,
    choice: Choice,
    period: str,
    definition: str,
    now: datetime,
) -> tuple[Indicator, BatchResult]:
    """An indicator for the measure with its values, or neither.

    :raises NotAllowed, NotReady, Invalid: as for new_indicator and feed_indicator.
    """
    with transaction.atomic():
        indicator = new_indicator(
            by=by,
            log=log,
            name=name,
            choice=choice,
            period=period,
            definition=definition,
            now=now,
        )
        result = feed_indicator(
            by=by, log=log, indicator=indicator, choice=choice, now=now
        )
    return indicator, result


def free_code(log: EventLog, name: str) -> str:
    """A code from the name that no indicator of the programme has."""
    base = slugify(name)[:LONGEST_CODE] or "log"
    rows = Indicator.objects.of(log.programme).filter(code__startswith=base)
    taken = set(rows.values_list("code", flat=True))
    numbered = (f"{base}-{number}" for number in count(2))
    return base if base not in taken else next(c for c in numbered if c not in taken)


def period_of(indicator: Indicator) -> str:
    is_weekly = indicator.period == Indicator.Period.WEEK
    return LogFeed.Period.WEEK if is_weekly else LogFeed.Period.MONTH


def points_of(log: EventLog, choice: Choice, period: str) -> list[dict[str, Any]]:
    """The series: [{start, value, number}], from the cache.

    :raises LogError: no such measure, or something it needs is not there.
    """
    closing, chosen = tuple(log.closing), sorted(choice.filters)
    asked = Asked(choice.measure, tuple(choice.about), period)
    model = model_of(log, choice.measure)

    def ask(whole: Log) -> list[dict[str, Any]]:
        opened = whole.where([read_filter(one) for one in chosen])
        return [asdict(one) for one in series(opened, asked, closing, model)]

    parameters = {
        "asked": asdict(asked),
        "closing": closing,
        "filters": chosen,
        "model": foreseen.parameters_of(model) if model else None,
    }
    rows: list[dict[str, Any]] = answer(log, "series", ask, **parameters)
    return rows


def model_of(log: EventLog, measure: str) -> Model | None:
    """What the process foresees, where the measure asks for it and it is known."""
    known = MEASURES.get(measure)
    if known is None or "model" not in known.about or log.process is None:
        return None
    found = foreseen.foreseen(log, steps_of(log.process))
    return found.model if found.is_mapped else None


def rows_of(
    log: EventLog, indicator: Indicator, choice: Choice, period: str
) -> list[dict[str, Any]]:
    """The complete periods as measurements, dated by their last day."""
    try:
        points = points_of(log, choice, period)
    except LogError as error:
        raise Invalid(str(error)) from error
    reach = (log.last_at + NEARLY[period]).date() if log.last_at else date.min
    dated = [
        (last_day(date.fromisoformat(one["start"]), period), one) for one in points
    ]
    return [
        {
            "series": indicator.code,
            "at": last.isoformat(),
            "value": f"{one['value']:.6f}",
            "note": log.name,
        }
        for last, one in dated
        if last <= reach
    ]


def last_day(first: date, period: str) -> date:
    if period == LogFeed.Period.WEEK:
        return first + timedelta(days=DAYS_OF_A_WEEK - 1)
    return first.replace(day=monthrange(first.year, first.month)[1])


def refresh_feeds(*, by: Account | None, log: EventLog, now: datetime) -> list[str]:
    """Feed the indicators of the log, and of the one that it follows, once more.

    :returns: what could not be fed, as sentences.
    """
    earlier = followed(log)
    logs = [log.pk, *([earlier.pk] if earlier else [])]
    feeds = LogFeed.objects.filter(log__in=logs, indicator__deleted_at=None)
    failed = []
    rows = feeds.select_related("indicator__programme", "created_by").order_by("pk")
    for feed in rows:
        person = by or feed.created_by
        if person is None:
            continue
        try:
            feed_indicator(
                by=person,
                log=log,
                indicator=feed.indicator,
                choice=Choice(feed.measure, feed.about, feed.filters),
                now=now,
            )
        except Refusal as refusal:
            failed.append(f"{feed.indicator}: {refusal}")
    return failed


def followed(log: EventLog) -> EventLog | None:
    """The log that this one continues: its version before, else the same source.

    A log without some activities continues none: its figures tell something else. A
    connected log is refreshed and continues itself alone.
    """
    if log.derived_from_id is not None or log.connection:
        return None
    rows: Any = EventLog.objects.of(log.programme).filter(connection="")
    there: list[EventLog] = list(
        rows.filter(feeds__isnull=False, process=log.process_id, derived_from=None)
        .exclude(pk=log.pk)
        .distinct()
        .order_by("-pk")
    )
    older = [one for one in there if one.line == log.line]
    if older:
        return next((one for one in older if one.edition < log.edition), None)
    return next((one for one in there if is_same_source(one, log)), None)


def is_same_source(one: EventLog, other: EventLog) -> bool:
    """The same process, or without one the same name; and the same columns."""
    is_same = other.process_id is not None or one.name == other.name
    return is_same and one.mapping == other.mapping
