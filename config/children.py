"""The demo's own processes: web server and worker with beat.

They carry the mark of the checkout in their command line, so that a run that was
killed leaves nothing that the next one cannot find and end.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PR_SET_PDEATHSIG = 1


class Failed(RuntimeError):
    """A process ended or did not answer; the text says which and shows its log."""


def die_with_parent() -> None:
    """Linux ends the child when the demo itself is killed."""
    with contextlib.suppress(OSError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Children:
    def __init__(self, root: Path, mark: str = "") -> None:
        self.root = root
        self.var = root / "var"
        digest = hashlib.sha256(str(root).encode()).hexdigest()[:12]
        self.mark = mark or f"meliora-{digest}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, host: str, port: int) -> None:
        self.start_web(host, port)
        self.start_worker()

    def start_web(self, host: str, port: int) -> None:
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.spawn(
            "web",
            ["gunicorn", "config.wsgi", "--bind", place, "--name", self.mark]
            + ["--workers", "2", "--threads", "4", "--worker-class", "gthread"]
            + ["--graceful-timeout", "5", "--timeout", "60"]
            + ["--worker-tmp-dir", str(self.var), "--no-control-socket"],
        )

    def start_worker(self) -> None:
        self.spawn(
            "worker",
            ["celery", "-A", "config.celery", "worker", "-B", "--concurrency", "2"]
            + ["--loglevel", "WARNING", "-n", f"{self.mark}@localhost"]
            + ["--without-gossip", "--without-mingle"],
        )

    def spawn(self, name: str, command: list[str]) -> None:
        with (self.var / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", *command],
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
                env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
            )

    def wait_until_it_answers(self, host: str, port: int, seconds: int = 60) -> None:
        """:raises Failed: a process ended, or there was no answer in time."""
        place = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.refuse_dead()
            try:
                urllib.request.urlopen(f"http://{place}:{port}/readyz", timeout=2)
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            else:
                return
        raise Failed("The web server does not answer; see var/web.log.")

    def refuse_dead(self) -> None:
        for name, process in self.processes.items():
            if process.poll() is not None:
                log = (self.var / f"{name}.log").read_text(errors="replace")
                raise Failed(f"The {name} process ended: {log[-800:].strip()}")

    def wait(self) -> None:
        """Until a signal comes. :raises Failed: when a process ends by itself."""
        while True:
            self.refuse_dead()
            time.sleep(0.5)

    def stop(self) -> None:
        """End the children and whatever they left, and wait for it."""
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(8)
        self.end_orphans()

    def end_orphans(self) -> None:
        """End what runs with our mark and is not us: first asked, then made to."""
        for how, patience in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 2.0)):
            found = self.orphans()
            if not found:
                return
            for pid in found:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, how)
            deadline = time.monotonic() + patience
            while self.orphans() and time.monotonic() < deadline:
                time.sleep(0.05)

    def orphans(self) -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
                if self.mark in command and state != "Z":
                    found.append(int(entry.name))
        return found
