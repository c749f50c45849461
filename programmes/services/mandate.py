"""Freezing a signed mandate as a document with its number and hashes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from programmes.charter_report import build_mandate_report
from programmes.kit.errors import Refusal
from programmes.models import Account, Document, Mandate, Programme
from programmes.permissions import require
from programmes.reports import newest_document
from programmes.services.documents import issue_report

KIND = Document.Kind.MANDATE


class NotSigned(Refusal):
    """The mandate does not stand signed, so there is nothing to freeze."""

    code = "not-signed"


def frozen_mandate(mandate: Mandate) -> Document | None:
    """The document of the mandate as it stands signed, or None."""
    newest = newest_document(mandate.programme, KIND)
    if newest is None or not mandate.is_signed or mandate.signed_at is None:
        return None
    return newest if newest.issued_at >= mandate.signed_at else None


def issue_mandate(*, by: Account, programme: Programme, now: datetime) -> Document:
    """Print what was signed and keep it; a second time returns what is there.

    :raises NotAllowed: not the sponsor.
    :raises NotSigned: the mandate is not signed as it stands.
    :raises PdfFailed: it could not be rendered.
    """
    require(by, "mandate.sign", programme)
    with transaction.atomic():
        mandate = Mandate.objects.select_for_update().get(programme=programme)
        mandate.programme = programme
        if not mandate.is_signed:
            raise NotSigned(_("The mandate is not signed as it stands."))
        there = frozen_mandate(mandate)
        if there is not None:
            return there
        report = build_mandate_report(programme, now)
        return issue_report(by=by, programme=programme, report=report, now=now)
