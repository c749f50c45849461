"""Reading a CSV file of measurements into rows for `record_measurements`."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.utils.translation import gettext as _

from programmes.services.measurements import MOST_ROWS
from programmes.services.records import Invalid

LARGEST_BYTES = 5 * 1024 * 1024
NEEDED = ("series", "at", "value")
MOST_DIGITS = 18
KNOWN = (*NEEDED, "key", "note", "version")


def read_file(content: bytes) -> list[dict[str, Any]]:
    """Rows of a CSV: comma, semicolon or tab; UTF-8 or Latin-1; decimal comma.

    :raises Invalid: too large, no text, or a needed column is missing.
    """
    if len(content) > LARGEST_BYTES:
        raise Invalid(_("The file is larger than 5 MB; split it."))
    text = decode(content)
    first = text.splitlines()[0] if text.strip() else ""
    if not first:
        raise Invalid(_("The file is empty."))
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [(name or "").strip().lower() for name in reader.fieldnames or []]
    missing = [one for one in NEEDED if one not in names]
    if missing:
        raise Invalid(
            _("Line 1: the column %(names)s is missing. Found: %(found)s.")
            % {"names": ", ".join(missing), "found": ", ".join(names) or "—"}
        )
    reader.fieldnames = names
    return read_lines(reader)


def read_lines(reader: csv.DictReader[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    try:
        for line in reader:
            row: dict[str, Any] = {
                name: (line.get(name) or "").strip() for name in KNOWN if line.get(name)
            }
            if not row:
                continue
            version = row.get("version", "")
            if version.isdecimal() and len(version) <= MOST_DIGITS:
                row["version"] = int(version)
            if "." not in row.get("value", ""):
                row["value"] = row.get("value", "").replace(",", ".")
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise Invalid(
                    _("More than %(most)s rows; split the file.") % {"most": MOST_ROWS}
                )
    except csv.Error as error:
        raise Invalid(
            _("Line %(line)s cannot be read: %(error)s.")
            % {"line": reader.line_num, "error": error}
        ) from None
    return rows


def decode(content: bytes) -> str:
    """:raises Invalid: the file is not text."""
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid(_("This is not a text file. Save it as CSV first."))
    for encoding in ("utf-8-sig", "utf-16" if content[:1] in b"\xff\xfe" else "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")
