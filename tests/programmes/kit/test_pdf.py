"""The closed door of the PDF: what a hostile page asks for reaches nothing."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from programmes.kit import pdf
from programmes.kit.pdf import PdfFailed, render

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = "0c3f-the-secret-of-the-server"
# {u}: an address of the loopback listener, {f}: the secret file.
ATTACKS = {
    "img": '<img src="{u}">',
    "img of a file": '<img src="{f}">',
    "import": "<style>@import url({u});</style>",
    "background": '<p style="background:url({u})">x</p>',
    "link stylesheet": '<link rel="stylesheet" href="{u}">',
    "object": '<object data="{u}"></object>',
    "object of a file": '<object data="{f}" type="text/html"></object>',
    "embed": '<embed src="{u}">',
    "svg image": '<svg><image href="{u}" width="9" height="9"/></svg>',
    "svg use": '<svg><use href="{u}#a"/></svg>',
    "font": "<style>@font-face{{font-family:x;src:url({u})}}p{{font:9pt x}}"
    "</style><p>x</p>",
    "attached link": '<link rel="attachment" href="{f}">',
    "attached anchor": '<a rel="attachment" href="{f}">x</a>',
    "attached anchor far": '<a rel="attachment" href="{u}">x</a>',
    "base": '<base href="{u}"><img src="x.png">',
    "list image": '<ul style="list-style-image:url({u})"><li>x</ul>',
    "content": "<style>p::before{{content:url({u})}}</style><p>x</p>",
    "nested data": '<img src="data:image/svg+xml,'
    "&lt;svg xmlns='http://www.w3.org/2000/svg'&gt;"
    "&lt;image href='{u}' width='9' height='9'/&gt;&lt;/svg&gt;\">",
    "border image": '<p style="border-image:url({u}) 1">x</p>',
    "iframe": '<iframe src="{u}"></iframe>',
    "input image": '<input type="image" src="{u}">',
    "source set": '<picture><source srcset="{u}"><img src="{u}"></picture>',
    "asset outside the table": '<img src="asset:../../secret">',
}


class Listener(HTTPServer):
    asked: list[str]


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"p{color:red}")

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener(("127.0.0.1", 0), Answer)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def page(body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>Test</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def made(html: str, assets: dict[str, bytes | str] | None = None, **more):  # type: ignore[no-untyped-def]
    return render(html, assets or {}, made_at=NOW, identifier="one", **more)


def holds(data: bytes, text: str) -> bool:
    """The text is anywhere in the PDF: on a page, or in a file inside it."""
    reader = PdfReader(BytesIO(data))
    pages = "".join(one.extract_text() for one in reader.pages)
    files = b"".join(b"".join(found) for found in reader.attachments.values())
    return text in pages or text.encode() in files or text.encode() in data


class TestRender:
    def test_reaches_nothing(self, listener: Listener, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text(SECRET)
        far = f"http://127.0.0.1:{listener.server_port}/reached"
        bodies = [one.format(u=far, f=f"file://{secret}") for one in ATTACKS.values()]

        # One document a page alone where two would hide each other, then all in one.
        results = [made(page(body)) for body in bodies[:4]]
        results.append(made(page("".join(bodies))))
        results.append(made(page("x", head="".join(bodies))))

        assert len(ATTACKS) >= 16
        assert listener.asked == []
        assert not any(holds(one.pdf, SECRET) for one in results)

    @pytest.mark.release
    @pytest.mark.parametrize("name", ATTACKS)
    def test_reaches_nothing_alone(
        self, name: str, listener: Listener, tmp_path: Path
    ) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text(SECRET)
        far = f"http://127.0.0.1:{listener.server_port}/reached"

        found = made(page(ATTACKS[name].format(u=far, f=f"file://{secret}")))

        assert listener.asked == []
        assert not holds(found.pdf, SECRET)

    def test_is_tagged_and_the_same_twice(self) -> None:
        html = page('<h1>Report</h1><img alt="A bar" src="asset:chart/0.svg">')
        assets = {
            "chart/0.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" '
            'height="9"><rect width="9" height="9"/></svg>',
            pdf.FONT: pdf.font(),
        }

        first = made(html, assets, attachments={"facts.json": '{"a":1}'})
        second = made(html, assets, attachments={"facts.json": '{"a":1}'})
        reader = PdfReader(BytesIO(first.pdf))
        catalog = reader.trailer["/Root"]

        assert first == second
        assert first.pages == 1
        assert hashlib.sha256(first.pdf).digest() == hashlib.sha256(second.pdf).digest()
        assert catalog["/MarkInfo"]["/Marked"]
        assert "/StructTreeRoot" in catalog
        assert catalog["/Lang"] == "en"
        assert reader.metadata.title == "Test"
        assert reader.attachments["facts.json"] == [b'{"a":1}']

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            ('<table><tr><td colspan="100000000">x</table>', "memory"),
            ("<div>" * 3000, "nested too deeply"),
        ],
    )
    def test_says_why_it_failed(self, body: str, reason: str) -> None:
        with pytest.raises(PdfFailed, match=reason):
            made(page(body))

    def test_stops_after_its_time(self) -> None:
        with pytest.raises(PdfFailed, match="longer than a minute"):
            made(page("x"), seconds=0.2)

    def test_stops_when_it_computes_too_long(self) -> None:
        rows = "<tr>" + "<td>x</td>" * 9 + "</tr>"

        with pytest.raises(PdfFailed, match=r"(time or memory|longer)"):
            made(page(f"<table>{rows * 4000}</table>"), seconds=4)

    def test_names_the_packages_when_pango_is_missing(self) -> None:
        with pytest.raises(PdfFailed, match=r"apt-get install libpango-1\.0-0"):
            raise pdf.failed("Pango")

    def test_keeps_secrets_from_the_child(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", SECRET)
        seen = {}
        real = pdf.subprocess.run

        def spy(*arguments, **options):  # type: ignore[no-untyped-def]
            seen.update(options["env"])
            return real(*arguments, **options)

        monkeypatch.setattr(pdf.subprocess, "run", spy)
        made(page("x"))

        assert SECRET not in seen.values()

    @pytest.mark.release
    def test_sixty_pages_within_ten_seconds_and_250_megabytes(self) -> None:
        rows = "".join(
            f"<tr><td>P{one}</td><td>Collected in step {one}</td></tr>"
            for one in range(45)
        )
        chapter = f'<h2 style="break-before:page">Part</h2><p>{"Words. " * 300}</p>'
        html = page(f"{chapter}<table>{rows}</table>" * 30)
        begun = datetime.now(UTC)

        found = made(html, {pdf.FONT: pdf.font()})

        assert found.pages >= 60
        assert found.megabytes <= 250
        assert (datetime.now(UTC) - begun).total_seconds() < 10
