"""Values of indicators, back-dated, by the upload page."""

from __future__ import annotations

import csv
from datetime import date, timedelta

from tests.journeys.party import Party

WEEKS = 18


def upload_values(
    party: Party, series: str, *, before: float | None, after: float | None
) -> None:
    """Weekly values around a level before the change, and around one after it."""
    change = party.changed_on
    rows: list[tuple[date, float]] = []
    if before is not None:
        first = change - timedelta(weeks=WEEKS + 1)
        rows += [(day, before + wobble(at)) for at, day in enumerate(weekly(first))]
    if after is not None:
        first = change + timedelta(weeks=1)
        rows += [(day, after + wobble(at)) for at, day in enumerate(weekly(first))]
    send(party, series, rows)


def weekly(first: date) -> list[date]:
    return [first + timedelta(weeks=at) for at in range(WEEKS)]


def wobble(at: int) -> float:
    return (at * 7 % 5 - 2) / 20


def send(party: Party, series: str, rows: list[tuple[date, float]]) -> None:
    path = party.folder / f"{series}.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["series", "at", "value"])
        writer.writerows(
            [series, day.isoformat(), f"{value:.2f}"] for day, value in rows
        )
    lead = party.lead.open(f"{party.base}indicators/").press("Import values")
    lead.fill(file=path).press("Import")
    count = len(rows)
    lead.sees(f"{count} value stored." if count == 1 else f"{count} values stored.")
