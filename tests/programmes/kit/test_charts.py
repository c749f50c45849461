"""One specification for page and paper."""

import json
import re
from pathlib import Path

import pytest

from programmes.kit import charts

TOKENS = Path(__file__).parents[3] / "static" / "css" / "tokens.css"
BARS = {
    "data": {"values": [{"cause": "Credit check waits", "count": 41}]},
    "mark": {"type": "bar", "color": "var(--critical-solid)"},
    "encoding": {
        "x": {"field": "cause", "type": "nominal"},
        "y": {"field": "count", "type": "quantitative"},
    },
}


class TestForPage:
    def test_fills_its_container_and_keeps_variables(self):
        page = charts.for_page(BARS)

        assert page["width"] == "container"
        assert page["mark"]["color"] == "var(--critical-solid)"
        assert page["config"]["font"] == "Inter"

    def test_leaves_the_given_specification_alone(self):
        before = json.dumps(BARS)

        charts.for_page(BARS)

        assert json.dumps(BARS) == before

    def test_keeps_what_the_author_set(self):
        page = charts.for_page({**BARS, "width": 300, "config": {"bar": {"size": 9}}})

        assert page["width"] == 300
        assert page["config"]["bar"] == {
            "color": "var(--chart-1)",
            "cornerRadius": 2,
            "size": 9,
        }

    def test_lets_joined_charts_size_their_parts(self):
        page = charts.for_page({"vconcat": [BARS, BARS]})

        assert "width" not in page
        assert charts.height_of(page) == 2 * (charts.HEIGHT + 40)


class TestForPrint:
    def test_has_a_width_and_literal_colours(self):
        paper = charts.for_print(BARS)

        assert paper["width"] == charts.PRINT_WIDTH
        assert paper["mark"]["color"] == "#C9342F"
        assert "var(--" not in json.dumps(paper)

    def test_refuses_an_unknown_colour(self):
        with pytest.raises(KeyError):
            charts.for_print({**BARS, "mark": {"color": "var(--sky)"}})

    def test_sizes_the_parts_of_joined_charts(self):
        paper = charts.for_print({"vconcat": [BARS, BARS]})

        assert [part["width"] for part in paper["vconcat"]] == [520, 520]

    def test_colours_are_the_light_halves_of_the_tokens(self):
        text = TOKENS.read_text(encoding="utf-8")
        light = dict(re.findall(r"--([\w-]+):\s*light-dark\((#\w+),", text))

        same = {n: light[n] for n in charts.PRINT if n in light}
        own = {n: c for n, c in charts.PRINT.items() if n not in light}

        assert {n: charts.PRINT[n] for n in same} == same
        assert own == {"chart-1": light["accent"]}


class TestToSvg:
    def test_draws_vega_lite(self):
        drawn = charts.to_svg(BARS)

        assert drawn.startswith("<svg")
        assert 'fill="#C9342F"' in drawn
        assert "Inter" in drawn

    def test_draws_vega(self):
        vega = {
            "$schema": "https://vega.github.io/schema/vega/v6.json",
            "height": 20,
            "marks": [
                {
                    "type": "rect",
                    "encode": {
                        "enter": {
                            "width": {"value": 9},
                            "height": {"value": 9},
                            "fill": {"value": "var(--accent)"},
                        }
                    },
                }
            ],
        }

        assert 'fill="#21579C"' in charts.to_svg(vega)
