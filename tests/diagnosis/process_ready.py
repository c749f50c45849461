"""Processes on the way: begun, confirmed, measured."""

from __future__ import annotations

from diagnosis.services.processes import (
    confirm_process,
    describe_process,
)
from programmes.models import Indicator
from programmes.services.measurements import record_measurements
from tests.world import NOW, scope_process


def begun(world):
    item = scope_process(world)
    return describe_process(by=world.lead, scope_item=item, now=NOW)


def confirmed(world, process):
    return confirm_process(
        by=world.owner, process=process, version=process.version, now=NOW
    )


def measured(world, points: int) -> Indicator:
    indicator = world.save(
        Indicator,
        code="days",
        name="§Days",
        definition="§Median",
        unit="§d",
        source="§ERP",
        owner=world.person("owner"),
        process=scope_process(world, "§Measured"),
    )
    rows = [
        {"series": "days", "at": f"2025-{month:02}-15", "value": month}
        for month in range(1, points + 1)
    ]
    record_measurements(
        by=world.lead, programme=world.programme, rows=rows, source="csv", now=NOW
    )
    return indicator
