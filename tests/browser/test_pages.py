"""Every page in light and dark, wide and narrow: usable, quiet, and at home."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.addresses import addresses
from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WIDTHS = (1440, 390)
NARROWEST = 320
HEIGHT = 900
AXE = """([theme, rules]) => axe.run(document, {
  resultTypes: ['violations'], preload: false, iframes: false, selectors: false,
  ...(theme === 'dark' ? {runOnly: {type: 'rule', values: rules}} : {}),
}).then(found => found.violations)"""
# Light and dark differ in colours only: in the dark the rules about them are asked.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
# A chart that has neither been drawn yet nor failed to be.
UNDRAWN = ".plot:not([data-width], [data-state])"
OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"
ACCOUNT = ["/accounts/login/", "/accounts/password/reset/"]
SIGNED_IN_ACCOUNT = ["/accounts/password/change/", "/accounts/email/"]


def faults(site: Site, actor: str, path: str) -> list[str]:
    """What is wrong with a page, wide and narrow, light and dark."""
    page = site.tab(actor)
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(site.url + path, wait_until="load")
    expect(page.locator(UNDRAWN)).to_have_count(0)
    found = asked(page, WIDTHS[0], "light")
    page.emulate_media(color_scheme="dark")
    found += asked(page, WIDTHS[0], "dark")
    page.set_viewport_size({"width": WIDTHS[1], "height": HEIGHT})
    found += asked(page, WIDTHS[1], "dark")
    page.emulate_media(color_scheme="light")
    found += asked(page, WIDTHS[1], "light")
    return found + too_wide(page) + site.complaints


def asked(page: Page, width: int, theme: str) -> list[str]:
    wrong = page.evaluate(AXE, [theme, OF_COLOURS])
    return [f"{width} {theme}: {words(one)}" for one in wrong]


def too_wide(page: Page) -> list[str]:
    page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
    over = page.evaluate(OVERFLOW)
    return [f"{NARROWEST}: {over} pixels too wide"] if over > 0 else []


def words(violation: dict[str, Any]) -> str:
    nodes = [node["html"][:160] for node in violation["nodes"][:2]]
    return f"{violation['id']} {nodes}"


class TestEachPage:
    @pytest.mark.parametrize("name", addresses())
    def test_is_without_fault(self, name: str, site: Site) -> None:
        found = site.page_of(name)
        if found is None:
            return

        wrong = faults(site, *found)

        assert wrong == []

    @pytest.mark.parametrize("kind", ["gates", "phases"])
    @pytest.mark.parametrize("number", range(2, 9))
    def test_of_each_phase_is_without_fault(
        self, kind: str, number: int, site: Site
    ) -> None:
        wrong = faults(site, "lead", f"/p/{site.world.programme.code}/{kind}/{number}/")

        assert wrong == []

    @pytest.mark.parametrize("path", ACCOUNT)
    def test_of_the_sign_in_is_without_fault(self, path: str, site: Site) -> None:
        wrong = faults(site, "anonymous", path)

        assert wrong == []

    @pytest.mark.parametrize("path", SIGNED_IN_ACCOUNT)
    def test_of_the_account_is_without_fault(self, path: str, site: Site) -> None:
        wrong = faults(site, "lead", path)

        assert wrong == []
