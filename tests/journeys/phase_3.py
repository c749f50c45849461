"""Phase 3: environment, customers, processes, event log, problems, the report."""

from __future__ import annotations

from config.demo.event_log import write_demo_log
from tests.journeys.gates import mend, pass_gate
from tests.journeys.party import Party
from tests.journeys.reports import issue

POPULATION = 5
GRID = [
    (row, column)
    for row in ("input", "processing", "output")
    for column in ("contents", "forms", "methods")
]
STEPS = [
    {"key": "1", "kind": "Start", "name": "§Order in"},
    {
        "key": "2",
        "kind": "Task",
        "name": "§Check credit",
        "system": "§ERP",
        "work_minutes": 18,
        "wait_minutes": 2760,
        "volume": 1200,
        "value_class": "BVA",
    },
    {"key": "3", "kind": "Decision", "name": "§In limit?", "ways": "yes: 4; no: 2"},
]
LAST_STEPS = [
    {
        "key": "4",
        "kind": "Task",
        "name": "§Release",
        "work_minutes": 4,
        "value_class": "VA",
    },
    {"key": "5", "kind": "End", "name": "§Released"},
]


def walk(party: Party) -> None:
    look_around(party)
    ask_customers(party)
    process = describe_process(party)
    log = import_log(party)
    measure(party, log)
    rate_problems(party)
    conclude(party)
    confirm_process(party, process)
    words = issue(party, "diagnosis")
    assert "§Orders wait for the credit check" in words
    pass_gate(party, 3)


def look_around(party: Party) -> None:
    """The criterion names each gap; its links lead to the forms."""

    def values(link: str) -> dict[str, object]:
        common = {"text": "§It changes", "source": "§A survey of the field"}
        if "factors" in link:
            return {**common, "impact": -3, "likelihood": 4}
        return common

    assert mend(party, 3, "G3.A1", values) == 10


def ask_customers(party: Party) -> None:
    lead, guest = party.lead, party.guest
    lead.add(
        f"{party.base}surveys/new/",
        title="§How do we serve you?",
        population=POPULATION,
    )
    survey = lead.here
    for text in ("§Orders come in time", "§Orders are complete"):
        lead.open(survey).press("Add a question").fill(text=text).press("Save")
    lead.open(survey).press("Launch").sees("The survey is open.")
    link = lead.page.locator(".open-link a").get_attribute("href") or ""
    for place in range(POPULATION):
        guest.open(link)
        for question in guest.page.locator("main fieldset").all():
            question.locator("label").nth(place % 2 + 1).click()
        guest.press("Send").sees("Thank you")
    lead.open(survey).press("Close the survey").sees("Closed with 5 responses")
    lead.press("Results").sees("§Orders come in time")


def describe_process(party: Party) -> str:
    lead = party.lead
    lead.open(f"{party.base}processes/").press("Describe §Order release")
    lead.fill(trigger="§Order in", customer="§Buyer", purpose="§Pay").press("Save")
    process = lead.here
    lead.open(f"{process}sipoc/").fill(
        supplier="§Sales", input="§Order | complete", process="§Check"
    )
    lead.fill(output="§Released order", customer="§Warehouse").press("Save")
    lead.open(f"{process}steps/")
    lead.fill(**row_values(STEPS, 0)).press("Add rows")
    lead.fill(**row_values(LAST_STEPS, len(STEPS))).press("Save steps")
    lead.open(f"{process}study/")
    for row, column in GRID:
        if (row, column) == ("output", "methods"):
            lead.fill(**{f"{row}-{column}-is_not_applicable": True})
            lead.fill(**{f"{row}-{column}-reason": "§Nothing there"})
        else:
            lead.fill(**{f"{row}-{column}-text": "§On paper"})
    lead.press("Save study").sees("100% of the grid is filled")
    return process


def row_values(rows: list[dict[str, object]], first: int) -> dict[str, object]:
    return {
        f"s{first + place}-{name}": value
        for place, row in enumerate(rows)
        for name, value in {"role": "§Clerk", **row}.items()
    }


def import_log(party: Party) -> str:
    path = party.folder / "erp-orders.csv"
    write_demo_log(path, until=party.changed_on, changed_on=party.changed_on, cases=400)
    lead = party.lead
    lead.open(f"{party.base}logs/").press("Import log")
    lead.fill(file=path, name="§ERP orders", process="§Order release").press("Upload")
    lead.sees("Are these the right columns?")
    lead.fill(case="Order", activity="Activity", timestamp="Complete", start="Start")
    lead.press("Import").until("How work really flows")
    log = lead.here
    lead.press("Say when a case is over").until("When is a case over?")
    for one in ("Invoice", "Correct invoice", "Cancel order"):
        lead.page.get_by_role("checkbox", name=one, exact=True).check()
    ends = lead.page.locator("section[aria-labelledby=closing]")
    ends.get_by_role("button", name="Save").click()
    lead.sees("Cases without an end count as open.")
    return log


def measure(party: Party, log: str) -> None:
    lead = party.lead
    lead.add(
        f"{party.base}indicators/new/",
        name="§Throughput",
        code="throughput",
        definition="§Median days of the orders completed in a month",
        unit="§days",
        branch="Management process",
        direction="Lower is better",
        period="Monthly",
        source="§ERP",
        owner=party.names["owner"],
        process="§Order release",
        baseline="6.5",
        target="4",
        reaction="§Look at the slowest orders",
    )
    indicator = lead.here
    lead.open(log).press("Choose a measure")
    lead.fill(measure="Median throughput time, days").press("Show values")
    lead.fill(indicator="§Throughput").press("Record values")
    lead.sees("§Throughput is fed by this log")
    lead.open(indicator).press("Freeze contract").sees("Contract frozen")


def rate_problems(party: Party) -> None:
    lead = party.lead
    lead.add(
        f"{party.base}problems/new/",
        title="§Orders wait for the credit check",
        source="§Desk",
        process="§Order release",
        category="§Waiting",
        severity=8,
        occurrence=9,
        detection=5,
        cost_a_year=90000,
    )
    problem = lead.here
    lead.press("Add a cause").fill(text="§All are checked by hand", is_root=True)
    lead.press("Save")
    lead.press("Add evidence").fill(kind="Data", text="§46 hours of wait in the log")
    lead.press("Save")
    lead.open(problem).sees("§All are checked by hand")


def conclude(party: Party) -> None:
    party.lead.add(
        f"{party.base}findings/new/",
        title="§Orders wait for the credit check",
        cause="§All are checked by hand",
        evidence="§The log of 18 months",
        advice="§Release small orders by rule",
        process="§Order release",
        priority="Critical",
    )


def confirm_process(party: Party, process: str) -> None:
    party.owner.open(process).press("Confirm the process")
    party.owner.sees("You confirmed the process as it works today.")
