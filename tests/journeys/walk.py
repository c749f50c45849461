"""A person at the browser: signs in, opens pages, fills forms, reads what comes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.world import PASSWORD


class Walker:
    """One person's browser window. Everything the console says is kept."""

    def __init__(self, browser: Browser, address: str, width: int = 1440) -> None:
        self.address = address
        self.context = browser.new_context(viewport={"width": width, "height": 900})
        self.page: Page = self.context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def sign_in(self, email: str) -> Walker:
        self.page.goto(f"{self.address}/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page).not_to_have_url(f"{self.address}/accounts/login/")
        return self

    def open(self, path: str) -> Walker:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, (answer.status, path)
        return self

    def fill(self, **values: Any) -> Walker:
        """Fill the fields of these names, whatever they are."""
        for name, value in values.items():
            self.put(name, value)
        return self

    def put(self, name: str, value: Any) -> None:
        field = self.page.locator(f"main [name='{name}']")
        kind = field.first.get_attribute("type")
        tag = field.first.evaluate("element => element.tagName")
        if tag == "SELECT":
            words = {"label": value} if isinstance(value, str) else {"index": value}
            field.first.select_option(**words)
        elif kind == "radio":
            self.page.locator(f"main [name='{name}'][value='{value}']").check()
        elif kind == "checkbox":
            field.first.set_checked(bool(value))
        elif kind == "file":
            field.first.set_input_files(value)
        else:
            field.first.fill(str(value))

    def press(self, name: str) -> Walker:
        """Press the button or follow the link with this name, and wait."""
        button = self.page.get_by_role("main").get_by_role(
            "button", name=name, exact=True
        )
        link = self.page.get_by_role("main").get_by_role("link", name=name, exact=True)
        target = button.or_(link).first
        target.click()
        self.page.wait_for_load_state()
        return self

    def add(self, path: str, **values: Any) -> Walker:
        """Fill a register's form and save; an error on it fails the journey."""
        self.open(path).fill(**values).press("Save")
        errors = self.page.locator(".error-summary")
        assert errors.count() == 0, (path, errors.all_inner_texts())
        return self

    def sees(self, text: str) -> Walker:
        shown = self.page.get_by_text(text).locator("visible=true")
        expect(shown.first).to_be_visible()
        return self

    @property
    def here(self) -> str:
        """Path and query of the page that is open."""
        parts = urlsplit(self.page.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def until(self, text: str, seconds: int = 60) -> Walker:
        """Load the page again until background work has brought the text."""
        end = time.monotonic() + seconds
        found = self.page.locator("main").get_by_text(text).first
        while not found.is_visible():
            assert time.monotonic() < end, (text, self.here)
            self.page.wait_for_timeout(250)
            self.open(self.here)
        return self

    def read_pdf(self, name: str, folder: Path) -> str:
        """Follow the link to a file, and return the words of the PDF."""
        link = self.page.get_by_role("main").get_by_role("link", name=name).first
        with self.page.expect_download() as waiting:
            link.click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        pages = PdfReader(path).pages
        return "\n".join(page.extract_text() for page in pages)

    def clean(self) -> None:
        """Nothing was said on the console on all the way."""
        assert not self.said, self.said
        self.context.close()
