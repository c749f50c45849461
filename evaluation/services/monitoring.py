"""Watching indicators: their status, signals, and corrective actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.maths.watch import GOOD_POINTS, Episode, Watched, colour, episode, watch
from evaluation.models import (
    CorrectiveAction,
    IndicatorStatus,
    LimitChange,
    Signal,
)
from evaluation.scoring import better_of, is_goal, number, progress_of
from programmes.kit.errors import Refusal
from programmes.models import Account, Indicator, Measurement, Programme, WorkItem
from programmes.permissions import require
from programmes.phases import Phase
from programmes.services import activity
from programmes.services.records import Invalid, save_record

MOST_POINTS = 120
SPARK_POINTS = 24
TARGETS_COUNT_FROM = Phase.EVALUATION


class SignalClosed(Refusal):
    """The signal was closed meanwhile."""

    code = "signal-closed"


@dataclass
class Series:
    """The newest values of an indicator, oldest first."""

    moments: list[datetime] = field(default_factory=list)
    values: list[Decimal] = field(default_factory=list)
    count: int = 0
    received_at: datetime | None = None

    @property
    def floats(self) -> list[float]:
        return [float(one) for one in self.values]


def series_of(indicators: Iterable[Indicator]) -> dict[int, Series]:
    """All series in one query; of long ones the newest points are kept."""
    found: dict[int, Series] = {one.pk: Series() for one in indicators}
    rows = Measurement.objects.filter(indicator__in=list(found)).order_by(
        "indicator", "at", "pk"
    )
    for pk, at, value, received_at in rows.values_list(
        "indicator", "at", "value", "received_at"
    ).iterator(chunk_size=5000):
        one = found[pk]
        one.moments.append(at)
        one.values.append(value)
        one.count += 1
        one.received_at = max(one.received_at or received_at, received_at)
    for one in found.values():
        one.moments, one.values = one.moments[-MOST_POINTS:], one.values[-MOST_POINTS:]
    return found


def starts_in(series: Series, changes: Iterable[date]) -> list[int]:
    """Positions of the first points on or after each change."""
    found = []
    for day in changes:
        later = [at for at, one in enumerate(series.moments) if one.date() >= day]
        if later:
            found.append(later[0])
    return found


def changes_of(programme: Programme) -> dict[int, list[LimitChange]]:
    rows = LimitChange.objects.of(programme).order_by("starts_on")
    found: dict[int, list[LimitChange]] = {}
    for one in rows:
        found.setdefault(one.indicator_id, []).append(one)
    return found


def watched_of(
    indicator: Indicator,
    series: Series,
    changes: Iterable[LimitChange],
    rule_set: Any = "wheeler",
) -> Watched:
    starts = starts_in(series, [one.starts_on for one in changes])
    return watch(series.floats, starts, better_of(indicator), rule_set)


def refresh_indicators(*, programme: Programme, now: datetime) -> list[IndicatorStatus]:
    """Compute the status of each indicator; open and close signals. A job's work."""
    indicators = list(Indicator.objects.of(programme).order_by("pk"))
    series = series_of(indicators)
    changes = changes_of(programme)
    states = []
    for one in indicators:
        watched = watched_of(one, series[one.pk], changes.get(one.pk, []))
        states.append(status_of(one, series[one.pk], watched, now))
        settle_signal(programme, one, series[one.pk], watched, now)
    IndicatorStatus.objects.filter(programme=programme).exclude(
        indicator__in=indicators
    ).delete()
    fields = [
        one.name
        for one in IndicatorStatus._meta.concrete_fields
        if one.name not in ("id", "indicator")
    ]
    IndicatorStatus.objects.bulk_create(
        states,
        update_conflicts=True,
        unique_fields=["indicator"],
        update_fields=fields,
    )
    return states


def status_of(
    indicator: Indicator, series: Series, watched: Watched, now: datetime
) -> IndicatorStatus:
    value = number(series.values[-1]) if series.values else None
    baseline, target = number(indicator.baseline), number(indicator.target)
    progress = progress_of(baseline, target, value)
    newest = watched.newest
    return IndicatorStatus(
        programme=indicator.programme,
        indicator=indicator,
        value=value,
        at=series.moments[-1] if series.moments else None,
        baseline=baseline,
        target=target,
        progress=progress,
        rag=colour(progress),
        chart=chart_state(watched),
        pattern=newest.pattern if newest else "",
        pattern_at=series.moments[newest.at] if newest else None,
        points=series.count,
        spark=series.floats[-SPARK_POINTS:],
        computed_at=now,
        refreshed_at=series.received_at,
    )


def chart_state(watched: Watched) -> str:
    last = watched.last
    if last is None or last.stage == "run":
        return IndicatorStatus.Chart.FEW
    if watched.newest is None:
        return IndicatorStatus.Chart.STABLE
    if watched.newest.is_good:
        return IndicatorStatus.Chart.BETTER
    return IndicatorStatus.Chart.SIGNAL


