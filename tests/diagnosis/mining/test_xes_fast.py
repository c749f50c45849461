"""The quick way and the parser give the same rows, or the quick way steps aside."""

import gzip
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from diagnosis.mining import xes_fast
from diagnosis.mining.sources import LogError, open_source
from diagnosis.mining.staging import XesStage
from diagnosis.mining.xes import stage_parsed
from diagnosis.mining.xes_fast import Unsafe, read_quickly


def quiet(step, share):
    """No progress is told."""


def rows(staged):
    """Events and cases as dicts by the file's names, empty ones left out."""
    found = {}
    for level, files in (("event", staged.events), ("case", staged.cases)):
        names = {c.column: c.name for c in staged.columns if c.level == level}
        names.update(trace="\x00trace", position="\x00position")
        found[level] = [
            {names[key]: value for key, value in row.items() if value is not None}
            for path in files
            for row in parquet.read_table(path).to_pylist()
        ]
    found["kinds"] = {(c.level, c.name): c.kind for c in staged.columns}
    return found


def both(folder, text):
    """What each way gives: rows, or the refusal's class."""
    path = folder / "log.xes"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    try:
        quick = XesStage(folder / "quick")
        with open_source(path) as source:
            read_quickly(source, quick, quiet)
        fast = rows(quick.finish("log", None))
    except (Unsafe, LogError) as error:
        fast = type(error)
    try:
        slow = rows(stage_parsed([path], None, folder / "parsed", quiet))
    except LogError as error:
        slow = type(error)
    return fast, slow


VALUE = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"))
    | st.sampled_from("\n\t<>&'\""),
    max_size=6,
)
KEY = st.sampled_from(["concept:name", "time:timestamp", "x", "X", "a & b", "é"])
TAG = st.sampled_from(["string", "date", "int", "float", "boolean", "id"])


@st.composite
def attribute(draw, depth=0):
    tag, key, value = draw(TAG), draw(KEY), draw(VALUE)
    head = f'<{tag} key="{escape(key)}" value="{escape(value)}"'
    if depth < 2 and draw(st.integers(0, 5)) == 0:
        inner = "".join(draw(st.lists(attribute(depth + 1), max_size=2)))
        return f"{head}>{inner}</{tag}>"
    return head + draw(st.sampled_from(["/>", " />", f"></{tag}>"]))


@st.composite
def logs(draw):
    gap = draw(st.sampled_from(["", "\n", "\r\n\t"]))
    traces = []
    for _ in range(draw(st.integers(1, 4))):
        parts = draw(st.lists(attribute(), max_size=3))
        for _ in range(draw(st.integers(0, 4))):
            inside = gap.join(draw(st.lists(attribute(), max_size=4)))
            parts.append(f"<event>{inside}</event>")
        traces.append(f"<trace>{gap.join(parts)}</trace>")
    named = '<event><string key="concept:name" value="A"/><date key="time:timestamp" '
    traces.append(f'<trace>{named}value="2026-01-01"/></event></trace>')
    return f"<log>{gap}{gap.join(traces)}{gap}</log>"


class TestReadQuickly:
    @settings(max_examples=150, deadline=None)
    @given(logs(), st.sampled_from([40, 400, 4 * 1024**2]))
    def test_equals_the_parser(self, tmp_path_factory, text, piece):
        usual, xes_fast.PIECE = xes_fast.PIECE, piece
        try:
            fast, slow = both(tmp_path_factory.mktemp("both"), text)
        finally:
            xes_fast.PIECE = usual

        assert fast == slow

    @pytest.mark.parametrize(
        "inside",
        [
            '<list key="l"><string key="concept:name" value="no"/></list>',
            '<container key="l"><string key="x" value="no"/></container>',
            '<string value="v" key="x"/>',
            "<string key='x' value='v'/>",
            '<string key = "x" value="v"/>',
            '<string  key="x" value="v"/>',
            '<!-- <string key="x" value="v"/> -->',
            "<![CDATA[<event>]]>",
            '<xes:string key="x" value="v"/>',
            '<strange key="x" value="v"/>',
            '<string key="x" value="v" more="w"/>',
            '<string key="x"/>',
            "<?php ?>",
            ' key="x" value="v"',
            "<event/>",
            '<string key="x" value="&unknown;"/>',
            '<string key="x" value="&#2;"/>',
            '<string key="x" value="\x02"/>',
            "<event></event>",
        ],
    )
    @pytest.mark.parametrize("level", ["event", "trace"])
    def test_steps_aside_or_equals_the_parser(self, tmp_path, inside, level):
        name = '<string key="concept:name" value="A"/>'
        when = '<date key="time:timestamp" value="2026-01-01"/>'
        within = f"<event>{name}{when}{inside}</event>"
        beside = f"<event>{name}{when}</event>{inside}"
        body = within if level == "event" else beside

        fast, slow = both(tmp_path, f"<log><trace>{body}</trace></log>")

        assert fast in (Unsafe, slow)

    @pytest.mark.parametrize(
        "text",
        [
            b'<?xml version="1.0" encoding="ISO-8859-1"?><log><trace></trace></log>',
            b"<log><trace><event></event></trace>",
            b"<log><trace><event></trace></event></log>",
            b'<log><trace></trace><string key="a" value="b"/></log>',
            b"<!DOCTYPE log><log><trace></trace></log>",
            b"<log><!-- <trace> --><trace></trace></log>",
            b"<log></log>",
            b'<log><trace><string key="x" value="\xff"/></trace></log>',
        ],
    )
    def test_steps_aside_for_unusual_files(self, tmp_path, text):
        fast, _ = both(tmp_path, text)

        assert fast is Unsafe

    def test_refuses_endless_values(self, tmp_path):
        text = f'<log><trace><string key="x" value="{"v" * 200_000}"/></trace></log>'

        assert both(tmp_path, text) == (LogError, LogError)

    def test_names_traces_by_number_over_all_pieces(self, tmp_path, monkeypatch):
        monkeypatch.setattr(xes_fast, "PIECE", 50)
        event = (
            '<event><string key="concept:name" value="A"/>'
            '<date key="time:timestamp" value="2026-01-01"/></event>'
        )
        text = f"<log>{f'<trace>{event}</trace>' * 5}</log>"

        fast, slow = both(tmp_path, text)

        assert fast == slow
        assert [row["\x00trace"] for row in fast["case"]] == list("01234")

    def test_reads_gzip(self, tmp_path):
        event = (
            '<event><string key="concept:name" value="A"/>'
            '<date key="time:timestamp" value="2026-01-01"/></event>'
        )

        fast, slow = both(
            tmp_path, gzip.compress(f"<log><trace>{event}</trace></log>".encode())
        )

        assert fast == slow
