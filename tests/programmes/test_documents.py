"""Issuing, numbering and checking documents."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.urls import reverse

from programmes.events import records_changed
from programmes.kit.canonical import canonical, hash_of
from programmes.kit.errors import NotAllowed
from programmes.models import Activity, Document
from programmes.services import documents
from programmes.services.documents import NumberTaken, check, issue
from programmes.services.records import UnderReview
from tests.world import NOW, World

KIND = Document.Kind.DIAGNOSIS
FACTS = {"title": "§Facts", "share": 0.25, "whole": 3.0, "none": -0.0, "large": 1e22}


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


def issued(world: World, by: str = "lead", **more):  # type: ignore[no-untyped-def]
    given = {"kind": KIND, "facts": FACTS, "pdf": b"%PDF-1", "pages": 2, "now": NOW}
    account = world.accounts[by]
    return issue(by=account, programme=world.programme, **{**given, **more})


class TestIssue:
    def test_keeps_facts_file_and_hashes(self, world: World) -> None:
        found = Document.objects.get(pk=issued(world).pk)

        assert found.number == 1
        assert found.sha256 == hashlib.sha256(b"%PDF-1").hexdigest()
        assert found.facts_sha256 == hash_of(found.facts)
        assert found.pdf.read() == b"%PDF-1"
        assert Activity.objects.filter(verb="issued", label=str(found.number)).exists()

    def test_counts_each_kind(self, world: World) -> None:
        issued(world)

        second = issued(world)
        other = issued(world, kind=Document.Kind.EVALUATION)

        assert (second.number, other.number) == (2, 1)

    def test_tells_that_the_phase_changed(self, world: World, commit) -> None:  # type: ignore[no-untyped-def]
        heard = []

        def hear(**facts: object) -> None:
            heard.append((facts["programme_id"], facts["phases"]))

        records_changed.connect(hear)
        with commit():
            issued(world)
        records_changed.disconnect(hear)

        assert heard == [(world.programme.pk, (3,))]

    def test_refuses_a_viewer(self, world: World) -> None:
        with pytest.raises(NotAllowed):
            issued(world, by="viewer")

    def test_refuses_while_the_gate_is_in_review(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def locked(_programme: object, phases: object) -> None:
            raise UnderReview(str(phases))

        monkeypatch.setattr(documents, "refuse_under_review", locked)

        with pytest.raises(UnderReview):
            issued(world)
        assert not Document.objects.exists()

    def test_refuses_a_number_that_was_given_meanwhile(self, world: World) -> None:
        issued(world)

        with pytest.raises(NumberTaken):
            issued(world, facts={"number": 1})


class TestCheck:
    def test_finds_an_unchanged_document_good(self, world: World) -> None:
        assert check(Document.objects.get(pk=issued(world).pk)).is_good

    def test_sees_another_file(self, world: World) -> None:
        found = issued(world)
        with open(found.pdf.path, "ab") as file:
            file.write(b"more")

        seen = check(found)

        assert not seen.is_file_unchanged
        assert seen.are_facts_unchanged

    def test_sees_a_missing_file(self, world: World) -> None:
        found = issued(world)
        found.pdf.storage.delete(found.pdf.name)

        assert not check(found).is_file_unchanged

    def test_sees_other_facts(self, world: World) -> None:
        found = issued(world)
        Document.objects.filter(pk=found.pk).update(facts={"title": "§Other"})

        assert not check(Document.objects.get(pk=found.pk)).are_facts_unchanged


class TestCanonical:
    def test_is_one_text_for_equal_facts(self) -> None:
        first = canonical({"b": (1.0, "ä"), "a": None})

        assert first == canonical({"a": None, "b": [1, "ä"]})
        assert first == '{"a":null,"b":[1,"ä"]}'

    def test_refuses_what_is_no_number(self) -> None:
        with pytest.raises(ValueError, match="JSON"):
            canonical(float("nan"))


class TestDocumentPage:
    def test_says_that_nothing_changed(self, world: World, sign_in) -> None:  # type: ignore[no-untyped-def]
        found = issued(world)
        url = reverse("document", args=["o2c", found.pk])

        page = sign_in(world.viewer).get(url).content.decode()

        assert "The document is unchanged" in page
        assert found.sha256 in page

    def test_warns_of_another_file(self, world: World, sign_in) -> None:  # type: ignore[no-untyped-def]
        found = issued(world)
        found.pdf.storage.delete(found.pdf.name)
        url = reverse("document", args=["o2c", found.pk])

        page = sign_in(world.lead).get(url).content.decode()

        assert "is not the one that was issued" in page
        assert "Open the PDF" not in page

    def test_is_hidden_from_strangers(self, world: World, sign_in) -> None:  # type: ignore[no-untyped-def]
        url = reverse("document", args=["o2c", issued(world).pk])

        assert sign_in(world.stranger).get(url).status_code == 404


class TestNewestChange:
    def test_takes_deleted_rows_too(self, world: World) -> None:
        from programmes.models import Indicator
        from programmes.phases import Phase
        from programmes.reports import newest_change
        from programmes.services.records import delete_record

        row = world.save(Indicator, code="one", name="§One")
        later = NOW + timedelta(days=1)
        delete_record(by=world.lead, record=row, now=later)

        assert newest_change(world.programme, Phase.DIAGNOSIS) == later
