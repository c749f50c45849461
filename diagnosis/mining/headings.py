"""Where a table begins: exports often put a title and a date above the header."""

import csv
import io
from collections import Counter
from collections.abc import Sequence

LOOKED_AT = 20
"""Rows from the top among which the header is looked for."""


def heading(rows: Sequence[Sequence[str]]) -> int:
    """Index of the row that names the columns; 0 when none stands out.

    It is the first about as wide as most rows are, with more than half of its cells
    filled: titles, dates and filters of a report are narrower than its table. Three
    names or more in the first row are the header whatever follows.
    """
    if rows and len(rows[0]) > 2 and all(map(_is_name, rows[0])):
        return 0
    widths = Counter(one for one in map(_width, rows) if one)
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    for index, row in enumerate(rows[:LOOKED_AT]):
        filled = sum(bool(cell.strip()) for cell in row)
        if filled > 1 and filled * 2 > usual and _width(row) >= 0.7 * usual:
            return index
    return 0


def lines_above(text: str, delimiter: str, quote: str, records: int) -> int:
    """Lines above the record of that number, from 0; blank lines are no record."""
    lines = csv.reader(
        io.StringIO(text, newline=None), delimiter=delimiter, quotechar=quote
    )
    above = 0
    for row in lines:
        if row and not records:
            return above
        records -= bool(row)
        above = lines.line_num
    return above


def _is_name(cell: str) -> bool:
    return bool(cell.strip()) and not cell.strip()[0].isdigit()


def _width(row: Sequence[str]) -> int:
    """Cells up to the last that is filled."""
    return max((at for at, cell in enumerate(row, 1) if cell.strip()), default=0)
