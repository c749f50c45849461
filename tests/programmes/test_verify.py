"""The public check of a document: unchanged, changed or unknown, and no more."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from programmes.forms import documents as forms
from programmes.models import Document
from programmes.services.documents import issue, new_reference
from tests.world import NOW, World

PDF = b"%PDF-1.7 what was issued"
NUMBER = "7K3M-9PQ2-XW4H"
URL = "/verify/"


@pytest.fixture(autouse=True)
def fresh(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def issued(world: World) -> Document:
    return issue(
        by=world.lead,
        programme=world.programme,
        kind=Document.Kind.DIAGNOSIS,
        facts={"reference": NUMBER},
        pdf=PDF,
        pages=1,
        now=NOW,
    )


def ask(pdf: bytes | None = None, **fields: str) -> str:
    files = {"file": SimpleUploadedFile("a.pdf", pdf)} if pdf else {}
    strict = Client(enforce_csrf_checks=True)
    return strict.post(URL, {**fields, **files}).content.decode()


class TestVerify:
    def test_knows_the_file_alone(self, issued: Document) -> None:
        assert "Unchanged" in ask(PDF)

    def test_knows_the_file_by_its_number(self, issued: Document) -> None:
        assert "Unchanged" in ask(PDF, reference=NUMBER.lower())

    @pytest.mark.parametrize("shape", ["({})", "<{}>"])
    def test_knows_a_changed_copy_by_its_identifier(
        self, shape: str, issued: Document
    ) -> None:
        def copy(mark: str) -> bytes:
            text = mark if shape == "({})" else mark.encode().hex()
            return PDF + b" /ID [" + shape.format(text).encode() + b" (x)]"

        assert "Do not rely on the copy" in ask(copy(issued.facts_sha256))
        assert "This file was not issued here" in ask(copy("0" * 64))

    def test_knows_the_hash(self, issued: Document) -> None:
        said = ask(reference=NUMBER, digest=issued.sha256.upper())

        assert "Unchanged" in said

    def test_says_that_a_copy_was_changed(self, issued: Document) -> None:
        said = ask(PDF + b" ", reference=NUMBER)

        assert "Changed" in said
        assert "§" not in said
        assert issued.sha256 not in said

    def test_does_not_know_another_file(self, issued: Document) -> None:
        assert "Unknown" in ask(b"%PDF other")

    def test_does_not_know_another_number(self, issued: Document) -> None:
        assert "Unknown" in ask(PDF, reference="2222-2222-2222")

    def test_keeps_nothing(self, issued: Document, tmp_path: Any) -> None:
        before = sorted(tmp_path.rglob("*"))

        ask(PDF * 200_000)

        assert sorted(tmp_path.rglob("*")) == before

    @pytest.mark.parametrize("fields", [{}, {"digest": "short"}])
    def test_asks_for_a_file_or_a_hash(self, db: None, fields: dict[str, str]) -> None:
        answer = Client().post(URL, fields)

        assert answer.status_code == 422

    def test_takes_the_number_from_the_address(self, db: None) -> None:
        page = Client().get(f"{URL}?number={NUMBER}").content.decode()

        assert f'value="{NUMBER}"' in page

    def test_refuses_what_is_too_large(
        self, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("programmes.views.verify.LARGEST_PDF", -60_000)

        answer = Client().post(URL, {"file": SimpleUploadedFile("a.pdf", PDF * 9_000)})

        assert answer.status_code == 413
        assert forms.LARGEST_PDF > 0

    def test_slows_down_who_comes_too_often(
        self, db: None, within_a_minute: None
    ) -> None:
        client = Client(REMOTE_ADDR="192.0.2.77")

        codes = [client.post(URL, {}).status_code for _each in range(31)]

        assert codes[:30] == [422] * 30
        assert codes[30] == 429


class TestReference:
    def test_is_long_and_easy_to_read_out(self) -> None:
        found = {new_reference() for _each in range(50)}

        assert len(found) == 50
        assert all(len(one) == 14 and not set("01IO") & set(one) for one in found)
