"""Reading and writing method packs: strict, told where, and back the same."""

from __future__ import annotations

import json
from copy import deepcopy
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes import pack_files
from programmes.method_packs import (
    SEATS,
    PackWrong,
    Rule,
    content_of,
    read_pack,
)

PLAIN = st.text(
    st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=20
).filter(lambda one: one.strip() != "")
NUMBERS = st.integers(-1000, 1000) | st.floats(-1e6, 1e6)
SEAT_LISTS = st.lists(st.sampled_from(sorted(SEATS)), unique=True)
JUDGED = st.fixed_dictionaries(
    {"key": PLAIN, "title": PLAIN}, optional={"weight": st.integers(1, 100)}
)
GATE_PARTS = {
    "question": PLAIN,
    "panel": SEAT_LISTS,
    "veto": SEAT_LISTS,
    "rule": st.sampled_from([str(one) for one in Rule]),
    "days": st.integers(1, 90),
    "hurdle": st.integers(0, 100),
    "waivable": st.lists(PLAIN, unique=True, max_size=3),
    "optional": st.lists(PLAIN, unique=True, max_size=3),
    "limits": st.dictionaries(PLAIN, st.dictionaries(PLAIN, NUMBERS, max_size=2)),
    "judged": st.lists(JUDGED, unique_by=lambda one: one["key"], max_size=3),
    "deliverables": st.lists(PLAIN, unique=True, max_size=3),
}


@st.composite
def contents(draw: Any) -> dict[str, Any]:
    """Packs as people could write them, with gates over one or several phases."""
    cuts = draw(st.sets(st.integers(1, 7)))
    edges = [0, *sorted(cuts), 8]
    gates = [
        {
            "phases": list(range(low + 1, high + 1)),
            **draw(st.fixed_dictionaries({}, optional=GATE_PARTS)),
        }
        for low, high in pairwise(edges)
    ]
    extra = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "note": PLAIN,
                "tolerances": st.fixed_dictionaries(
                    {}, optional={"cost": st.integers(1, 100)}
                ),
            },
        )
    )
    return {"title": draw(PLAIN), **extra, "gates": gates}


def base() -> dict[str, Any]:
    return {"title": "Ours", "gates": [{"phases": [one]} for one in range(1, 9)]}


