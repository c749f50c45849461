"""One log through pm4py, in a throwaway environment that has it: figures as JSON.

Never imported by the project. Columns of a table of text are given as our own guess
found them, so that both tools answer the same question.
"""

import json
import sys
import time
import warnings
from pathlib import Path


def main() -> None:
    """Arguments: file, 'installed' or 'fastest', JSON of the mapping (tables only)."""
    warnings.simplefilter("ignore")
    path, reader = sys.argv[1], sys.argv[2]
    mapping = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
    import pm4py

    begun, before = time.perf_counter(), time.process_time()
    frame = read_table(pm4py, path, mapping) if mapping else read_xes(pm4py, path)
    read = time.perf_counter()
    answer = analyse(pm4py, frame)
    done, cpu = time.perf_counter(), time.process_time() - before
    peak = peak_mb()
    figures = {
        "peak_mb": peak,
        "cpu_s": cpu,
        "read_s": read - begun,
        "analyse_s": done - read,
    }
    print(json.dumps({"tool": reader, **figures, "answer": answer}))


def peak_mb():
    """Most memory this program held; what its parent held does not count."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def read_xes(pm4py, path):
    """The log with times in UTC; pm4py takes rustxes by itself where it is there."""
    return pm4py.read_xes(path)


def read_table(pm4py, path, mapping):
    """A table of text by way of pandas, usable rows only, as pm4py's manual says."""
    import pandas as pd

    frame = pd.read_csv(
        path,
        sep=mapping["delimiter"],
        encoding=mapping["encoding"],
        skiprows=mapping["skip"],
        quotechar=mapping["quote"],
        dtype=str,
        keep_default_na=False,
        on_bad_lines="skip",
    )
    moment = moments(pd, frame[mapping["timestamp"]].str.strip(), mapping["format"])
    frame = pd.DataFrame(
        {
            "case:concept:name": frame[mapping["case"]],
            "concept:name": frame[mapping["activity"]],
            "time:timestamp": moment,
        }
    )
    filled = (frame["case:concept:name"] != "") & (frame["concept:name"] != "")
    usable = frame[filled & frame["time:timestamp"].notna()].reset_index(drop=True)
    return pm4py.format_dataframe(usable)


def moments(pd, texts, form):
    """The texts as times in UTC."""
    if form == "iso":
        return pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
    if form.startswith("epoch"):
        unit = {"epoch_s": "s", "epoch_ms": "ms"}[form]
        return pd.to_datetime(
            pd.to_numeric(texts, errors="coerce"), unit=unit, utc=True
        )
    return pd.to_datetime(texts, format=form, utc=True, errors="coerce")


def analyse(pm4py, frame):
    """The answer of `analyse_log`, asked of pm4py."""
    counts, start, end = pm4py.discover_dfg(frame)
    times, _, _ = pm4py.discover_performance_dfg(frame, perf_aggregation_key="all")
    edges = [
        {
            "from": pair[0],
            "to": pair[1],
            "count": int(count),
            **{f"{key}_s": float(times[pair][key]) for key in AGGREGATES},
        }
        for pair, count in counts.items()
    ]
    variants = pm4py.get_variants(frame)
    return {
        "cases": int(frame["case:concept:name"].nunique()),
        "events": len(frame),
        "activities": int(frame["concept:name"].nunique()),
        "variants": len(variants),
        "dfg": edges,
        "start": {name: int(count) for name, count in start.items()},
        "end": {name: int(count) for name, count in end.items()},
        "variant_counts": sorted((int(n) for n in variants.values()), reverse=True),
        "durations": [float(one) for one in pm4py.get_all_case_durations(frame)],
        "rework": {
            name: int(count)
            for name, count in pm4py.get_rework_cases_per_activity(frame).items()
        },
    }


AGGREGATES = ("mean", "median", "min", "max", "sum")

if __name__ == "__main__":
    main()
