"""Meliora against pm4py: import and full analysis of logs, in one run on one machine.

    python benchmarks/event_logs.py [--repeat 3] [--tools DIRECTORY] LOG...

pm4py is put into two throwaway environments, as it installs and with its fastest
reader; each tool works in a process of its own and the best of the repeats counts.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from diagnosis.mining.dates import strptime_format
from diagnosis.mining.preview import guess_mapping
from diagnosis.mining.sources import sniff_dialect, source_kind

KINDS = {"installed": ["pm4py"], "fastest": ["pm4py", "rustxes"]}
AGGREGATES = ("mean_s", "median_s", "min_s", "max_s", "sum_s")
TOLERANCE_S = 0.002
TOLERANCE = 1e-6


def main() -> None:
    """Print one line a log and tool, then the ratios; exit 1 when answers differ."""
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        tools = options.tools or Path(folder)
        pythons = {kind: environment(tools, kind) for kind in options.against}
        differ = [
            log.name
            for log in options.logs
            if not compare(log, pythons, options.repeat)
        ]
    if differ:
        print(f"\nDIFFERENT: {', '.join(differ)}")
        sys.exit(1)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("logs", type=Path, nargs="+")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--tools", type=Path, help="keep the environments here")
    parser.add_argument("--against", nargs="*", default=list(KINDS), choices=KINDS)
    return parser.parse_args()


def environment(tools: Path, kind: str) -> Path:
    """The Python of the environment, made when it is not there."""
    place = tools / kind
    python = place / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", *KINDS[kind]]
        subprocess.run(install, check=True)
    return python


def compare(log: Path, pythons: dict[str, Path], repeat: int) -> bool:
    """One log through all tools; says whether all answers are equal."""
    print(f"\n{log.name}  (load {os.getloadavg()[0]:.1f})")
    runs: dict[str, list[dict[str, Any]]] = {}
    mapping = mapping_of(log)
    for _ in range(repeat):  # in turns, so that a disturbed minute hits all of them
        runs.setdefault("meliora", []).append(
            run([sys.executable, HERE / "ours.py", log])
        )
        for kind, python in pythons.items():
            said = [json.dumps(mapping)] if mapping else []
            command = [python, HERE / "theirs.py", log, kind, *said]
            runs.setdefault(kind, []).append(run(command))
    mine = best(runs["meliora"])
    print(line("meliora", mine))
    equal = True
    for kind in pythons:
        other = best(runs[kind])
        print(line(f"pm4py {kind}", other), ratios(mine, other))
        found = differences(mine["answer"], other["answer"])
        equal = equal and not found
        for words in found[:8]:
            print(f"    differs: {words}")
    return equal


def mapping_of(log: Path) -> dict[str, Any]:
    """How a table of text is read; nothing for XES."""
    if source_kind(log) != "csv":
        return {}
    dialect, guess = sniff_dialect(log), guess_mapping(log)
    return {
        "case": guess.case,
        "activity": guess.activity,
        "timestamp": guess.timestamp,
        "format": strptime_format(guess.timestamp_format or "iso"),
        "delimiter": dialect.delimiter,
        "encoding": dialect.encoding,
        "quote": dialect.quote,
        "skip": dialect.skip,
    }


def run(command: list[Any]) -> dict[str, Any]:
    """The figures a process printed as its last line."""
    words = [str(part) for part in command]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def best(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The least of each figure; the answer is the same each time."""
    least = {
        key: min(one[key] for one in runs) for key in ("read_s", "analyse_s", "cpu_s")
    }
    total = min(one["read_s"] + one["analyse_s"] for one in runs)
    peak = max(one["peak_mb"] for one in runs)
    return {**runs[0], **least, "total_s": total, "peak_mb": peak}


def line(name: str, found: dict[str, Any]) -> str:
    return (
        f"  {name:16} import {found['read_s']:7.2f} s  analyse "
        f"{found['analyse_s']:6.2f} s  total {found['total_s']:7.2f} s  "
        f"cpu {found['cpu_s']:6.2f} s  "
        f"peak {found['peak_mb']:5} MB"
    )


def ratios(mine: dict[str, Any], other: dict[str, Any]) -> str:
    total = other["total_s"] / mine["total_s"]
    cpu = other["cpu_s"] / mine["cpu_s"]
    analysis = other["analyse_s"] / mine["analyse_s"]
    return f"-> {total:.1f} x in all ({cpu:.1f} x cpu), {analysis:.1f} x the analysis"


def differences(mine: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Sentences about all that is not equal."""
    plain = ("cases", "events", "activities", "variants", "start", "end", "rework")
    found = [
        f"{key}: {short(mine[key])} / {short(other[key])}"
        for key in (*plain, "variant_counts")
        if mine[key] != other[key]
    ]
    return [*found, *edges(mine, other), *durations(mine, other)]


def edges(mine: dict[str, Any], other: dict[str, Any]) -> list[str]:
    pairs = [
        {(one["from"], one["to"]): one for one in answer["dfg"]}
        for answer in (mine, other)
    ]
    found = [f"edge {pair} is on one side only" for pair in pairs[0].keys() ^ pairs[1]]
    for pair in pairs[0].keys() & pairs[1]:
        left, right = pairs[0][pair], pairs[1][pair]
        if left["count"] != right["count"]:
            found.append(f"edge {pair}: {left['count']} / {right['count']}")
        found += [
            f"edge {pair} {key}: {left[key]} / {right[key]}"
            for key in AGGREGATES
            if not near(left[key], right[key])
        ]
    return found


def durations(mine: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Our five figures against those of pm4py's list of durations."""
    held = sorted(other["durations"])
    middle = (held[(len(held) - 1) // 2] + held[len(held) // 2]) / 2
    place = 0.9 * (len(held) - 1)
    low = int(place)
    high = min(low + 1, len(held) - 1)
    right = {
        "min": held[0],
        "median": middle,
        "mean": sum(held) / len(held),
        "p90": held[low] + (held[high] - held[low]) * (place - low),
        "max": held[-1],
    }
    left = mine["case_duration_s"]
    return [
        f"duration {key}: {left[key]} / {value}"
        for key, value in right.items()
        if not near(left[key], value)
    ]


def near(left: float, right: float) -> bool:
    return abs(left - right) <= max(TOLERANCE_S, TOLERANCE * abs(right))


def short(value: Any) -> str:
    return str(value)[:160]


if __name__ == "__main__":
    main()
