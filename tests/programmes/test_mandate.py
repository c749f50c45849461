"""The signed mandate frozen as a document."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from programmes import jobs
from programmes.charter_report import build_mandate_report
from programmes.kit.errors import NotAllowed
from programmes.models import Document, Job, Mandate, Programme
from programmes.services.documents import check
from programmes.services.mandate import NotSigned, frozen_mandate, issue_mandate
from programmes.services.programmes import sign_mandate
from programmes.services.records import fill, save_record
from tests.programmes.ready import ready_for_gate_1, submitted
from tests.world import NOW, World


def programme_of(world: World) -> Programme:
    return Programme.objects.select_related("enterprise").get(pk=world.programme.pk)


def freeze(world: World, by: str = "sponsor") -> Document:
    return issue_mandate(by=world.accounts[by], programme=programme_of(world), now=NOW)


def rewritten(world: World) -> Mandate:
    mandate = Mandate.objects.get(programme=world.programme)
    return save_record(by=world.lead, record=fill(mandate, limits="§Less"), now=NOW)


class TestIssueMandate:
    def test_keeps_what_was_signed(self, world: World) -> None:
        ready_for_gate_1(world)

        found = freeze(world)

        assert (found.kind, found.number) == ("mandate", 1)
        assert check(found).is_good
        assert found.pages >= 2
        assert "§Why" in str(found.facts)
        assert "Sponsor Person" in str(found.facts)

    def test_once_for_each_signature(self, world: World) -> None:
        ready_for_gate_1(world)

        assert freeze(world) == freeze(world)

    def test_again_after_a_new_signature(self, world: World) -> None:
        ready_for_gate_1(world)
        first = freeze(world)
        mandate = rewritten(world)
        with pytest.raises(NotSigned):
            freeze(world)
        later = NOW.replace(hour=12)
        sign_mandate(
            by=world.sponsor, mandate=mandate, version=mandate.version, now=later
        )

        second = issue_mandate(
            by=world.sponsor, programme=programme_of(world), now=later
        )

        assert (first.number, second.number) == (1, 2)
        mandate = Mandate.objects.get(programme=world.programme)
        assert frozen_mandate(mandate) == second

    def test_while_the_gate_is_in_review(self, world: World) -> None:
        ready_for_gate_1(world)
        submitted(world)

        assert freeze(world).number == 1

    def test_is_the_sponsors_alone(self, world: World) -> None:
        ready_for_gate_1(world)

        with pytest.raises(NotAllowed):
            freeze(world, by="lead")

    def test_refuses_what_is_not_signed(self, world: World) -> None:
        with pytest.raises(NotSigned):
            freeze(world)

    def test_happens_by_itself_after_the_signature(
        self, world: World, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            ready_for_gate_1(world)

        job = Job.objects.get(kind="reports.issue_mandate")
        if job.state == Job.State.QUEUED:
            jobs.run(job.pk)
        assert Document.objects.get(kind="mandate").issued_by == world.sponsor


class TestFacts:
    def test_of_an_empty_charter_have_the_team_only(self, world: World) -> None:
        found = build_mandate_report(programme_of(world), NOW)

        assert [one.key for one in found.sections] == ["means"]

    def test_of_a_full_one_have_every_chapter(self, world: World) -> None:
        ready_for_gate_1(world)

        found = build_mandate_report(programme_of(world), NOW)

        keys = [one.key for one in found.sections]
        assert keys == ["mandate", "aims", "means", "plan"]
        assert [len(one.blocks) for one in found.sections] == [2, 2, 5, 2]


class TestPage:
    def test_says_that_it_is_being_printed_and_then_links_it(
        self, world: World, sign_in: Any
    ) -> None:
        ready_for_gate_1(world)
        url = reverse("mandate", args=[world.programme.code])
        client = sign_in(world.sponsor)

        before = client.get(url).content.decode()
        found = freeze(world)
        after = client.get(url).content.decode()

        pdf = reverse("document-pdf", args=[world.programme.code, found.pk])
        assert "being printed" in before
        assert pdf in after
        assert client.get(pdf).status_code == 200
