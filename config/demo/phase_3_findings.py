"""Phase 3: what the diagnosis concluded, for the design to take up."""

from __future__ import annotations

from datetime import date, timedelta

from config.demo.cast import Cast, at
from diagnosis.models import Finding
from programmes.models import Programme, ScopeItem
from programmes.services.records import save_record

P = Finding.Priority
# title, cause, evidence, advice, cost a year, priority
FINDINGS = [
    (
        "Cases wait two days for their release",
        "Every case is checked by hand, by two people, whatever its risk",
        "Event log of 30 weeks: the longest wait lies before the release, a median of "
        "2.1 days. Observed on 12 days: 318 checks timed, 92% ended without a change.",
        "Release low-risk cases by rule and check the rest by one person.",
        910_000,
        P.CRITICAL,
    ),
    (
        "More than a quarter arrives incomplete",
        "The entry form takes what is typed and checks nothing",
        "28% of the cases go back to the sender once at least; 40 of 50 sampled cases "
        "lacked the reference or the delivery date.",
        "Check data at entry and refuse what cannot be worked on.",
        620_000,
        P.CRITICAL,
    ),
    (
        "Customers call to learn where their case is",
        "The state lives in three systems, and none of them is shared",
        "Customer survey: only 29% find it easy to learn the state. Service counted "
        "1,140 such calls in one month.",
        "Show one state to everybody, fed by the system that knows it.",
        410_000,
        P.HIGH,
    ),
    (
        "One invoice in nine is corrected",
        "Prices are kept in two places and drift apart",
        "Credit notes of six months, compared line by line with both price lists.",
        "Keep prices in one place, and let the other read them.",
        360_000,
        P.HIGH,
    ),
    (
        "Delivery dates are agreed by telephone",
        "Dispatch sees free capacity a day later than sales promises it",
        "34% of the cases pass through “Plan by phone”; interviews with six planners.",
        "Publish free capacity every hour.",
        140_000,
        P.MEDIUM,
    ),
    (
        "Returns come without a reference",
        "The return slip has no field for the order number",
        "9 of 146 reported problems; photographs of 20 slips.",
        "",
        60_000,
        P.LOW,
    ),
]


def tell(cast: Cast, programme: Programme, begin: date) -> None:
    """The lead writes the conclusions down, each tied to a process in scope."""
    lead = cast.account("lead")
    processes = list(
        ScopeItem.objects.of(programme)
        .filter(kind=ScopeItem.Kind.PROCESS, is_in=True)
        .order_by("pk")
    )
    for place, row in enumerate(FINDINGS):
        title, cause, evidence, advice, cost, priority = row
        finding = Finding(
            programme=programme,
            title=title,
            cause=cause,
            evidence=evidence,
            advice=advice,
            cost_a_year=cost,
            priority=priority,
            process=processes[place % len(processes)] if processes else None,
        )
        now = at(begin + timedelta(days=place // 3), 10 + place % 3)
        save_record(by=lead, record=finding, now=now)
