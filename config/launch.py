"""Run a Django command with the services that it needs, and report failures plainly."""

import errno
import os
import signal
import sys
from pathlib import Path

from config.services import ServiceError, local_services

ROOT = Path(__file__).resolve().parents[1]

# These read files or standard input only; they start no server.
WITHOUT_SERVICES = {
    "check",
    "compilemessages",
    "event_store",
    "help",
    "makemessages",
    "method",
    "test",
    "version",
    "--version",
    "--help",
}

# The engine alone: Django's settings and models would take longer than most logs.
WITHOUT_MODELS = {"analyse_log"}


def launch(arguments: list[str]) -> int:
    """Return the exit code of the command: 2 for anything the user can mend."""
    command = arguments[1] if len(arguments) > 1 else "help"
    os.environ.setdefault("MELIORA_DEMO", "1" if command == "demo" else "0")
    if "DATABASE_URL" not in os.environ:
        os.environ.setdefault("MELIORA_LOCAL", "1")
    # Both signals unwind, so that what was started is stopped.
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, interrupt)
    try:
        return start(command, arguments)
    except KeyboardInterrupt:
        return 0 if command == "demo" else 130
    except ServiceError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except Exception as error:
        # PostgreSQL says it in words, the system by its number.
        number = getattr(error, "errno", None)
        if number != errno.ENOSPC and "No space left" not in str(error):
            raise
        sys.stderr.write("The disk is full: free some space and start again.\n")
        return 2


def start(command: str, arguments: list[str]) -> int:
    """Execute the command with what it needs around it."""
    if command in WITHOUT_MODELS:
        return execute_alone(arguments)
    if command in WITHOUT_SERVICES:
        return execute(arguments)
    with local_services(ROOT / "var"):
        return execute(arguments)


def interrupt(_signal: int, _frame: object) -> None:
    """The first signal unwinds; more of them must not disturb the tidying up."""
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_IGN)
    raise KeyboardInterrupt


def execute_alone(arguments: list[str]) -> int:
    """A command that needs no settings, started without the set-up of Django."""
    from importlib import import_module

    from django.conf import settings

    settings.configure()
    named = import_module(f"config.management.commands.{arguments[1]}")
    named.Command().run_from_argv(arguments)
    return 0


def execute(arguments: list[str]) -> int:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(arguments)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0
