"""DuckDB connections that can reach one directory and nothing else."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

DEFAULT_MEMORY = "1GB"
DEFAULT_THREADS = 2


def connect(
    directories: list[Path],
    *,
    temporary: Path | None = None,
    memory: str = DEFAULT_MEMORY,
    threads: int = DEFAULT_THREADS,
    timezone: str = "UTC",
    lock: bool = True,
) -> "duckdb.DuckDBPyConnection":
    """An in-memory database that may read and write inside `directories` only.

    Extensions are neither fetched nor loaded, memory and threads are capped, and the
    settings are locked. `timezone` is the zone of times without an offset.
    """
    import duckdb  # noqa: PLC0415  (a fifth of a second, only where it is needed)

    connection = duckdb.connect(":memory:")
    connection.execute(f"SET TimeZone = {literal(timezone)}")
    connection.execute(f"SET memory_limit = {literal(memory)}")
    connection.execute(f"SET threads = {int(threads)}")
    connection.execute("SET partitioned_write_flush_threshold = 50000")
    allowed = [str(path.resolve()) for path in directories]
    if temporary is not None:
        connection.execute(f"SET temp_directory = {literal(str(temporary))}")
        allowed.append(str(temporary.resolve()))
    listed = ", ".join(literal(path) for path in allowed)
    connection.execute(f"SET allowed_directories = [{listed}]")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET enable_external_access = false")
    if lock:
        connection.execute("SET lock_configuration = true")
    return connection


def literal(text: str) -> str:
    """The text as an SQL string literal."""
    return "'" + text.replace("'", "''").replace("\x00", "") + "'"
