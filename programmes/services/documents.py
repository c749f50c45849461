"""Issuing reports: facts, PDF and their hashes are kept, numbered, and never edited."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
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
from programmes.kit.canonical import canonical, hash_of
from programmes.kit.errors import Refusal
from programmes.kit.pdf import Rendered
from programmes.models import Account, Document, GateReview, Job, Programme
from programmes.permissions import require
from programmes.phases import Phase
from programmes.reports import (
    PHASES,
    Chapter,
    Chart,
    Picture,
    Report,
    laid_out,
)
from programmes.services import activity, ledger
from programmes.services.records import refuse_under_review

STYLES = ("css/tokens.css", "css/report.css")
MARK = "img/mark.svg"
INK = "css/charts-print.css"
# Without those that look alike.
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


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
    numbered = numbered_report(programme, report)
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


def numbered_report(programme: Programme, report: Report) -> Report:
    """With its number, its check number, and the head of the ledger as it is now."""
    return replace(
        report,
        number=next_number(programme, Document.Kind(report.kind)),
        reference=new_reference(),
        ledger=ledger.head_of(programme.enterprise_id).as_json(),
    )


def new_reference() -> str:
    """Three groups of four signs, 60 bits, easy to read out."""
    signs = "".join(secrets.choice(SIGNS) for _each in range(12))
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


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
        found = keep(
            by=by,
            programme=programme,
            kind=kind,
            facts=facts,
            rendered=Rendered(pdf, pages),
            now=now,
        )
        announce(records_changed, programme_id=programme.pk, phases=(int(phase),))
    return found


def keep(
    *,
    by: Account,
    programme: Programme,
    kind: Document.Kind,
    facts: dict[str, Any],
    rendered: Rendered,
    now: datetime,
    review: GateReview | None = None,
) -> Document:
    """The row, the file, its line and its entry; who may is asked before.

    :raises NumberTaken: as for issue.
    """
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
            sha256=hashlib.sha256(rendered.pdf).hexdigest(),
            pages=rendered.pages,
            reference=facts.get("reference", ""),
            review=review,
            issued_by=by,
            issued_at=now,
        )
        name = f"{programme.code}-{kind.value}-{number}.pdf"
        found.pdf.save(name, ContentFile(rendered.pdf), save=False)
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
        enter(found, now)
    return found


def enter(found: Document, now: datetime) -> None:
    ledger.append(
        enterprise_id=found.programme.enterprise_id,
        kind=ledger.Kind.ISSUED,
        facts={
            "programme": found.programme_id,
            "document": found.pk,
            "sort": str(found.kind),
            "number": found.number,
            "pdf": found.sha256,
            "told": found.facts_sha256,
        },
        by=found.issued_by,
        now=now,
    )


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


def printed(
    report: Report, now: datetime, attachments: dict[str, str] | None = None
) -> Rendered:
    """The report as PDF: charts are drawn here, the child only lays out.

    :param attachments: more files to carry along beside facts.json.
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
            "verify_url": f"{settings.SITE_URL.rstrip('/')}{reverse('verify')}",
        },
    )
    facts = canonical(report.facts())
    return pdf.render(
        html,
        assets_of(chapters),
        made_at=now,
        identifier=hashlib.sha256(facts.encode()).hexdigest(),
        attachments={"facts.json": facts, **(attachments or {})},
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


class Answer(StrEnum):
    """What the public check says, and all that it says."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    UNKNOWN = "unknown"


def compare(*, reference: str, digest: str, carried: Sequence[str] = ()) -> Answer:
    """Is the file of this hash the document of this check number, or any of ours?

    A check number cannot be guessed, so only who holds the document learns that it
    exists. Without one, its identifier tells whether it is a copy of ours.

    :param carried: identifiers that were read out of the file.
    """
    digest = digest.strip().lower()
    number = "".join(reference.split()).upper()
    rows = Document.objects.filter(reference=number) if number else None
    if rows is None:
        is_known = Document.objects.filter(sha256=digest).exists()
        if digest and is_known:
            return Answer.UNCHANGED
        is_ours = Document.objects.filter(facts_sha256__in=list(carried)).exists()
        return Answer.CHANGED if is_ours else Answer.UNKNOWN
    issued = rows.values_list("sha256", flat=True).first()
    if issued is None:
        return Answer.UNKNOWN
    return Answer.UNCHANGED if issued == digest else Answer.CHANGED


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
