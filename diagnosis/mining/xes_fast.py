"""The quick way through a plain XES log: whole columns at a time, no XML parser.

Between two traces a log is cut into pieces. In a piece every quotation mark delimits
a key or a value, so all of them are found at once, depth is a running sum over the
tags, and columns are taken from the bytes without a loop. This holds only for logs
written the usual way; `Unsafe` is raised as soon as a cheap check cannot prove it,
and the caller starts again with the parser, which gives the same rows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from diagnosis.mining.arrays import Bools, Ints, integers, places, texts
from diagnosis.mining.sources import BoundedReader, LogError
from diagnosis.mining.staging import MOMENT, NUMBER, TEXT, Progress, XesStage

PIECE = 4 * 1024**2
LARGEST_PIECE = 64 * 1024**2
LONGEST_VALUE = 100_000
MOST_EVENTS = 50_000_000
MOST_TRACES = 20_000_000

TAGS = {
    b"st": (12, TEXT), b"da": (10, MOMENT), b"in": (9, NUMBER),
    b"fl": (11, NUMBER), b"bo": (13, TEXT), b"id": (8, TEXT),
}  # fmt: skip
"""First letters of an attribute's tag: bytes up to its first quotation mark, kind."""
REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});")


class Unsafe(Exception):
    """The quick way cannot prove that it reads this log as a parser would."""


def read_quickly(source: BoundedReader, stage: XesStage, progress: Progress) -> None:
    """Stage all events of a log.

    :raises Unsafe: when the log is not written the usual way.
    """
    traces = 0
    for piece in _pieces(source):
        # Under no name, so that it is gone before the next one is cut into columns.
        traces = _Piece(piece).stage(stage, traces)
        if stage.position > MOST_EVENTS or traces > MOST_TRACES:
            raise LogError("The log is too large; split it by time.")
        progress("read", source.share)
    if not traces:
        raise Unsafe


def _pieces(source: BoundedReader) -> Iterator[bytes]:
    """Bytes from a trace's beginning to a trace's end, a few megabytes each."""
    rest = _head(source)
    while True:
        more = source.read(PIECE)
        rest += more
        cut = rest.rfind(b"</trace>") + 8
        if cut >= 8 and (len(rest) >= PIECE or not more):
            yield rest[:cut]
            rest = rest[cut:]
        if not more:
            break
        if len(rest) > LARGEST_PIECE:
            raise Unsafe
    if rest.strip() != b"</log>":
        raise Unsafe


def _head(source: BoundedReader) -> bytes:
    """Everything from the first trace on; what stands before it must be plain."""
    read = b""
    while b"<trace>" not in read:
        more = source.read(PIECE)
        if not more or len(read) > LARGEST_PIECE:
            raise Unsafe
        read += more
    start = read.index(b"<trace>")
    head = re.sub(rb"<!--.*?-->", b"", read[:start], flags=re.DOTALL).lstrip(
        b"\xef\xbb\xbf \t\r\n"
    )
    said = re.match(rb"<\?xml [^>]*?encoding=[\"']([\w-]+)[\"']", head)
    if b"<!" in head or (said and said.group(1).lower() != b"utf-8"):
        raise Unsafe
    if not re.search(rb"<log[\s>]", head):
        raise Unsafe
    return read[start:]


@dataclass
class _Tags:
    """Every tag of a piece: where it opens, what it is, how deep it lies."""

    attribute: Bools
    depth: Ints
    event: Ints
    trace: Ints
    within: Bools
    events: int
    traces: int


