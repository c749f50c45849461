"""Serve the demo: data if absent, web server, worker, beat; Ctrl-C ends all."""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from config.children import Children, Failed
from config.demo.cast import PASSWORD, PEOPLE
from config.demo.story import exists, tell
from config.newborn import bring_up_to_date

SIGN_INS = ["lead", "sponsor", "controller", "owner", "member", "admin", "auditor"]


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--reset", action="store_true", help="start over")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if not settings.DEMO:
            self.refuse("The demo needs MELIORA_DEMO=1, or python3 manage.py demo.")
        with (settings.VAR / "demo.lock").open("w") as lock:
            self.alone(lock)
            children = Children(settings.ROOT)
            children.end_orphans()
            self.check_port(host, port)
            check_pango(self)
            if options["reset"]:
                self.say("Starting over: removing the data ...")
                reset()
            self.prepare()
            self.serve(children, host, port)

    def prepare(self) -> None:
        self.say("Bringing the database up to date ...")
        bring_up_to_date()
        if not exists():
            self.say("Telling the demo's story (once, about half a minute) ...")
            with transaction.atomic():
                tell()

    def serve(self, children: Children, host: str, port: int) -> None:
        self.say("Starting the web server and the worker ...")
        try:
            children.start(host, port)
            children.wait_until_it_answers(host, port)
            self.greet(host, port)
            children.wait()
        except Failed as error:
            self.refuse(str(error))
        finally:
            self.say("Stopping ...")
            children.stop()

    def greet(self, host: str, port: int) -> None:
        shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::") else host  # noqa: S104
        lines = [f"\nMeliora is at http://{shown}:{port}/ (Ctrl-C ends it)\n"]
        lines += [
            f"  {PEOPLE[key][0]:18} {key}@aldermoor.example   {PEOPLE[key][1]}"
            for key in SIGN_INS
        ]
        lines.append(f"\nPassword of all: {PASSWORD}")
        lines.append(f"Mails that would be sent: http://{shown}:{port}/dev/mail/")
        self.say("\n".join(lines))

    def alone(self, lock: Any) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.refuse("The demo of this folder is running already.")

    def check_port(self, host: str, port: int) -> None:
        if not 0 < port < 65536:
            self.refuse(f"{port} is not a port; choose one up to 65535.")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                self.refuse(
                    f"Cannot listen on {host}:{port} ({error.strerror}). "
                    f"Another program may hold it; try --port {port + 1}."
                )

    def say(self, text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def refuse(self, text: str) -> None:
        sys.stderr.write(f"{text}\n")
        sys.exit(2)


def check_pango(command: Command) -> None:
    """PDFs need Pango from the system; say so before somebody waits for a report."""
    try:
        ctypes.CDLL("libpango-1.0.so.0")
    except OSError:
        command.refuse(
            "Pango is missing, which draws the PDFs: "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        )


def reset() -> None:
    """Remove every table and every file of the demo."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    for folder in (settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH):
        shutil.rmtree(Path(folder), ignore_errors=True)
