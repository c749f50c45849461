"""Issuing a report and reading its PDF back."""

from __future__ import annotations

from tests.journeys.party import Party


def issue(party: Party, kind: str) -> str:
    """The words of the PDF as it came down through the browser."""
    lead = party.lead
    lead.open(f"{party.base}reports/{kind}/").press("Issue report")
    lead.until("Done.").press("Open the result")
    lead.sees("The document is unchanged")
    words = lead.read_pdf("Open the PDF", party.folder)
    assert party.title in words
    return words