def settle_signal(
    programme: Programme,
    indicator: Indicator,
    series: Series,
    watched: Watched,
    now: datetime,
) -> None:
    """Open a signal for a new episode; close it after three good points."""
    counts = programme.phase >= TARGETS_COUNT_FROM and is_goal(indicator)
    target = number(indicator.target) if counts else None
    found = episode(series.floats, watched, target, better_of(indicator))
    is_over = found is None or found.good_since >= GOOD_POINTS
    rows = Signal.objects.select_for_update().filter(indicator=indicator)
    signal = rows.filter(closed_at=None).first()
    if signal:
        if is_over:
            signal.closed_at = now
            signal.save(update_fields=["closed_at"])
        elif found and series.moments[found.at] != signal.last_at:
            signal.last_at = series.moments[found.at]
            signal.save(update_fields=["last_at"])
    elif found and not is_over:
        open_signal(programme, indicator, series, found, now)


def open_signal(
    programme: Programme,
    indicator: Indicator,
    series: Series,
    found: Episode,
    now: datetime,
) -> None:
    """Not again for points that an earlier signal has covered."""
    moment = series.moments[found.at]
    if Signal.objects.filter(indicator=indicator, last_at__gte=moment).exists():
        return
    is_target = found.pattern == "target"
    Signal.objects.create(
        programme=programme,
        indicator=indicator,
        kind=Signal.Kind.TARGET if is_target else Signal.Kind.RULE,
        pattern=found.pattern,
        at=moment,
        last_at=moment,
        value=series.values[found.at],
        opened_at=now,
    )


def close_signal(*, by: Account, signal: Signal, reason: str, now: datetime) -> None:
    """Settle a signal without an action, with the reason.

    :raises NotAllowed: neither lead nor owner of the indicator.
    :raises SignalClosed: it is closed already.
    :raises Invalid: no reason.
    """
    require(by, "action.edit", signal.programme, signal.indicator)
    if not reason.strip():
        raise Invalid(_("Give the reason; the record will show it."))
    with transaction.atomic():
        locked = Signal.objects.select_for_update(of=("self",)).get(pk=signal.pk)
        if not locked.is_open:
            raise SignalClosed(_("This signal is closed already."))
        locked.closed_at, locked.closed_by, locked.reason = now, by, reason.strip()
        locked.save(update_fields=["closed_at", "closed_by", "reason"])
        activity.record(
            by=by,
            verb="closed",
            kind="signal",
            label=signal.indicator.name,
            programme=signal.programme,
            now=now,
            url=f"/p/{signal.programme.code}/monitor/{signal.indicator_id}/",
            note=reason,
        )


def prefilled(signal: Signal, today: date) -> dict[str, Any]:
    """What the form of a corrective action knows already."""
    indicator = signal.indicator
    return {
        "title": _("Bring back: %(name)s") % {"name": indicator.name},
        "containment": indicator.reaction,
        "check_plan": _("Three good points in a row"),
        "owner": indicator.owner_id,
        "due_on": today + timedelta(days=14),
    }


def save_action(
    *,
    by: Account,
    record: CorrectiveAction,
    now: datetime,
    version: int | None = None,
    act: str = "",
    reason: str = "",
) -> CorrectiveAction:
    """Open or change a corrective action; its task on the owner's list goes along.

    :raises NotAllowed: neither lead nor owner (of the signal's indicator, at first).
    :raises SignalClosed: the signal was closed meanwhile.
    """
    is_new = record.pk is None
    require(by, "action.edit", record.programme, subject_of(record))
    with transaction.atomic():
        if is_new:
            refuse_closed(record.signal)
            # Who opens an action may do so for somebody else.
            record.created_by = by
        item = task_of(record, by)
        record.work_item = save_record(by=by, record=item, now=now, act="action.edit")
        saved = save_record(
            by=by,
            record=record,
            now=now,
            version=version,
            act="action.edit",
            reason=reason,
        )
        link_task(saved, by, now)
    return saved


def subject_of(action: CorrectiveAction) -> Any:
    """Whose owner may do it: the stored action's, for a new one the indicator's."""
    if action.pk:
        return CorrectiveAction.objects.get(pk=action.pk)
    return action.signal.indicator if action.signal else action


def refuse_closed(signal: Signal | None) -> None:
    if signal is None:
        return
    locked = Signal.objects.select_for_update(of=("self",)).get(pk=signal.pk)
    if not locked.is_open:
        raise SignalClosed(_("This signal is closed already."))


def task_of(action: CorrectiveAction, by: Account) -> WorkItem:
    item: WorkItem = (
        action.work_item
        if action.work_item_id
        else WorkItem(
            programme=action.programme,
            kind=WorkItem.Kind.CORRECTIVE,
            phase=Phase.IMPROVEMENT,
            is_must=False,
            created_by=by,
        )
    )
    item.title, item.detail = action.title, action.correction
    item.owner, item.due_on = action.owner, action.due_on
    return item


def link_task(action: CorrectiveAction, by: Account, now: datetime) -> None:
    """The task says which action it belongs to, with the way there."""
    item = action.work_item
    item.reason_label = str(action.signal or action)[:200]
    item.reason_url = f"/p/{action.programme.code}/actions/{action.pk}/"
    item.stamp(by, now)
    item.save(update_fields=["reason_label", "reason_url"])
