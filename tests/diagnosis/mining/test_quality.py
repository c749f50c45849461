"""Doubts about a log by hand; what cleaning leaves out; logs of several files."""

from __future__ import annotations

import json

import pytest

from diagnosis.mining.lenses import open_log
from diagnosis.mining.numbering import FileRows, kept, place_of, runs_of
from diagnosis.mining.quality import doubts
from diagnosis.mining.sources import Cleaning, LogError, Mapping
from diagnosis.mining.store import import_log, read_meta

HEAD = "case,activity,start,end,who\n"
MAPPING = Mapping("case", "activity", "end", start="start", resource="who")
DOUBTFUL = HEAD + (
    "1,Receive,2025-01-01 08:00,2025-01-01 09:00,Ann\n"  # row 2
    "1,Ship,2025-01-03 08:00,2025-01-03 09:00,\n"  # row 3: nobody
    "1,Ship,2025-01-03 08:00,2025-01-03 09:00,\n"  # row 4: once more, nobody
    "2,Receive,2025-01-05 08:00,2025-01-05 09:00,Ben\n"  # row 5
    "2,Check,2025-01-04 08:00,2025-01-04 09:00,Ben\n"  # row 6: out of order
    "3,Receive,2025-01-06 10:00,2025-01-06 09:00,Ann\n"  # row 7: negative, alone
    "4,Receive,2025-01-06 08:00,soon,Ann\n"  # row 8: unread
    "4,Ship,2025-01-07 08:00,2025-01-07 09:00,Ann\n"  # row 9
)


def brought(folder, text: str = DOUBTFUL, **more):
    path = folder / "log.csv"
    path.write_text(text)
    return import_log(path, folder / "store", MAPPING, **more)


def found(folder, closing=()):
    with open_log(folder / "store") as log:
        return {one.kind: one for one in doubts(log, closing)}


class TestDoubts:
    def test_are_counted_with_case_and_row(self, tmp_path):
        brought(tmp_path)

        seen = found(tmp_path, ["Ship"])

        assert {kind: (one.count, one.of) for kind, one in seen.items()} == {
            "unread": (1, 8),
            "missing": (2, 7),
            "order": (1, 7),
            "negative": (1, 7),
            "single": (2, 4),
            "open": (2, 4),
            "duplicate": (1, 7),
        }
        assert [(one.case, one.row) for one in seen["missing"].examples] == [
            ("1", 3),
            ("1", 4),
        ]
        assert (seen["missing"].attribute, seen["missing"].share) == ("resource", 2 / 7)
        assert [(o.case, o.row) for o in seen["order"].examples] == [("2", 5)]
        assert [(o.case, o.row) for o in seen["negative"].examples] == [("3", 7)]
        assert [(o.case, o.row) for o in seen["duplicate"].examples] == [("1", 4)]
        assert [one.case for one in seen["open"].examples] == ["2", "3"]
        assert seen["unread"].examples[0].row == 8

    def test_are_none_in_a_sound_log(self, tmp_path):
        brought(
            tmp_path,
            HEAD + "1,A,2025-01-01,2025-01-02,Ann\n1,B,2025-01-03,2025-01-04,Ann\n",
        )

        assert not any(one.count for one in found(tmp_path).values())

    def test_count_rows_past_broken_and_blank_ones(self, tmp_path):
        text = DOUBTFUL.replace("2,Receive", "\n9,too short\n2,Receive")
        brought(tmp_path, text)

        seen = found(tmp_path)

        assert [(o.case, o.row) for o in seen["negative"].examples] == [("3", 9)]


class TestCleaning:
    @pytest.mark.parametrize(
        ("cleaning", "events", "cases", "left"),
        [
            (Cleaning(), 7, 4, {}),
            (Cleaning(duplicates=True), 6, 4, {"duplicates": 1}),
            (Cleaning(faulty=True), 5, 2, {"faulty": 2}),
            (Cleaning(single=True), 5, 2, {"single": 2}),
            (
                Cleaning(duplicates=True, faulty=True, single=True),
                4,
                2,
                {"duplicates": 1, "faulty": 2, "single": 0},
            ),
        ],
    )
    def test_leaves_out_what_is_asked(self, tmp_path, cleaning, events, cases, left):
        seen = brought(tmp_path, cleaning=cleaning)

        assert (seen.events, seen.cases, seen.quality["left_out"]) == (
            events,
            cases,
            left,
        )
        assert seen.quality["folded"] == 0

    def test_finds_a_case_alone_after_its_start_was_joined(self, tmp_path):
        path = tmp_path / "log.csv"
        path.write_text(
            "case,activity,time,lifecycle\n"
            "1,A,2025-01-01 08:00,start\n1,A,2025-01-01 09:00,complete\n"
            "2,A,2025-01-01 08:00,start\n2,A,2025-01-01 09:00,complete\n"
            "2,B,2025-01-01 10:00,complete\n"
        )
        mapping = Mapping("case", "activity", "time", lifecycle="lifecycle")

        seen = import_log(
            path, tmp_path / "store", mapping, cleaning=Cleaning(single=True)
        )

        assert (seen.cases, seen.events, seen.quality["folded"]) == (1, 2, 2)


