"""The form of the public check of a document."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

LARGEST_PDF = 30 * 1024 * 1024


# The identifier of a PDF, as text or in hex: the hash of the facts that it tells.
MARK = re.compile(rb"/ID\s*\[\s*(?:\(([0-9a-f]{64})\)|<([0-9a-fA-F]{128})>)")
MOST_CARRIED = 5


def marks_in(content: bytes) -> list[str]:
    """The identifiers that stand in the file, at most a few."""
    found: dict[str, None] = {}
    for text, hexed in MARK.findall(content):
        mark = text or bytes.fromhex(hexed.decode())
        found[mark.decode("ascii", "replace")] = None
    return list(found)[:MOST_CARRIED]


class VerifyForm(forms.Form):
    """The check number with the file or its hash; or the file alone."""

    reference = forms.CharField(
        label=_("Check number"),
        required=False,
        max_length=20,
        help_text=_("Stands at the foot of each page, such as 7K3M-9PQ2-XW4H"),
    )
    digest = forms.CharField(
        label=_("SHA-256 of the PDF"),
        required=False,
        max_length=70,
        validators=[
            RegexValidator(r"^\s*[0-9a-fA-F]{64}\s*$", _("64 digits from 0 to f."))
        ],
        help_text=_("Or drop the file below; it is not kept"),
    )
    file = forms.FileField(
        label=_("The PDF"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, digest = cleaned.get("file"), cleaned.get("digest")
        if not self.errors and not file and not digest:
            self.add_error("file", _("Choose the PDF, or enter its SHA-256."))
        if file and not self.errors:
            content = file.read()
            cleaned["digest"] = hashlib.sha256(content).hexdigest()
            cleaned["carried"] = marks_in(content)
        return cleaned
