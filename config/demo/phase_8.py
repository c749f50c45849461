"""Phase 8 of the demo: half a year of watching, two signals, one action."""

from __future__ import annotations

from datetime import date, timedelta

from config.demo.cast import Cast, at
from config.demo.measurements import record_series
from evaluation.models import CorrectiveAction, EvaluationSetup, LimitChange, Signal
from evaluation.scoring import is_goal
from evaluation.services.dashboards import refresh_dashboard
from evaluation.services.monitoring import close_signal, save_action
from programmes.models import Indicator, Programme
from programmes.services.indicators import save_indicator
from programmes.services.records import save_record

WEEKS = 18
REACTION = "The owner looks at the week's cases within three days and tells the lead."


def tell(cast: Cast, programme: Programme, begin: date) -> None:
    """New limits since the change, values week by week, a signal and its action."""
    goals = [one for one in Indicator.objects.of(programme) if is_goal(one)]
    setup = EvaluationSetup.objects.of(programme).first()
    last = begin + timedelta(weeks=WEEKS)
    for place, one in enumerate(goals):
        prepare(cast, programme, one, setup, begin)
        continue_series(cast, programme, one, begin, last, is_special=place == 0)
    refresh_dashboard(programme=programme, now=at(last, 6))
    settle(cast, programme, last)
    refresh_dashboard(programme=programme, now=at(last + timedelta(days=4), 6))


def prepare(
    cast: Cast,
    programme: Programme,
    indicator: Indicator,
    setup: EvaluationSetup | None,
    begin: date,
) -> None:
    """An owner, a reaction plan, and limits that start with the new process."""
    lead = cast.account("lead")
    if not indicator.owner_id or not indicator.reaction:
        indicator.owner = indicator.owner or cast.persons["owner"]
        indicator.reaction = indicator.reaction or REACTION
        save_indicator(by=lead, record=indicator, now=at(begin))
    if setup and setup.measured_from:
        change = LimitChange(
            programme=programme,
            indicator=indicator,
            starts_on=setup.measured_from,
            reason="The new process went live",
        )
        save_record(by=lead, record=change, now=at(begin))


def continue_series(
    cast: Cast,
    programme: Programme,
    indicator: Indicator,
    begin: date,
    last: date,
    *,
    is_special: bool,
) -> None:
    if indicator.baseline is None or indicator.target is None:
        return
    base, aim = float(indicator.baseline), float(indicator.target)
    newest = indicator.measurements.order_by("-at").values_list("at", flat=True).first()
    first = newest.date() + timedelta(days=7) if newest else begin
    spans = (last - first).days // 7
    day = first + timedelta(weeks=spans)
    record_series(
        cast,
        programme,
        indicator,
        first=first,
        last=last,
        level=base + 1.08 * (aim - base),
        spread=0.06 * abs(aim - base),
        special={day: base + 0.72 * (aim - base)} if is_special else None,
    )


def settle(cast: Cast, programme: Programme, last: date) -> None:
    """The first signal gets its action, any other one its reason."""
    signals = Signal.objects.of(programme).still_open().select_related("indicator")
    found = list(signals.order_by("pk"))
    for one in found[:1]:
        action = CorrectiveAction(
            programme=programme,
            signal=one,
            title="Name a deputy for each approver, for all amounts",
            containment="Cases over four days go to the team lead each morning.",
            cause="Two of five approvers were on leave; the deputy rule sent large "
            "cases back to the requester.",
            correction="Route to the named deputy for all amounts; set deputies for "
            "all 34 approvers.",
            check_plan="Four weeks in a row on target",
            owner=cast.persons["owner"],
            due_on=last + timedelta(days=14),
        )
        now = at(last + timedelta(days=2), 10)
        save_action(by=cast.account("owner"), record=action, now=now)
    for one in found[1:]:
        close_signal(
            by=cast.account("lead"),
            signal=one,
            reason="A week of public holidays with few cases; the next one was normal.",
            now=at(last + timedelta(days=3), 9),
        )
