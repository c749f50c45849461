"""The style guide draws every component once."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from programmes.views.styleguide import phases, sample

TEMPLATES = Path(__file__).parents[2] / "templates"


def shell(**more):
    item = {"key": "work", "label": "My work", "icon": "inbox", "href": "/work/"}
    return {
        "enterprise": "Aldermoor",
        "person": {"name": "Ingrid Solheim", "initials": "IS", "hue": 7},
        "nav": [{**item, "count": 2, "tone": "decision"}],
        "programmes": [{"name": "Order-to-cash", "href": "/p/oc/", "share": 0.5}],
        "programme": None,
        "foot": [item],
        "tabs": [item],
        "unread": 4,
        "theme": "dark",
        "shortcuts": False,
        "search_href": "/search/",
        **more,
    }


def page(**more):
    request = RequestFactory().get("/styleguide/")
    context = {**sample(request), "request": request, "shell": shell(**more)}
    return render_to_string("styleguide.html", context)


class TestStyleguide:
    def test_fits_the_budget_of_a_page(self):
        assert len(page().encode()) <= 60_000

    def test_has_one_heading_of_the_page(self):
        assert page().count("<h1") == 1

    def test_ids_are_unique(self):
        ids = re.findall(r'\sid="([^"]+)"', page())

        assert sorted(ids) == sorted(set(ids))

    def test_follows_theme_and_shortcuts_of_the_person(self):
        html = page()

        assert 'data-theme="dark"' in html
        assert 'data-shortcuts="off"' in html

    def test_shows_the_programme_one_is_in(self):
        html = page(
            programme={
                "code": "oc-26",
                "name": "Order-to-cash renewal",
                "href": "/p/oc-26/",
                "phase": 4,
                "phases": phases(),
                "nav": [],
                "switch": [{"name": "Procure-to-pay", "href": "/p/pp/"}],
            }
        )

        assert "Phase 4 of 8" in html
        assert 'data-phase-key="8"' in html
        assert 'data-href="/p/pp/"' in html

    def test_runs_nothing_inline(self):
        html = page()
        inline = re.findall(r"<script(?![^>]*(?:src=|application/json))", html)

        assert not inline
        assert "<style" not in html
        assert not re.search(r"\son\w+=", html)


class TestTemplates:
    @pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html"])
    def test_error_pages_need_no_context(self, name):
        assert "<h1>" in render_to_string(name)

    def test_reason_is_told(self):
        html = render_to_string("403.html", {"reason": "Only the sponsor decides."})

        assert "Only the sponsor decides." in html

    def test_nothing_is_marked_safe_or_coloured_in_templates(self):
        for path in TEMPLATES.rglob("*.html"):
            text = path.read_text(encoding="utf-8")

            assert "|safe" not in text, path
            assert not re.search(r'style="[^"]*#[0-9a-fA-F]{3}', text), path
