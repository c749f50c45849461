"""One site with rows and one browser for all browser tests of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from tests.access_table import expected
from tests.addresses import path_of
from tests.rows import fill_all
from tests.world import World, build_world

ACTORS = ("lead", "admin", "sponsor", "controller", "owner")


@dataclass
class Site:
    """The running site: where it is, who may enter, and what the browser complained."""

    world: World
    url: str
    browser: Browser
    clients: dict[str, Client] = field(default_factory=dict)
    tabs: dict[str, Page] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for actor in ACTORS:
            self.clients[actor] = Client(raise_request_exception=False)
            self.clients[actor].force_login(getattr(self.world, actor))

    def page_of(self, name: str) -> tuple[str, str] | None:
        """(actor, path) of an address that shows a page; None: it shows none.

        The browser is not asked: it complains about an answer that is no page, and
        sometimes only while the next one opens.
        """
        path = path_of(name, self.world)
        may = expected(name, "GET", only_post=False).may
        actor = next((one for one in ACTORS if one in may), "lead")
        answer = self.clients[actor].get(path)
        is_page = answer.get("Content-Type", "").startswith("text/html")
        if answer.status_code != 200 or not is_page or b"<html" not in answer.content:
            return None
        return actor, path

    def tab(self, actor: str) -> Page:
        """The tab in which the actor is signed in; one for the whole run."""
        if actor not in self.tabs:
            context = self.browser.new_context()
            # Sent once for all pages, unlike what is evaluated on each.
            context.add_init_script(AXE_SCRIPT)
            if actor != "anonymous":
                cookie = self.clients[actor].cookies["sessionid"].value
                context.add_cookies(
                    [{"name": "sessionid", "value": cookie, "url": self.url}]
                )
            self.tabs[actor] = context.new_page()
            self.listen(self.tabs[actor])
        self.complaints.clear()
        return self.tabs[actor]

    def listen(self, page: Page) -> None:
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.look_at(request.url))

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def look_at(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"leaves the site: {url}")


@pytest.fixture(scope="package")
def site(
    django_db_setup: None, django_db_blocker: Any, chrome: Browser
) -> Iterator[Site]:
    """Rows are committed, since another thread serves them; the end removes all."""
    with django_db_blocker.unblock():
        # In one transaction, after which what changed is told once.
        with transaction.atomic():
            world = build_world()
            fill_all(world)
        server = LiveServer("localhost")
        found = Site(world, server.url, chrome)
        yield found
        for tab in found.tabs.values():
            tab.context.close()
        server.stop()
        call_command("flush", interactive=False, verbosity=0)
