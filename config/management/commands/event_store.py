"""Event logs in databases of an enterprise: list and check connections, print SQL."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from diagnosis.mining.external_check import counted, problems, warnings
from diagnosis.mining.external_columns import StoreError
from diagnosis.mining.external_sql import Raw, Target, script
from diagnosis.mining.place import Connection
from diagnosis.mining.sources import LogError

NEEDED = ("case", "activity", "timestamp")
MORE = ("start", "resource", "cost", "lifecycle", "order")


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "name", nargs="?", help="a connection of MELIORA_EVENT_STORES; none: list"
        )
        parser.add_argument(
            "--check", action="store_true", help="connect and tell what is missing"
        )
        parser.add_argument(
            "--sql", metavar="TABLE", help="print the SQL for this table of events"
        )
        for role in (*NEEDED, *MORE):
            parser.add_argument(f"--{role}", help=f"--sql: the {role} column")
        parser.add_argument(
            "--attribute", action="append", default=[], help="--sql: a further column"
        )
        parser.add_argument(
            "--timezone", help="--sql: the zone of times without one, Europe/Berlin"
        )
        parser.add_argument("--schema", help="--sql: the schema that is made")
        parser.add_argument("--prefix", help="--sql: what the tables' names begin with")
        parser.add_argument("--role", help="--sql: who may read them")
        parser.add_argument(
            "--tables", action="store_true", help="--sql: tables instead of views"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """What cannot be used ends with exit code 2, a store with problems with 1."""
        known: dict[str, Connection] = settings.EVENT_STORES
        name = options["name"]
        if name and name not in known:
            raise CommandError(f"MELIORA_EVENT_STORES names no “{name}”.", returncode=2)
        found = known[name] if name else None
        if options["sql"]:
            self.print_sql(found, options)
        elif found is None:
            self.list_all(known)
        elif options["check"]:
            self.check_one(found)
        else:
            self.stdout.write(line_of(found))

    def list_all(self, known: dict[str, Connection]) -> None:
        if not known:
            self.stdout.write("MELIORA_EVENT_STORES names no connection.")
        for one in known.values():
            self.stdout.write(line_of(one))

    def check_one(self, found: Connection) -> None:
        """Print each problem; exit code 1 when there is one."""
        self.stdout.write(line_of(found))
        try:
            told = problems(found.place)
            for words in told:
                self.stdout.write(f"- {words}")
            if not told:
                for words in warnings(found.place):
                    self.stdout.write(f"Note: {words}")
                log = counted(found.place)
                self.stdout.write(
                    f"In order: {log.cases} cases, {log.events} events, "
                    f"{log.activities} activities, {log.start} to {log.end} (UTC)."
                )
        except StoreError as error:
            told = [str(error)]
            self.stdout.write(f"- {error}")
        if told:
            sys.exit(1)

    def print_sql(self, found: Connection | None, options: dict[str, Any]) -> None:
        lacking = [f"--{role}" for role in NEEDED if not options[role]]
        if lacking:
            raise CommandError(f"--sql needs {', '.join(lacking)} too.", returncode=2)
        raw = Raw(
            table=options["sql"],
            attributes=tuple(options["attribute"]),
            zone=options["timezone"],
            **{role: options[role] for role in (*NEEDED, *MORE)},
        )
        place = found.place if found else None
        usual = Target()
        target = Target(
            schema=options["schema"] or (place.schema if place else usual.schema),
            prefix=options["prefix"] or (place.prefix if place else usual.prefix),
            role=options["role"] or usual.role,
            as_tables=options["tables"],
        )
        try:
            self.stdout.write(script(raw, target))
        except LogError as error:
            raise CommandError(str(error), returncode=2) from error


def line_of(one: Connection) -> str:
    """A connection without its address."""
    place = one.place
    return (
        f"{one.name}: {one.label}, for {one.enterprise}, tables "
        f"{place.schema}.{place.prefix}events, …cases, …variants"
    )
