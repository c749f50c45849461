"""Phase 3 of the demo: the processes described and confirmed, the log, the values."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from config.demo.cast import Cast, at
from config.demo.event_log import write_demo_log
from config.demo.processes import DESCRIPTIONS, Description, ordinary
from diagnosis.foreseen import ELSEWHERE, foreseen, unmapped_tasks
from diagnosis.models import EventLog, Process
from diagnosis.services import logs, processes
from diagnosis.services.log_feeds import Choice, feed_indicator
from diagnosis.services.step_mapping import save_step_mapping
from programmes import jobs
from programmes.models import Indicator, Programme, ScopeItem
from programmes.services.indicators import freeze_contract, save_indicator

CLOSING = ["Invoice", "Correct invoice", "Cancel order"]
COLUMNS = {
    "case": "Order",
    "activity": "Activity",
    "timestamp": "Complete",
    "start": "Start",
    "resource": "Resource",
    "cost": "Cost",
    "amount": "Amount",
    "case_attributes": ["Channel", "Amount"],
    "timestamp_format": "iso",
    "timezone": "UTC",
}
# Activities that the description of order release calls otherwise.
MEANT = {"Check credit": "Compare open items", "Cancel order": "Refused"}
# measure of the log: code, name, unit, direction, baseline, target, definition
MEASURES = [
    (
        "median_throughput_days",
        "throughput",
        "Order throughput time",
        "days",
        "cost",
        "6.5",
        "4",
        "Median days from receipt of an order to its last invoice, orders completed "
        "in the month",
    ),
    (
        "p90_throughput_days",
        "throughput-p90",
        "Throughput time of nine in ten orders",
        "days",
        "cost",
        "12",
        "8",
        "Days within which nine in ten of the orders completed in the month were done",
    ),
    (
        "rework_share",
        "rework",
        "Orders with rework",
        "share",
        "cost",
        "0.36",
        "0.2",
        "Share of the orders completed in the month in which a step was repeated",
    ),
    (
        "cases_completed",
        "completed",
        "Orders completed",
        "orders",
        "benefit",
        "130",
        "150",
        "Number of orders whose last invoice was written in the month",
    ),
]


def tell(cast: Cast, programme: Programme, begin: date) -> None:
    """Describe and confirm each process in scope, import the log, freeze contracts."""
    items = ScopeItem.objects.of(programme).filter(
        kind=ScopeItem.Kind.PROCESS, is_in=True
    )
    described = []
    for number, item in enumerate(items.select_related("owner").order_by("pk")):
        day = begin + timedelta(days=3 + 2 * number)
        described.append(describe(cast, item, day))
    if not described:
        return
    log = bring_log(cast, programme, described[0], begin + timedelta(days=12))
    measure(cast, log, described, begin + timedelta(days=14))


def describe(cast: Cast, item: ScopeItem, day: date) -> Process:
    """The lead writes it with the team; the owner confirms it a week later."""
    lead = cast.account("lead")
    told = text_for(item)
    process = processes.describe_process(by=lead, scope_item=item, now=at(day))
    process.trigger, process.customer = told.trigger, told.customer
    process.purpose = told.purpose
    processes.save_sipoc(by=lead, process=process, lines=told.lines, now=at(day, 10))
    processes.save_steps(by=lead, process=process, rows=told.steps, now=at(day, 14))
    processes.save_ipo(by=lead, process=process, cells=told.cells, now=at(day, 16))
    owner = item.owner.account if item.owner else None
    if owner:
        processes.confirm_process(
            by=owner,
            process=process,
            version=process.version,
            now=at(day + timedelta(days=7), 11),
        )
    return process


def text_for(item: ScopeItem) -> Description:
    """The description whose word stands in the name, else a plain one."""
    name = item.name.lower()
    for word, told in DESCRIPTIONS.items():
        if word in name:
            return told
    return ordinary(item.name)


def bring_log(
    cast: Cast, programme: Programme, process: Process, day: date
) -> EventLog:
    """The orders of eighteen months, read by the same services as a person's file."""
    lead = cast.account("lead")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "erp-orders.csv"
        write_demo_log(path, until=day, changed_on=day + timedelta(days=400))
        log = logs.receive_log(
            by=lead,
            programme=programme,
            name="ERP orders, 18 months",
            file_name=path.name,
            chunks=[path.read_bytes()],
            process=process,
            now=at(day, 10),
        )
    logs.start_import(by=lead, log=log, mapping=COLUMNS, now=at(day, 10, 5))
    jobs.run(log.job_id or 0)
    log.refresh_from_db()
    log = logs.set_closing(by=lead, log=log, activities=CLOSING, now=at(day, 10, 20))
    return map_steps(cast, log, process, day)


def map_steps(cast: Cast, log: EventLog, process: Process, day: date) -> EventLog:
    """The log covers more than the process: the rest of it belongs elsewhere."""
    steps = {one.name: one.key for one in processes.steps_of(process)}
    found = foreseen(log, processes.steps_of(process))
    chosen = {one: steps.get(MEANT.get(one, ""), ELSEWHERE) for one in found.unknown}
    recorded = {*chosen.values(), *found.model.steps.values()}
    tasks = [one.key for one in unmapped_tasks(found) if one.key not in recorded]
    return save_step_mapping(
        by=cast.account("lead"),
        log=log,
        activities=chosen,
        unrecorded=tasks,
        now=at(day, 10, 30),
    )


def measure(
    cast: Cast, log: EventLog, described: list[Process], day: date
) -> list[Indicator]:
    """Indicators fed by the log, spread over the processes, their contracts frozen."""
    lead = cast.account("lead")
    found = []
    wanted = max(len(MEASURES), len(described))
    for number in range(wanted):
        key, code, name, unit, direction, baseline, target, words = MEASURES[
            number % len(MEASURES)
        ]
        process = described[number % len(described)]
        if number >= len(MEASURES):
            code, name = f"{code}-{number}", f"{name}, {process.name.lower()}"
        indicator = indicator_of(log.programme, code)
        indicator.name, indicator.unit = name, unit
        indicator.definition, indicator.formula = words, key
        indicator.direction = direction
        indicator.source = log.name
        indicator.owner = process.owner
        indicator.process = process.scope_item
        indicator.baseline, indicator.target = Decimal(baseline), Decimal(target)
        indicator.reaction = "The owner looks at the slowest orders within two days"
        save_indicator(by=lead, record=indicator, now=at(day, 9))
        feed_indicator(
            by=lead, log=log, indicator=indicator, choice=Choice(key), now=at(day, 11)
        )
        indicator.refresh_from_db()
        freeze_contract(by=lead, indicator=indicator, now=at(day, 15))
        found.append(indicator)
    return found


def indicator_of(programme: Programme, code: str) -> Indicator:
    """The one that an earlier phase opened under this code, else a new one."""
    held = Indicator.objects.of(programme).filter(code=code).first()
    return held or Indicator(programme=programme, code=code)
