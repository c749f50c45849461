"""
HTML to PDF in a child process that can reach nothing and may use little.

WeasyPrint fetches whatever a page names, and some pages make it run for ever; so a
fresh process, never forked from this one, runs it under limits of time and memory,
and its fetcher knows the given assets (``asset:<name>``) and nothing else.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from programmes.kit.errors import Refusal

CHILD = Path(__file__).with_name("pdf_child.py")
SECONDS = 60
MEMORY = 1024**3
KEPT_FROM_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "FONTCONFIG_PATH")
FONT = "font/inter.ttf"


class PdfFailed(Refusal):
    """The document could not be rendered; the message says why."""

    code = "pdf-failed"
    status = 422


@dataclass(frozen=True)
class Rendered:
    """A finished PDF."""

    pdf: bytes
    pages: int
    megabytes: int = field(default=0, compare=False)


def render(
    html: str,
    assets: Mapping[str, bytes | str],
    *,
    made_at: datetime,
    identifier: str,
    attachments: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> Rendered:
    """
    Render a whole HTML page as tagged PDF/UA; the same input gives the same bytes.

    :param assets: what the page may name, as ``asset:<name>``
    :param made_at: the date in the PDF
    :param identifier: the identifier in the PDF
    :param attachments: text files to carry along, by name
    :raises PdfFailed: for whatever reason; nothing else is raised
    """
    order = {
        "html": html,
        "assets": {name: encoded(body) for name, body in assets.items()},
        "attachments": dict(attachments or {}),
        "identifier": identifier,
        "made_at": made_at.astimezone(UTC).isoformat(),
        "memory": memory,
        "seconds": max(round(seconds), 1),
    }
    return answer(run(json.dumps(order).encode(), made_at, seconds))


def encoded(body: bytes | str) -> str:
    return base64.b64encode(body.encode() if isinstance(body, str) else body).decode()


def run(
    order: bytes, made_at: datetime, seconds: float
) -> subprocess.CompletedProcess[bytes]:
    """Start the child with its own empty folder and nothing of our environment."""
    with tempfile.TemporaryDirectory(prefix="meliora-pdf-") as folder:
        environment = {
            name: os.environ[name]
            for name in KEPT_FROM_ENVIRONMENT
            if name in os.environ
        }
        environment |= {
            "HOME": folder,
            "TMPDIR": folder,
            "LANG": "C.UTF-8",
            "SOURCE_DATE_EPOCH": str(int(made_at.timestamp())),
        }
        try:
            return subprocess.run(  # noqa: S603 - our own file, no words of a person
                [sys.executable, "-I", str(CHILD)],
                input=order,
                capture_output=True,
                cwd=folder,
                env=environment,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise failed("Timeout") from error


def answer(done: subprocess.CompletedProcess[bytes]) -> Rendered:
    """:raises PdfFailed: the child did not answer with a PDF."""
    head, _line, body = done.stdout.partition(b"\n")
    try:
        told: dict[str, Any] = json.loads(head)
    except ValueError as error:
        raise failed("Killed") from error
    if "error" in told:
        raise failed(told["error"])
    return Rendered(body, told["pages"], told["megabytes"])


def failed(reason: str) -> PdfFailed:
    """The refusal for a reason: the name of an error, or what happened to the child."""
    sentences = {
        "Timeout": _("it took longer than a minute"),
        "Killed": _("it used more time or memory than a report may"),
        "MemoryError": _("it used more memory than a report may"),
        "RecursionError": _("something in it is nested too deeply"),
        "Pango": _(
            "the library Pango is missing on the server; it comes with "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ),
    }
    words = sentences.get(reason) or _("its content cannot be laid out (%(name)s)") % {
        "name": reason
    }
    return PdfFailed(
        _("The report could not be rendered: %(reason)s.") % {"reason": words}
    )


@cache
def font() -> bytes:
    """Inter with Latin, Greek and Cyrillic, read once per process."""
    import fontpkg_inter  # noqa: PLC0415

    path = fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf"
    return Path(path).read_bytes()
