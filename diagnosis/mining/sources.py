"""Opening what people hand in: bounded streams, encodings, delimiters, mappings.

Nothing here trusts the file: sizes are counted while reading, compressed data may
only grow so far, and every refusal is one sentence that says how to mend it.
"""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from diagnosis.mining.headings import heading, lines_above
from diagnosis.mining.kinds import LOCKED, other_kind, other_text

PLAIN_LIMIT = 4 * 1024**3
"""Bytes read of a file that is not compressed."""
INFLATED_LIMIT = 1024**3
"""Bytes a compressed file may grow to."""
RATIO_FREE = 20 * 1024**2
"""Bytes that may come out of a compressed file whatever its ratio."""
RATIO_LIMIT = 200
"""Inflated bytes for each compressed byte, beyond `RATIO_FREE`."""

COMMON_DELIMITERS = (",", ";", "\t", "|")
RARE_DELIMITERS = ("^", "~", "\x01", "\x1f", "#", "!", "*", ":")
CP1252_HOLES = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
PIECE = 4 * 1024**2
OLD_BOOK = b"\xd0\xcf\x11\xe0"
LOOKED_INTO = 64 * 1024**2
BINARY = {b"PK\x03\x04": "xlsx", b"PAR1": "parquet"}
"""How the files begin that hold a table and are no text."""


class LogError(ValueError):
    """A log that cannot be used: one sentence with what, where and how to mend it.

    `row` is the row of the file (the header is row 1) where there is one.
    """

    def __init__(self, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.row = row


@dataclass(frozen=True)
class Mapping:
    """Which column plays which part; names are those of the file's header.

    `timestamp_format` is None (guess), "iso", "epoch_s", "epoch_ms", a strptime
    format or a pattern such as `d.m.yy H:MM`; `timezone` is the zone of times that
    carry no offset. `start` begins the work that `timestamp` completes; `time` is the
    time of day where `timestamp` is the day alone, and the format is that of both.
    `amount` is an attribute with what a case is worth. `case_attributes` names the
    columns of a table that say something of the whole case; so do those that begin
    with `case:`.
    """

    case: str
    activity: str
    timestamp: str
    start: str | None = None
    resource: str | None = None
    cost: str | None = None
    timestamp_format: str | None = None
    timezone: str = "UTC"
    lifecycle: str | None = None
    time: str | None = None
    amount: str | None = None
    case_attributes: tuple[str, ...] | None = None

    def named(self) -> dict[str, str]:
        """Role -> column, for the roles that are filled."""
        roles = {
            "case": self.case,
            "activity": self.activity,
            "timestamp": self.timestamp,
            "start": self.start,
            "resource": self.resource,
            "cost": self.cost,
            "lifecycle": self.lifecycle,
            "time": self.time,
        }
        return {role: name for role, name in roles.items() if name}


@dataclass(frozen=True)
class Cleaning:
    """What an import leaves out on purpose.

    `duplicates`: rows that repeat case, activity, time and lifecycle of an earlier
    one. `faulty`: cases with a row that cannot be read or that ends before it starts.
    `single`: cases of a single event.
    """

    duplicates: bool = False
    faulty: bool = False
    single: bool = False

    @property
    def is_any(self) -> bool:
        return self.duplicates or self.faulty or self.single


@dataclass(frozen=True)
class Dialect:
    """How a table of text is written down."""

    encoding: str
    delimiter: str
    quote: str
    skip: int
    header: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...] = field(repr=False)