class TestSeveralFiles:
    def more(self, folder, text: str):
        path = folder / "newer.csv"
        path.write_text(text)
        return [path]

    def test_are_one_log(self, tmp_path):
        newer = self.more(
            tmp_path,
            "who;case;end;start;activity\n"
            "Ann;3;2025-02-01 09:00;2025-02-01 08:00;Ship\n"
            "Ann;3;x;2025-02-02 08:00;Ship\n",
        )

        seen = brought(tmp_path, more=newer)

        assert (seen.events, seen.cases, seen.rows) == (8, 4, 10)
        bad = [(one["file"], one["row"]) for one in seen.quality["bad_rows"]]
        assert bad == [(1, 8), (2, 3)]
        assert found(tmp_path)["single"].count == 1

    def test_tell_file_and_row_of_a_doubt(self, tmp_path):
        newer = self.more(
            tmp_path,
            "who;case;end;start;activity\n"
            "Ann;3\n"
            "Ann;4;2025-02-01 09:00;2025-02-01 10:00;Ship\n",
        )

        brought(tmp_path, more=newer)

        places = [(one.file, one.row) for one in found(tmp_path)["negative"].examples]
        assert (2, 3) in places

    def test_leave_out_what_was_there_already(self, tmp_path):
        newer = self.more(tmp_path, DOUBTFUL)

        seen = brought(tmp_path, more=newer, cleaning=Cleaning(duplicates=True))

        assert (seen.events, seen.quality["left_out"]) == (6, {"duplicates": 8})

    @pytest.mark.parametrize(
        ("head", "words"),
        [
            ("case,activity,start,end\n1,A,2025-01-01,2025-01-01\n", "lacks “who”"),
            (
                "case,activity,start,end,who,x\n1,A,2025-01-01,2025-01-01,,\n",
                "“x” besides",
            ),
            (HEAD, "no rows"),
            ("<log><trace/></log>", "of another kind"),
        ],
    )
    def test_are_refused_when_they_do_not_fit(self, tmp_path, head, words):
        newer = self.more(tmp_path, head)

        with pytest.raises(LogError, match=words) as refusal:
            brought(tmp_path, more=newer)

        assert str(refusal.value).startswith("newer.csv")
        assert not (tmp_path / "store").exists()

    def test_of_xes_are_one_log(self, tmp_path):
        paths = []
        for number in (1, 2):
            path = tmp_path / f"{number}.xes"
            path.write_text(
                f'<log><trace><string key="concept:name" value="c{number}"/><event>'
                '<string key="concept:name" value="A"/><date key="time:timestamp" '
                'value="2025-11-03T08:00:00+00:00"/></event></trace></log>'
            )
            paths.append(path)

        import_log(paths[0], tmp_path / "store", more=paths[1:])

        assert read_meta(tmp_path / "store").cases == 2


class TestPlaces:
    def test_of_many_skipped_rows(self):
        skipped = [row for row in range(2, 9_000) if row % 3]
        files = [FileRows(0, 2, runs_of(skipped)), FileRows(2_000, 2, [])]
        quality = json.loads(json.dumps(kept(files)))

        assert place_of(quality, 0) == (1, 3)
        assert place_of(quality, 1_999) == (1, 6_000)
        assert place_of(quality, 2_005) == (2, 7)

    def test_of_stores_of_before(self):
        assert place_of({"first_row": 2, "skipped_rows": [2, 5]}, 1) == (0, 4)
        assert place_of({"first_row": None, "skipped_rows": []}, 1) == (0, None)

    def test_are_not_known_of_too_many_runs(self):
        assert runs_of(range(2, 100_000, 2)) is None
        assert FileRows(0, 2, None).row(5) is None
