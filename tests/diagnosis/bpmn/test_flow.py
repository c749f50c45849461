"""A table of steps: what is wrong with it, and how it is drawn."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from diagnosis.bpmn.flow import FlowProblem, FlowStep, check_flow
from diagnosis.bpmn.flow_layout import half_size, place_flow
from diagnosis.bpmn.flow_svg import draw_flow

SVG = "{http://www.w3.org/2000/svg}"
SOUND = [
    FlowStep("s", "Order entered", "start", "Sales", (("a", ""),)),
    FlowStep("a", "Read limit", "task", "Credit", (("d", ""),)),
    FlowStep("d", "Within limit?", "decision", "Credit", (("r", "yes"), ("t", "no"))),
    FlowStep("t", "Second check", "task", "Team lead", (("a", "again"),)),
    FlowStep("r", "Release", "task", "Credit", (("e", ""),)),
    FlowStep("e", "Released", "end", "Sales"),
]


class TestCheckFlow:
    def test_finds_nothing_in_a_sound_flow(self):
        assert check_flow(SOUND) == []

    @pytest.mark.parametrize(
        ("steps", "code"),
        [
            (SOUND[1:], "not_one_start"),
            (SOUND[:-1], "no_end"),
            (
                [*SOUND, FlowStep("x", "Lost", "task", "Sales", (("e", ""),))],
                "not_reached",
            ),
            ([*SOUND, FlowStep("e", "Twice", "end", "Sales")], "key_twice"),
            ([*SOUND, FlowStep("x", "Open", "task", "Sales")], "leads_nowhere"),
            ([*SOUND, FlowStep("x", "Free", "end", " ")], "no_role"),
            ([*SOUND, FlowStep("x", "", "end", "Sales")], "no_name"),
            ([*SOUND, FlowStep("x", "Go", "task", "S", (("zz", ""),))], "no_target"),
            ([*SOUND, FlowStep("x", "E", "end", "S", (("a", ""),))], "end_goes_on"),
            (
                [*SOUND, FlowStep("x", "D", "decision", "S", (("a", ""),))],
                "one_way_out",
            ),
            (
                [*SOUND, FlowStep("x", "T", "task", "S", (("a", ""), ("e", "")))],
                "many_ways_out",
            ),
        ],
    )
    def test_finds_what_is_wrong(self, steps, code):
        assert code in [one.code for one in check_flow(steps)]

    def test_finds_circles_without_an_end(self):
        steps = [
            FlowStep("s", "S", "start", "R", (("a", ""),)),
            FlowStep("a", "A", "task", "R", (("a", ""),)),
            FlowStep("e", "E", "end", "R"),
        ]

        assert FlowProblem("no_end_reached", "A") in check_flow(steps)


KINDS = st.sampled_from(["start", "end", "task", "decision"])


class TestDrawFlow:
    def test_starts_with_title_and_description(self):
        root = etree.fromstring(draw_flow(SOUND, title="Release"))

        assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
        assert root.get("class") == "chart bpmn"
        assert len(root.findall(f'{SVG}rect[@class="lane"]')) == 3

    def test_arrows_are_right_angled(self):
        for arrow in place_flow(SOUND).arrows:
            for (x1, y1), (x2, y2) in zip(arrow.points, arrow.points[1:], strict=False):
                assert x1 == x2 or y1 == y2

    def test_uses_classes_on_pages_and_literal_colours_in_print(self):
        assert "fill=" not in draw_flow(SOUND)
        assert 'stroke="#6B665F"' in draw_flow(SOUND, print=True)

    def test_draws_nothing_at_all(self):
        assert etree.fromstring(draw_flow([])).tag.endswith("svg")

    @settings(max_examples=80, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.text(max_size=20),
                KINDS,
                st.sampled_from(["A", "B", "<&>"]),
                st.lists(st.tuples(st.integers(0, 9), st.text(max_size=8)), max_size=3),
            ),
            max_size=9,
        ),
        st.booleans(),
    )
    def test_draws_any_table_without_overlap(self, rows, printed):
        steps = [
            FlowStep(str(i), name, kind, role, tuple((str(t), w) for t, w in ways))
            for i, (name, kind, role, ways) in enumerate(rows)
        ]

        etree.fromstring(draw_flow(steps, print=printed).encode("utf-8"))

        check_flow(steps)
        spots = place_flow(steps).spots
        known = {step.key: step for step in steps}
        placed = [(spot.x, spot.y, *half_size(known[k])) for k, spot in spots.items()]
        for index, (x1, y1, w1, h1) in enumerate(placed):
            for x2, y2, w2, h2 in placed[index + 1 :]:
                assert abs(x1 - x2) >= w1 + w2 or abs(y1 - y2) >= h1 + h2
