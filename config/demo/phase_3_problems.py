"""Phase 3 of a demo programme: its environment, what customers say, its problems."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from config.demo.cast import Cast, at
from diagnosis.models import (
    Cause,
    Evidence,
    Factor,
    Problem,
    Question,
    Survey,
    SwotItem,
)
from diagnosis.services.problems import merge_problem, save_problem
from diagnosis.services.survey_answers import record_response
from diagnosis.services.surveys import (
    close_survey,
    launch_survey,
    questions_of,
    save_question,
    save_survey,
)
from programmes.models import Programme, ScopeItem
from programmes.services.records import save_record

ANSWERS = 84
# dimension, text, impact, likelihood, horizon, source
FACTORS = [
    ("political", "Customs checks delay deliveries abroad", -2, 4, "now", "Customs"),
    ("political", "Subsidy for digital order exchange", 2, 3, "year", "Chamber"),
    ("economic", "Interest makes late payment dearer", -4, 5, "now", "Bank letter"),
    (
        "economic",
        "Two large customers merge and ask for one invoice",
        -3,
        4,
        "year",
        "Key account plan",
    ),
    (
        "social",
        "Customers expect to see their order as with a parcel",
        -4,
        5,
        "now",
        "Customer survey",
    ),
    (
        "social",
        "Experienced clerks retire within three years",
        -3,
        4,
        "later",
        "Age structure, People",
    ),
    (
        "technological",
        "The ERP maker ends support of the order module",
        -5,
        4,
        "year",
        "Maker's roadmap",
    ),
    (
        "technological",
        "Customers offer interfaces for orders",
        4,
        4,
        "year",
        "Sales interviews",
    ),
    (
        "environmental",
        "Customers ask for bundled deliveries",
        2,
        3,
        "year",
        "Logistics report",
    ),
    ("legal", "Electronic invoices become the rule", 3, 5, "year", "Tax adviser"),
    (
        "legal",
        "Credit checks need a documented reason",
        -2,
        5,
        "now",
        "Data protection officer",
    ),
    (
        "internal",
        "Nobody owns the rule for credit release",
        -4,
        5,
        "now",
        "Workshop with the order desk",
    ),
]
SWOT = [
    ("strength", "Clerks know their customers by name", "Interviews"),
    ("strength", "Deliveries are complete in most cases", "Customer survey"),
    ("strength", "Finance and sales want the same change", "Kick-off minutes"),
    ("weakness", "Order data lives in three systems", "IT assessment"),
    ("weakness", "Every order is released by hand", "Event log"),
    ("weakness", "Prices are kept in two places", "Price audit"),
    ("opportunity", "Orders by interface from the ten largest customers", "Sales"),
    ("opportunity", "Electronic invoices end the reprints", "Tax adviser"),
    ("threat", "A competitor promises delivery in two days", "Market watch"),
    ("threat", "The order module loses its support", "Maker's roadmap"),
]
EASE = "Very difficult\nDifficult\nNeither easy nor difficult\nEasy\nVery easy"
# kind, text, options, required, weights of the answers
QUESTIONS: list[tuple[str, str, str, bool, list[int]]] = [
    ("scale", "Our order status is easy to find out", EASE, True, [22, 31, 18, 21, 8]),
    ("scale", "Orders arrive complete", "", True, [5, 14, 19, 41, 21]),
    ("scale", "Orders arrive on the promised day", "", True, [14, 25, 17, 31, 13]),
    ("scale", "Invoices are right first time", "", True, [9, 17, 22, 37, 15]),
    ("scale", "Staff answer my question in one call", "", True, [5, 11, 16, 42, 26]),
    (
        "choice",
        "How do you order most often?",
        "By mail\nBy phone\nIn the shop\nBy interface",
        True,
        [46, 27, 18, 9],
    ),
    (
        "nps",
        "How likely are you to recommend us to a colleague?",
        "",
        True,
        [3, 2, 4, 5, 7, 12, 13, 17, 17, 12, 8],
    ),
    ("text", "What should we change first?", "", False, []),
]
VOICES = [
    "Tell me when an order is stuck. I only learn it when I call.",
    "One contact for order and invoice, please.",
    "The delivery day in the confirmation is rarely the real one.",
    "Invoices with the wrong price take weeks to correct.",
    "Keep the friendly people on the phone.",
    "Let me see the stock before I order.",
    "Stop asking for the same form every year.",
    "A link to the state of my order would do.",
]
# category: (root chain from the first why to the root, evidence, problems)
CAUSES: dict[str, tuple[list[str], tuple[str, str], list[str]]] = {
    "Credit check waits": (
        ["Credit is released by hand", "Two people must check every order",
         "The rule dates from 2009 and covers all amounts", "Nobody owns the rule"],
        ("data", "Event log: median wait 2.1 days, longest from Friday to Monday"),
        ["Orders wait over the weekend for credit",
         "Credit limit is checked twice for one order",
         "New customers wait for a manual rating", "Credit list is a day old",
         "Release mail goes to people on leave", "Small orders wait like large ones",
         "Limit in the ERP differs from the contract",
         "Blocked orders are not visible to sales",
         "Repeat customers are checked as if new"],
    ),
    "Missing order data": (
        ["The order form does not check what is entered",
         "The form was made before the ERP came", "Changes to forms have no owner"],
        ("observation", "12 of 40 orders looked at lacked the delivery address"),
        ["Delivery address is missing", "Article numbers are out of date",
         "Customer's order number is not taken over",
         "Two forms for one credit increase", "Orders by phone are noted on paper",
         "Packing wishes get lost", "Tax number is asked for every time"],
    ),
    "Price master errors": (
        ["Prices are kept in two places", "Sales keeps its own list",
         "The ERP cannot show prices by contract"],
        ("document", "Price audit of March, 61 differences"),
        ["Invoice shows the old price", "Discounts are entered by hand",
         "Price changes reach the ERP late", "Special prices end unnoticed",
         "Currency of the offer is lost"],
    ),
    "Manual delivery planning": (
        ["Tours are planned by phone", "Stock is known the next morning only"],
        ("observation", "Two days beside the planner"),
        ["Promised day does not fit the tour", "Lorries leave half full",
         "Planner cannot be replaced", "Part deliveries are not announced"],
    ),
    "Invoice rework": (
        ["Invoices are corrected by writing new ones"],
        ("data", "1,961 corrected invoices of 17,651"),
        ["One invoice in nine is corrected", "Credit notes take two weeks",
         "Reminders go out for paid invoices"],
    ),
    "Returns without reference": (
        ["The return slip has no order number"],
        ("document", "Return slip, version 3"),
        ["Returned goods cannot be matched", "Customers wait for their money"],
    ),
    "System hand-overs": (
        ["Data moves by file once a night"],
        ("data", "Interface log of May"),
        ["Shipment is booked a day late", "Files stop unnoticed"],
    ),
}  # fmt: skip


def tell(cast: Cast, programme: Programme, begin: date) -> None:
    """Environment, a closed customer survey, and problems with their causes."""
    look_around(cast, programme, begin)
    ask_customers(cast, programme, begin + timedelta(days=5))
    collect_problems(cast, programme, begin + timedelta(days=7))


def save(cast: Cast, programme: Programme, model: Any, day: date, **values: Any) -> Any:
    """A record written by the lead."""
    record = model(programme=programme, **values)
    return save_record(by=cast.account("lead"), record=record, now=at(day, 11))


def look_around(cast: Cast, programme: Programme, day: date) -> None:
    for dimension, text, impact, likelihood, horizon, source in FACTORS:
        save(
            cast,
            programme,
            Factor,
            day,
            dimension=dimension,
            text=text,
            impact=impact,
            likelihood=likelihood,
            horizon=horizon,
            source=source,
        )
    for field, text, source in SWOT:
        save(cast, programme, SwotItem, day, field=field, text=text, source=source)


def ask_customers(cast: Cast, programme: Programme, day: date) -> Survey:
    """A survey of customers, answered through the open link's own service."""
    lead = cast.account("lead")
    survey = Survey(
        programme=programme,
        title=f"Customers on {programme.name}",
        introduction="We are changing how we work for you. Tell us what to change "
        "first: eight questions, two minutes, no names.",
        population=420,
        opens_on=day,
    )
    save_survey(by=lead, record=survey, now=at(day))
    for kind, text, options, required, _weights in QUESTIONS:
        question = Question(
            programme=programme,
            survey=survey,
            kind=kind,
            text=text,
            options=options,
            required=required,
        )
        save_question(by=lead, record=question, now=at(day))
    survey = launch_survey(by=lead, survey=survey, now=at(day, 10))
    answer(survey, day)
    return close_survey(by=lead, survey=survey, now=at(day + timedelta(days=14), 17))


