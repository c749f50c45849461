"""Pages that exist in the demo only: the mails it would have sent."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from programmes.access import access

MOST = 50


@access(public=True)
def mails(request: HttpRequest) -> HttpResponse:
    """The newest mails, read from the folder that the demo writes them to."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda one: one.stat().st_mtime)
    rows = [read_mail(one) for one in reversed(files[-MOST:])]
    context = {"mails": rows, "title": _("Mails of the demo")}
    return render(request, "programmes/dev/mails.html", context)


def read_mail(file: Path) -> dict[str, Any]:
    parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = parsed.get_body(("plain",))
    return {
        "to": parsed["To"],
        "subject": parsed["Subject"],
        "at": parsed["Date"],
        "text": body.get_content().rsplit("\n-----", 1)[0] if body else "",
    }


urlpatterns = [path("dev/mail/", mails, name="dev-mails")]
