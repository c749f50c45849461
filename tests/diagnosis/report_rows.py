"""Rows of phase 3 that reports are made of, and an issued report."""

from __future__ import annotations

from typing import Any

from diagnosis.models import Finding
from programmes.models import Document
from programmes.services.documents import issue
from tests.world import NOW, World


def finding(world: World, **values: object) -> Finding:
    given = {
        "title": "§Cases wait two days",
        "cause": "§Two people check each case",
        "evidence": "§318 checks were timed",
        "advice": "§Release by rule",
        "cost_a_year": 910_000,
        "priority": Finding.Priority.CRITICAL,
    }
    return world.save(Finding, **{**given, **values})


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
