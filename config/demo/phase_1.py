"""Phase 1 of a demo programme: everything that gate 1 asks for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from config.demo import risks
from config.demo.cast import Cast, at
from programmes.maths.calendars import Change
from programmes.models import (
    BudgetLine,
    Estimate,
    Gate,
    ItAsset,
    Mandate,
    Need,
    Objective,
    PhasePlan,
    Programme,
    ScopeItem,
    Tranche,
    WorkCalendar,
)
from programmes.phases import Phase
from programmes.services.mandate import issue_mandate
from programmes.services.money import confirm_money
from programmes.services.plan import move_plan
from programmes.services.programmes import sign_mandate
from programmes.services.records import fill, save_record
from programmes.services.systems import link_processes

# Weeks from the begin to the start of each phase, and of the last one's end.
WEEKS = [0, 5, 9, 20, 28, 34, 54, 60, 80]
LINES = [
    ("Programme team", Phase.MASTER_PLAN, "people", 42_000),
    ("Kick-off events and material", Phase.KICK_OFF, "training", 18_000),
    ("Diagnosis workshops and log analysis", Phase.DIAGNOSIS, "consulting", 96_000),
    ("Design of the new process", Phase.DESIGN, "consulting", 84_000),
    ("Changes to the ERP system", Phase.IMPLEMENTATION, "it", 184_800),
    ("Training of all affected staff", Phase.IMPLEMENTATION, "training", 66_000),
    ("Evaluation", Phase.EVALUATION, "people", 24_000),
]
# A licence paid in dollars: amount and the rate that it is planned with.
LICENCE = ("Licence of the credit check", 60_000, Decimal("0.92"))
# Processes in scope, and one that is left out on purpose.
SCOPES = {
    "oc-26": (("Order release", "Invoicing"), "Returns"),
    "returns": (("Return intake", "Credit note"), "Order release"),
}
BENEFITS = {"o2c": 620_000, "warranty": 310_000, "p2p": 460_000}
TRANCHES = {1: 156_000, 3: 84_000, 4: 90_000, 5: 240_000}


def tell(cast: Cast, programme: Programme, begin: date) -> None:
    """Mandate, objectives, needs, IT, scope, budget, plan, range; all in order."""
    now = at(begin + timedelta(days=2), 10)
    write_mandate(cast, programme, now)
    objectives = set_objectives(cast, programme, begin, now)
    collect_needs(cast, programme, objectives, now)
    rate_systems(cast, programme, now)
    bound_scope(cast, programme, now)
    link_systems(cast, programme, now)
    plan_money(cast, programme, now)
    plan_phases(cast, programme, begin, now)
    risks.tell(cast, programme, begin)
    sign(cast, programme, begin)


def save(cast: Cast, programme: Programme, model: Any, now: Any, **values: Any) -> Any:
    """A record written by the lead."""
    record = model(programme=programme, **values)
    return save_record(by=cast.account("lead"), record=record, now=now)


def write_mandate(cast: Cast, programme: Programme, now: Any) -> None:
    mandate = Mandate.objects.get(programme=programme)
    fill(
        mandate,
        purpose=f"{programme.summary} Customers wait too long and we correct too much "
        "by hand. The programme is to find out why, and to change it for good.",
        direction="Shorter waiting before shorter working; one owner for each process; "
        "nothing is automated before it is simplified.",
        authority="The team may see all data of the processes in scope, interview "
        "everybody, and change work instructions after the owner agreed.",
        limits="No change of tariffs, no lay-offs, no new ERP system before 2028.",
    )
    save_record(by=cast.account("lead"), record=mandate, now=now)


def set_objectives(
    cast: Cast, programme: Programme, begin: date, now: Any
) -> list[Objective]:
    due = begin + timedelta(weeks=60)
    strategy = save(
        cast,
        programme,
        Objective,
        now,
        level="strategic",
        title="Be the supplier that delivers when it says",
        owner=cast.persons["sponsor"],
    )
    rows = [
        (
            "Halve the cycle time",
            "Median days from receipt to invoice",
            "9.4",
            "5.0",
            "days",
        ),
        ("Right first time", "Share of invoices without correction", "88", "97", "%"),
        ("Lower cost per case", "Running cost per case", "34", "21", "€"),
    ]
    return [
        save(
            cast,
            programme,
            Objective,
            now,
            title=title,
            measure=measure,
            baseline=Decimal(baseline),
            target=Decimal(target),
            unit=unit,
            due_on=due,
            parent=strategy,
            owner=cast.persons["owner"],
        )
        for title, measure, baseline, target, unit in rows
    ]


def collect_needs(
    cast: Cast, programme: Programme, objectives: list[Objective], now: Any
) -> None:
    rows: list[tuple[str, str, str, int | None]] = [
        (
            "Customers want to know when their order comes",
            "Customer service",
            "1must",
            0,
        ),
        ("Credit checks must not wait over the weekend", "Sales", "1must", 0),
        ("Order data complete at entry", "Order desk", "1must", 1),
        ("One place for prices", "Finance", "2should", 1),
        ("Fewer calls about order status", "Customer service", "2should", 0),
        ("Clear who decides on exceptions", "Logistics", "2should", 2),
        ("A new colour for the order form", "Suggestion box", "3could", None),
    ]
    for title, source, priority, served in rows:
        save(
            cast,
            programme,
            Need,
            now,
            title=title,
            source=source,
            priority=priority,
            objective=None if served is None else objectives[served],
            is_out=served is None,
            reason=""
            if served is not None
            else "Serves no objective of the programme.",
        )


def rate_systems(cast: Cast, programme: Programme, now: Any) -> None:
    rows = [
        ("ERP", "live", "api", 3, 3, 2),
        ("Credit register", "live", "files", 2, 2, 2),
        ("Warehouse system", "live", "events", 4, 4, 3),
        ("Customer portal", "planned", "api", 3, 4, 4),
    ]
    for name, state, interface, data, fit, ease in rows:
        save(
            cast,
            programme,
            ItAsset,
            now,
            name=name,
            state=state,
            interface=interface,
            data_quality=data,
            fit=fit,
            ease=ease,
            owner=cast.persons["gatekeeper"],
        )


def bound_scope(cast: Cast, programme: Programme, now: Any) -> None:
    owner = cast.persons["owner"]
    inside, outside = SCOPES.get(programme.code, SCOPES["oc-26"])
    for name in inside:
        save(
            cast,
            programme,
            ScopeItem,
            now,
            kind="process",
            name=name,
            owner=owner,
            unit=cast.units["desk"],
        )
    for key in ("desk", "finance"):
        unit = cast.units[key]
        save(
            cast,
            programme,
            ScopeItem,
            now,
            kind="unit",
            name=unit.name,
            unit=unit,
            owner=owner,
        )
    save(
        cast,
        programme,
        ScopeItem,
        now,
        kind="process",
        name=outside,
        is_in=False,
        reason="A programme of its own follows.",
    )


def link_systems(cast: Cast, programme: Programme, now: Any) -> None:
    """Every process runs in the ERP system; the portal supports none yet."""
    processes = list(
        ScopeItem.objects.of(programme)
        .filter(kind="process", is_in=True)
        .order_by("pk")
    )
    for name, served in (
        ("ERP", processes),
        ("Credit register", processes[:1]),
        ("Warehouse system", processes[1:]),
    ):
        link_processes(
            by=cast.account("lead"),
            system=ItAsset.objects.of(programme).get(name=name),
            processes=served,
            now=now,
        )


def plan_money(cast: Cast, programme: Programme, now: Any) -> None:
    for title, phase, category, planned in LINES:
        save(
            cast,
            programme,
            BudgetLine,
            now,
            title=title,
            phase=phase,
            category=category,
            planned=Decimal(planned),
        )
    title, amount, rate = LICENCE
    save(
        cast,
        programme,
        BudgetLine,
        now,
        title=title,
        phase=Phase.IMPLEMENTATION,
        category="it",
        planned=Decimal(0),
        currency="USD",
        planned_foreign=Decimal(amount),
        rate=rate,
    )
    for gate, amount in TRANCHES.items():
        save(cast, programme, Tranche, now, gate=gate, amount=Decimal(amount))
    likely = Decimal(BENEFITS.get(programme.code, 540_000))
    estimate = Estimate.objects.get(programme=programme)
    fill(
        estimate,
        benefit_low=likely * 6 / 10,
        benefit_likely=likely,
        benefit_high=likely * 14 / 10,
        owner=cast.persons["owner"],
        basis="18,400 cases a year, 12 minutes less work on each, 40% less correction.",
        contingency=Decimal(57_000),
    )
    save_record(by=cast.account("lead"), record=estimate, now=now)


def plan_phases(cast: Cast, programme: Programme, begin: date, now: Any) -> None:
    save(cast, programme, WorkCalendar, now, country="DE", region="HE")
    for row in PhasePlan.objects.filter(programme=programme).order_by("phase"):
        first, last = WEEKS[row.phase - 1], WEEKS[row.phase]
        row.starts_on = begin + timedelta(weeks=first)
        row.ends_on = begin + timedelta(weeks=last, days=-3)
        row.gate_on = row.ends_on
        save_record(by=cast.account("lead"), record=row, now=now)


def move_diagnosis(cast: Cast, programme: Programme, now: Any) -> None:
    """The diagnosis takes two weeks longer; the later phases follow."""
    move_plan(
        by=cast.account("lead"),
        programme=programme,
        wanted={int(Phase.DIAGNOSIS): Change(days=65)},
        now=now,
        reason="The year-end closing falls into it",
    )


def sign(cast: Cast, programme: Programme, begin: date) -> None:
    """The sponsor signs the mandate, the controller confirms the money."""
    mandate = Mandate.objects.get(programme=programme)
    sign_mandate(
        by=cast.account("sponsor"),
        mandate=mandate,
        version=mandate.version,
        now=at(begin + timedelta(days=20)),
    )
    issue_mandate(
        by=cast.account("sponsor"),
        programme=programme,
        now=at(begin + timedelta(days=20), 9, 5),
    )
    confirm_money(
        by=cast.account("controller"),
        gate=Gate.objects.get(programme=programme, phase=Phase.MASTER_PLAN),
        note="Within the 2026 frame; the benefit range is plausible.",
        now=at(begin + timedelta(days=24)),
    )