class _Piece:
    """Whole traces as bytes, checked and cut into columns."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        padded = data + b"\0" * 16
        self.bytes = np.frombuffer(padded, np.uint8)
        self.words = np.ndarray(len(data) + 9, "<u8", padded, strides=(1,))
        if not data.isascii():
            _must_be_utf8(data)
        marks, spaces = self.bytes[: len(data)], self._spaces()
        self.opens: Ints = np.flatnonzero(marks == ord("<"))
        quotes: Ints = np.flatnonzero(marks == ord('"'))
        self.quotes = quotes.reshape(-1, 4) if len(quotes) % 4 == 0 else _unsafe()
        closes = marks == ord(">")
        # Nothing to decode: white space stands between tags only, no value has > or &.
        self.plain = bool(
            not (spaces[1:] & ~(closes | spaces)[:-1]).any()
            and np.count_nonzero(closes) == len(self.opens)
            and b"&" not in data
        )
        self.tags = self._tags()
        self.kinds = self._check_attributes()

    def _spaces(self) -> Bools:
        """Where a tab or a line's end stands; no other control character may."""
        marks = self.bytes[: len(self.data)]
        low = marks < 32
        usual = sum(np.count_nonzero(marks == one) for one in (9, 10, 13))
        if np.count_nonzero(low) != usual:
            raise Unsafe
        return low

    def _at(self, at: Ints, word: bytes) -> Bools:
        """Whether a word stands at each of the places; eight letters at a time."""
        found = np.ones(len(at), bool)
        for begin in range(0, len(word), 8):
            found &= _begins(self.words[at + begin], word[begin : begin + 8])
        return found

    def _tags(self) -> _Tags:
        """Kinds and depths of all tags; the order of traces and events is proved."""
        heads = self.words[self.opens]
        event, trace = _begins(heads, b"<event>"), _begins(heads, b"<trace>")
        closing = _begins(heads, b"</")
        event_end = _begins(heads, b"</event>")
        trace_end = _begins(heads, b"</trace>")
        attribute = ~(event | trace | closing)
        if attribute.sum() != len(self.quotes):
            raise Unsafe
        single = np.zeros(len(self.opens), bool)
        single[attribute] = self._closed(self.quotes[:, 3])
        step = np.where(closing, -1, 1)
        step[single] = 0
        after = np.cumsum(step)
        depth = after - np.where(step > 0, 1, 0)
        sound = (
            (depth[trace] == 0).all()
            and (depth[event] == 1).all()
            and (after[event_end] == 1).all()
            and (after[trace_end] == 0).all()
            and after.min() >= 0
            and after[-1] == 0
            and event.sum() == event_end.sum()
            and trace.sum() == trace_end.sum()
        )
        events: Ints = np.cumsum(event, dtype=np.int64)
        ended: Ints = np.cumsum(event_end, dtype=np.int64)
        within = events > ended
        if not sound or (events - ended).max(initial=0) > 1:
            raise Unsafe
        traces: Ints = np.cumsum(trace, dtype=np.int64)
        return _Tags(
            attribute, depth, events, traces, within, int(events[-1]), int(traces[-1])
        )

    def _closed(self, last: Ints) -> Bools:
        """Whether a tag closes itself behind its last quotation mark."""
        first, second = self.bytes[last + 1], self.bytes[last + 2]
        slash: Bools = (first == ord("/")) & (second == ord(">"))
        slash |= (
            (first == ord(" ")) & (second == ord("/"))
            & (self.bytes[last + 3] == ord(">"))
        )  # fmt: skip
        if not (slash | (first == ord(">"))).all():
            raise Unsafe
        return slash

    def _check_attributes(self) -> Ints:
        """Prove the shape of each attribute's tag; returns the row of `TAGS` for it."""
        opens, quotes = self.opens[self.tags.attribute], self.quotes
        kinds = np.full(len(opens), -1)
        heads, lengths = self.words[opens], quotes[:, 0] - opens
        for number, (letters, (length, _)) in enumerate(TAGS.items()):
            fits = _begins(heads, b"<" + letters) & (lengths == length)
            kinds[fits] = number
        shaped = (
            (kinds >= 0).all()
            and self._at(quotes[:, 0] - 5, b' key="').all()
            and (quotes[:, 2] - quotes[:, 1] == 8).all()
            and self._at(quotes[:, 1], b'" value="').all()
        )
        if not shaped:
            raise Unsafe
        if (quotes[:, 3] - quotes[:, 2]).max(initial=0) > LONGEST_VALUE:
            raise LogError(
                f"An attribute is longer than {LONGEST_VALUE:,} characters; "
                "export the log without it."
            )
        return kinds

    def stage(self, stage: XesStage, before: int) -> int:
        """Write the piece; `before` traces came earlier. Returns all traces so far."""
        tags = self.tags
        bounds = np.empty(len(self.quotes) * 4, np.int32)
        bounds[0::4] = self.quotes[:, 0] + 1
        bounds[1::4] = self.quotes[:, 1]
        bounds[2::4] = self.quotes[:, 2] + 1
        bounds[3::4] = self.quotes[:, 3]
        values = pa.StringArray.from_buffers(
            max(len(bounds) - 1, 0), pa.py_buffer(bounds), pa.py_buffer(self.data)
        )
        depth = tags.depth[tags.attribute]
        within = tags.within[tags.attribute]
        levels = {
            "case": (~within & (depth == 1), tags.trace[tags.attribute], tags.traces),
            "event": (within & (depth == 2), tags.event[tags.attribute], tags.events),
        }
        columns = {
            level: self._columns(stage, level, values, chosen, owner - 1, rows)
            for level, (chosen, owner, rows) in levels.items()
        }
        names = self._names(stage, columns["case"], before)
        owners = tags.trace[self._event_opens()] - 1
        events = {"trace": names.take(integers(owners)), **columns["event"]}
        stage.write(events, {"trace": names, **columns["case"]})
        return before + tags.traces

    def _event_opens(self) -> Ints:
        events = self.tags.event
        return np.flatnonzero(np.diff(events, prepend=0) > 0)

    def _columns(
        self,
        stage: XesStage,
        level: str,
        values: Any,
        chosen: Bools,
        owner: Ints,
        rows: int,
    ) -> dict[str, Any]:
        """The attributes of one level as text columns, NULL where one is missing."""
        mine = np.flatnonzero(chosen)
        keys = values.take(integers(mine * 4)).dictionary_encode()
        codes = np.frombuffer(keys.indices.buffers()[1], np.int32, len(mine))
        labels = [_plain(key) for key in keys.dictionary.to_pylist()]
        if len(set(labels)) != len(labels):
            raise Unsafe
        columns: dict[str, Any] = {}
        for key, same in zip(labels, _alike(codes, len(labels)), strict=True):
            column, places = "", mine[same]
            for kind in np.flatnonzero(np.bincount(self.kinds[places])):
                column = stage.column(level, key, list(TAGS.values())[kind][1])
            place = np.full(rows, -1, np.int64)
            place[owner[places]] = places * 4 + 2
            taken = values.take(integers(place, missing=place < 0))
            columns[column] = taken if self.plain else _decoded(taken)
        return columns

    def _names(self, stage: XesStage, cases: dict[str, Any], before: int) -> Any:
        """The name of each trace: its concept:name, else its number."""
        named = cases.get(stage.columns.get(("case", "concept:name"), ""))
        if named is not None:
            nameless = pc.equal(named, texts([""])[0])  # "" itself would load pandas
            if pc.any(nameless).as_py():
                named = pc.if_else(nameless, pa.nulls(len(named), pa.string()), named)
        if named is not None and not named.null_count:
            return named
        numbers = texts([str(before + index) for index in range(self.tags.traces)])
        return numbers if named is None else pc.fill_null(named, numbers)


