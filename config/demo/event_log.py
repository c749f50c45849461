"""The demo's event log: orders on their way to cash, made by ourselves.

About 2,400 orders over 18 months. Credit checks wait for a person who works Monday
to Friday, incomplete orders go back to the customer, some invoices are corrected.
From the change date on, small orders are released by rule and the wait for the
credit check drops. The same arguments give the same file.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

CASES = 2400
MONTHS_DAYS = 548
HEADER = (
    "Order", "Activity", "Start", "Complete", "Resource", "Team", "Amount", "Channel",
    "Cost",
)  # fmt: skip
TEAMS = {
    "Sales": ("Ana Keller", "Jonas Weber", "Marta Ruiz", "Piotr Nowak"),
    "Credit": ("Helen Frost", "Omar Said"),
    "Warehouse": ("Team north", "Team south", "Team night"),
    "Billing": ("Ines Lopes", "Karl Braun"),
    "System": ("ERP",),
}
HOURLY = {"Sales": 46, "Credit": 58, "Warehouse": 34, "Billing": 44, "System": 9}
"""Euros an hour; what an event costs is its work."""
OPEN_HOUR, CLOSE_HOUR = 8, 17


@dataclass(frozen=True)
class _Work:
    """An activity: team, typical minutes of work, typical hours before it begins."""

    team: str
    minutes: float
    wait_hours: float
    weekends: bool = False


WORKS = {
    "Receive order": _Work("System", 1, 0, weekends=True),
    "Check data": _Work("Sales", 12, 4),
    "Ask customer": _Work("Sales", 9, 3),
    "Check credit": _Work("Credit", 18, 46),
    "Release order": _Work("Credit", 4, 5),
    "Pick and pack": _Work("Warehouse", 55, 11),
    "Ship": _Work("Warehouse", 20, 9),
    "Invoice": _Work("Billing", 10, 16),
    "Correct invoice": _Work("Billing", 25, 40),
    "Cancel order": _Work("Sales", 6, 6),
}
CHANGED_CREDIT_WAIT_HOURS = 7.0


def write_demo_log(
    path: Path,
    *,
    until: date,
    changed_on: date,
    seed: int = 20260101,
    cases: int = CASES,
) -> int:
    """Write the log as CSV in UTF-8; returns the number of events.

    Orders arrive over 18 months; nothing lies on or after `until`, so the youngest
    orders are still open. `changed_on` is the day the new credit rule began.
    """
    random = Random(seed)  # noqa: S311  (a demo, not a secret)
    first = until - timedelta(days=MONTHS_DAYS)
    arrivals = sorted(_arrival(random, first) for _ in range(cases))
    end = datetime.combine(until, time(), UTC)
    rows = [
        row
        for number, arrival in enumerate(arrivals, start=1)
        for row in _order(random, f"O-{10000 + number}", arrival, changed_on)
        if row[3] < end
    ]
    rows.sort(key=lambda row: (row[3], row[0]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for order, activity, start, complete, *rest in rows:
            writer.writerow([order, activity, _stamp(start), _stamp(complete), *rest])
    return len(rows)


Row = tuple[str, str, datetime, datetime, str, str, str, str, str]


def _arrival(random: Random, first: date) -> datetime:
    """A moment of the 18 months; most orders come on working days by day."""
    while True:
        day = first + timedelta(days=random.randrange(MONTHS_DAYS - 2))
        if day.weekday() < 5 or random.random() < 0.25:
            break
    minutes = int(random.triangular(6 * 60, 21 * 60, 11 * 60))
    return datetime.combine(day, time(), UTC) + timedelta(minutes=minutes)


def _order(
    random: Random, order: str, arrival: datetime, changed_on: date
) -> Iterator[Row]:
    """The events of one order."""
    amount = f"{min(random.lognormvariate(7.2, 0.9), 60_000):.2f}"
    channel = random.choices(("Web", "EDI", "Phone"), (5, 3, 2))[0]
    moment = arrival
    for activity in _path(random, channel):
        work = WORKS[activity]
        wait = work.wait_hours
        if activity == "Check credit" and moment.date() >= changed_on:
            wait = CHANGED_CREDIT_WAIT_HOURS
        start = moment + timedelta(hours=random.gammavariate(1.6, wait / 1.6 + 0.001))
        start = start if work.weekends else _open(start, random)
        minutes = max(1.0, random.gammavariate(3, work.minutes / 3))
        complete = start + timedelta(minutes=round(minutes))
        who = random.choice(TEAMS[work.team])
        cost = f"{HOURLY[work.team] * round(minutes) / 60:.2f}"
        yield order, activity, start, complete, who, work.team, amount, channel, cost
        moment = complete


def _path(random: Random, channel: str) -> list[str]:
    """The activities of one order in turn."""
    path = ["Receive order", "Check data"]
    missing = {"Web": 0.22, "EDI": 0.1, "Phone": 0.42}[channel]
    while random.random() < missing:
        path += ["Ask customer", "Check data"]
        missing *= 0.35
    path.append("Check credit")
    if random.random() < 0.045:
        return [*path, "Cancel order"]
    if random.random() < 0.08:
        path += ["Ask customer", "Check credit"]
    path += ["Release order", "Pick and pack", "Ship", "Invoice"]
    wrong = 0.12
    while random.random() < wrong:
        path += (
            ["Correct invoice", "Invoice"]
            if random.random() < 0.6
            else ["Correct invoice"]
        )
        wrong = 0.05
    return path


def _open(moment: datetime, random: Random) -> datetime:
    """The moment itself in working hours, else early on the next working day."""
    if moment.hour >= CLOSE_HOUR:
        moment = datetime.combine(moment.date() + timedelta(days=1), time(), UTC)
    while moment.weekday() >= 5:
        moment = datetime.combine(moment.date() + timedelta(days=1), time(), UTC)
    if moment.hour < OPEN_HOUR:
        opening = datetime.combine(moment.date(), time(OPEN_HOUR), UTC)
        return opening + timedelta(minutes=random.randrange(90))
    return moment


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")
