"""
The child of pdf.py: reads one order on standard input, answers, and ends.

It is run as a file, in isolation, and imports nothing of the house. The answer is a
line of JSON (pages, or the name of an error) and after it the PDF.
"""

import base64
import gc
import json
import resource
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

TYPES = {"svg": "image/svg+xml", "css": "text/css", "ttf": "font/ttf"}


def limit(memory: int, seconds: int) -> None:
    """Bound memory and processor time."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def fetcher(assets: Mapping[str, bytes]) -> Any:
    """A fetcher that knows the assets and refuses every other address."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class Closed(URLFetcher):  # type: ignore[misc] # untyped library
        def fetch(self, url: str, headers: Any = None) -> Any:
            scheme, _colon, name = url.partition(":")
            if scheme != "asset" or name not in assets:
                raise ValueError("refused")
            kind = TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")
            return URLFetcherResponse(url, assets[name], {"Content-Type": kind})

    return Closed(allowed_protocols=(), allow_redirects=False)


def render(order: Mapping[str, Any]) -> tuple[int, bytes]:
    """The number of pages and the PDF."""
    from weasyprint import HTML, Attachment  # noqa: PLC0415

    assets = {name: base64.b64decode(body) for name, body in order["assets"].items()}
    made_at = datetime.fromisoformat(order["made_at"])
    closed = fetcher(assets)
    page = HTML(string=order["html"], url_fetcher=closed)
    document = page.render(pdf_variant="pdf/ua-1")
    carried = [
        Attachment(string=text, name=name, created=made_at, modified=made_at)
        for name, text in order["attachments"].items()
    ]
    pdf = document.write_pdf(
        pdf_variant="pdf/ua-1",
        pdf_identifier=order["identifier"].encode(),
        attachments=carried or None,
    )
    return len(document.pages), pdf


def peak() -> int:
    """The most memory held, in MB; getrusage would count the parent's, too."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0


def main() -> None:
    """Answer the order; each failure is answered by its name."""
    order = json.load(sys.stdin.buffer)
    limit(order["memory"], order["seconds"])
    # The process ends with the answer; collecting garbage would take a tenth of it.
    gc.disable()
    try:
        pages, pdf = render(order)
        told: dict[str, Any] = {"pages": pages, "megabytes": peak()}
    except Exception as error:  # noqa: BLE001 - the parent makes a sentence of each
        is_pango = isinstance(error, OSError) and "libpango" in str(error)
        told = {"error": "Pango" if is_pango else type(error).__name__}
        pdf = b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + pdf)


if __name__ == "__main__":
    main()
