"""Take a picture of every page of the demo, as each role, wide and narrow."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.core.management.base import BaseCommand, CommandError

from config.addresses import pages_of
from config.browser import (
    chromium,
    free_port,
    launch_arguments,
    launch_environment,
)
from config.children import Children
from config.demo.cast import PEOPLE
from programmes.models import Account, Programme

WIDTHS = (1440, 390)
THEMES = ("light", "dark")


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--role", action="append", choices=sorted(PEOPLE))
        parser.add_argument("--only", default="", help="part of a page's name")

    def handle(self, *args: Any, **options: Any) -> None:
        programmes = list(Programme.objects.order_by("-phase", "pk"))
        if not programmes:
            raise CommandError("There is no demo yet: run python3 manage.py demo once.")
        browser_path = chromium(settings.NPM)
        if browser_path is None:
            raise CommandError("No Chromium: install it, or the packages of the lock.")
        pages = [one for one in pages_of(programmes) if options["only"] in one[0]]
        roles = options["role"] or [*PEOPLE]
        with serving() as address:
            for role in roles:
                folder = options["folder"] / role
                folder.mkdir(parents=True, exist_ok=True)
                count = self.take(address, browser_path, role, pages, folder)
                sys.stdout.write(f"{role}: {count} pictures of {len(pages)} pages\n")

    def take(
        self,
        address: str,
        browser_path: str,
        role: str,
        pages: list[tuple[str, str]],
        folder: Path,
    ) -> int:
        from playwright.sync_api import sync_playwright

        session = open_session(role)
        count = 0
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=browser_path,
                args=launch_arguments(),
                env=launch_environment(browser_path),
            )
            for width in WIDTHS:
                for theme in THEMES:
                    context = browser.new_context(
                        viewport={"width": width, "height": 900},
                        color_scheme=theme,  # type: ignore[arg-type]
                    )
                    context.add_cookies([cookie_of(session, address)])
                    tab = context.new_page()
                    for name, path in pages:
                        if not shows(context.request.get(address + path)):
                            continue
                        tab.goto(address + path, wait_until="networkidle")
                        file = folder / f"{name}-{width}-{theme}.png"
                        tab.screenshot(path=file, full_page=True)
                        count += 1
                    context.close()
            browser.close()
        return count


def cookie_of(session: dict[str, str], address: str) -> Any:
    return {**session, "url": address}


def shows(answer: Any) -> bool:
    """Is it a page this role may see (no file, no part, no address for POST)?"""
    kind = answer.headers.get("content-type", "")
    is_page = answer.status == 200 and kind.startswith("text/html")
    return bool(is_page and "<html" in answer.text())


def open_session(role: str) -> dict[str, str]:
    """A signed-in session of that person, as a cookie."""
    account = Account.objects.get(email=f"{role}@aldermoor.example")
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": store.session_key}


@contextmanager
def serving() -> Iterator[str]:
    """The web server on a free port, for as long as the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="meliora-pictures-"))
    children = Children(settings.ROOT, mark=folder.name)
    port = free_port()
    try:
        children.start_web("127.0.0.1", port)
        children.wait_until_it_answers("127.0.0.1", port)
        yield f"http://127.0.0.1:{port}"
    finally:
        children.stop()
        shutil.rmtree(folder, ignore_errors=True)
