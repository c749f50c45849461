"""The gate page as lead, sponsor and controller; its forms and their errors."""

from __future__ import annotations

from programmes.lifecycle import GateState
from programmes.models import Condition, Tranche
from tests.programmes.ready import gate, ready_for_gate_1, submitted
from tests.world import NOW, PASSWORD

URL = "/p/o2c/gates/1/"


def decision(review, **more):
    """The form as the page that is signed sends it."""
    signed = {"step": "sign", "password": PASSWORD}
    return {
        "fingerprint": review.fingerprint,
        "outcome": "approve",
        **signed,
        **more,
    }


class TestGatePage:
    def test_tells_the_lead_what_is_missing_with_links(self, world, sign_in) -> None:
        page = sign_in(world.lead).get(URL).content.decode()

        assert "The mandate is signed by the sponsor" in page
        assert 'href="/p/o2c/mandate/"' in page
        assert "disabled" in page

    def test_the_lead_submits_and_withdraws(self, world, sign_in) -> None:
        ready_for_gate_1(world)
        client = sign_in(world.lead)

        empty = client.post(f"{URL}submit/", {})
        client.post(f"{URL}submit/", {"ask": "§Yes?", "due_on": "2026-12-01"})

        assert empty.status_code == 422
        assert gate(world, 1).state == GateState.IN_REVIEW
        client.post(f"{URL}withdraw/")
        assert gate(world, 1).state == GateState.PREPARING

    def test_shows_a_refusal_on_the_form(self, world, sign_in) -> None:
        page = sign_in(world.lead).post(
            f"{URL}submit/", {"ask": "§Kept", "due_on": "2026-12-01"}
        )

        assert page.status_code == 422
        assert "Still missing" in page.content.decode()

    def test_the_sponsor_approves_and_undoes(self, world, sign_in) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        client = sign_in(world.sponsor)

        page = client.get(URL).content.decode()
        client.post(f"{URL}decide/", decision(review))

        assert "Phase 2 opens, €100 is released" in page
        assert gate(world, 1).state == GateState.PASSED
        client.post(f"{URL}undo/")
        assert gate(world, 1).state == GateState.IN_REVIEW

    def test_without_a_tranche_says_what_opens(self, world, sign_in) -> None:
        ready_for_gate_1(world)
        submitted(world)
        Tranche.objects.update(deleted_at=NOW)

        assert "Phase 2 opens<" in sign_in(world.sponsor).get(URL).content.decode()

    def test_preselects_nothing_and_keeps_words(self, world, sign_in) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        client = sign_in(world.sponsor)

        assert 'value="approve" checked' not in client.get(URL).content.decode()
        none = client.post(f"{URL}decide/", {"fingerprint": review.fingerprint})
        back = client.post(f"{URL}decide/", decision(review, outcome="return"))

        assert (none.status_code, back.status_code) == (422, 422)
        assert "Choose one of the answers" in none.content.decode()
        assert "Give the reason" in back.content.decode()

    def test_conditions_need_owner_and_date(self, world, sign_in) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        client = sign_in(world.sponsor)
        values = decision(
            review,
            outcome="approve_with_conditions",
            rationale="§But",
            text_1="§Ask the night shift",
        )

        half = client.post(f"{URL}decide/", values)
        values |= {"owner_1": world.person("member").pk, "due_1": "2026-12-01"}
        client.post(f"{URL}decide/", values)

        assert half.status_code == 422
        row = Condition.objects.get()
        client.post(f"{URL}conditions/{row.pk}/")
        assert gate(world, 1).state == GateState.PASSED
        client.post(f"{URL}conditions/{row.pk}/", {"reopen": "1"})
        assert gate(world, 1).state == GateState.CONDITIONAL

    def test_the_second_decider_learns_who_was_first(self, world, sign_in) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        client = sign_in(world.sponsor)
        client.post(f"{URL}decide/", decision(review))

        page = client.post(f"{URL}decide/", decision(review), follow=True)

        assert "§Sponsor Person has decided already" in page.content.decode()

    def test_others_are_refused_and_told_who_decides(self, world, sign_in) -> None:
        ready_for_gate_1(world)
        review = submitted(world)

        page = sign_in(world.viewer).get(URL).content.decode()
        denied = sign_in(world.gatekeeper).post(f"{URL}decide/", decision(review))

        assert "Decided by: sponsor" in page
        assert denied.status_code == 403

    def test_the_controller_confirms(self, world, sign_in) -> None:
        client = sign_in(world.controller)

        client.post(f"{URL}confirm/", {"note": "§Fine"})
        again = client.post(f"{URL}confirm/", {"note": "§Fine"}, follow=True)

        page = client.get(URL).content.decode()
        assert "Confirmed by §Controller Person" in page
        assert "confirmed as it stands" in again.content.decode()

    def test_a_number_that_is_no_gate_is_not_found(self, world, sign_in) -> None:
        for number in (0, 9, 99):
            page = sign_in(world.lead).get(f"/p/o2c/gates/{number}/")
            assert page.status_code == 404

    def test_in_review_asks_little_for_the_chair(
        self, world, sign_in, django_assert_max_num_queries
    ) -> None:
        ready_for_gate_1(world)
        submitted(world)
        client = sign_in(world.sponsor)
        client.get(URL)

        with django_assert_max_num_queries(20):
            client.get(URL)
