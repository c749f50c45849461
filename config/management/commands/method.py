"""Run a method of the catalogue, or its reference cases, from the command line."""

import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from design import maths as design_maths
from diagnosis import maths as diagnosis_maths
from evaluation import maths as evaluation_maths
from programmes import maths as programmes_maths
from programmes.maths import catalogue

# Importing these packages is what registers their methods.
HOMES = (programmes_maths, diagnosis_maths, design_maths, evaluation_maths)

REFUSED = 2


class Command(BaseCommand):
    """Read named inputs as JSON from standard input and print the result as JSON."""

    help = (
        "Run a method: its inputs are read as JSON from standard input, "
        "its result is printed as one JSON value."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("key", nargs="?", help="method, such as finance.npv")
        chosen.add_argument("--cases", metavar="FILE", help="run reference cases")
        chosen.add_argument("--list", action="store_true", help="name all methods")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["list"]:
                self.list_methods()
            elif options["cases"] is not None:
                self.run_cases(options["cases"])
            else:
                text = sys.stdin.read()
                self.stdout.write(catalogue.run_json(options["key"], text))
        except (catalogue.UnknownMethod, ValueError) as error:
            self.refuse(str(error))

    def list_methods(self) -> None:
        for method in catalogue.methods():
            self.stdout.write(f"{method.key}  {method.name}")

    def run_cases(self, path: str) -> None:
        report = catalogue.run_cases(path)
        for line in report.lines:
            self.stdout.write(line)
        self.stdout.write(report.summary)
        if report.failed:
            sys.exit(1)

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(REFUSED)
