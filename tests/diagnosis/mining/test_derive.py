"""A log without some activities is the log that a file without them gives."""

from __future__ import annotations

import pytest

from diagnosis.mining.derive import derive_log
from diagnosis.mining.filters import AttributeFilter
from diagnosis.mining.lenses import open_log, overview, variants
from diagnosis.mining.maps import process_map
from diagnosis.mining.sources import LogError, Mapping
from diagnosis.mining.store import import_log, read_meta

MAPPING = Mapping("case", "activity", "time", resource="who")
LINES = [
    "1,Receive,2025-01-01 08:00,Ann,red",
    "1,Check,2025-01-02 08:00,Ben,red",
    "1,Check,2025-01-02 09:00,Ben,red",
    "1,Ship,2025-01-03 08:00,Ann,red",
    "2,Receive,2025-01-05 08:00,Ann,blue",
    "2,Check,2025-01-06 08:00,Ann,blue",
    "3,Check,2025-01-06 08:00,Ann,blue",
]


def brought(folder, lines, name: str = "store"):
    path = folder / f"{name}.csv"
    path.write_text("\n".join(["case,activity,time,who,colour", *lines]) + "\n")
    return import_log(path, folder / name, MAPPING)


def answers(store):
    with open_log(store) as log:
        return process_map(log), variants(log), overview(log)


class TestDeriveLog:
    @pytest.mark.parametrize(
        ("names", "keep"), [(["Check"], False), (["Receive", "Ship"], True)]
    )
    def test_gives_what_a_file_without_them_gives(self, tmp_path, names, keep):
        brought(tmp_path, LINES)
        brought(tmp_path, [one for one in LINES if "Check" not in one], "expected")

        found = derive_log(tmp_path / "store", tmp_path / "less", names, keep=keep)

        assert answers(tmp_path / "less") == answers(tmp_path / "expected")
        assert (found.cases, found.events, found.variants) == (2, 3, 2)
        assert read_meta(tmp_path / "less") == found

    def test_keeps_the_attributes_for_filters(self, tmp_path):
        brought(tmp_path, LINES)
        derive_log(tmp_path / "store", tmp_path / "less", ["Check"])

        with open_log(tmp_path / "less") as log:
            red = log.where([AttributeFilter("colour", ("red",))])

            assert overview(red).cases == 1

    def test_keeps_the_attributes_of_xes_traces(self, tmp_path):
        path = tmp_path / "log.xes"
        event = (
            '<event><string key="concept:name" value="%s"/><date key="time:timestamp" '
            'value="2025-11-03T08:00:00+00:00"/></event>'
        )
        path.write_text(
            '<log><trace><string key="concept:name" value="1"/><string key="colour" '
            f'value="red"/>{event % "A"}{event % "B"}</trace></log>'
        )
        import_log(path, tmp_path / "store")
        derive_log(tmp_path / "store", tmp_path / "less", ["A"])

        with open_log(tmp_path / "less") as log:
            red = log.where([AttributeFilter("colour", ("red",))])

            assert overview(red).events == 1

    def test_refuses_to_leave_nothing(self, tmp_path):
        brought(tmp_path, LINES)

        for names, keep in (
            (["Receive", "Check", "Ship"], False),
            (["No"], True),
            ([], True),
        ):
            with pytest.raises(LogError):
                derive_log(tmp_path / "store", tmp_path / "less", names, keep=keep)

        assert {one.name for one in tmp_path.iterdir()} == {"store", "store.csv"}

    def test_leaves_nothing_when_cancelled(self, tmp_path):
        brought(tmp_path, LINES)

        def stop(step: str, share: float) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            derive_log(tmp_path / "store", tmp_path / "less", ["Check"], progress=stop)
        with pytest.raises(FileExistsError):
            derive_log(tmp_path / "store", tmp_path / "store", ["Check"])

        assert {one.name for one in tmp_path.iterdir()} == {"store", "store.csv"}
