"""The components as templates use them."""

from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from programmes.kit.charts import DataTable


def render(source, **context):
    return Template("{% load kit %}" + source).render(Context(context)).strip()


class Goal(forms.Form):
    target = forms.DecimalField(label="Target", max_value=9, help_text="In days")
    note = forms.CharField(label="Note", required=False)
    how = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    tell = forms.BooleanField(label="Tell the team", required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("The programme has no baseline")


class TestGate:
    def test_says_its_state(self):
        assert 'aria-label="Ready for a decision"' in render('{% gate "ready" %}')

    def test_is_hidden_beside_words(self):
        assert 'aria-hidden="true"' in render('{% gate "hold" label="" %}')

    def test_leads_somewhere(self):
        html = render('{% gate "approved" "/g/" "Gate 1" %}')

        assert html.startswith('<a class="gate" data-state="approved" href="/g/"')

    def test_says_its_flag(self):
        html = render('{% gate "approved" flag="stale" %}')

        assert 'data-flag="stale"' in html
        assert "Passed, changed since approval" in html


class TestTrack:
    def test_writes_shares_with_a_point_in_every_language(self):
        phase = {"n": 1, "name": "Plan", "state": "current", "share": 0.5, "href": "/"}

        with translation.override("de"):
            html = render("{% track phases %}", phases=[phase])

        assert 'style="--p:0.5"' in html
        assert 'aria-current="step"' in html


class TestField:
    def test_ties_hint_and_error_to_the_control(self):
        html = render("{% field form.target %}", form=Goal({"target": "12"}))

        assert 'aria-describedby="id_target-hint id_target-error"' in html
        assert 'aria-invalid="true"' in html
        assert 'id="id_target-error"' in html

    def test_marks_the_optional(self):
        assert "(optional)" in render("{% field form.note %}", form=Goal())
        assert "(optional)" not in render("{% field form.target %}", form=Goal())

    def test_draws_choices_as_cards(self):
        html = render("{% field form.how %}", form=Goal())

        assert html.count('class="choice"') == 2
        assert "<legend>How" in html

    def test_draws_every_field(self):
        html = render("{% fields form %}", form=Goal())

        assert 'class="tick"' in html
        assert html.startswith('<input type="hidden"')


class TestErrorSummary:
    def test_uses_the_words_of_the_field_and_links_to_it(self):
        html = render("{% error_summary form %}", form=Goal({"target": "12"}))

        assert 'role="alert"' in html
        assert '<a href="#id_target">Ensure this value' in html
        assert '<a href="#id_how_0">' in html
        assert "<li>The programme has no baseline</li>" in html
        assert "3 things to correct" in html

    def test_is_silent_without_errors(self):
        assert render("{% error_summary form %}", form=Goal()) == ""


class TestLists:
    def test_sort_head_turns_the_order_round(self):
        request = RequestFactory().get("/", {"sort": "name", "page": "3", "q": "a"})
        html = render('{% sort_head "name" "Name" %}', request=request)

        assert 'aria-sort="ascending"' in html
        assert 'href="?sort=-name&amp;q=a"' in html

    def test_pagination_keeps_the_query(self):
        request = RequestFactory().get("/", {"q": "a", "page": "2"})
        page = Paginator(range(50), 20).page(2)
        html = render("{% pagination page %}", request=request, page=page)

        assert "21–40 of 50" in html
        assert 'href="?q=a&amp;page=3"' in html


class TestChart:
    def test_carries_words_numbers_and_specification(self):
        html = render(
            "{% chart spec 'Causes' 'One bar' table %}",
            spec={"mark": "bar", "data": {"values": [{"a": "</script>"}]}},
            table=DataTable(("Cause", "Count"), (("Waiting", "41"),)),
        )

        assert "<figcaption>Causes</figcaption>" in html
        assert '<td class="num">41</td>' in html
        assert "</script>" in html
        assert html.count("</script>") == 1
        assert 'aria-hidden="true"' in html


class TestMessages:
    @pytest.mark.parametrize(
        ("tags", "href"),
        [("undo:/p/oc/undo/", "/p/oc/undo/"), ("wide undo:/u/", "/u/"), ("", "")],
    )
    def test_finds_where_to_undo(self, tags, href):
        message = SimpleNamespace(extra_tags=tags, level_tag="success")

        assert render("{{ message|undo }}", message=message) == href

    def test_tones_a_message(self):
        message = SimpleNamespace(extra_tags="", level_tag="error")

        assert render("{{ message|tone }}", message=message) == "critical"


class TestBlocks:
    def test_panel_is_named_by_its_heading(self):
        html = render("{% panel 'Goals' id='g' %}<p>x</p>{% endpanel %}")

        assert 'aria-labelledby="g"' in html
        assert '<div class="in"><p>x</p></div>' in html

    def test_values_inside_are_still_escaped(self):
        html = render("{% panel name %}{{ name }}{% endpanel %}", name="<b>")

        assert "<b>" not in html

    def test_empty_state_holds_its_buttons(self):
        html = render(
            "{% empty_state 'lock' 'No access' %}<a>Ask</a>{% endempty_state %}"
        )

        assert "<h2>No access</h2>" in html
        assert "<a>Ask</a>" in html