def answer(survey: Survey, day: date) -> None:
    """The same answers each time the story is told."""
    draw = Random(survey.programme.code)  # noqa: S311 - a story, no secret
    questions = list(questions_of(survey))
    for number in range(ANSWERS):
        given: dict[int, Any] = {}
        for one, (_kind, _text, _options, _required, weights) in zip(
            questions, QUESTIONS, strict=True
        ):
            if weights:
                values = [value for value, _label in one.choices]
                given[one.pk] = draw.choices(values, weights)[0]
            elif number % 4 == 0:
                given[one.pk] = draw.choice(VOICES)
        moment = at(day + timedelta(days=number // 7), 12, number % 60)
        record_response(
            survey=survey, answers=given, nonce=f"story-{number}", now=moment
        )


def collect_problems(cast: Cast, programme: Programme, day: date) -> None:
    """Problems by category; the first of each gets the chain of whys."""
    draw = Random(programme.code)  # noqa: S311 - a story, no secret
    processes = list(
        ScopeItem.objects.of(programme)
        .filter(kind=ScopeItem.Kind.PROCESS, is_in=True)
        .order_by("pk")
    )
    stored: list[Problem] = []
    for place, (category, (chain, proof, titles)) in enumerate(CAUSES.items()):
        for number, title in enumerate(titles):
            problem = Problem(
                programme=programme,
                title=title,
                source=draw.choice(["Order desk", "Sales", "Customer call", "Log"]),
                process=processes[place % len(processes)] if processes else None,
                unit=cast.units[("desk", "finance")[place % 2]],
                category=category,
                severity=max(2, 9 - place - number // 2),
                occurrence=max(2, 8 - number - place // 2),
                detection=draw.randint(3, 7),
                cost_a_year=Decimal(draw.randint(4, 90) * 1000 // (number + 1)),
            )
            when = at(day + timedelta(days=number), 14)
            save_problem(
                by=cast.account("owner"), record=problem, now=when, act="problem.create"
            )
            explain(cast, problem, chain if not number else chain[-1:], proof, day)
            stored.append(problem)
    twin = Problem(programme=programme, title="Orders lie over Sunday", source="Sales")
    save_problem(by=cast.account("lead"), record=twin, now=at(day, 15))
    merge_problem(
        by=cast.account("lead"), problem=twin, into=stored[0], now=at(day, 16)
    )


def explain(
    cast: Cast, problem: Problem, chain: list[str], proof: tuple[str, str], day: date
) -> None:
    """A chain of whys; the last is the root and has the evidence."""
    parent: Cause | None = None
    for number, text in enumerate(chain, start=1):
        parent = save(
            cast,
            problem.programme,
            Cause,
            day + timedelta(days=10),
            problem=problem,
            parent=parent,
            text=text,
            is_root=number == len(chain),
        )
    for kind, text in (proof, ("opinion", "Said so in the workshop")):
        save(
            cast,
            problem.programme,
            Evidence,
            day + timedelta(days=11),
            cause=parent,
            kind=kind,
            text=text,
        )