class TestReadPack:
    @given(contents())
    def test_what_is_read_is_written_back_the_same(self, content: Any) -> None:
        pack = read_pack(content)

        written = content_of(pack)

        assert read_pack(written) == pack
        assert content_of(read_pack(written)) == written

    @given(contents())
    def test_survives_yaml_and_json(self, content: Any) -> None:
        written = content_of(read_pack(content))

        assert pack_files.parse_yaml(pack_files.write_yaml(written)) == written
        assert json.loads(json.dumps(written)) == written

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(
                    st.sampled_from(["title", "gates", "phases", "limits", "judged"])
                    | st.integers(),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=20,
        )
    )
    def test_garbage_is_refused(self, content: Any) -> None:
        with pytest.raises(PackWrong):
            read_pack(content)

    @given(
        st.sampled_from([*GATE_PARTS, "phases"]),
        st.none()
        | st.booleans()
        | st.floats()
        | st.text()
        | st.lists(st.none() | st.integers() | st.text() | st.dictionaries(
            st.sampled_from(["key", "title", "weight"]), st.floats() | st.text()
        ))
        | st.dictionaries(st.text(), st.floats() | st.text()),
    )  # fmt: skip
    def test_garbage_in_a_gate_is_refused_or_can_be_kept(
        self, name: str, value: Any
    ) -> None:
        content = base()
        content["gates"][2][name] = value

        try:
            pack = read_pack(content)
        except PackWrong:
            return
        assert json.dumps(content_of(pack), allow_nan=False).encode()

    @pytest.mark.parametrize(
        ("part", "value", "said"),
        [
            ("days", 0, "gates, entry 1, days: give a number from 1 to 90"),
            ("days", True, "whole number"),
            ("hurdle", 101, "from 0 to 100"),
            ("rule", "dice", "possible are chair, majority, unanimous"),
            ("panel", ["cat"], "“cat” is unknown"),
            ("panel", ["owner", "owner"], "stands twice"),
            ("question", "x" * 301, "300 characters"),
            ("question", "a\x00b", "300 characters"),
            ("question", "\ud800", "300 characters"),
            ("limits", {"G1.A1": {"share": float("nan")}}, "names with numbers"),
            ("limits", {"G1.A1": 3}, "names with numbers"),
            ("limits", {1: {}}, "a mapping from criterion"),
            ("limits", [], "a mapping from criterion"),
            ("judged", {}, "give a list"),
            ("judged", [{"key": "a", "title": "A", "weight": 0}], "a weight"),
            ("judged", [{"key": "a", "title": " "}], "a key and a title"),
            ("judged", [{"name": "a"}], "key, title and weight"),
            ("judged", [{"key": "a", "title": "A"}] * 2, "a key stands twice"),
            ("phases", [True], "numbers of the phases"),
            ("phases", [2], "each once"),
            ("colour", "red", "“colour” is no key"),
        ],
    )
    def test_says_where_it_is_wrong(self, part: str, value: Any, said: str) -> None:
        content = base()
        content["gates"][0][part] = value

        with pytest.raises(PackWrong, match=said):
            read_pack(content)

    @pytest.mark.parametrize(
        ("part", "value", "said"),
        [
            ("title", "", "title: give a title"),
            ("note", 3, "note: give a text"),
            ("tolerances", [], "tolerances: names"),
            ("tolerances", {"luck": 3}, "“luck” is no key"),
            ("tolerances", {"cost": 0}, "from 1 to 100"),
            ("gates", [3], "a gate is a mapping"),
            ("gates", [{"phases": [1]}] * 101, "each once"),
            ("colour", "red", "the pack: “colour” is no key"),
        ],
    )
    def test_says_what_is_wrong_with_the_whole(
        self, part: str, value: Any, said: str
    ) -> None:
        with pytest.raises(PackWrong, match=said):
            read_pack({**base(), part: value})

    def test_leaves_what_it_reads_alone(self) -> None:
        content = base()
        before = deepcopy(content)

        read_pack(content)

        assert content == before


class TestParseYaml:
    @pytest.mark.parametrize(
        "source",
        [
            "title: &a Ours\nnote: *a",
            "title: &unused Ours",
            "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        ],
    )
    def test_refuses_anchors_and_aliases(self, source: str) -> None:
        with pytest.raises(PackWrong, match="no anchors"):
            pack_files.parse_yaml(source)

    def test_refuses_a_key_that_stands_twice(self) -> None:
        with pytest.raises(PackWrong, match=r"“title” stands twice \(line 1\)"):
            pack_files.parse_yaml("title: a\ntitle: b")

    @pytest.mark.parametrize(
        "source",
        [
            "title: [",
            "!!python/object:os.system x",
            "a: 2026-99-99",
            "a: !!int x",
            "a: !!timestamp x",
            "? [1]\n: 2",
            "[" * 50_000,
            "a: " + "9" * 5000,
            "\x00",
        ],
    )
    def test_refuses_what_is_no_plain_yaml(self, source: str) -> None:
        with pytest.raises(PackWrong, match="no valid YAML"):
            pack_files.parse_yaml(source)

    def test_refuses_a_huge_file(self) -> None:
        with pytest.raises(PackWrong, match="200 kB"):
            pack_files.parse_yaml("a" * 200_001)

    @given(st.text(max_size=200))
    def test_garbage_is_refused_or_read(self, source: str) -> None:
        try:
            content = pack_files.parse_yaml(source)
        except PackWrong:
            return
        with pytest.raises(PackWrong):
            read_pack(content)


class TestShipped:
    @pytest.mark.parametrize("key", pack_files.SHIPPED)
    def test_can_be_read_and_says_so(self, key: str) -> None:
        content = pack_files.shipped(key)

        pack = read_pack(content)

        assert read_pack(content_of(pack)) == pack

    def test_refuses_an_unknown_one(self) -> None:
        with pytest.raises(PackWrong, match="no pack “gold”"):
            pack_files.shipped("gold")
