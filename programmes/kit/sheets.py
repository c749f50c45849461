"""Tables in files: CSV with any delimiter and encoding, and XLSX; bounded reading.

What is read comes back as text, so that both kinds of file are treated alike. A file
of strangers is measured before it is opened: size, members, ratio, entities.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from programmes.kit.errors import Refusal, Text

LARGEST_BYTES = 5 * 1024 * 1024
LARGEST_UNPACKED = 20 * 1024 * 1024
LARGEST_RATIO = 200
MOST_MEMBERS = 100
MOST_ROWS = 500
MOST_COLUMNS = 60
MOST_SIGNS = 5000
# All cells together: what fits into a form that is sent back for confirmation.
MOST_TEXT = 1_000_000
ZIP_START = b"PK\x03\x04"
# A cell that starts so could run as a formula in a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class Unreadable(Refusal):
    """The file is no table that we read."""

    code = "unreadable"
    status = 422


@dataclass(frozen=True)
class Table:
    """The head, and the rows with the number of their line in the file."""

    head: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(content: bytes) -> Table:
    """The first sheet of an XLSX, or a CSV; blank rows are left out.

    :raises Unreadable: saying what to do about it.
    """
    if len(content) > LARGEST_BYTES:
        raise Unreadable(_("The file is larger than 5 MB; split it."))
    is_book = content.startswith(ZIP_START)
    lines = book_lines(content) if is_book else csv_lines(content)
    found: list[tuple[int, list[str]]] = []
    signs = 0
    for number, cells in enumerate(lines, start=1):
        cells = [one.strip() if is_book else plain(one) for one in cells]
        if not any(cells):
            continue
        signs += sum(map(len, cells))
        refuse_too_much(len(found) - 1, cells, signs, number)
        found.append((number, cells))
    if not found:
        raise Unreadable(_("The file is empty."))
    return Table(found[0][1], found[1:])


def refuse_too_much(rows: int, cells: list[str], signs: int, line: int) -> None:
    if rows >= MOST_ROWS:
        raise Unreadable(
            _("More than %(most)s rows; split the file.") % {"most": MOST_ROWS}
        )
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(
            _("Line %(line)s has more than %(most)s columns.")
            % {"line": line, "most": MOST_COLUMNS}
        )
    if signs > MOST_TEXT or any(len(one) > MOST_SIGNS for one in cells):
        raise Unreadable(
            _("Line %(line)s: too much text; shorten the cells or split the file.")
            % {"line": line}
        )


def guarded(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula; `plain` undoes it."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def plain(text: str) -> str:
    is_guarded = text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS)
    return (text[1:] if is_guarded else text).strip()


def decode(content: bytes) -> str:
    """:raises Unreadable: the file is not text."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in content[:4096] and not is_wide:
        raise Unreadable(_("This is not a table. Save it as CSV or XLSX first."))
    for encoding in ("utf-16" if is_wide else "utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def csv_lines(content: bytes) -> Iterator[list[str]]:
    text = decode(content)
    first = text.split("\n", 1)[0]
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], text.split("\n", 1)[1]
    else:
        outside = re.sub(r'"[^"]*"', "", first)
        delimiter = max(",;\t|", key=outside.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise Unreadable(
            _("Line %(line)s cannot be read: %(error)s.")
            % {"line": reader.line_num, "error": error}
        ) from None


def book_lines(content: bytes) -> Iterator[list[str]]:
    """The first sheet; members are measured by the directory, which bounds reading."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            refuse_bomb(packed)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        # Rows and cells may be numbered as high as they like; gaps are not filled.
        rows = sheet.iter_rows(
            max_row=2 * MOST_ROWS, max_col=MOST_COLUMNS + 1, values_only=True
        )
        for row in rows:
            cells = [as_text(one) for one in row]
            while cells and not cells[-1]:
                cells.pop()
            yield cells
    except Refusal:
        raise
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        ArithmeticError,
        AttributeError,
        EOFError,
        LookupError,
        NotImplementedError,
        OSError,
        RuntimeError,
        SyntaxError,
        TypeError,
        ValueError,
    ) as error:
        raise Unreadable(
            _("This workbook cannot be read. Save it anew as XLSX, or as CSV.")
        ) from error


def refuse_bomb(packed: zipfile.ZipFile) -> None:
    """:raises Unreadable: it would unpack to far more than it should."""
    members = packed.infolist()
    size = sum(one.file_size for one in members)
    packed_size = sum(one.compress_size for one in members) or 1
    is_bomb = size > LARGEST_UNPACKED or size / packed_size > LARGEST_RATIO
    if len(members) > MOST_MEMBERS or is_bomb:
        raise Unreadable(_("This workbook is too large when unpacked; split it."))
    for one in members:
        if one.filename.lower().endswith((".xml", ".rels")):
            text = packed.read(one).replace(b"\0", b"")
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise Unreadable(_("This workbook holds what no workbook needs."))


def as_text(value: Any) -> str:
    """The value of a cell as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text.removesuffix(".0")
    return str(value)


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook."""

    title: Text
    head: Sequence[Text]
    rows: Iterable[Iterable[Any]]


def book(sheets: Sequence[Sheet]) -> bytes:
    """An XLSX; text stays text, whatever it starts with."""
    made = Workbook(write_only=True)
    for one in sheets:
        title = re.sub(r"[\[\]:*?/\\]", " ", str(one.title))
        sheet = made.create_sheet(title[:31] or "1")
        sheet.freeze_panes = "A2"
        names = [str(name) for name in one.head]
        for index, name in enumerate(names, start=1):
            width = min(48, max(12, len(name) + 4))
            sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.append([cell(sheet, name, Font(bold=True)) for name in names])
        for row in one.rows:
            sheet.append([cell(sheet, value) for value in row])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def cell(sheet: Any, value: Any, font: Font | None = None) -> Any:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, datetime):
        value = value.isoformat()
    is_plain = value is None or isinstance(value, int | float | Decimal | date)
    if not is_plain:
        value = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:32_000]
    made = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        made.data_type = "s"
    if isinstance(value, date):
        made.number_format = "yyyy-mm-dd"
    if font:
        made.font = font
    return made
