"""Reports as plain facts: sections of a few kinds of blocks, made before any template.

The same facts are shown as HTML, printed as PDF and kept as JSON. Each app's reports
fill the sections; whatever they hold is text, numbers and pictures already computed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.apps import apps
from django.db.models import Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.gating import Assessment, Link, Result
from programmes.kit import formats
from programmes.kit.canonical import canonical
from programmes.models import Document, Programme, Record
from programmes.phases import Phase

MOST_ROWS = 200
UPRIGHT = 860
VIEW_BOX = re.compile(r'viewBox="\S+ \S+ ([\d.]+) ')
TITLES = {
    Document.Kind.MANDATE: gettext_lazy("Mandate"),
    Document.Kind.DIAGNOSIS: gettext_lazy("Diagnosis report"),
    Document.Kind.EVALUATION: gettext_lazy("Evaluation report"),
    Document.Kind.MINUTES: gettext_lazy("Minutes"),
    Document.Kind.GATE: gettext_lazy("Gate record"),
}
PHASES = {
    Document.Kind.MANDATE: Phase.MASTER_PLAN,
    Document.Kind.DIAGNOSIS: Phase.DIAGNOSIS,
    Document.Kind.EVALUATION: Phase.EVALUATION,
    Document.Kind.MINUTES: Phase.KICK_OFF,
}


@dataclass(frozen=True)
class Figure:
    """One large number with its label and a note."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Figures:
    """A row of large numbers."""

    items: tuple[Figure, ...]
    kind: str = "figures"


@dataclass(frozen=True)
class Words:
    """A text, as a person wrote it, under a heading of its own if it has one."""

    text: str
    title: str = ""
    kind: str = "words"


@dataclass(frozen=True)
class Pairs:
    """Labels and what stands for them."""

    rows: tuple[tuple[str, str], ...]
    title: str = ""
    kind: str = "pairs"


@dataclass(frozen=True)
class Cell:
    """A cell of a table; a tone marks what needs a look."""

    text: str
    is_number: bool = False
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """A table of at most MOST_ROWS rows; `left_out` says how many more there are."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    note: str = ""
    left_out: int = 0
    kind: str = "table"

    @property
    def lines(self) -> list[list[tuple[Cell, Cell]]]:
        """Each row as pairs of a column's head and the cell below it."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Chart:
    """A Vega-Lite specification with its words and its numbers."""

    is_wide: ClassVar[bool] = False

    title: str
    caption: str
    alt: str
    spec: dict[str, Any]
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    kind: str = "chart"

    @property
    def table(self) -> dict[str, Any] | None:
        return {"head": self.head, "rows": self.rows} if self.rows else None


@dataclass(frozen=True)
class Picture:
    """A picture that the server drew as SVG."""

    title: str
    caption: str
    alt: str
    svg: str
    kind: str = "picture"

    @property
    def is_wide(self) -> bool:
        """Too wide for a page upright, by the width of its view box."""
        found = VIEW_BOX.search(self.svg)
        return found is not None and float(found[1]) > UPRIGHT


@dataclass(frozen=True)
class Box:
    """A recommendation or another thing to be seen at once."""

    label: str
    text: str
    kind: str = "box"


@dataclass(frozen=True)
class Note:
    """How a number was made; `method` is its key in the catalogue, or nothing."""

    text: str
    method: str = ""


Block = Figures | Words | Pairs | Table | Chart | Picture | Box


