"""Phase 7: what changed, what it was worth, how people judge it, what was learned."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from tests.journeys.gates import mend, pass_gate
from tests.journeys.party import Party
from tests.journeys.reports import issue
from tests.journeys.values import upload_values


def walk(party: Party) -> None:
    add_cost_indicator(party)
    set_up(party)
    grade(party)
    count_money(party)
    learn(party)
    close_goal(party)
    words = issue(party, "evaluation")
    assert "§Lesson of phase 3" in words
    pass_gate(party, 7, has_money=True)


def add_cost_indicator(party: Party) -> None:
    party.lead.add(
        f"{party.base}indicators/new/",
        name="§Cost per order",
        code="order-cost",
        definition="§Mean of the week",
        unit="§€",
        branch="Economic",
        direction="Lower is better",
        period="Weekly",
        source="§ERP",
        owner=party.names["owner"],
        baseline="30",
        target="20",
        reaction="§Look at the week",
    )
    upload_values(party, "order-cost", before=30, after=19)


def set_up(party: Party) -> None:
    lead = party.lead
    lead.open(f"{party.base}evaluation/").press("Weights and periods")
    lead.fill(
        baseline_until=party.changed_on - timedelta(days=1),
        measured_from=party.changed_on,
    )
    lead.press("Save").sees("Evaluation system saved.")
    for name in ("§Throughput", "§Cost per order"):
        lead.add(f"{party.base}index-weights/new/", indicator=name, weight=100)
    lead.add(
        f"{party.base}qualitative/new/",
        title="§Clear duties",
        question="§Do you know who decides?",
        weight=100,
    )
    lead.open(f"{party.base}evaluation/effects/").sees("§Throughput fell by")


def grade(party: Party) -> None:
    for walker, group in (
        (party.sponsor, "Management"),
        (party.controller, "Management"),
        (party.owner, "Staff"),
    ):
        walker.open(f"{party.base}evaluation/grades/")
        walker.page.locator("main [name^='item-'][value='4']").check()
        walker.fill(group=group).press("Save grades").sees("Grades saved: 1.")


def count_money(party: Party) -> None:
    lead, year = party.lead, party.today.year
    for title, kind, plan, actual in (
        ("§Rules in the ERP", "Cost", 60000, 64000),
        ("§Time saved", "Benefit", 50000, 52000),
    ):
        lead.add(
            f"{party.base}economics/new/",
            title=title,
            kind=kind,
            year=year,
            plan=plan,
            actual=actual,
            basis="Measured",
        )
    money = party.controller.open(f"{party.base}economics/")
    money.press("Confirm all with an actual amount").sees("2 lines confirmed.")


def learn(party: Party) -> None:
    """The gate asks for a success and a failure of each phase."""

    def values(link: str) -> dict[str, object]:
        phase = parse_qs(urlsplit(link).query)["phase"][0]
        return {
            "title": f"§Lesson of phase {phase}",
            "happened": "§It went so",
            "advice": "§Do it again",
        }

    assert mend(party, 7, "G7.A8", values) == 14


def close_goal(party: Party) -> None:
    values = {"outcome": "Met", "outcome_reason": "§It stays at four days"}
    assert mend(party, 7, "G7.A7", values) == 1
