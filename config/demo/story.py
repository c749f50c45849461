"""The demo's story: one enterprise, four programmes at different phases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from config.demo import (
    exception,
    gates,
    phase_1,
    phase_2,
    phase_2_people,
    phase_3_findings,
    phase_3_problems,
    phase_3_processes,
    phase_4,
    phase_5,
    phase_6,
    phase_7,
    phase_8,
    reports,
    risks,
    spending,
)
from config.demo.cast import Cast, at, gather, open_programme
from programmes.models import Condition, Enterprise, Membership, Programme
from programmes.phases import Phase
from programmes.services.conditions import Wanted, close_condition
from programmes.services.notifications import settle_before
from programmes.services.programmes import grant_role

Tell = Callable[[Cast, Programme, date], object]
TODAY = date(2026, 11, 25)


def issue_diagnosis(cast: Cast, programme: Programme, begin: date) -> None:
    reports.issue_diagnosis(cast, programme, begin + timedelta(days=66))


def issue_evaluation(cast: Cast, programme: Programme, begin: date) -> None:
    reports.issue_evaluation(cast, programme, begin + timedelta(days=30))


# What each phase's gate asks for is told by its modules, in this order.
PHASES: dict[Phase, list[Tell]] = {
    Phase.MASTER_PLAN: [phase_1.tell],
    Phase.KICK_OFF: [phase_2.tell, phase_2_people.tell],
    Phase.DIAGNOSIS: [
        phase_3_problems.tell,
        phase_3_processes.tell,
        phase_3_findings.tell,
        issue_diagnosis,
    ],
    Phase.DESIGN: [phase_4.tell],
    Phase.SUPPORT: [phase_5.tell],
    Phase.IMPLEMENTATION: [phase_6.tell],
    Phase.EVALUATION: [phase_7.tell, issue_evaluation],
    Phase.IMPROVEMENT: [phase_8.tell],
}


def exists() -> bool:
    return Enterprise.objects.exists()


def tell() -> None:
    """Create everything, by services, with fixed dates."""
    cast = gather(at(date(2025, 1, 6)))
    begun(cast)
    waiting(cast)
    implementing(cast)
    watching(cast)
    overload(cast)
    settle_before(at(TODAY - timedelta(days=7)))


def overload(cast: Cast) -> None:
    """The youngest programme asks for more of the analyst than there is left."""
    grant_role(
        by=cast.account("lead"),
        programme=Programme.objects.get(code="returns"),
        person=cast.persons["member"],
        role=Membership.Role.MEMBER,
        capacity_percent=40,
        now=at(date(2026, 11, 24), 9),
    )


def begun(cast: Cast) -> None:
    """One programme has only just begun."""
    begin = date(2026, 11, 16)
    programme = open_programme(
        cast,
        "returns",
        "Warehouse returns",
        "From a customer's return to the credit note.",
        "logistics",
        begin,
    )
    phase_1.write_mandate(cast, programme, at(begin + timedelta(days=2)))
    objectives = phase_1.set_objectives(
        cast, programme, begin, at(begin + timedelta(days=3))
    )
    phase_1.collect_needs(cast, programme, objectives, at(begin + timedelta(days=4)))
    phase_1.bound_scope(cast, programme, at(begin + timedelta(days=4), 14))
    phase_1.plan_money(cast, programme, at(begin + timedelta(days=7)))
    phase_1.plan_phases(cast, programme, begin, at(begin + timedelta(days=7), 11))
    phase_1.move_diagnosis(cast, programme, at(begin + timedelta(days=8)))
    spending.begin_spending(cast, programme, at(begin + timedelta(days=8), 15))
    risks.tell(cast, programme, begin)


def waiting(cast: Cast) -> None:
    """One waits for the sponsor at gate 4; gate 3 was passed with a condition."""
    begin = date(2026, 5, 4)
    programme = open_programme(
        cast,
        "oc-26",
        "Order-to-cash renewal",
        "From the customer's order to the money in the bank.",
        "desk",
        begin,
    )
    advance(cast, programme, begin, until=Phase.DESIGN, condition_at=Phase.DIAGNOSIS)
    start = start_of(begin, Phase.DESIGN)
    condition = Condition.objects.get(review__gate__programme=programme)
    reports.issue_record(cast, condition.review, start - timedelta(days=1))
    close_condition(
        by=cast.account("lead"),
        condition=condition,
        now=at(start + timedelta(days=16), 10),
    )
    tell_phase(cast, programme, Phase.DESIGN, start)
    risks.look_again(cast, programme, date(2026, 11, 18))
    gates.submit(cast, programme, date(2026, 11, 20))


def implementing(cast: Cast) -> None:
    """One carries its schemes out, under an exception plan that its sponsor approved;
    a condition of gate 5 is still open."""
    begin = date(2026, 1, 12)
    programme = open_programme(
        cast,
        "warranty",
        "Warranty claims",
        "From a customer's claim to its settlement.",
        "service",
        begin,
    )
    advance(
        cast, programme, begin, until=Phase.IMPLEMENTATION, condition_at=Phase.SUPPORT
    )
    start = start_of(begin, Phase.IMPLEMENTATION)
    phase_6.begun(cast, programme, start, TODAY)
    spending.order(cast, programme, Phase.IMPLEMENTATION, at(start, 10))
    exception.tell(cast, programme, TODAY - timedelta(days=20))
    risks.look_again(cast, programme, TODAY - timedelta(days=9))


def watching(cast: Cast) -> None:
    """One has handed over; its owner watches the indicators, and one gave a signal."""
    begin = date(2025, 5, 26)
    programme = open_programme(
        cast,
        "p2p",
        "Procure-to-pay",
        "From the requisition to the paid invoice.",
        "procurement",
        begin,
    )
    advance(cast, programme, begin, until=Phase.IMPROVEMENT)
    start = start_of(begin, Phase.IMPROVEMENT)
    tell_phase(cast, programme, Phase.IMPROVEMENT, start)
    risks.look_again(cast, programme, TODAY - timedelta(days=12))


def start_of(begin: date, phase: Phase) -> date:
    return begin + timedelta(weeks=phase_1.WEEKS[phase - 1])


def tell_phase(cast: Cast, programme: Programme, phase: Phase, start: date) -> None:
    for one in PHASES[phase]:
        one(cast, programme, start)


def advance(
    cast: Cast,
    programme: Programme,
    begin: date,
    *,
    until: Phase,
    condition_at: Phase | None = None,
) -> None:
    """Tell the phases one after the other and pass their gates, up to `until`."""
    for phase in Phase:
        if phase >= until:
            return
        tell_phase(cast, programme, phase, start_of(begin, phase))
        end = begin + timedelta(weeks=phase_1.WEEKS[phase], days=-4)
        risks.look_again(cast, programme, end - timedelta(days=3))
        condition = None
        if phase == condition_at:
            condition = Wanted(
                "Interview two shift workers as well",
                cast.persons["champion"],
                end + timedelta(days=60),
            )
        gates.approve(cast, programme, end, condition)
        spending.spend(cast, programme, phase, at(end + timedelta(days=2), 9))
