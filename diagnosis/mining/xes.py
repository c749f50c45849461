"""XES event logs, plain or gzip, read by a hardened parser in bounded memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from diagnosis.mining.arrays import texts
from diagnosis.mining.sources import BoundedReader, LogError, Mapping, open_source
from diagnosis.mining.staging import (
    MOMENT,
    NUMBER,
    TEXT,
    Companion,
    Progress,
    Staged,
    XesStage,
)
from diagnosis.mining.xes_fast import Unsafe, read_quickly

GROUP = 50_000
"""Events held in memory before they are written."""
MOST_EVENTS = 50_000_000
MOST_TRACES = 20_000_000
MOST_IN_TRACE = 2_000_000
LONGEST_VALUE = 100_000
"""Characters of one attribute."""
BREAKS_OFF = (39, 40, 41, 73, 74, 75)
"""Codes of the parser for a value, an attribute or a tag that is cut off."""
KINDS = {
    "string": TEXT, "id": TEXT, "boolean": TEXT,
    "date": MOMENT, "int": NUMBER, "float": NUMBER,
}  # fmt: skip

Attributes = dict[str, str]
Trace = tuple[Attributes, list[Attributes]]


class Kinds(dict[tuple[str, str], str]):
    """Kind of value by level and key, as the tags say; kinds that differ are text."""


def stage_xes(
    paths: Sequence[Path],
    mapping: Mapping | None,
    directory: Path,
    progress: Progress,
    companion: Companion | None = None,
) -> Staged:
    """Write the events of a log as Parquet, attributes as text.

    The quick way is tried first; a log it cannot prove safe goes through the parser.
    `companion` works along with the quick way.
    :raises LogError: for damaged or dangerous XML, and beyond the limits.
    """
    quick = XesStage(directory / "quick", companion)
    try:
        for path in paths:
            with open_source(path) as source:
                read_quickly(source, quick, progress)
    except Unsafe:
        return stage_parsed(paths, mapping, directory / "parsed", progress)
    return quick.finish(paths[0].name, mapping)


def stage_parsed(
    paths: Sequence[Path], mapping: Mapping | None, directory: Path, progress: Progress
) -> Staged:
    """The same rows by way of the XML parser.

    :raises LogError: for damaged or dangerous XML, and beyond the limits.
    """
    stage, kinds = XesStage(directory), Kinds()
    for path in paths:
        with open_source(path) as source:
            _stage_traces(source, stage, kinds, progress)
    return stage.finish(paths[0].name, mapping)


def _stage_traces(
    source: BoundedReader, stage: XesStage, kinds: Kinds, progress: Progress
) -> None:
    events: list[tuple[str, Attributes]] = []
    cases: list[tuple[str, Attributes]] = []
    for number, (attributes, inside) in enumerate(traces(source, kinds)):
        case = attributes.get("concept:name") or str(number)
        cases.append((case, attributes))
        events.extend((case, event) for event in inside)
        if len(events) >= GROUP or len(cases) >= GROUP:
            flush(stage, events, cases, kinds)
            progress("read", source.share)
    flush(stage, events, cases, kinds)


def flush(
    stage: XesStage,
    events: list[tuple[str, Attributes]],
    cases: list[tuple[str, Attributes]],
    kinds: Kinds,
) -> None:
    """Hand the collected rows to the stage and forget them."""
    stage.write(
        _arrays(stage, "event", events, kinds), _arrays(stage, "case", cases, kinds)
    )
    events.clear()
    cases.clear()


def _arrays(
    stage: XesStage, level: str, rows: list[tuple[str, Attributes]], kinds: Kinds
) -> dict[str, Any]:
    keys = dict.fromkeys(key for _, attributes in rows for key in attributes)
    arrays: dict[str, Any] = {"trace": texts([case for case, _ in rows])}
    for key in keys:
        column = stage.column(level, key, kinds[level, key])
        arrays[column] = texts([row.get(key) for _, row in rows])
    return arrays


def traces(source: BoundedReader, kinds: Kinds) -> Iterator[Trace]:
    """The traces of a log one after the other: attributes and events.

    Nested attributes, lists and containers are left out, as are the defaults of the
    log's head. No entity is expanded and any DOCTYPE is refused.
    """
    try:
        yield from _traces(source, kinds)
    except etree.XMLSyntaxError as error:
        raise _explain(source.name, error) from None


def _traces(source: BoundedReader, kinds: Kinds) -> Iterator[Trace]:
    parser = etree.iterparse(
        source,
        events=("start", "end"),
        tag=("{*}log", "{*}trace", "{*}event"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    held: list[Attributes] = []
    inside, count, total = False, 0, 0
    for action, element in parser:
        name = _local(element.tag) if not inside else None
        if action == "start":
            if element.getparent() is None:
                _refuse_doctype(source.name, element)
            inside = inside or name == "trace"
            continue
        if element.tag.endswith("event"):
            if inside:
                held.append(_attributes(element, "event", kinds))
                total += 1
                _within(len(held), MOST_IN_TRACE, "events in one trace")
            element.clear()
        elif element.tag.endswith("trace"):
            count += 1
            _within(count, MOST_TRACES, "traces")
            _within(total, MOST_EVENTS, "events")
            yield _attributes(element, "case", kinds), held
            held, inside = [], False
            _forget(element)
    if count == 0:
        raise LogError(
            f"{source.name} has no traces, so it is no XES log; export it as XES."
        )


def _attributes(element: Any, level: str, kinds: Kinds) -> Attributes:
    """Key -> value of the direct attributes that carry a value; the last one wins."""
    found: Attributes = {}
    for child in element:
        key, value = child.get("key"), child.get("value")
        if key is None or value is None:
            continue
        if len(value) > LONGEST_VALUE:
            raise LogError(
                f"The attribute “{key[:60]}” is longer than {LONGEST_VALUE:,} "
                "characters; export the log without it."
            )
        found[key] = value
        kind = _kind(child.tag)
        if kinds.setdefault((level, key), kind) != kind:
            kinds[level, key] = TEXT
    return found


def _local(tag: str) -> str:
    """The name of a tag without its namespace, or a prefix that nobody declared."""
    return tag.rpartition("}")[2].rpartition(":")[2]


_TAGS: dict[str, str] = {}


def _kind(tag: str) -> str:
    if tag in _TAGS:
        return _TAGS[tag]
    kind = KINDS.get(tag.rpartition("}")[2], TEXT)
    if len(_TAGS) < 1000:
        _TAGS[tag] = kind
    return kind


def _forget(element: Any) -> None:
    """Free a finished trace and what stands before it."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def _refuse_doctype(name: str, root: Any) -> None:
    if root.getroottree().docinfo.doctype:
        raise LogError(
            f"{name} declares a DOCTYPE, which event logs never need; "
            "export it without one."
        )


