"""The demo's story: one enterprise, four programmes at different phases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from config.demo import gates, phase_1, phase_2
from config.demo.cast import Cast, at, gather, open_programme
from programmes.models import Enterprise, Programme
from programmes.phases import Phase
from programmes.services.gates import Wanted

Tell = Callable[[Cast, Programme, date], None]
# What each phase's gate asks for is told by its module.
PHASES: dict[Phase, list[Tell]] = {
    Phase.MASTER_PLAN: [phase_1.tell],
    Phase.KICK_OFF: [phase_2.tell],
}


def exists() -> bool:
    return Enterprise.objects.exists()


def tell() -> None:
    """Create everything, by services, with fixed dates."""
    cast = gather(at(date(2025, 1, 6)))
    begun(cast)
    advance(
        cast,
        open_programme(
            cast,
            "o2c",
            "Order-to-cash renewal",
            "From the customer's order to the money in the bank.",
            "desk",
            date(2026, 8, 3),
        ),
        date(2026, 8, 3),
        until=Phase.KICK_OFF,
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
        start = begin + timedelta(weeks=phase_1.WEEKS[phase - 1])
        end = begin + timedelta(weeks=phase_1.WEEKS[phase], days=-4)
        for one in PHASES[phase]:
            one(cast, programme, start)
        condition = None
        if phase == condition_at:
            condition = Wanted(
                "Interview two shift workers as well",
                cast.persons["champion"],
                end + timedelta(days=14),
            )
        gates.approve(cast, programme, end, condition)
