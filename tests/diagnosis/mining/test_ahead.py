"""Traces enriched while others are read give the same store as all at once."""

import pytest
from pyarrow import parquet

from diagnosis.mining import ahead
from diagnosis.mining.analyse import analyse_log, analyse_store
from diagnosis.mining.sources import LogError, Mapping
from diagnosis.mining.store import import_log

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log>\n'


def event(name, at, extra=""):
    named = f'<string key="concept:name" value="{name}"/>' if name else ""
    timed = f'<date key="time:timestamp" value="{at}"/>' if at else ""
    return f"<event>{named}{timed}{extra}</event>\n"


def trace(case, *events, extra=""):
    named = f'<string key="concept:name" value="{case}"/>'
    return f"<trace>{named}{extra}{''.join(events)}</trace>\n"


def day(number):
    return f"2024-01-{number:02}T08:00:00+00:00"


def write(folder, *traces):
    path = folder / "log.xes"
    path.write_text(f"{HEAD}{''.join(traces)}</log>\n", "utf-8")
    return path


@pytest.fixture(autouse=True)
def small_groups(monkeypatch):
    """Each piece of a log is one trace, each group one piece."""
    monkeypatch.setattr("diagnosis.mining.xes_fast.PIECE", 64)
    monkeypatch.setattr(ahead, "GROUP_ROWS", 1)


def parts(store):
    return sorted(file.name for file in (store / "events").iterdir())


def in_order(store):
    """The events of a store of one part, as the file had them."""
    return parquet.read_table(store / "events" / "part-0.parquet").sort_by("position")


def at_once(path, folder, monkeypatch, mapping=None):
    monkeypatch.setattr(ahead, "GROUP_ROWS", 10**9)
    import_log(path, folder / "at-once", mapping, fold=False)
    return analyse_store(folder / "at-once")


class TestEnrichAhead:
    def test_writes_a_part_for_each_group(self, tmp_path, monkeypatch):
        path = write(
            tmp_path,
            trace("1", event("a", day(1)), event("b", day(2))),
            trace("2", event("a", day(3)), event("a", day(4))),
            trace("3", event("b", day(2)), event("a", day(1))),
        )

        import_log(path, tmp_path / "store", fold=False)

        assert len(parts(tmp_path / "store")) == 3
        found = analyse_store(tmp_path / "store")
        assert found == at_once(path, tmp_path, monkeypatch)
        assert found["rework"] == {"a": 1}

    def test_starts_over_when_a_case_comes_twice(self, tmp_path):
        path = write(
            tmp_path,
            trace("1", event("a", day(1))),
            trace("2", event("a", day(3))),
            trace("1", event("b", day(2))),
        )

        import_log(path, tmp_path / "store", fold=False)

        found = analyse_store(tmp_path / "store")
        assert (found["cases"], found["end"]) == (2, {"a": 1, "b": 1})
        assert parts(tmp_path / "store") == ["part-0.parquet"]

    def test_starts_over_when_the_quick_way_ends_midway(self, tmp_path):
        plain = f"<trace>{event('a', day(1))}{event('b', day(2))}</trace>\n"
        unusual = f"<trace><!-- -->{event('a', day(3))}</trace>\n"
        path = write(tmp_path, *[plain] * 5, unusual, *[plain] * 3)

        found = import_log(path, tmp_path / "store", fold=False)

        assert (found.cases, found.events) == (9, 17)
        assert parts(tmp_path / "store") == ["part-0.parquet"]

    def test_starts_over_when_a_kind_changes(self, tmp_path):
        path = write(
            tmp_path,
            trace("1", event("a", day(1), '<int key="x" value="007"/>')),
            trace("2", event("a", day(3), '<string key="x" value="seven"/>')),
        )

        found = import_log(path, tmp_path / "store")

        (held,) = found.attributes
        rows = in_order(tmp_path / "store")
        assert held["kind"] == "text"
        assert rows.column(held["column"]).to_pylist() == ["007", "seven"]

    def test_starts_over_when_another_column_takes_a_role(self, tmp_path):
        group = '<string key="org:group" value="North"/>'
        person = '<string key="org:resource" value="Ann"/>'
        path = write(
            tmp_path,
            trace("1", event("a", day(1), group)),
            trace("2", event("a", day(3), group + person)),
        )

        import_log(path, tmp_path / "store")

        rows = in_order(tmp_path / "store")
        assert rows.column("resource").to_pylist() == [None, "Ann"]

    def test_waits_for_all_when_the_first_traces_have_no_time(self, tmp_path):
        path = write(
            tmp_path,
            trace("1", event("a", "")),
            trace("2", event("a", day(3)), event("b", day(4))),
        )

        found = analyse_log(path)

        assert (found["cases"], found["events"]) == (1, 2)
        assert found["bad_rows"][0]["reason"] == "the time is empty"

    def test_keeps_columns_that_only_later_traces_have(self, tmp_path):
        path = write(
            tmp_path,
            trace("1", event("a", day(1))),
            trace("2", event("a", day(3), '<string key="x" value="late"/>')),
        )

        import_log(path, tmp_path / "store")

        assert len(parts(tmp_path / "store")) == 2
        with_x = parquet.read_table(tmp_path / "store" / "events" / "part-1.parquet")
        assert "late" in [value for row in with_x.to_pylist() for value in row.values()]

    def test_gives_up_without_a_trace_of_it(self, tmp_path):
        path = write(tmp_path, trace("1", event("a", day(1))), trace("2", "<broken"))

        with pytest.raises(LogError):
            import_log(path, tmp_path / "store")

        assert [one.name for one in tmp_path.iterdir()] == ["log.xes"]

    def test_reads_the_columns_of_a_mapping(self, tmp_path, monkeypatch):
        other = '<string key="step" value="s"/>'
        path = write(
            tmp_path,
            trace("1", event("a", day(1), other)),
            trace("2", event("a", day(3), other)),
        )
        mapping = Mapping("case:concept:name", "step", "time:timestamp")

        found = analyse_log(path, mapping)

        assert found["start"] == {"s": 2}
        assert found == at_once(path, tmp_path, monkeypatch, mapping)


class TestSortInBuckets:
    def test_gives_the_answer_of_one_sort(self, tmp_path, monkeypatch):
        rows = [
            f"c{number % 7},{'abc'[number % 3]},2024-01-01 {number % 24:02}:00,"
            for number in range(90)
        ]
        path = tmp_path / "log.csv"
        path.write_text("\n".join(["case,activity,time,note", *rows]), "utf-8")
        at_once = analyse_log(path)
        monkeypatch.setattr("diagnosis.mining.enrich.BUCKET_ROWS", 20)

        import_log(path, tmp_path / "store")

        assert analyse_store(tmp_path / "store") == at_once
        assert len(parts(tmp_path / "store")) > 1


class TestFoldAhead:
    def test_groups_with_and_without_starts_stand_side_by_side(self, tmp_path):
        def step(name, at, phase):
            return event(
                name, at, f'<string key="lifecycle:transition" value="{phase}"/>'
            )

        path = write(
            tmp_path,
            trace("1", step("a", day(1), "complete")),
            trace("2", step("a", day(2), "start"), step("a", day(3), "complete")),
            trace("3", step("a", day(4), "complete")),
        )

        found = import_log(path, tmp_path / "store")

        tables = [
            parquet.read_table(file)
            for file in sorted((tmp_path / "store" / "events").iterdir())
        ]
        assert len(tables) == 3
        assert [one.column("work_s").to_pylist() for one in tables] == [
            [None],
            [86_400.0],
            [None],
        ]
        assert found.quality["folded"] == 1
