"""Which problems are the gravest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from programmes.maths.catalogue import Result, method
from programmes.maths.checks import Number, entry, listed, table, whole
from programmes.maths.ranking import competition_ranks

GRAVE_SEVERITY = 9


@dataclass(frozen=True)
class RiskPriorities(Result):
    """Risk priority numbers (1 to 1000), their ranks, and which are grave anyway."""

    rpn: tuple[int, ...]
    ranks: tuple[int | None, ...]
    is_grave: tuple[bool, ...]


@method(
    "problem.rpn",
    name="Risk priority number",
    source="AIAG, Potential Failure Mode and Effects Analysis, 4th ed.",
    version="1",
    formula="RPN = S × O × D",
    phase=3,
    example={
        "problems": [
            {"severity": 8, "occurrence": 5, "detection": 6},
            {"severity": 10, "occurrence": 2, "detection": 3},
            {"severity": 4, "occurrence": 9, "detection": 7},
        ]
    },
)
def risk_priorities(problems: Sequence[Mapping[str, Number]]) -> RiskPriorities:
    """Rank problems by severity × occurrence × detection, each from 1 to 10.

    Detection 10 means that nobody would notice. The number only orders problems: it is
    never averaged. Severity 9 or 10 is grave whatever the number says.

    Edges: no problem gives no rows; equal numbers share a rank (1, 2, 2, 4).

    Worked example: 8 × 5 × 6 = 240 is second after 4 × 9 × 7 = 252; 10 × 2 × 3 = 60 is
    third and yet grave.

    :param problems: Rows with severity, occurrence and detection, whole 1 to 10.
    """
    products, severities = [], []
    for position, row in enumerate(listed(problems, "problems"), 1):
        place = f"problems[{position}]"
        given = table(row, place)
        severity, occurrence, detection = (
            whole(entry(given, key, place), f"{place}.{key}", least=1, most=10)
            for key in ("severity", "occurrence", "detection")
        )
        products.append(severity * occurrence * detection)
        severities.append(severity)
    return RiskPriorities(
        tuple(products),
        tuple(competition_ranks(products)),
        tuple(severity >= GRAVE_SEVERITY for severity in severities),
    )
