"""Columns of a table that are amounts: found in the text, and read as numbers."""

import re
from collections.abc import Sequence

from diagnosis.mining.engine import literal

POINT, COMMA, ANY = ".", ",", "any"
"""Decimal marks; with `ANY` each value is read for itself."""
SHAPES = {
    POINT: re.compile(
        r"[-+]?(?:\d+|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?"
    ),
    COMMA: re.compile(r"[-+]?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,\d+)?"),
}
CODED = re.compile(r"[-+]?0\d")
"""A zero in front says that the figures are a code and no number."""
MOST_FIGURES = 15
FEW = 10
"""Numbers of so few values are classes, such as a priority."""
IDENTIFIERS = {
    "id", "ids", "key", "no", "nr", "num", "number", "nummer", "numero", "numéro", "#",
    "code", "zip", "plz", "phone", "year", "index", "uuid",
}  # fmt: skip
NOTHING = (
    "", "NULL", "null", "NaN", "nan", "-NaN", "-nan", "N/A", "n/a", "NA", "<NA>",
    "None", "#N/A", "#N/A N/A", "#NA", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN",
)  # fmt: skip
"""What databases, spreadsheets and programs write where a value is missing."""


def decimal_mark(name: str, values: Sequence[str], commas: bool) -> str | None:
    """The decimal mark of an amount; None when the values are no amounts.

    `values` are different ones; with `commas` a comma is the likelier mark. Codes with
    zeros in front, whole numbers that are named identifiers, and few values are none.
    """
    known = [one.strip() for one in values if one.strip() not in NOTHING]
    if not known or any(_is_code(one) for one in known):
        return None
    order = (COMMA, POINT) if commas else (POINT, COMMA)
    mark = next((one for one in order if _all(SHAPES[one], known)), None)
    if mark is None or len(set(known)) <= FEW:
        return None
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()
    named = set(re.findall(r"[^\W_]+|#", spaced)) & IDENTIFIERS
    return mark if not named or any(re.search(r"[.,]", one) for one in known) else None


def _is_code(text: str) -> bool:
    figures = sum(map(str.isdigit, text))
    return bool(CODED.match(text)) or figures > MOST_FIGURES + 3


def _all(shape: re.Pattern[str], values: list[str]) -> bool:
    return all(map(shape.fullmatch, values))


def number_sql(column: str, mark: str) -> str:
    """SQL for the number in a column of text; NULL where there is none."""
    bare = f"trim({column})"
    if mark == COMMA:
        bare = f"replace(replace({bare}, '.', ''), ',', '.')"
    elif mark == POINT:
        bare = f"replace({bare}, ',', '')"
    number = f"try_cast({bare} AS DOUBLE)"
    return f"CASE WHEN isfinite({number}) THEN {number} END" if mark else number


def misfits_sql(column: str, mark: str) -> str:
    """SQL that counts the values that are no number, or a code."""
    words = ", ".join(literal(word) for word in NOTHING)
    coded = f"regexp_matches(trim({column}), '^[-+]?0[0-9]')"
    return (
        f"count(*) FILTER (trim({column}) NOT IN ({words}) "
        f"AND ({number_sql(column, mark)} IS NULL OR {coded}))"
    )
