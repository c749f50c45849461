"""Taking rows out of the wizard, and putting them back."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from programmes.models import Membership, Objective
from tests.programmes.ready import ready_for_gate_1, submitted


@pytest.fixture
def lead(world, client) -> Any:
    client.force_login(world.lead)
    return client


def url(world, row: str, step: str = "objectives", name: str = "charter-remove") -> str:
    return reverse(name, args=[world.programme.code, step]) + f"?row={row}"


def undo_of(answer: Any) -> str:
    [message] = answer.context["messages"]
    found: str = message.extra_tags.removeprefix("undo:")
    return found


class TestRemove:
    def test_takes_a_row_out_and_undo_brings_it_back(self, world, lead) -> None:
        row = world.save(Objective, title="§Faster")

        answer = lead.post(url(world, f"objectives-{row.pk}"), follow=True)

        row.refresh_from_db()
        assert row.deleted_at is not None
        assert answer.redirect_chain[0][0].endswith("/charter/objectives/")
        lead.post(undo_of(answer))
        row.refresh_from_db()
        assert row.deleted_at is None

    def test_has_a_button_for_each_row(self, world, lead) -> None:
        row = world.save(Objective, title="§Faster")
        page = reverse("charter-step", args=[world.programme.code, "objectives"])

        for query in ("", f"?row=objectives-{row.pk}"):
            text = lead.get(page + query).content.decode()

            assert f"/remove/?row=objectives-{row.pk}" in text

    def test_saves_what_was_typed_beside_it(self, world, lead) -> None:
        row = world.save(Objective, title="§Faster")
        typed = {
            "objectives-new-title": "§Cheaper",
            "objectives-new-level": "programme",
            "csrfmiddlewaretoken": "x",
        }

        lead.post(url(world, f"objectives-{row.pk}"), typed)

        left = Objective.objects.of(world.programme).values_list("title", flat=True)
        assert list(left) == ["§Cheaper"]

    def test_takes_a_role_away_and_gives_it_again(self, world, lead) -> None:
        member = Membership.objects.get(programme=world.programme, role="controller")
        before = (member.person_id, member.role, member.seat, member.capacity_percent)

        answer = lead.post(url(world, f"team-{member.pk}", "team"), follow=True)

        assert not Membership.objects.filter(pk=member.pk).exists()
        lead.post(undo_of(answer))
        again = Membership.objects.get(programme=world.programme, role="controller")
        assert (
            again.person_id,
            again.role,
            again.seat,
            again.capacity_percent,
        ) == before

    def test_keeps_the_last_lead(self, world, lead) -> None:
        member = Membership.objects.get(programme=world.programme, role="lead")

        answer = lead.post(url(world, f"team-{member.pk}", "team"), follow=True)

        assert "needs one" in answer.content.decode()
        assert Membership.objects.filter(pk=member.pk).exists()

    def test_is_refused_while_the_gate_is_in_review(self, world, lead) -> None:
        ready_for_gate_1(world)
        row = Objective.objects.of(world.programme).first()
        submitted(world)

        answer = lead.post(url(world, f"objectives-{row.pk}"), follow=True)

        row.refresh_from_db()
        assert row.deleted_at is None
        assert "in review" in answer.content.decode()

    @pytest.mark.parametrize(
        ("row", "step"),
        [
            ("", "objectives"),
            ("needs-1", "objectives"),
            ("mandate-1", "mandate"),
            ("team-1", "objectives"),
            ("objectives-999999", "objectives"),
        ],
    )
    def test_knows_the_lists_of_its_step_only(self, world, lead, row, step) -> None:
        assert lead.post(url(world, row, step)).status_code == 404

    def test_reaches_no_row_of_another_programme(self, world, lead) -> None:
        far = Objective.objects.create(
            programme=world.other_programme,
            title="§Far",
            created_at=world.now,
            updated_at=world.now,
        )

        assert lead.post(url(world, f"objectives-{far.pk}")).status_code == 404


class TestRestore:
    def test_refuses_a_token_that_was_not_given(self, world, lead) -> None:
        path = reverse("charter-restore", args=[world.programme.code, "team"])

        answer = lead.post(f"{path}?token=x", follow=True)

        assert "can no longer be undone" in answer.content.decode()

    def test_refuses_where_something_took_its_place(self, world, lead) -> None:
        row = world.save(Objective, title="§Faster")

        answer = lead.post(url(world, f"objectives-{row.pk}", name="charter-restore"))

        assert answer.status_code == 404