@dataclass(frozen=True)
class Section:
    """A numbered chapter: what it says in one sentence, and its blocks."""

    key: str
    title: str
    lead: str
    blocks: tuple[Block, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class CoverLine:
    """One of the facts at the foot of the cover."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Report:
    """All facts of a report as of a moment."""

    kind: str
    title: str
    programme: str
    code: str
    enterprise: str
    phase: int
    message: str
    as_of: str
    as_of_words: str
    cover: tuple[CoverLine, ...]
    sections: tuple[Section, ...] = field(default_factory=tuple)
    number: int = 0
    # What the public check asks for, and the head of the ledger before it was issued.
    reference: str = ""
    ledger: dict[str, Any] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """The report as JSON values, as they are hashed and stored."""
        plain: dict[str, Any] = json.loads(canonical(asdict(self)))
        return plain


# --- making blocks ----------------------------------------------------------------


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str | Cell]],
    *,
    title: str = "",
    note: str = "",
    numbers: Sequence[int] = (),
) -> Table:
    """A table from texts; `numbers` are the columns set flush right."""
    every = list(rows)
    cells = [
        tuple(
            one if isinstance(one, Cell) else Cell(one, place in numbers)
            for place, one in enumerate(row)
        )
        for row in every[:MOST_ROWS]
    ]
    heads = tuple(Cell(one, place in numbers) for place, one in enumerate(head))
    return Table(heads, tuple(cells), title, note, max(len(every) - MOST_ROWS, 0))


def pairs(rows: Iterable[tuple[str, Any]], title: str = "") -> Pairs:
    """Labels with what stands for them; empty ones are left out."""
    return Pairs(tuple((one, str(two)) for one, two in rows if two), title)


def words(value: Any) -> str:
    """A value of a table: text, or the sign for what is not known."""
    return str(value) if value not in (None, "") else formats.MISSING


# --- laying out -------------------------------------------------------------------


@dataclass(frozen=True)
class Placed:
    """A block with the name of its picture among the assets of the PDF."""

    block: Block
    asset: str = ""


@dataclass(frozen=True)
class Chapter:
    """A section with its number, its blocks and its notes as they are numbered."""

    number: int
    section: Section
    blocks: tuple[Placed, ...]
    notes: tuple[tuple[int, Note], ...]


def laid_out(report: Report) -> list[Chapter]:
    """The sections numbered, notes and pictures counted through the report."""
    chapters, notes, pictures = [], 0, 0
    for number, section in enumerate(report.sections, start=1):
        placed = []
        for block in section.blocks:
            is_drawn = isinstance(block, Chart | Picture)
            pictures += is_drawn
            asset = f"chart/{pictures}.svg" if is_drawn else ""
            placed.append(Placed(block, asset))
        told = tuple(enumerate(section.notes, start=notes + 1))
        notes += len(told)
        chapters.append(Chapter(number, section, tuple(placed), told))
    return chapters


def documents(programme: Programme, kind: Document.Kind) -> Any:
    """The issued reports of a kind, without their facts, the newest first."""
    rows = Document.objects.filter(programme=programme, kind=kind).defer("facts")
    return rows.order_by("-number")


def newest_document(programme: Programme, kind: Document.Kind) -> Document | None:
    found: Document | None = documents(programme, kind).first()
    return found


def newest_change(programme: Programme, phase: Phase) -> datetime | None:
    """When a record that is evidence of the phase changed last; one query."""
    rows = changes(programme, phase)
    newest = None if rows is None else rows.first()
    return newest[0] if newest else None


def changes(programme: Programme, phase: Phase) -> Any:
    """When each record that is evidence of the phase changed, the newest first."""
    kinds: list[Any] = [
        one
        for one in apps.get_models()
        if issubclass(one, Record) and phase in one.evidence_of
    ]
    rows = [
        one._default_manager.filter(programme=programme).values_list("updated_at")
        for one in kinds
    ]
    return rows[0].union(*rows[1:]).order_by("-updated_at") if rows else None


def document_and_change(
    programme: Programme, kind: Document.Kind
) -> tuple[Document | None, datetime | None]:
    """The newest report, and the last change of what it tells; one query."""
    rows = documents(programme, kind)
    changed = changes(programme, PHASES[kind])
    if changed is not None:
        rows = rows.annotate(changed_at=Subquery(changed[:1]))
    found = rows.first()
    return found, getattr(found, "changed_at", None)


def report_current(
    programme: Programme,
    kind: Document.Kind,
    document: Document | None,
    changed_at: datetime | None,
) -> Assessment:
    """The newest report was issued after the last change; its hash is the mark."""
    url = reverse(f"report-{kind.value}", args=[programme.code])
    if document is None:
        link = Link(_("Issue the report"), url)
        return Assessment(Result.FAIL, 0, 1, "", _("No report is issued yet."), (link,))
    told = {"number": document.number}
    if changed_at is not None and changed_at > document.issued_at:
        link = Link(_("Issue the report again"), url)
        detail = _("Report %(number)s is older than the last change.") % told
        return Assessment(Result.FAIL, 0, 1, document.sha256, detail, (link,))
    detail = _("Report %(number)s is issued, and nothing has changed since.") % told
    return Assessment(Result.PASS, 1, 1, document.sha256, detail)
