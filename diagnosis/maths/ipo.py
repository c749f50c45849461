"""The input-processing-output study: how complete is the grid of a process?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from programmes.maths.catalogue import Result, method
from programmes.maths.checks import refuse, table, whole

ROWS = ("input", "processing", "output")
COLUMNS = ("contents", "forms", "methods")
CELLS = len(ROWS) * len(COLUMNS)
WORST_SEVERITY = 3


class Cell(NamedTuple):
    """A place in the grid."""

    row: str
    column: str


@dataclass(frozen=True)
class GridCompleteness(Result):
    """Completeness as a fraction, what is missing, and where it hurts most."""

    completeness: float
    filled: int
    not_applicable: int
    missing: tuple[Cell, ...]
    severity: int | None
    worst: tuple[Cell, ...]


@method(
    "process.ipo",
    name="Input-processing-output study",
    source="Own definition: contents, forms, methods of what comes in and leaves",
    version="1",
    formula="completeness = (filled + not applicable) / 9",
    phase=3,
    example={
        "grid": {
            "input": {
                "contents": {"text": "order", "severity": 1},
                "forms": {"text": "paper, re-keyed", "severity": 3},
            },
            "output": {"methods": {"not_applicable": "collected by the customer"}},
        }
    },
)
def grid_completeness(grid: Mapping[str, Mapping[str, Any]]) -> GridCompleteness:
    """Completeness of the grid: input, processing, output; contents, forms, methods.

    A cell is filled when it has a text; it may be not applicable with a reason instead.
    Severity runs from 0 (no harm) to 3; the worst cells share the highest severity
    above 0.

    Edges: an empty grid is 0; a cell that is both filled and not applicable is refused.

    Worked example: two cells filled and one not applicable: 3/9 = 0.333.

    :param grid: For input, processing and output the cells contents, forms and methods,
        each with text and severity, or with not_applicable and the reason.
    """
    cells = _cells(grid)
    filled = [place for place, cell in cells.items() if cell.get("text")]
    excused = [place for place, cell in cells.items() if cell.get("not_applicable")]
    severities = {
        place: whole(
            cells[place].get("severity", 0),
            f"grid.{place.row}.{place.column}.severity",
            least=0,
            most=WORST_SEVERITY,
        )
        for place in filled
    }
    severity = max(severities.values(), default=None)
    return GridCompleteness(
        (len(filled) + len(excused)) / CELLS,
        len(filled),
        len(excused),
        tuple(place for place in cells if place not in filled + excused),
        severity,
        tuple(place for place in filled if severity and severities[place] == severity),
    )


def _cells(grid: object) -> dict[Cell, dict[str, object]]:
    rows = _known(grid, "grid", ROWS)
    cells = {}
    for row in ROWS:
        columns = _known(rows.get(row, {}), f"grid.{row}", COLUMNS)
        for column in COLUMNS:
            place = f"grid.{row}.{column}"
            cell = table(columns.get(column, {}), place)
            for key in ("text", "not_applicable"):
                if not isinstance(cell.get(key, ""), str):
                    refuse(f"{place}.{key}", "give a text")
            if cell.get("text") and cell.get("not_applicable"):
                refuse(place, "give either a text or not_applicable")
            cells[Cell(row, column)] = cell
    return cells


def _known(value: object, field: str, names: tuple[str, ...]) -> dict[str, object]:
    given = table(value, field)
    for name in given:
        if name not in names:
            refuse(f"{field}.{name}", f"choose one of {', '.join(names)}")
    return given
