"""XES: what is read, and what is refused."""

import gzip
import io
from datetime import UTC, datetime, timedelta
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnosis.mining.analyse import analyse_log
from diagnosis.mining.lenses import open_log
from diagnosis.mining.sources import LogError
from diagnosis.mining.store import import_log

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def event(name: str, at: str, **more: str) -> str:
    extra = "".join(
        f'<string key="{key.replace("_", ":")}" value="{escape(value)}"/>'
        for key, value in more.items()
    )
    return (
        f'<event><string key="concept:name" value="{escape(name)}"/>{extra}'
        f'<date key="time:timestamp" value="{at}"/></event>'
    )


def trace(name: str, *events: str) -> str:
    return (
        f'<trace><string key="concept:name" value="{name}"/>{"".join(events)}</trace>'
    )


def log(*traces: str, attributes: str = "") -> str:
    return f"{HEAD}<log {attributes}>{''.join(traces)}</log>"


def write(folder, text, name="log.xes"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


SIMPLE = log(
    trace(
        "1", event("A", "2026-01-01T00:00:00Z"), event("B", "2026-01-01T01:00:00+00:00")
    ),
    trace("2", event("A", "2026-01-01T00:00:00.500+01:00")),
)


class TestStageXes:
    def test_reads_traces_and_events(self, tmp_path):
        answer = analyse_log(write(tmp_path, SIMPLE))

        assert (answer["cases"], answer["events"], answer["variants"]) == (2, 3, 2)
        assert answer["dfg"][0]["mean_s"] == 3600

    def test_reads_gzip_and_namespaces(self, tmp_path):
        text = SIMPLE.replace("<log ", '<log xmlns="http://www.xes-standard.org/" ')

        packed = write(tmp_path, gzip.compress(text.encode()), "log.xes.gz")

        assert analyse_log(packed)["cases"] == 2

    def test_leaves_out_nested_attributes_lists_and_defaults(self, tmp_path):
        text = log(
            '<global scope="event"><string key="concept:name" value="X"/></global>',
            trace(
                "1",
                '<event><string key="concept:name" value="A"><string key="concept:name"'
                ' value="inner"/></string><list key="l"><values><string key="z" '
                'value="1"/></values></list><date key="time:timestamp" '
                'value="2026-01-01T00:00:00Z"/><!-- <event/> --></event>',
            ),
        )

        assert analyse_log(write(tmp_path, text))["start"] == {"A": 1}

    def test_keeps_attributes_of_traces_for_filters(self, tmp_path):
        text = log(
            '<trace><string key="concept:name" value="1"/><int key="Size" value="7"/>'
            + event("A", "2026-01-01T00:00:00Z", size="small")
            + "</trace>"
        )

        meta = import_log(write(tmp_path, text), tmp_path / "store")

        assert [(a["name"], a["level"], a["kind"]) for a in meta.attributes] == [
            ("size", "event", "text"),
            ("Size", "case", "number"),
        ]

    def test_names_traces_without_a_name_by_their_number(self, tmp_path):
        text = log(f"<trace>{event('A', '2026-01-01T00:00:00Z')}</trace>" * 3)

        assert analyse_log(write(tmp_path, text))["cases"] == 3

    def test_lists_events_without_time_or_name(self, tmp_path):
        text = log(
            trace(
                "1",
                event("A", "2026-01-01T00:00:00Z"),
                event("B", "some day"),
                "<event/>",
            )
        )

        bad = analyse_log(write(tmp_path, text))["bad_rows"]

        assert [(row["row"], row["column"]) for row in bad] == [
            (2, "time:timestamp"),
            (3, "concept:name"),
        ]


class TestLifecycle:
    def test_start_becomes_the_start_of_the_completion(self, tmp_path):
        text = log(
            trace(
                "1",
                event("A", "2026-01-01T00:00:00Z", lifecycle_transition="start"),
                event("A", "2026-01-01T01:00:00Z", lifecycle_transition="complete"),
                event("B", "2026-01-01T03:00:00Z", lifecycle_transition="START"),
                event("B", "2026-01-01T04:00:00Z", lifecycle_transition="complete"),
            )
        )
        path = write(tmp_path, text)

        meta = import_log(path, tmp_path / "store")
        with open_log(tmp_path / "store") as store:
            rows = store.rows(store.events.order_by("seq"))

        assert (meta.events, meta.quality["folded"]) == (2, 2)
        assert [row["work_s"] for row in rows] == [3600, 3600]
        assert rows[0]["wait_s"] == 7200
        assert rows[0]["gap_s"] == 10800
        assert analyse_log(path)["events"] == 4


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("<log><trace>", "breaks off"),
            ("<log><trace></log>", "not well-formed"),
            ("<other/>", "no traces"),
            (log(trace("1")), "no events"),
            (
                log(
                    trace("1", '<event><string key="concept:name" value="A"/></event>')
                ),
                "time",
            ),
            ("<log>" + "<trace>" * 100_000, "nested too deeply"),
        ],
    )
    def test_broken_logs(self, tmp_path, text, words):
        with pytest.raises(LogError, match=words):
            analyse_log(write(tmp_path, text))

    def test_text_that_is_no_xml(self, tmp_path):
        with pytest.raises(LogError, match="not XML"):
            analyse_log(write(tmp_path, "case,activity\n1,2\n"))

    def test_entities_that_grow(self, tmp_path):
        levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
        text = (
            f'<!DOCTYPE log [<!ENTITY a0 "ha">{levels}]><log><trace>&a9;</trace></log>'
        )

        with pytest.raises(LogError, match="DOCTYPE"):
            analyse_log(write(tmp_path, text))

    def test_external_entities(self, tmp_path):
        secret = tmp_path / "secret"
        secret.write_text("secret")
        text = f'<!DOCTYPE log [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + SIMPLE[39:]

        with pytest.raises(LogError, match="DOCTYPE"):
            analyse_log(write(tmp_path, text))

    def test_truncated_gzip(self, tmp_path):
        packed = gzip.compress(SIMPLE.encode() * 50)

        with pytest.raises(LogError, match="breaks off"):
            analyse_log(write(tmp_path, packed[:-20], "log.xes.gz"))

    def test_damaged_gzip(self, tmp_path):
        packed = bytearray(gzip.compress(SIMPLE.encode() * 50))
        packed[30:40] = b"\xff" * 10

        with pytest.raises(LogError):
            analyse_log(write(tmp_path, bytes(packed), "log.xes.gz"))

    def test_a_bomb(self, tmp_path):
        packed = io.BytesIO()
        with gzip.GzipFile(fileobj=packed, mode="wb") as stream:
            stream.write(b"case,activity,time\n")
            for _ in range(30):
                stream.write(b"1,1,1\n" + b" " * 1_000_000)
        path = write(tmp_path, packed.getvalue(), "log.csv.gz")

        with pytest.raises(LogError, match="times its size"):
            analyse_log(path)

    def test_a_bomb_of_blanks(self, tmp_path):
        packed = gzip.compress(b"<log>" + b" " * 60_000_000, compresslevel=1)

        with pytest.raises(LogError):
            analyse_log(write(tmp_path, packed, "log.xes.gz"))

    def test_endless_attributes(self, tmp_path):
        text = log(trace("1", event("A" * 200_000, "2026-01-01T00:00:00Z")))

        with pytest.raises(LogError, match="longer than"):
            analyse_log(write(tmp_path, text))


NAME = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=10
)


class TestRoundTrip:
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.lists(NAME, min_size=1, max_size=5), min_size=1, max_size=5))
    def test_paths_come_back_as_written(self, tmp_path_factory, paths):
        base = datetime(2026, 1, 1, tzinfo=UTC)
        traces = [
            trace(
                str(number),
                *(
                    event(name, (base + timedelta(minutes=step)).isoformat())
                    for step, name in enumerate(path)
                ),
            )
            for number, path in enumerate(paths)
        ]

        answer = analyse_log(write(tmp_path_factory.mktemp("round"), log(*traces)))

        assert answer["cases"] == len(paths)
        assert answer["variants"] == len({tuple(path) for path in paths})
        assert sum(answer["end"].values()) == len(paths)
