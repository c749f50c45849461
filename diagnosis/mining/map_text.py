"""Words on a map: widths, line breaks, counts and durations."""

from decimal import ROUND_HALF_UP, Decimal

THOUSANDTH = Decimal("0.0005")
EM = 0.54
"""Width of an average letter as a part of the type size."""

CAPITAL = 0.66
"""The same for a capital letter."""


def text_width(words: str, size: float) -> float:
    """About how wide the words are, in pixels."""
    return sum(_letter(sign) for sign in words) * size


def _letter(sign: str) -> float:
    if ord(sign) >= 0x2E80:
        return 1.0
    return CAPITAL if sign.isupper() else EM


def fit(words: str, width: float, lines: int = 2, size: float = 12.5) -> list[str]:
    """The words in at most so many lines of that width, cut with … if need be."""
    found: list[str] = []
    rest = " ".join(words.replace("_", "_ ").split()).replace("_ ", "_")
    pieces = [piece for word in rest.split(" ") for piece in _pieces(word, width, size)]
    for piece in pieces:
        joined = f"{found[-1]} {piece}" if found else piece
        if found and text_width(joined, size) <= width:
            found[-1] = joined
        else:
            found.append(piece)
    if len(found) <= lines:
        return found or [""]
    last = found[lines - 1] + " " + found[lines]
    while last and text_width(last + "…", size) > width:
        last = last[:-1]
    return [*found[: lines - 1], last.rstrip() + "…"]


def _pieces(word: str, width: float, size: float) -> list[str]:
    """A word too long for a line, cut after an underscore, a hyphen, or anywhere."""
    pieces = []
    while text_width(word, size) > width:
        most = max(1, int(width / (EM * size)))
        marks = [word.rfind(mark, 1, most) + 1 for mark in "_-/."]
        cut = max(marks) if max(marks) > most // 3 else most
        pieces.append(word[:cut])
        word = word[cut:]
    return [*pieces, word]


def cut(words: str, longest: int = 40) -> str:
    """A name that others stand beside, cut where it is long."""
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def count_text(number: int) -> str:
    """A count with thousands set apart."""
    return f"{number:,}"


def counted(number: int, what: str) -> str:
    """1 case, 2 cases."""
    return f"{count_text(number)} {what}{'' if number == 1 else 's'}"


def sum_text(value: float | None) -> str:
    """A sum in the currency of the log: small ones with two decimals."""
    if value is None:
        return "·"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"


def duration_text(seconds: float) -> str:
    """Seconds in the unit a person would choose: 45 s, 12 min, 3.4 h, 2.1 d, 2.3 y.

    The rule of the pages (`kit.formats.duration`), so that map and table agree.
    """
    units = (
        (63_115_200, 31_557_600, "y"),
        (86_400, 86_400, "d"),
        (3_600, 3_600, "h"),
        (60, 60, "min"),
        (0, 1, "s"),
    )
    size = Decimal(repr(abs(seconds)))
    _least, unit, name = next(
        one for one in units if size >= one[0] - THOUSANDTH * one[1]
    )
    value = size / unit
    whole = name in ("s", "min") or value >= 100
    said = value.quantize(Decimal(1) if whole else Decimal("0.1"), ROUND_HALF_UP)
    return f"{'-' if seconds < 0 else ''}{said:,} {name}"
