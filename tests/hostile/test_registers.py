"""Every form of every register under hostile values: a clear no, or harmless."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.utils.html import escape

from tests.hostile.values import (
    CHOICES,
    DATES,
    MARKUP,
    NUMBERS,
    REFUSED_TEXTS,
    SLUGS,
    TEXTS,
    Sent,
    assert_no_formula,
    edits,
    fits,
    kinds,
    register_of,
    texts,
)
from tests.stage import Stage, rolled_back

pytestmark = pytest.mark.django_db

NUMERIC = (forms.IntegerField, forms.FloatField, forms.DecimalField)
CALM = {302, 403, 422}


def send(stage: Stage, sent: Sent, **changed: Any) -> Any:
    return stage.ask(sent.actor, sent.path, "POST", {**sent.data, **changed})


def takes(field: forms.Field, value: str) -> bool:
    """Does the form take the value, so that the service has to decide?"""
    try:
        field.clean(field.widget.value_from_datadict({"x": value}, {}, "x"))
    except forms.ValidationError:
        return False
    return True


def complaints(
    stage: Stage, sent: Sent, names: list[str], values: list[str]
) -> list[str]:
    """What went wrong: values that a form takes one by one, the others together."""
    taken = [
        {name: value}
        for name in names
        for value in values
        if takes(sent.fields[name], value)
    ]
    together = [dict.fromkeys(names, value) for value in values[:: len(values) // 4]]
    wrong = []
    for changed in [*taken, *together] if names else []:
        answer = send(stage, sent, **changed)
        if answer.status_code not in CALM:
            wrong.append(f"{sent.path} {changed}"[:200] + f": {answer.status_code}")
        elif answer.status_code == 422 and not answer.context["form"].errors:
            wrong.append(f"{sent.path} {changed}"[:200] + ": no sentence")
    return wrong


def form_of(stage: Stage, slug: str) -> Sent:
    sent = edits(stage, register_of(slug))
    if sent is None:
        pytest.skip("nobody may edit the row of this register now")
    return sent


@pytest.mark.parametrize("slug", SLUGS)
class TestEachForm:
    def test_untouched_is_taken(self, slug: str, stage: Stage) -> None:
        sent = form_of(stage, slug)

        answer = send(stage, sent)

        assert answer.status_code in (302, 422), answer.status_code
        if answer.status_code == 422:
            assert not texts(sent) or answer.context["form"].errors

    def test_answers_wrong_numbers(self, slug: str, stage: Stage) -> None:
        sent = form_of(stage, slug)

        wrong = complaints(stage, sent, kinds(sent, NUMERIC), NUMBERS)

        assert not wrong, wrong

    def test_answers_wrong_dates(self, slug: str, stage: Stage) -> None:
        sent = form_of(stage, slug)

        names = kinds(sent, (forms.DateField, forms.DateTimeField))
        wrong = complaints(stage, sent, names, DATES)

        assert not wrong, wrong

    def test_answers_wrong_choices(self, slug: str, stage: Stage) -> None:
        sent = form_of(stage, slug)

        wrong = complaints(stage, sent, kinds(sent, forms.ChoiceField), CHOICES)

        assert not wrong, wrong

    @pytest.mark.parametrize("text", REFUSED_TEXTS)
    def test_refuses_what_no_field_takes(
        self, slug: str, text: str, stage: Stage
    ) -> None:
        sent = form_of(stage, slug)
        value = REFUSED_TEXTS[text]

        names = texts(sent)
        assert not [name for name in names if takes(sent.fields[name], value)]

        answer = send(stage, sent, **dict.fromkeys(names, value))

        assert answer.status_code in (413, 422) or not names

    def test_keeps_what_was_typed(self, slug: str, stage: Stage) -> None:
        sent = form_of(stage, slug)
        names = texts(sent)
        if not names:
            pytest.skip("no field for text")
        typed = dict.fromkeys(names, f"{MARKUP}\x00")

        answer = send(stage, sent, **typed)

        page = answer.content.decode()
        assert answer.status_code == 422
        assert MARKUP not in page
        assert page.count(escape("<script>alert(1)</script>")) >= len(names)


@pytest.mark.parametrize("slug", SLUGS)
class TestEachPage:
    def test_shows_hostile_text(self, slug: str, stage: Stage) -> None:
        sent = form_of(stage, slug)
        register, client = register_of(slug), stage.clients["lead"]
        with rolled_back():
            for turn in range(len(TEXTS)):
                typed = turned(sent, turn)
                saved = client.post(sent.path, {**sent.data, **typed})
                assert saved.status_code in CALM, typed
            pages = {
                page: client.get(stage.paths[register.name(page)])
                for page in ("list", "detail", "history", "edit", "export")
            }

        for page, answer in pages.items():
            assert answer.status_code in (200, 403), (page, answer.status_code)
            body = answer.content.decode()
            if page == "export":
                assert_no_formula(body)
            else:
                assert MARKUP not in body
                assert "<img src=x" not in body


def turned(sent: Sent, turn: int) -> dict[str, str]:
    """Each field gets another of the texts, and each text comes to each field."""
    values = list(TEXTS.values())
    return {
        name: fits(sent.fields[name], values[(place + turn) % len(values)])
        for place, name in enumerate(texts(sent))
    }
