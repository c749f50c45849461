"""Risks of a demo programme, and looking at them again before each gate."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from config.demo.cast import Cast, at
from programmes.models import Programme, Risk
from programmes.services.records import save_record
from programmes.services.risks import review_risks

# title, cause, effect, category, probability, impact, owner, response, what is done
RISKS: list[tuple[Any, ...]] = [
    (
        "Key people are tied up in the quarter-end close",
        "Finance closes in the same weeks as the workshops",
        "Workshops slip, and with them the diagnosis",
        "people",
        4,
        4,
        "owner",
        "reduce",
        "Workshops keep clear of the last and first five days of each quarter.",
    ),
    (
        "The ERP system does not log each step",
        "Two steps are done outside the system",
        "Waiting times stay a guess",
        "it",
        3,
        4,
        "gatekeeper",
        "reduce",
        "A work sampling of two weeks fills the gap.",
    ),
    (
        "Staff read the programme as a cut in posts",
        "The last programme ended so",
        "Problems are not told, new ways are not used",
        "people",
        3,
        5,
        "sponsor",
        "avoid",
        "The mandate rules lay-offs out; the sponsor says so in person.",
    ),
    (
        "The works council is asked too late",
        "Its agenda is full until the next month",
        "The roll-out waits for a signature",
        "legal",
        2,
        4,
        "gatekeeper",
        "reduce",
        "A seat on the panel and a short report each month.",
    ),
    (
        "The price of the ERP change rises",
        "The vendor bids by the day",
        "The fourth tranche does not suffice",
        "money",
        3,
        3,
        "controller",
        "transfer",
        "Fixed price for the three interfaces that matter.",
    ),
    (
        "Orders pile up during the change-over",
        "Two ways of working side by side",
        "Customers wait longer for some weeks",
        "process",
        3,
        5,
        "owner",
        "accept",
        "Extra shifts are planned for the first two weeks.",
    ),
]

# What keeps the risk small, or shows it in time, when the new process runs.
CONTROLS = {
    "Orders pile up during the change-over": "The desk counts open orders each noon; "
    "above 120 the old inbox opens again the same day.",
}


def tell(cast: Cast, programme: Programme, begin: date) -> None:
    """Six risks, each with an owner and a response."""
    day = begin + timedelta(days=6)
    for title, cause, effect, category, chance, impact, owner, response, text in RISKS:
        risk = Risk(
            programme=programme,
            title=title,
            cause=cause,
            effect=effect,
            category=category,
            probability=chance,
            impact=impact,
            owner=cast.persons[owner],
            response=response,
            response_text=text,
            control=CONTROLS.get(title, ""),
            due_on=begin + timedelta(weeks=12),
            reviewed_on=day,
        )
        save_record(by=cast.account("lead"), record=risk, now=at(day, 14))


def look_again(cast: Cast, programme: Programme, day: date) -> None:
    review_risks(by=cast.account("lead"), programme=programme, now=at(day, 9))
