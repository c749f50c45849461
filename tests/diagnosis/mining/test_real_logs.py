"""Real logs, read in place where they are given; never part of this repository."""

import os
from pathlib import Path

import pytest
from lxml import etree

from diagnosis.mining.analyse import analyse_log
from diagnosis.mining.lenses import open_log
from diagnosis.mining.map_svg import draw_map
from diagnosis.mining.maps import process_map
from diagnosis.mining.preview import preview
from diagnosis.mining.store import import_log

LOGS = Path(os.environ.get("MELIORA_SHARED", "../shared")) / "data" / "logs"
COUNTS = {
    "bpic2013_incidents.xes.gz": (7554, 65533, 4),
    "sepsis.xes.gz": (1050, 15214, 16),
    "receipt.xes.gz": (1434, 8577, 27),
    "receipt.csv": (1434, 8577, 27),
    "helpdesk.csv": (4580, 21348, 14),
    "production.csv": (225, 4953, 26),
    "procure_to_pay.xes.gz": (608, 18238, 24),
    "callcenter_example.csv": (3885, 7548, 6),
}
LARGE = {
    "road_traffic_fines.xes.gz": (150370, 561470, 11),
    "bpic2012.xes.gz": (13087, 262200, 24),
}


def given(name: str) -> Path:
    path = LOGS / name
    if not path.is_file():
        pytest.skip("the log is not given")
    return path


class TestRealLogs:
    @pytest.mark.parametrize("name", COUNTS)
    def test_are_read_without_a_mapping(self, name):
        answer = analyse_log(given(name))

        found = (answer["cases"], answer["events"], answer["activities"])
        assert found == COUNTS[name]
        assert answer["bad_rows"] == []

    @pytest.mark.release
    @pytest.mark.parametrize("name", LARGE)
    def test_are_read_when_large(self, name):
        answer = analyse_log(given(name))

        found = (answer["cases"], answer["events"], answer["activities"])
        assert found == LARGE[name]

    def test_the_hard_one_is_guessed_right(self):
        seen = preview(given("callcenter_example.csv"))

        assert seen.mapping is not None
        assert seen.mapping.named() == {
            "case": "Service ID",
            "activity": "Operation",
            "timestamp": "End Date",
            "start": "Start Date",
            "resource": "Agent",
        }
        assert seen.mapping.timestamp_format == "%d.%m.%y %H:%M"

    def test_both_forms_of_one_log_agree(self):
        table, tree = (analyse_log(given(f"receipt.{e}")) for e in ("csv", "xes.gz"))

        assert table == tree

    @pytest.mark.parametrize("name", ["sepsis.xes.gz", "production.csv"])
    def test_are_drawn(self, name, tmp_path):
        import_log(given(name), tmp_path / "store")

        with open_log(tmp_path / "store") as log:
            chart = process_map(log)

        for level in ("main", "80", "all"):
            root = etree.fromstring(draw_map(chart, level=level))
            assert root.tag.endswith("svg")
