"""Ten million made-up events: import, the map and the lenses, with seconds and memory.

python benchmarks/ten_million.py [--events 10000000] [--keep DIRECTORY]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.ours import peak_mb
from diagnosis.mining import cases, contrast, lenses, resources, waiting, working
from diagnosis.mining.filters import ContainsFilter, DurationFilter
from diagnosis.mining.lenses import open_log
from diagnosis.mining.maps import process_map
from diagnosis.mining.store import import_log

STEPS = [f"Step {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWX"]
CASE_LENGTH = 20
DAY = 86_400.0


def main() -> None:
    """Make the log in another process, then import it and ask everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--make", type=Path)
    options = parser.parse_args()
    if options.make:
        make(options.make, options.events)
        return
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.keep) as folder:
        table, store = Path(folder) / "log.csv", Path(folder) / "store"
        command = [sys.executable, __file__, "--make", table, "--events"]
        subprocess.run([*map(str, command), str(options.events)], check=True)
        print(f"{table.stat().st_size // 1024**2} MB, load {os.getloadavg()[0]:.1f}")
        timed("import", lambda: import_log(table, store))
        print(f"peak {peak_mb()} MB")
        ask(store)


def make(path: Path, events: int) -> None:
    """Cases of about twenty steps with detours and loops, in order of time."""
    dice = np.random.default_rng(1)
    cases = events // CASE_LENGTH
    begin = np.sort(dice.integers(0, 2 * 365 * 86_400, cases))
    case = np.repeat(np.arange(cases), CASE_LENGTH)
    step = np.tile(np.arange(CASE_LENGTH), cases)
    detour = dice.random(len(case)) < 0.1
    step = np.where(detour, dice.integers(0, len(STEPS), len(case)), step)
    at = np.repeat(begin, CASE_LENGTH) + np.cumsum(
        dice.exponential(9_000, (cases, CASE_LENGTH)), axis=1
    ).ravel().astype(np.int64)
    who = dice.integers(0, 200, len(case))
    order = np.argsort(at, kind="stable")
    origin = datetime(2024, 1, 1)  # noqa: DTZ001
    with path.open("w", encoding="utf-8") as file:
        file.write("Case ID,Activity,Timestamp,Resource,Amount\n")
        for row in order:
            moment = (origin + timedelta(seconds=int(at[row]))).isoformat(" ")
            file.write(
                f"C{case[row]},{STEPS[step[row]]},{moment},U{who[row]},{row % 997}\n"
            )


LENSES = {
    "overview": lenses.overview,
    "variants": lenses.variants,
    "durations": lenses.durations,
    "rework": lenses.rework,
    "throughput": lenses.throughput,
    "map": process_map,
    "cases": cases.case_page,
    "paths": cases.path_page,
    "times": waiting.times,
    "open cases": waiting.open_cases,
    "resources": resources.resources,
    "hand-overs": resources.hand_overs,
    "workload": resources.workload,
    "slow and fast": contrast.contrast,
    "working time": lambda log: working.working_times(log, working.plain_week(8)),
}


def ask(store: Path) -> None:
    """The map and each lens, plain and with a filter of cases; a scan as the floor."""
    with open_log(store) as log:
        timed("map, first", lambda: process_map(log))
        columns = ("activity", "next_activity", "gap_s")
        asked = {name: log.events[name].max() for name in columns}
        timed("floor: read the map", lambda: log.rows(log.events.aggregate(**asked)))
        slow = [DurationFilter(least_s=2 * DAY), ContainsFilter("Step X")]
        for name, asked in (("", log), (", filtered", log.where(slow))):
            for lens, look in LENSES.items():
                timed(f"{lens}{name}", lambda look=look, asked=asked: look(asked))


def timed(name, act):
    """Do it and say how long it took."""
    begun = time.perf_counter()
    act()
    print(f"{name:24} {time.perf_counter() - begun:7.2f} s", flush=True)


if __name__ == "__main__":
    main()
