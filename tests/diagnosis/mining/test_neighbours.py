"""Whole columns give what a loop over the events of each case gives."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from diagnosis.mining.neighbours import SEPARATOR, Cases

DAY = datetime.fromisoformat("2026-03-02")
TYPES = pa.schema(
    [
        ("case", pa.string()), ("activity", pa.string()), ("ts", pa.timestamp("us")),
        ("start_ts", pa.timestamp("us")), ("resource", pa.string()),
        ("cost", pa.float64()), ("lifecycle", pa.string()), ("position", pa.int64()),
        ("e3", pa.string()),
    ]
)  # fmt: skip
MOMENTS = st.integers(0, 5).map(lambda hours: DAY + timedelta(hours=hours))
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "ç"]),
        st.sampled_from(["open", "check", "§close"]),
        MOMENTS,
        st.none() | MOMENTS,
        st.none() | st.sampled_from(["Mei", "Jon"]),
        st.none() | st.integers(-3, 9).map(float),
    ),
    max_size=25,
)
Event = dict[str, Any]


def table(events: list[Any]) -> pa.Table:
    rows = [
        dict(zip(TYPES.names, [*one, "complete", place, f"§{place}"], strict=True))
        for place, one in enumerate(events)
    ]
    return pa.Table.from_pylist(rows, TYPES)


def lines(events: list[Any]) -> list[list[Event]]:
    """The events of each case by time and position; the cases as they appear."""
    found: dict[str, list[Event]] = defaultdict(list)
    for one in table(events).to_pylist():
        found[one["case"]].append(one)
    return [
        sorted(line, key=lambda one: (one["ts"], one["position"]))
        for line in found.values()
    ]


def seconds(first: datetime, then: datetime) -> float:
    return (then - first) / timedelta(seconds=1)


def begin(one: Event) -> datetime:
    """Its start, where that is not after its end."""
    given, end = one["start_ts"], one["ts"]
    return given if given is not None and given <= end else end


def expected_events(line: list[Event]) -> list[Event]:
    done: Counter[str] = Counter()
    edges = set()
    found = []
    for place, one in enumerate(line):
        ahead = line[place + 1] if place + 1 < len(line) else None
        done[one["activity"]] += 1
        edge = (one["activity"], ahead and ahead["activity"])
        has_start = one["start_ts"] is not None and one["start_ts"] <= one["ts"]
        wait = seconds(one["ts"], begin(ahead)) if ahead else 0
        earlier = line[place - 1]["position"] if place else None
        found.append(
            one
            | {
                "case_no": line[0]["position"],
                "seq": place + 1,
                "next_activity": ahead and ahead["activity"],
                "next_ts": ahead and ahead["ts"],
                "next_resource": ahead and ahead["resource"],
                "gap_s": seconds(one["ts"], ahead["ts"]) if ahead else None,
                "wait_s": max(0, wait),
                "work_s": seconds(one["start_ts"], one["ts"]) if has_start else None,
                "nth": done[one["activity"]],
                "new_edge": edge not in edges,
                "out_of_order": None if earlier is None else one["position"] < earlier,
            }
        )
        edges.add(edge)
    return found


def expected_case(line: list[Event]) -> Event:
    names = [one["activity"] for one in line]
    costs = [one["cost"] for one in line if one["cost"] is not None]
    return {
        "case": line[0]["case"],
        "case_no": line[0]["position"],
        "start": min(begin(one) for one in line),
        "end": line[-1]["ts"],
        "first_ts": line[0]["ts"],
        "events": len(line),
        "repeats": len(line) - len(set(names)),
        "cost": sum(costs) if costs else None,
        "first_activity": names[0],
        "last_activity": names[-1],
        "path": SEPARATOR.join(names),
    }


@given(EVENTS)
def test_events_are_those_of_a_loop(events: list[Any]) -> None:
    found = Cases(table(events)).events().to_pylist()

    assert found == [one for line in lines(events) for one in expected_events(line)]


@given(EVENTS)
def test_cases_are_those_of_a_loop(events: list[Any]) -> None:
    found = Cases(table(events)).grouped().to_pylist()

    assert found == [expected_case(line) for line in lines(events)]


def test_rows_in_order_are_not_moved() -> None:
    events = [("a", "open", DAY, None, None, None)] * 3

    cases = Cases(table(events))

    assert cases.rows.column("e3").to_pylist() == ["§0", "§1", "§2"]


def test_a_slice_of_a_table_is_read_from_its_place() -> None:
    events = [(name, "open", DAY, DAY, None, 1.0) for name in "abb"]

    found = Cases(table(events).slice(1)).grouped().to_pylist()

    assert [(one["case"], one["events"], one["cost"]) for one in found] == [("b", 2, 2)]
