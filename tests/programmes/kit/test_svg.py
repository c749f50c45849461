"""Small pictures drawn by the server."""

import xml.etree.ElementTree as ET

import pytest
from django.utils import translation

from programmes.kit import svg


def parts(picture):
    """The kinds of the shapes in a picture; it must be well-formed."""
    root = ET.fromstring(str(picture))  # noqa: S314
    return [child.get("class") for child in root if child.get("class")]


class TestSpark:
    def test_draws_line_target_and_last_point(self):
        assert parts(svg.spark([1, 2, 3], 2, title="Trend")) == [
            "ref",
            "series",
            "point",
        ]

    def test_marks_a_signal(self):
        assert "point-signal" in parts(svg.spark([1, 2], title="Trend", signal=True))

    def test_draws_one_value_as_a_point(self):
        assert parts(svg.spark([4], title="Trend")) == ["point"]

    def test_draws_nothing_of_nothing(self):
        assert parts(svg.spark([], title="Trend")) == []

    def test_escapes_its_words(self):
        picture = svg.spark([1, 2], title="<script>", description="a & b")

        assert "<title>&lt;script&gt;</title><desc>a &amp; b</desc>" in picture

    def test_writes_points_in_every_language(self):
        with translation.override("de"):
            assert "," not in svg.spark([1.5, 2.25, 3.1], title="Trend")

    def test_holds_no_colour(self):
        assert "#" not in svg.spark([1, 2], 1, title="Trend")


class TestBullet:
    def test_draws_reach_value_and_mark(self):
        assert parts(svg.bullet(41, 136, title="Cost")) == [
            "reach",
            "bar accent",
            "marker",
        ]

    def test_stays_inside_its_scale(self):
        assert 'width="160"' in svg.bullet(500, 100, 200, title="Cost")

    def test_needs_no_target(self):
        assert parts(svg.bullet(0, title="Cost")) == ["bar accent"]


class TestIndexBar:
    def test_tones_by_distance_from_100(self):
        assert "bar positive" in svg.index_bar(104, title="Index")
        assert "bar attention" in svg.index_bar(85, title="Index")
        assert "bar critical" in svg.index_bar(76, title="Index")


class TestDots:
    def test_leaves_out_grades_nobody_gave(self):
        assert parts(svg.dots([0, 1, 4], title="Grades")) == ["grid", "vote", "vote"]


class TestMinitrack:
    def test_draws_cells_and_gates(self):
        phases = [
            {"state": "done", "gate_state": "approved"},
            {"state": "current", "gate_state": "ready", "share": 0.5},
            {"state": "todo"},
        ]

        assert parts(svg.minitrack(phases, title="Phase 2")) == [
            "cell done",
            "gate approved",
            "cell",
            "cell current",
            "gate ready",
            "cell",
        ]


class TestDrawn:
    def test_shows_shapes_and_words(self) -> None:
        picture = (
            '<svg xmlns="http://www.w3.org/2000/svg"><g><text x="1">§</text></g></svg>'
        )

        assert svg.drawn(picture) == picture

    def test_lets_links_ask_the_same_page(self) -> None:
        link = '<a href="?node=a#detail"><text>x</text></a>'
        picture = f'<svg xmlns="http://www.w3.org/2000/svg">{link}</svg>'

        assert svg.drawn(picture) == picture

    @pytest.mark.parametrize(
        "inside",
        [
            "<script>alert(1)</script>",
            '<rect onclick="alert(1)"/>',
            '<path style="fill:url(#x)"/>',
            '<a href="#"><text>x</text></a>',
            '<a href="//x"><text>x</text></a>',
            '<a href="?a=b" onclick="alert(1)"><text>x</text></a>',
            "<foreignObject/>",
            "<rect>",
        ],
    )
    def test_refuses_anything_else(self, inside: str) -> None:
        picture = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'

        with pytest.raises(ValueError, match="picture"):
            svg.drawn(picture)
