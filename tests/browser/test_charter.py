"""The wizard in a browser: nothing that was typed is lost with the tab."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def objectives(site: Site) -> Page:
    tab = site.tab("lead")
    tab.set_viewport_size({"width": 390, "height": 900})
    code = site.world.programme.code
    tab.goto(f"{site.url}/p/{code}/charter/objectives/", wait_until="networkidle")
    return tab


class TestAutosave:
    def test_keeps_a_half_written_row(self, objectives: Page) -> None:
        field = objectives.locator("#id_objectives-new-title")
        field.fill("§Half a thought")
        field.press("Tab")
        expect(objectives.locator("#saved")).to_contain_text("Kept as a draft")

        objectives.reload()

        expect(field).to_have_value("§Half a thought")

    def test_saves_a_field_and_goes_on(self, objectives: Page, site: Site) -> None:
        objectives.locator(".list a.entry").first.click()
        measure = objectives.locator("details [name$=-measure]")
        measure.fill("§Median hours")
        measure.press("Tab")
        expect(objectives.locator("#saved")).to_contain_text("Saved at")
        measure.fill("§Median minutes")
        objectives.locator("#id_objectives-new-title").fill("")

        objectives.get_by_role("button", name="Save and go on").click()

        expect(objectives.locator("h1")).to_have_text("Needs")
        assert site.complaints == []