def _within(number: int, limit: int, what: str) -> None:
    if number > limit:
        raise LogError(f"The log has more than {limit:,} {what}; split it by time.")


def _explain(name: str, error: etree.XMLSyntaxError) -> LogError:
    line = error.lineno or 1
    words = str(error).lower()
    if "depth" in words:
        why = f"{name} is nested too deeply (line {line})"
    elif "entityref: no name" in words:
        why = f"{name} has an & that should be &amp; (line {line})"
    elif "entit" in words:
        why = f"{name} uses XML entities that are not allowed (line {line})"
    elif "no element" in words:
        why = f"{name} breaks off or uses entities that nobody declared (line {line})"
    elif "premature" in words or getattr(error, "code", 0) in BREAKS_OFF:
        why = f"{name} breaks off in line {line}"
    elif "encoding" in words:
        why = f"{name} is not in the encoding that it states (line {line})"
    else:
        why = f"{name} is not well-formed XML (line {line})"
    return LogError(f"{why}; export the log as XES once more.", line)


def preview_rows(path: Path) -> Iterator[Attributes]:
    """Events as flat rows, trace attributes named `case:…`, for a preview."""
    kinds = Kinds()
    with open_source(path) as source:
        for number, (attributes, events) in enumerate(traces(source, kinds)):
            shared = {f"case:{key}": value for key, value in attributes.items()}
            shared["case:concept:name"] = attributes.get("concept:name") or str(number)
            for event in events:
                yield {**event, **shared}
