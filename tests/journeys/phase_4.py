"""Phase 4: goals, options with their case, and the chosen scheme."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.gates import pass_gate
from tests.journeys.party import Party

OPTIONS = [
    ("§As today", "Do nothing", 10),
    ("§Fewer checks", "Improve the present process", 40),
    ("§Release by rule", "Automate it", 90),
]
CRITERIA = [("§Worth", 60), ("§Risk", 40)]
CHOSEN = "§Release by rule"
LINES = [
    ("§Rules in the ERP", "Cost", 0, 60000),
    ("§Time saved", "Benefit", 1, 50000),
    ("§Time saved", "Benefit", 2, 50000),
]
STEPS = [(1, "§Release by rule", True), (2, "§Deliver", False)]


def walk(party: Party) -> None:
    set_goal(party)
    compare(party)
    reckon(party)
    choose(party)
    pass_gate(party, 4, has_money=True)


def set_goal(party: Party) -> None:
    party.lead.add(
        f"{party.base}goals/new/",
        title="§Four days",
        objective="§Halve the cycle time",
        problem="§Orders wait for the credit check",
        indicator="§Throughput",
        baseline="6.5",
        target="4",
        due_on=party.today + timedelta(weeks=4),
        owner=party.names["owner"],
    )


def compare(party: Party) -> None:
    lead = party.lead
    effects = {
        f"{part}_{size}": value
        for part in ("time", "cost", "quality")
        for size, value in (("low", -30), ("likely", -20), ("high", -10))
    }
    for name, kind, _points in OPTIONS:
        lead.add(f"{party.base}options/new/", name=name, kind=kind, **effects)
    for title, weight in CRITERIA:
        lead.add(
            f"{party.base}criteria/new/",
            title=title,
            weight=weight,
            worst="§Bad",
            best="§Good",
        )
    lead.open(f"{party.base}comparison/").press("Score")
    for title, _weight in CRITERIA:
        for name, _kind, points in OPTIONS:
            label = f"{name} on {title}, 0 to 100"
            lead.page.get_by_label(label, exact=True).fill(str(points))
    lead.press("Save").sees("§Release by rule")


def reckon(party: Party) -> None:
    lead = party.lead
    for title, kind, year, amount in LINES:
        lead.add(
            f"{party.base}case/new/",
            option=CHOSEN,
            title=title,
            kind=kind,
            year=year,
            amount=amount,
        )


def choose(party: Party) -> None:
    lead = party.lead
    lead.open(f"{party.base}comparison/").press("Choose it")
    lead.fill(title="§Rules", reason="§Best on both").press("Save")
    for position, name, is_changed in STEPS:
        lead.add(
            f"{party.base}scheme-steps/new/",
            position=position,
            name=name,
            role="§ERP",
            is_changed=is_changed,
            change="§By rule" if is_changed else "",
        )
