"""One log through Meliora's engine, in a process of its own: figures as JSON."""

import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import duckdb  # noqa: F401  (as pm4py is there before its clock begins)

from diagnosis.mining.analyse import analyse_store
from diagnosis.mining.store import import_log


def main() -> None:
    """Argument: the file."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        store = Path(folder) / "store"
        begun, before = time.perf_counter(), time.process_time()
        import_log(Path(sys.argv[1]), store, fold=False)
        read = time.perf_counter()
        answer = analyse_store(store)
        done, cpu = time.perf_counter(), time.process_time() - before
    peak = peak_mb()
    figures = {
        "peak_mb": peak,
        "cpu_s": cpu,
        "read_s": read - begun,
        "analyse_s": done - read,
    }
    print(json.dumps({"tool": "meliora", **figures, "answer": answer}))


def peak_mb() -> int:
    """Most memory this program held; what its parent held does not count."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    main()