class BoundedReader(io.RawIOBase):
    """Bytes of a plain or gzip file, counted and refused beyond the limits."""

    def __init__(self, path: Path, count: bytes = b"") -> None:
        """`counted` tells afterwards how often the bytes `count` were read."""
        super().__init__()
        self.name = path.name
        self.count, self.counted = count, 0
        self.size = max(path.stat().st_size, 1)
        self.raw = path.open("rb")
        self.packed = self.raw.read(2) == b"\x1f\x8b"
        self.raw.seek(0)
        self.stream: IO[bytes] = self.raw
        if self.packed:
            self.stream = gzip.GzipFile(fileobj=self.raw)  # type: ignore[assignment]
        self.given = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes (everything when negative), within the limits."""
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(PIECE), b""))
        try:
            data = self.stream.read(size)
        except EOFError:
            raise LogError(
                f"{self.name} breaks off inside its compressed data; "
                "send the complete file."
            ) from None
        except (gzip.BadGzipFile, zlib.error):
            raise LogError(
                f"{self.name} is damaged: its compressed data cannot be read; "
                "pack it again with gzip."
            ) from None
        self.given += len(data)
        self._check()
        if self.count:
            self.counted += data.count(self.count)
        return data

    def _check(self) -> None:
        limit = INFLATED_LIMIT if self.packed else PLAIN_LIMIT
        if self.given > limit:
            raise LogError(
                f"{self.name} holds more than {limit // 1024**2} MB; "
                "split the log by time and import the parts."
            )
        most = max(RATIO_FREE, RATIO_LIMIT * self.raw.tell())
        if self.packed and self.given > most:
            raise LogError(
                f"{self.name} unpacks to more than {RATIO_LIMIT} times its size, "
                "which no log does; check the file."
            )

    @property
    def share(self) -> float:
        """Share of the file consumed so far, from 0 to 1."""
        return min(1.0, self.raw.tell() / self.size)

    def close(self) -> None:
        self.stream.close()
        self.raw.close()
        super().close()


def open_source(path: Path, count: bytes = b"") -> BoundedReader:
    """Open a file for reading within the limits.

    :raises LogError: when it is absent, empty or no file at all.
    """
    if not path.is_file():
        raise LogError(f"There is no file {path.name}; check the name.")
    if path.stat().st_size == 0:
        raise LogError(f"{path.name} is empty; export the log once more.")
    try:
        return BoundedReader(path, count)
    except OSError:
        raise LogError(f"{path.name} cannot be opened; check its rights.") from None


def source_kind(path: Path) -> str:
    """'xes', 'csv', 'xlsx' or 'parquet', from the first bytes rather than the name.

    :raises LogError: for archives and other binary files.
    """
    with open_source(path) as reader:
        head = reader.read(4096)
    packed = zipped(path)
    if head.startswith(tuple(BINARY)) and not packed:
        return next(kind for start, kind in BINARY.items() if head.startswith(start))
    if head.startswith((*BINARY, b"\x1f\x8b")):
        raise LogError(f"{path.name} is packed twice; unpack it once and send that.")
    if head.startswith(OLD_BOOK) and LOCKED in path.read_bytes()[:LOOKED_INTO]:
        raise LogError(f"{path.name} has a password; save it without one, as XLSX.")
    text = head.decode(_byte_order(head) or "latin-1", "replace")
    start = text.lstrip("\ufeff\xef\xbb\xbf \t\r\n")
    words = other_kind(head) or other_text(start)
    if words is None and _is_rubbish(head):
        words = "is no text that can be read; export the log as CSV or XES."
    if words:
        raise LogError(f"{path.name} {words}")
    if start.startswith("<"):
        return "xes"
    named = path.name.lower().removesuffix(".gz")
    if named.endswith((".xes", ".xml")):
        raise LogError(f"{path.name} is not XML; export the log as XES once more.")
    return "csv"


def _is_rubbish(head: bytes) -> bool:
    """Whether one byte in fifty is a control character, which no text has."""
    if _byte_order(head):
        return False
    control = sum(one < 32 and one not in b"\t\n\r\x0b\x0c\x1a\x1f\x01" for one in head)
    return head.strip(b"\0") != b"" and control * 50 > len(head)


def zipped(path: Path) -> bool:
    """Whether the file is packed with gzip."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _byte_order(head: bytes) -> str | None:
    """The encoding a byte order mark or the pattern of zero bytes gives away."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    pairs = max(len(head) // 2, 1)
    first, second = head[0::2].count(0), head[1::2].count(0)
    if second > 0.4 * pairs and first < 0.1 * pairs:
        return "utf-16-le"
    if first > 0.4 * pairs and second < 0.1 * pairs:
        return "utf-16-be"
    return None


def sniff_encoding(path: Path) -> str:
    """The encoding of the whole file: a name Python's codecs know."""
    with open_source(path) as reader:
        head = reader.read(PIECE)
        found = _byte_order(head[:4096])
        if found:
            return found
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while head:
                decoder.decode(head)
                head = reader.read(PIECE)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _single_byte(path)
    return "utf-8"


