"""Rows of phase 3 for the page tests."""

from __future__ import annotations

from typing import Any

from programmes.models import Document
from programmes.services.documents import issue
from tests.diagnosis.report_rows import finding
from tests.world import NOW, World


def fill(world: World) -> None:
    finding(world)
    issue(
        by=world.lead,
        programme=world.programme,
        kind=Document.Kind.DIAGNOSIS,
        facts={"title": "§Facts"},
        pdf=b"%PDF-1.7 none",
        pages=1,
        now=NOW,
    )


def newest(_parameter: str, world: Any) -> Any:
    found = Document.objects.filter(programme=world.programme).first()
    return found.pk if found else 0


ROWS = {"document": newest, "document-pdf": newest}
