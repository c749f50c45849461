"""The events of a log, perhaps with some cases left out, as a table of text or XES."""

from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from diagnosis.mining.lenses import Log
from diagnosis.mining.staging import NUMBER
from diagnosis.mining.store import attributes_of

BASE = ("case", "activity", "start_ts", "ts", "resource", "cost", "lifecycle")
BATCH = 20_000
XES_KEYS = {
    "activity": ("string", "concept:name"),
    "ts": ("date", "time:timestamp"),
    "start_ts": ("date", "start_timestamp"),
    "resource": ("string", "org:resource"),
    "cost": ("float", "cost:total"),
    "lifecycle": ("string", "lifecycle:transition"),
}
XES_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<log xes.version="1.0" xmlns="http://www.xes-standard.org/">\n'
)


def columns_of(log: Log) -> list[tuple[str, str]]:
    """Column and name of everything an event has; empty roles are left out."""
    mapped = log.meta.mapping
    roles = {"case", "activity", "ts"}
    roles |= {role for role in ("resource", "cost", "lifecycle") if mapped.get(role)}
    if log.meta.quality.get("folded") or mapped.get("start"):
        roles.add("start_ts")
    own = [
        (column, "time" if column == "ts" else column.removesuffix("_ts"))
        for column in BASE
        if column in roles
    ]
    extra = [
        (one.column, one.name)
        for one in attributes_of(log.meta)
        if one.level == "event" and one.column in log.events.columns
    ]
    return own + extra


def rows(log: Log, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The events by case and order, a few thousand held at a time."""
    chosen = log.events.order_by(["case", "seq"]).select(*columns)
    for batch in log.batches(chosen, BATCH):
        values = [list(map(_plain, one.to_pylist())) for one in batch.columns]
        yield from zip(*values, strict=True)


def _plain(value: Any) -> Any:
    """A whole number without a tail; other values as they are."""
    whole = isinstance(value, float) and abs(value) < 1e15 and value.is_integer()
    return int(value) if whole else value


def xes(log: Log) -> Iterator[str]:
    """The log as XES, in pieces of text; times are in UTC."""
    columns = columns_of(log)
    numbers = {one.column for one in attributes_of(log.meta) if one.kind == NUMBER}
    keys = [
        XES_KEYS.get(column, ("float" if column in numbers else "string", name))
        for column, name in columns
    ]
    yield XES_HEAD
    before: str | None = None
    for row in rows(log, [column for column, _ in columns]):
        if row[0] != before:
            yield "" if before is None else "</trace>\n"
            yield f"<trace>\n{_attribute('string', 'concept:name', row[0])}"
            before = row[0]
        inside = "".join(
            _attribute(tag, key, value)
            for (tag, key), value in zip(keys[1:], row[1:], strict=True)
            if value is not None
        )
        yield f"<event>\n{inside}</event>\n"
    yield "</log>\n" if before is None else "</trace>\n</log>\n"


def _attribute(tag: str, key: str, value: Any) -> str:
    text = f"{value.isoformat()}+00:00" if tag == "date" else _clean(str(value))
    return f"<{tag} key={quoteattr(_clean(key))} value={quoteattr(text)}/>\n"


def _clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(one for one in text if one in "\t\n\r" or ord(one) >= 32)