def _single_byte(path: Path) -> str:
    with open_source(path) as reader:
        for piece in iter(lambda: reader.read(PIECE), b""):
            if CP1252_HOLES.search(piece):
                return "latin-1"
    return "cp1252"


def sniff_dialect(path: Path, encoding: str | None = None) -> Dialect:
    """Encoding, delimiter, quoting and header of a table of text.

    :raises LogError: when no delimiter gives two columns or more.
    """
    encoding = encoding or sniff_encoding(path)
    with open_source(path) as reader:
        head = reader.read(512 * 1024)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    text = text.lstrip("\ufeff")
    if not text.strip("\r\n\t ,;\x00"):
        raise LogError(f"{path.name} has no content; export the log once more.")
    hint = re.match(r"sep=(.)\r?\n?", text)
    skip = 1 if hint else 0
    body = text[hint.end() :] if hint else text
    delimiter = hint.group(1) if hint else _delimiter(body, path.name)
    quote = _quote(body, delimiter)
    rows = list(_records(body, delimiter, quote))
    first = heading(rows[:400])
    rows = rows[first:]
    if len(rows[0]) < 2:
        raise LogError(
            f"{path.name} has one column only; an event log needs at least a case, "
            "an activity and a time, separated by commas or semicolons."
        )
    skip += lines_above(body, delimiter, quote, first)
    header = tuple(unique(rows[0]))
    return Dialect(encoding, delimiter, quote, skip, header, tuple(map(tuple, rows)))


def _records(text: str, delimiter: str, quote: str = '"') -> Iterator[list[str]]:
    """Rows of the beginning of a file; a last row that is cut off is left out."""
    lines = io.StringIO(text, newline=None)
    complete = len(text) < 500_000
    kept: list[str] | None = None
    try:
        for row in csv.reader(lines, delimiter=delimiter, quotechar=quote):
            if not row:
                continue
            if kept is not None:
                yield kept
            kept = row
    except csv.Error:
        complete = True
    if kept is not None and complete:
        yield kept


def _delimiter(text: str, name: str) -> str:
    """The character that cuts most rows into the same number of columns."""
    for candidates in (COMMON_DELIMITERS, RARE_DELIMITERS):
        scores = []
        for delimiter in candidates:
            rows = [
                row
                for _, row in zip(range(400), _records(text, delimiter), strict=False)
            ]
            width = len(rows[heading(rows)]) if rows else 0
            same = sum(len(row) == width for row in rows) / max(len(rows), 1)
            if width > 1:
                scores.append((same >= 0.8, same * width, delimiter))
        if scores:
            return max(scores)[2]
    raise LogError(
        f"{name} has one column only; an event log needs at least a case, an "
        "activity and a time, separated by commas or semicolons."
    )


def _quote(text: str, delimiter: str) -> str:
    cells = [
        cell
        for _, row in zip(range(50), _records(text, delimiter), strict=False)
        for cell in row
        if cell
    ]
    single = sum(len(c) > 1 and c[0] == c[-1] == "'" for c in cells)
    return "'" if single * 2 > len(cells) else '"'


def unique(names: list[str]) -> Iterator[str]:
    """Header names made usable: trimmed, never empty, never twice."""
    seen: dict[str, int] = {}
    for index, raw in enumerate(names, start=1):
        name = raw.strip().strip("\ufeff") or f"Column {index}"
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"


def column_named(wanted: str, names: tuple[str, ...], role: str) -> int:
    """Index of the column with that name; capitals do not matter.

    :raises LogError: when there is none, with the names there are.
    """
    if wanted in names:
        return names.index(wanted)
    folded = [name.casefold() for name in names]
    if wanted.strip().casefold() in folded:
        return folded.index(wanted.strip().casefold())
    there = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
    raise LogError(
        f"There is no column “{wanted}” for the {role}; the columns are {there}."
    )


def as_dict(value: Any) -> dict[str, Any]:
    """The fields of a mapping as JSON-ready values, without the empty ones."""
    return {key: item for key, item in vars(value).items() if item is not None}
