"""Issuing reports: facts, PDF and their hashes are kept, numbered, and never edited."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programmes.events import announce, records_changed
from programmes.kit import charts, pdf
from programmes.kit.errors import Refusal
from programmes.models import Account, Document, Job, Programme
from programmes.permissions import require
from programmes.phases import Phase
from programmes.reports import (
    PHASES,
    Chapter,
    Chart,
    Picture,
    Report,
    canonical,
    hash_of,
    laid_out,
)
from programmes.services import activity
from programmes.services.records import refuse_under_review

STYLES = ("css/tokens.css", "css/report.css")
MARK = "img/mark.svg"
INK = "css/charts-print.css"


class NumberTaken(Refusal):
    """Somebody issued the same report while this one was rendered."""

    code = "number-taken"


def next_number(programme: Programme, kind: Document.Kind) -> int:
    rows = Document.objects.filter(programme=programme, kind=kind)
    newest: int | None = rows.aggregate(newest=Max("number"))["newest"]
    return (newest or 0) + 1


def issue_report(
    *, by: Account, programme: Programme, report: Report, now: datetime
) -> Document:
    """Render a report and issue it. Doing it twice makes two documents.

    :raises NotAllowed, UnderReview, NumberTaken: as for issue.
    :raises PdfFailed: the report could not be rendered.
    """
    kind = Document.Kind(report.kind)
    refuse_issue(by, programme, kind)
    numbered = replace(report, number=next_number(programme, kind))
    rendered = printed(numbered, now)
    return issue(
        by=by,
        programme=programme,
        kind=kind,
        facts=numbered.facts(),
        pdf=rendered.pdf,
        pages=rendered.pages,
        now=now,
    )


def refuse_issue(by: Account, programme: Programme, kind: Document.Kind) -> Phase:
    """:raises NotAllowed, UnderReview: the person, or the gate, says no."""
    phase = PHASES[kind]
    if kind == Document.Kind.MANDATE:
        # What was signed is printed; the sponsor's signature was the deed.
        require(by, "mandate.sign", programme)
        return phase
    require(by, "report.issue", programme)
    refuse_under_review(programme, (phase,))
    return phase


def issue(
    *,
    by: Account,
    programme: Programme,
    kind: Document.Kind,
    facts: dict[str, Any],
    pdf: bytes,
    pages: int,
    now: datetime,
) -> Document:
    """Keep an issued document under the next number.

    :raises NotAllowed: the person does not issue reports.
    :raises UnderReview: the gate of the report's phase is in review.
    :raises NumberTaken: the facts carry a number that was given meanwhile.
    """
    phase = refuse_issue(by, programme, kind)
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)
        number = next_number(programme, kind)
        if facts.get("number", number) != number:
            raise NumberTaken(
                _("This report was issued by somebody else meanwhile. Issue it again.")
            )
        found = Document(
            programme=programme,
            kind=kind,
            number=number,
            facts=facts,
            facts_sha256=hash_of(facts),
            sha256=hashlib.sha256(pdf).hexdigest(),
            pages=pages,
            issued_by=by,
            issued_at=now,
        )
        name = f"{programme.code}-{kind.value}-{number}.pdf"
        found.pdf.save(name, ContentFile(pdf), save=False)
        found.save()
        activity.record(
            by=by,
            verb="issued",
            kind=f"document.{kind.value}",
            label=str(number),
            programme=programme,
            now=now,
            url=reverse("document", args=[programme.code, found.pk]),
        )
        announce(records_changed, programme_id=programme.pk, phases=(int(phase),))
    return found


def issued_in_job(found: Job, issue_now: Callable[..., Document]) -> dict[str, Any]:
    """Issue in the name and language of who started the job; the result for it."""
    if found.programme is None or found.created_by is None:
        raise ValueError("a report is of a programme, and issued by somebody")
    with translation.override(found.payload.get("language", "en")):
        issued = issue_now(
            by=found.created_by, programme=found.programme, now=timezone.now()
        )
    return {"url": reverse("document", args=[found.programme.code, issued.pk])}


# --- paper ------------------------------------------------------------------------


def printed(report: Report, now: datetime) -> pdf.Rendered:
    """The report as PDF: charts are drawn here, the child only lays out.

    :raises PdfFailed: with the reason.
    """
    chapters = laid_out(report)
    html = render_to_string(
        "reports/print.html",
        {
            "report": report,
            "chapters": chapters,
            "styles": STYLES,
            "phases": list(Phase),
            "language": get_language() or "en",
            "printing": True,
        },
    )
    facts = canonical(report.facts())
    return pdf.render(
        html,
        assets_of(chapters),
        made_at=now,
        identifier=hashlib.sha256(facts.encode()).hexdigest(),
        attachments={"facts.json": facts},
    )


def assets_of(chapters: list[Chapter]) -> dict[str, bytes | str]:
    """Styles, font, mark, and every chart and picture under its name."""
    assets: dict[str, bytes | str] = {name: static(name) for name in (*STYLES, MARK)}
    assets[pdf.FONT] = pdf.font()
    for chapter in chapters:
        for one in chapter.blocks:
            if isinstance(one.block, Chart):
                assets[one.asset] = charts.to_svg(one.block.spec)
            elif isinstance(one.block, Picture):
                assets[one.asset] = inked(one.block.svg)
    return assets


def static(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")


def inked(svg: str) -> str:
    """A picture of the server as a file of its own, with the colours of print."""
    head, end, rest = svg.partition(">")
    if "xmlns=" not in head:
        head = head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return f"{head}{end}<style>{static(INK)}</style>{rest}"


# --- checking ---------------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """Whether a document is still what was issued."""

    is_file_unchanged: bool
    are_facts_unchanged: bool

    @property
    def is_good(self) -> bool:
        return self.is_file_unchanged and self.are_facts_unchanged


def check(document: Document) -> Check:
    """Compute both hashes again. A missing file is a changed one."""
    try:
        with document.pdf.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        digest = ""
    return Check(
        digest == document.sha256, hash_of(document.facts) == document.facts_sha256
    )
