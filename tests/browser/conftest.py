"""One site with rows and one browser for all browser tests of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Error, Page
from pytest_django.live_server_helper import LiveServer

from tests.access_table import expected
from tests.addresses import path_of
from tests.rows import fill_all
from tests.world import World, build_world

# What Chromium says about a download, and about an answer without a body.
NO_PAGE = ("Download is starting", "ERR_HTTP_RESPONSE_CODE_FAILURE")
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

    def path_of(self, name: str) -> tuple[str, str]:
        """(actor, path): where an address lies, and somebody who may open it."""
        may = expected(name, "GET", only_post=False).may
        actor = next((one for one in ACTORS if one in may), "lead")
        return actor, path_of(name, self.world)

    def open(self, actor: str, path: str) -> Page | None:
        """The page in the actor's tab; None: the address shows no page to a GET."""
        page = self.tab(actor)
        try:
            answer = page.goto(self.url + path, wait_until="load")
        except Error as error:
            if any(said in error.message for said in NO_PAGE):
                return None
            raise
        if answer is None or answer.status != 200 or page.url != self.url + path:
            return None
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        return page if is_page and "<html" in answer.text() else None

    def tab(self, actor: str) -> Page:
        """The tab in which the actor is signed in; one for the whole run."""
        if actor not in self.tabs:
            context = self.browser.new_context()
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
        # Said, sometimes late, about an address that takes a POST only.
        if "status of 405" in message.text:
            return
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
        world = build_world()
        fill_all(world)
        server = LiveServer("localhost")
        found = Site(world, server.url, chrome)
        yield found
        for tab in found.tabs.values():
            tab.context.close()
        server.stop()
        call_command("flush", interactive=False, verbosity=0)