def _alike(codes: Any, many: int) -> list[Ints]:
    """The places of each code from 0 on, rising."""
    # Sorting numbers of two bytes takes one pass over them.
    small = codes.astype(np.uint16) if many < 2**16 else codes
    order = np.argsort(small, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=many))
    return np.split(order, ends)[:many]


def _begins(heads: Any, word: bytes) -> Bools:
    """Which of the eight-letter words begin with the given letters."""
    mask = np.uint64((1 << 8 * len(word)) - 1)
    found: Bools = heads & mask == np.uint64(int.from_bytes(word, "little"))
    return found


def _must_be_utf8(data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unsafe from None


def _unsafe() -> Ints:
    raise Unsafe


def _decoded(column: Any) -> Any:
    """The column with references resolved and white space as XML has it."""
    odd = pc.match_substring_regex(column, "[&\n\r\t]")
    odd = pc.and_kleene(odd, pc.is_valid(odd))
    if not pc.any(odd).as_py():
        return column
    values = column.to_pylist()
    for index in places(odd):
        values[index] = _plain(values[index])
    return texts(values)


def _plain(text: str) -> str:
    """An attribute's text as a parser gives it.

    :raises Unsafe: for references a parser may refuse.
    """
    text = re.sub("\r\n|[\n\r\t]", " ", text)
    if "&" not in text:
        return text
    if "&" in REFERENCE.sub("", text):
        raise Unsafe
    return REFERENCE.sub(_resolve, text)


def _resolve(found: re.Match[str]) -> str:
    words = found.group()
    if words.startswith("&#"):
        hexed = words[2] == "x"
        number = int(words[3:-1], 16) if hexed else int(words[2:-1])
        usual = number in (9, 10, 13) or 32 <= number < 0xD800
        if not (usual or 0xE000 <= number < 0xFFFE or 0x10000 <= number <= 0x10FFFF):
            raise Unsafe
        return chr(number)
    return unescape(words)
