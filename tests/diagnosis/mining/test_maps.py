"""The picture of a process: sound SVG for any names, and the right things in it."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from diagnosis.mining.map_layers import Link, forward_links
from diagnosis.mining.map_layout import lay_out, separate
from diagnosis.mining.map_level import END, START, choose, main_path
from diagnosis.mining.map_svg import draw_map
from diagnosis.mining.map_text import duration_text, fit, text_width
from diagnosis.mining.maps import MapEdge, MapNode, ProcessMap
from programmes.kit.formats import duration

SVG = "{http://www.w3.org/2000/svg}"


def chart_of(paths: list[list[str]], seconds: float = 3600.0) -> ProcessMap:
    """A map counted from paths; each move takes so many seconds times its length."""
    events: dict[str, list[int]] = {}
    edges: dict[tuple[str, str], int] = {}
    for path in paths:
        for name in dict.fromkeys(path):
            row = events.setdefault(name, [0, 0, 0, 0, 0])
            row[0] += 1
            row[1] += path.count(name)
            row[2] += path.count(name) > 1
        events[path[0]][3] += 1
        events[path[-1]][4] += 1
        for pair in pairwise(path):
            edges[pair] = edges.get(pair, 0) + 1
    nodes = [MapNode(name, *row, None) for name, row in sorted(events.items())]
    moves = [
        MapEdge(a, b, n, n, *[seconds * len(b)] * 5, seconds * n * len(b))
        for (a, b), n in sorted(edges.items(), key=lambda item: (-item[1], item[0]))
    ]
    return ProcessMap(len(paths), tuple(nodes), tuple(moves), True)


ORDER = chart_of(
    [["Receive", "Check", "Release", "Ship"]] * 8
    + [["Receive", "Check", "Ask", "Check", "Release", "Ship"]] * 3
    + [["Receive", "Cancel"]]
)


class TestDrawMap:
    def test_starts_with_title_and_description(self):
        root = etree.fromstring(draw_map(ORDER, title="Orders & <more>"))

        assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
        assert root[0].text == "Orders & <more>"
        assert "slowest wait" in root[1].text
        assert root.get("class") == "chart map"
        assert float(root.get("width")) > 0
        assert float(root.get("height")) > 0

    def test_marks_the_slowest_wait_and_rework(self):
        svg = draw_map(ORDER, level="all")

        assert svg.count('class="edge slow"') == 1
        assert 'class="edge rework"' in svg
        assert 'class="edge-label slow"' in svg

    def test_uses_classes_on_pages_and_literal_colours_in_print(self):
        page, printed = draw_map(ORDER), draw_map(ORDER, print=True)

        assert "fill=" not in page
        assert "style" not in page
        assert 'stroke="#C9342F"' in printed
        assert "marker" not in printed

    def test_shows_more_on_each_level(self):
        shown = [len(choose(ORDER, level).nodes) for level in ("main", "80", "all")]

        assert shown == sorted(shown)
        assert shown[0] == 4
        assert shown[2] == 6
        assert main_path(ORDER) == (START, "Receive", "Check", "Release", "Ship", END)

    def test_labels_times_or_counts(self):
        assert ">8</text>" not in draw_map(ORDER, measure="time")
        assert ">11</text>" in draw_map(ORDER, level="all", measure="frequency")

    def test_is_the_same_each_time(self):
        assert draw_map(ORDER, level="all") == draw_map(ORDER, level="all")

    def test_draws_an_empty_map(self):
        root = etree.fromstring(draw_map(ProcessMap(0, (), (), False)))

        assert root.tag.endswith("svg")

    def test_refuses_an_unknown_level(self):
        with pytest.raises(ValueError, match="no level"):
            draw_map(ORDER, level="some")

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6),
            min_size=1,
            max_size=6,
        ),
        st.booleans(),
    )
    def test_is_well_formed_for_any_names(self, paths, printed):
        paths = [[f"{name}." for name in path] for path in paths]

        svg = draw_map(chart_of(paths), level="all", print=printed)

        assert etree.fromstring(svg.encode("utf-8")).tag.endswith("svg")

    @pytest.mark.parametrize(
        "name", ["<script>alert(1)</script>", '" onload="x', "]]>", "&amp;", "\x00\x0b"]
    )
    def test_escapes_hostile_names(self, name):
        root = etree.fromstring(draw_map(chart_of([[name, "B"]]), title=name).encode())

        assert root.find(f".//{SVG}script") is None
        assert not [e for e in root.iter() if "onload" in e.attrib]


def strewn(size: int) -> ProcessMap:
    """A map of random moves."""
    draw = random.Random(size)
    names = [f"§{number}" for number in range(size)]
    return chart_of([[draw.choice(names) for _ in range(9)] for _ in range(60)])


class TestMost:
    @pytest.mark.parametrize("most", [20, 60])
    def test_draws_the_most_frequent_connections(self, most):
        chart = strewn(40)
        whole, part = choose(chart, "all"), choose(chart, "all", most)

        assert len(whole.weights()) > 200
        assert len(part.weights()) == most
        assert part.spine == whole.spine
        assert set(part.weights()) <= set(whole.weights())

    def test_leaves_nothing_apart_from_the_main_path(self):
        part = choose(strewn(40), "all", 60)

        joined, moved = set(part.spine), True
        while moved:
            found = {key for pair in part.weights() if joined & {*pair} for key in pair}
            moved = not found <= joined
            joined |= found
        assert {node.activity for node in part.nodes} <= joined

    def test_is_lighter(self):
        chart = strewn(40)

        assert len(draw_map(chart, level="all", most=60)) < 0.6 * len(
            draw_map(chart, level="all")
        )

    def test_says_each_title_once(self):
        svg = draw_map(ORDER, address=lambda a, b: f"?{a}")

        assert svg.count("Receive: 12 cases") == 1
        assert "aria-label=" not in svg


class TestLayOut:
    @pytest.mark.parametrize("size", [4, 11, 27, 60])
    @pytest.mark.parametrize("across", [True, False])
    def test_keeps_boxes_apart_and_inside(self, size, across):
        draw = random.Random(size)
        names = [f"n{i}" for i in range(size)]
        links = [Link(a, draw.choice(names), draw.randint(1, 99)) for a in names * 3]
        links = list(
            {(x.source, x.target): x for x in links if x.source != x.target}.values()
        )

        laid = lay_out(
            dict.fromkeys(names, (100.0, 50.0)), links, names[:2], across=across
        )

        boxes = list(laid.boxes.values())
        for index, one in enumerate(boxes):
            assert one.x - 50 >= 0
            assert one.x + 50 <= laid.width
            assert one.y - 25 >= 0
            assert one.y + 25 <= laid.height
            for other in boxes[index + 1 :]:
                apart = abs(one.x - other.x) >= 99.9 or abs(one.y - other.y) >= 49.9
                assert apart
        assert len(laid.routes) == len(links)

    def test_keeps_the_main_path_straight(self):
        links = [
            Link("a", "b", 9),
            Link("b", "c", 9),
            Link("a", "d", 5),
            Link("d", "c", 5),
        ]

        laid = lay_out(dict.fromkeys("abcd", (80.0, 40.0)), links, ["a", "b", "c"])

        heights = [laid.boxes[key].y for key in "abc"]
        assert heights == pytest.approx([heights[0]] * 3, abs=0.1)

    def test_forward_links_hold_no_cycle(self):
        links = [
            Link("a", "b", 3),
            Link("b", "a", 5),
            Link("b", "c", 1),
            Link("c", "a", 1),
        ]

        assert forward_links(links, "a") == {("a", "b"), ("b", "c")}

    @given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12), st.floats(0, 50))
    def test_separate_keeps_order_and_gaps(self, wish, gap):
        places = separate(wish, [1.0] * len(wish), [gap] * (len(wish) - 1))

        for left, right in pairwise(places):
            assert right - left >= gap - 1e-6


class TestText:
    def test_fits_lines(self):
        lines = fit("Determine necessity of stop advice and_more_words_still", 110)

        assert len(lines) == 2
        assert lines[1].endswith("…")
        assert all(text_width(line, 12.5) <= 110 for line in lines)

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [
            (0, "0 s"),
            (59, "59 s"),
            (89, "1 min"),
            (720, "12 min"),
            (12_240, "3.4 h"),
            (181_440, "2.1 d"),
            (86_400 * 88, "88.0 d"),
            (86_400 * 700, "700 d"),
            (31_557_600 * 2.5, "2.5 y"),
        ],
    )
    def test_says_durations_as_people_do(self, seconds, words):
        assert duration_text(seconds) == words

    @given(st.floats(0, 1e10))
    def test_says_durations_as_the_pages_do(self, seconds):
        assert duration_text(seconds) == duration(seconds).replace("\xa0", " ")
