"""Check the ledger of every enterprise, or of one: a line for each finding."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from programmes.models import Enterprise
from programmes.services.ledger_check import verify


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--enterprise", metavar="NAME", help="only this one")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Enterprise.objects.order_by("name")
        if options["enterprise"]:
            rows = rows.filter(name=options["enterprise"])
            if not rows:
                raise CommandError(f"No enterprise is named {options['enterprise']}.")
        with override("en"):
            findings = sum(self.told(one) for one in rows)
        if findings:
            sys.exit(1)

    def told(self, enterprise: Enterprise) -> int:
        """Print what was found; the number of findings."""
        checked = verify(enterprise)
        count = len(checked.findings)
        said = f"{count} findings" if count else "no finding"
        head = checked.head
        self.stdout.write(
            f"{enterprise.name}: {checked.entries} entries, "
            f"head {head.seq} {head.mac}, {said}"
        )
        for one in checked.findings:
            self.stdout.write(f"  {one}")
        return count
