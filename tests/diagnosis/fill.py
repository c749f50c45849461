"""Rows of phase 3 for the page tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from diagnosis.mining.spelling import spell
from diagnosis.models import EventLog, Process, SavedFilter
from diagnosis.services import logs, processes, saved_filters
from diagnosis.services.processes import Cell, Line, StepRow
from programmes import jobs
from programmes.models import ScopeItem
from tests.diagnosis import report_rows, survey_rows
from tests.world import World, scope_process

LOG = (
    "§Order;§Activity;§Done\n"
    "1;§Receive;2025-11-03 08:00\n1;§Check;2025-11-04 09:00\n1;§Ship;2025-11-06 10:00\n"
    "2;§Receive;2025-11-05 08:00\n2;§Check;2025-11-06 09:00\n"
    "2;§Check;2025-11-09 09:00\n"
    "2;§Ship;2025-12-12 10:00\n3;§Receive;2025-12-01 08:00\n3;§Check;2025-12-30 09:00\n"
)
LENSES = ("cases", "case", "paths", "times", "contrast", "costs", "work", "workload")
FILES = [*(f"log-{lens}" for lens in (*LENSES, "conformance", "compare", "quality"))]
FILES.append("logs-detail")
MAPPING = {"case": "§Order", "activity": "§Activity", "timestamp": "§Done"}
LINES = [
    Line("supplier", "§Sales"),
    Line("input", "§Order"),
    Line("process", "§Check credit"),
    Line("output", "§Released order", "§within 4 hours"),
    Line("customer", "§Warehouse"),
]
CELLS = [
    Cell(row, column, text=f"§{row} {column}", finding="§Late", severity=2)
    for row in ("input", "processing", "output")
    for column in ("contents", "forms", "methods")
]
STEPS = [
    StepRow("§Order arrives", "1", "start", "§Desk"),
    StepRow(
        "§Check credit",
        "2",
        role="§Desk",
        system="§ERP",
        work_minutes=Decimal(12),
        wait_minutes=Decimal(600),
        volume=2400,
        value_class="BVA",
    ),
    StepRow("§In limit?", "3", "decision", "§Desk", ways="§yes: 4; §no: 5"),
    StepRow("§Release", "4", role="§Desk", value_class="VA", ways="6"),
    StepRow("§Ask", "5", role="§Sales", value_class="NVA", ways="6"),
    StepRow("§Released", "6", "end", "§Desk"),
]


def describe(world: World, item: ScopeItem | None = None) -> Process:
    """A process with its lines, its study and its steps."""
    item = item or scope_process(world, "§Credit check")
    given: dict[str, Any] = {"by": world.lead, "now": world.now}
    process = processes.describe_process(scope_item=item, **given)
    process.trigger, process.customer = "§An order arrives", "§Warehouse"
    processes.save_sipoc(process=process, lines=LINES, **given)
    processes.save_ipo(process=process, cells=CELLS, **given)
    return processes.save_steps(process=process, rows=STEPS, **given)


def receive(world: World, text: str = LOG, **values: Any) -> EventLog:
    """A log whose file is here and not yet imported."""
    given = {"name": "§ERP orders", "file_name": "§orders.csv", **values}
    return logs.receive_log(
        by=world.lead,
        programme=world.programme,
        chunks=[text.encode()],
        now=world.now,
        **given,
    )


def import_now(world: World, log: EventLog, mapping: Any = MAPPING) -> EventLog:
    """The job, run at once."""
    logs.start_import(by=world.lead, log=log, mapping=mapping, now=world.now)
    jobs.run(log.job_id or 0)
    log.refresh_from_db()
    return log


def fill(world: World) -> None:
    """One row of each register of phase 3."""
    process = describe(world)
    log = import_now(world, receive(world, process=process))
    saved_filters.save_filter(
        by=world.lead,
        log=log,
        name="§Reworked",
        filters=[spell("follows", "§Check", "§Check", True)],
        now=world.now,
    )
    receive(world)
    survey_rows.fill(world)
    report_rows.fill(world)


def waiting_log(parameter: str, world: World) -> int:
    """The log that still asks for its columns."""
    rows = EventLog.objects.of(world.programme).filter(state="uploaded")
    return rows.values_list("pk", flat=True).get()


def process_of(parameter: str, world: World) -> int:
    rows = Process.objects.of(world.programme).order_by("pk")
    return rows.values_list("pk", flat=True)[0]


def scope_of(parameter: str, world: World) -> int:
    rows = Process.objects.of(world.programme).order_by("pk")
    return rows.values_list("scope_item", flat=True)[0]


def ready_log(parameter: str, world: World) -> int:
    """The log whose events are read."""
    rows = EventLog.objects.of(world.programme).filter(state="ready")
    return rows.values_list("pk", flat=True).order_by("pk")[0]


def saved_filter(parameter: str, world: World) -> int:
    """A log for `pk`, its saved choice for `saved`."""
    if parameter == "pk":
        return ready_log(parameter, world)
    rows = SavedFilter.objects.filter(programme=world.programme)
    return rows.values_list("pk", flat=True)[0]


ROWS = {
    **report_rows.ROWS,
    **survey_rows.ROWS,
    "log-columns": waiting_log,
    "log-conformance": ready_log,
    "log-mapping": ready_log,
    "log-problem": ready_log,
    "log-step-times": ready_log,
    "log-step-times-undo": ready_log,
    "log-filter": ready_log,
    **dict.fromkeys([f"log-{lens}" for lens in LENSES], ready_log),
    **dict.fromkeys([f"{one}-export" for one in FILES], ready_log),
    **dict.fromkeys([f"{one}-xlsx-export" for one in FILES], ready_log),
    "log-events-csv": ready_log,
    "log-events-xes": ready_log,
    "log-import": ready_log,
    "log-closing": ready_log,
    "log-feed": ready_log,
    "api-event-log": ready_log,
    "api-event-append": ready_log,
    "api-event-version": ready_log,
    "log-quality": ready_log,
    "log-bad-rows": ready_log,
    "log-clean": ready_log,
    "log-versions": ready_log,
    "log-version-add": ready_log,
    "log-derive": ready_log,
    "log-compare": ready_log,
    "log-filter-save": ready_log,
    "log-filter-change": saved_filter,
    "process-describe": scope_of,
    "process-confirm": process_of,
    "process-sipoc": process_of,
    "process-ipo": process_of,
    "process-steps": process_of,
}
