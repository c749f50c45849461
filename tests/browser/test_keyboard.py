"""The whole site can be used without a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def desk(site: Site) -> Page:
    tab = site.tab("lead")
    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.goto(f"{site.url}/p/{site.world.programme.code}/", wait_until="networkidle")
    return tab


class TestKeyboard:
    def test_first_tab_skips_to_the_content(self, desk: Page) -> None:
        desk.keyboard.press("Tab")
        expect(desk.locator(".skip")).to_be_focused()

        desk.keyboard.press("Enter")

        expect(desk.locator("#main")).to_be_focused()

    def test_ctrl_k_opens_the_palette_and_escape_closes_it(self, desk: Page) -> None:
        desk.keyboard.press("Control+k")
        expect(desk.locator("#palette")).to_be_visible()
        expect(desk.locator("#palette input")).to_be_focused()

        desk.keyboard.press("Escape")

        expect(desk.locator("#palette")).to_be_hidden()

    def test_palette_finds_and_opens(self, desk: Page, site: Site) -> None:
        desk.keyboard.press("Control+k")
        desk.keyboard.type("Halve")
        expect(desk.locator("#palette [role=option]").first).to_contain_text("Halve")

        desk.keyboard.press("Enter")

        expect(desk).to_have_url(re.compile("/objectives/"))

    def test_question_mark_lists_the_shortcuts(self, desk: Page) -> None:
        desk.keyboard.press("?")

        expect(desk.locator("#shortcuts")).to_be_visible()
        expect(desk.locator("#shortcuts")).to_contain_text("Switch programme")

    def test_digit_opens_the_phase(self, desk: Page) -> None:
        desk.keyboard.press("2")

        expect(desk.locator("h1")).to_have_text("Kick-off")
