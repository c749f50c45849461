"""Text, marks and lines stand out enough on their grounds, in both themes."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[1] / "static" / "css" / "tokens.css"
PAIR = re.compile(r"--([\w-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)")
GROUNDS = ("canvas", "surface", "raised", "sunken", "hover", "selected")
STATES = ("positive", "attention", "critical", "decision", "neutral")
TEXT, MARK = 4.5, 3.0


def pairs() -> list[tuple[str, str, float]]:
    """What stands on what, and the ratio it needs."""
    ink = [(i, g, TEXT) for i in ("ink", "ink-2", "ink-3") for g in GROUNDS]
    under_accent = ("canvas", "surface", "raised", "accent-tint", "hover", "sunken")
    accent = [("accent", ground, TEXT) for ground in under_accent]
    accent += [
        ("accent-strong", "accent-tint", TEXT),
        ("on-accent", "accent", TEXT),
        ("on-accent", "accent-strong", TEXT),
    ]
    state = [
        pair
        for name in STATES
        for pair in (
            (name, f"{name}-tint", TEXT),
            (name, "surface", TEXT),
            (name, "canvas", TEXT),
            (f"{name}-solid", "surface", MARK),
            (f"{name}-solid", "canvas", MARK),
        )
    ]
    line = [("line-control", g, MARK) for g in ("surface", "canvas", "raised")]
    focus = [("focus", g, MARK) for g in ("surface", "canvas", "selected", "sunken")]
    phase = [
        (f"phase-{n}", g, TEXT) for n in range(1, 9) for g in ("surface", "canvas")
    ]
    return ink + accent + state + line + focus + [("chart-2", "surface", MARK)] + phase


def tokens(path: Path) -> dict[str, tuple[str, str]]:
    return {n: (a, b) for n, a, b in PAIR.findall(path.read_text(encoding="utf-8"))}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class TestContrast:
    def test_black_on_white_is_twenty_one(self):
        assert contrast("#000000", "#FFFFFF") == pytest.approx(21)

    def test_all_pairs_are_checked(self):
        assert len(pairs()) == 76

    @pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
    @pytest.mark.parametrize(("front", "ground", "needed"), pairs())
    def test_pair(self, front, ground, needed, theme):
        known = tokens(TOKENS)

        assert contrast(known[front][theme], known[ground][theme]) >= needed

    @pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
    def test_public_pages_use_the_same_colours(self, theme):
        known, public = tokens(TOKENS), tokens(TOKENS.with_name("survey.css"))

        assert public
        assert all(known[name] == value for name, value in public.items())
