"""Analyse an event log from the command line; no database is needed."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from diagnosis.mining.analyse import analyse_log
from diagnosis.mining.preview import guess_mapping
from diagnosis.mining.sources import LogError, Mapping, source_kind

XES_NAMES = {
    "case": "case:concept:name",
    "activity": "concept:name",
    "timestamp": "time:timestamp",
    "resource": "org:resource",
}
ROLES = ("case", "activity", "timestamp", "time", "start", "resource")


class Command(BaseCommand):
    """Print counts, direct successions, variants, durations and rework as JSON."""

    help = "Analyse an event log (table or XES, also .gz) and print one JSON value."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Columns are guessed when they are not given."""
        parser.add_argument("file", type=Path, help="table or XES, perhaps gzipped")
        for role in ROLES:
            what = "time of day (the timestamp is a day)" if role == "time" else role
            parser.add_argument(f"--{role}", help=f"name of the {what} column")
        parser.add_argument(
            "--timestamp-format",
            help="for instance dd.MM.yyyy HH:mm, %%d.%%m.%%y %%H:%%M, or iso",
        )
        parser.add_argument("--json", action="store_true", help="JSON (always printed)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the answer; a log that cannot be used ends with exit code 2."""
        try:
            answer = analyse_log(options["file"], _mapping(options))
        except LogError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _mapping(options: dict[str, Any]) -> Mapping | None:
    """What was said on the command line, the rest guessed; None when nothing was."""
    said = {role: options[role] for role in ROLES if options[role]}
    form = options["timestamp_format"]
    if not said and not form:
        return None
    if not {"case", "activity", "timestamp"} <= said.keys():
        if source_kind(options["file"]) == "xes":
            guess = dict(XES_NAMES)
            guess.pop("resource")
        else:
            guess = guess_mapping(options["file"], form).named()
            guess = {role: name for role, name in guess.items() if role in ROLES}
            if said.get("timestamp", guess["timestamp"]) != guess["timestamp"]:
                guess.pop("time", None)
        said = {**guess, **said}
    return Mapping(**said, timestamp_format=form)
