"""Every page in light and dark, wide and narrow: usable, quiet, and at home."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.addresses import addresses
from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

VARIANTS = [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]
NARROWEST = 320
HEIGHT = 900
AXE = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"
ACCOUNT = ["/accounts/login/", "/accounts/password/reset/"]
SIGNED_IN_ACCOUNT = ["/accounts/password/change/", "/accounts/email/"]


def faults(site: Site, actor: str, path: str) -> list[str]:
    """What is wrong with the page, in all variants, and at the narrowest."""
    page = site.tab(actor)
    page.set_viewport_size({"width": 1440, "height": HEIGHT})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(site.url + path, wait_until="load")
    if page.locator(".plot").count():
        page.wait_for_load_state("networkidle")
    page.evaluate(AXE_SCRIPT)
    found = []
    for width, theme in VARIANTS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found += [f"{width} {theme}: {words(one)}" for one in page.evaluate(AXE)]
    return found + too_wide(page) + site.complaints


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

        assert not wrong, "\n".join(wrong)

    @pytest.mark.parametrize("path", ACCOUNT)
    def test_of_the_sign_in_is_without_fault(self, path: str, site: Site) -> None:
        wrong = faults(site, "anonymous", path)

        assert not wrong, "\n".join(wrong)

    @pytest.mark.parametrize("path", SIGNED_IN_ACCOUNT)
    def test_of_the_account_is_without_fault(self, path: str, site: Site) -> None:
        wrong = faults(site, "lead", path)

        assert not wrong, "\n".join(wrong)
