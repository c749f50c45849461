"""How the elements of a process map are written: looks, text, links.

Names of activities are hostile text and are escaped wherever they appear.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from diagnosis.mining.map_strokes import at

WRITTEN = 'text-anchor="middle" font-family="Inter"'
LITERAL = {
    "edge": 'fill="none" stroke="#9A948B"',
    "edge slow": 'fill="none" stroke="#C9342F"',
    "edge rework": 'fill="none" stroke="#B87208" stroke-dasharray="6 4"',
    "arrow": 'fill="#9A948B"',
    "arrow critical": 'fill="#C9342F"',
    "arrow rework": 'fill="#B87208"',
    "box": 'fill="#FFFFFF" stroke="#B4B0AB"',
    "box slow": 'fill="#FFFFFF" stroke="#C9342F" stroke-width="1.75"',
    "box rework": 'fill="#FCF1DB" stroke="#D9AC5E"',
    "box quiet": 'fill="#FFFFFF" stroke="#B4B0AB" stroke-dasharray="4 3"',
    "meter-bg": 'fill="#F2F0EC"',
    "meter": 'fill="#9A948B"',
    "meter slow": 'fill="#C9342F"',
    "meter rework": 'fill="#B87208"',
    "node-label": f'fill="#1B1813" {WRITTEN} font-size="12.5" font-weight="600"',
    "node-count": f'fill="#6B665F" {WRITTEN} font-size="11.5"',
    "edge-label": f'fill="#524E47" {WRITTEN} font-size="12"',
    "edge-label slow": f'fill="#B12725" {WRITTEN} font-size="12" font-weight="700"',
    "edge-label rework": f'fill="#82510D" {WRITTEN} font-size="12"',
    "terminal": 'fill="#6B665F"',
}


Address = Callable[[str, str | None], str]


@dataclass(frozen=True)
class Pen:
    """Writes elements; in print the look of a class is written beside it."""

    literal: bool
    address: Address | None = None

    def of(self, name: str, look: str = "") -> str:
        """The class attribute, and its literal look in print."""
        said = f' class="{name}"'
        if not self.literal:
            return said
        return f"{said} {LITERAL.get(look or name, LITERAL.get(name.split()[0], ''))}"

    def text(self, x: float, y: float, words: str, name: str) -> str:
        """One line of text, centred on x."""
        return f'<text{self.of(name)} x="{at(x)}" y="{at(y)}">{clean(words)}</text>'

    def link(self, body: str, told: str, source: str, target: str | None = None) -> str:
        """The elements under their title; a link, where the map has addresses."""
        titled = f"<title>{clean(told)}</title>{body}"
        if self.address is None:
            return f"<g>{titled}</g>"
        return f'<a href="{clean(self.address(source, target))}">{titled}</a>'


def clean(words: str) -> str:
    """Text for XML: escaped, without characters XML does not know."""
    known = "".join(
        sign
        for sign in words
        if sign in "\t\n\r" or (ord(sign) >= 32 and not 0xD800 <= ord(sign) <= 0xDFFF)
        if ord(sign) not in (0xFFFE, 0xFFFF)
    )
    return escape(known)
