"""Text glued together from two encodings: found, so that a person may be told."""

from collections.abc import Iterator
from pathlib import Path

from diagnosis.mining.sources import PIECE, BoundedReader, open_source


def mixed_row(path: Path) -> int | None:
    """The first row that is not UTF-8 in a file where an earlier or later one is.

    Such a file was glued together from two exports; letters beyond ASCII of one of
    them come out wrong whatever encoding is taken.
    """
    broken, proper = None, False
    with open_source(path) as reader:
        for number, line in enumerate(_lines(reader), start=1):
            if line.isascii():
                continue
            try:
                line.decode()
                proper = True
            except UnicodeDecodeError:
                broken = broken or number
            if broken and proper:
                return broken
    return None


def _lines(reader: BoundedReader) -> Iterator[bytes]:
    rest = b""
    for piece in iter(lambda: reader.read(PIECE), b""):
        *whole, rest = (rest + piece)[: 4 * PIECE].split(b"\n")
        yield from whole
    yield rest
