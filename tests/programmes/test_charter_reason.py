"""The wizard after an approval: it asks why, and keeps that beside the decision."""

from __future__ import annotations

from typing import Any

import pytest

from programmes.lifecycle import GateState, Outcome, ReviewState
from programmes.models import EvidenceChange, Gate, Mandate, PhasePlan
from tests.programmes.ready import submitted
from tests.programmes.test_charter import Wizard, complete
from tests.world import NOW, World


@pytest.fixture
def wizard(world: World, sign_in: Any) -> Wizard:
    return Wizard(world, sign_in(world.lead))


def approved(world: World) -> Gate:
    """Gate 1, approved on a complete charter."""
    complete(world)
    review = submitted(world)
    review.state, review.outcome = ReviewState.DECIDED, Outcome.APPROVE
    review.decided_by, review.decided_at = world.sponsor, NOW
    review.save()
    review.gate.state = GateState.PASSED
    review.gate.save()
    return review.gate


class TestReason:
    """After the approval of gate 1."""

    def test_is_asked_for_and_kept_beside_the_approval(self, wizard: Wizard) -> None:
        gate = approved(wizard.world)
        typed = {
            f"mandate-one-{name}": getattr(
                Mandate.objects.get(programme__code="o2c"), name
            )
            for name in ("purpose", "direction", "authority")
        }
        typed["mandate-one-limits"] = "§More"

        refused = wizard.post("mandate", **typed)
        before = Mandate.objects.get(programme__code="o2c").limits
        saved = wizard.post(
            "mandate", **typed, **{"mandate-one-change_reason": "§The board asked"}
        )

        page = refused.content.decode()
        assert refused.status_code == 422
        assert "Give the reason; it is shown beside the approval." in page
        assert "§More" in page
        assert before != "§More"
        assert saved.status_code == 302
        assert Mandate.objects.get(programme__code="o2c").limits == "§More"
        found = EvidenceChange.objects.get(gate=gate)
        assert (found.field, found.reason) == ("limits", "§The board asked")

    def test_is_asked_for_the_first_day(self, wizard: Wizard) -> None:
        gate = approved(wizard.world)
        old = PhasePlan.objects.get(programme=gate.programme, phase=1).starts_on
        day = {"start-starts_on": "2026-03-16"}

        refused = wizard.post("plan", **day)
        saved = wizard.post("plan", **day, **{"start-change_reason": "§Later"})

        assert refused.status_code == 422
        assert "Give the reason" in refused.content.decode()
        assert saved.status_code == 302
        first = PhasePlan.objects.get(programme=gate.programme, phase=1)
        assert first.starts_on != old
        assert first.history.latest().history_change_reason == "§Later"

    def test_is_not_asked_for_before(self, wizard: Wizard) -> None:
        assert "change_reason" not in wizard.page("mandate")

    def test_alone_changes_nothing(self, wizard: Wizard) -> None:
        approved(wizard.world)
        mandate = Mandate.objects.get(programme__code="o2c")
        values = {
            f"mandate-one-{name}": getattr(mandate, name)
            for name in ("purpose", "direction", "authority", "limits")
        }
        values["mandate-one-record_version"] = str(mandate.version)

        wizard.post("mandate", **values, **{"mandate-one-change_reason": "§Why"})

        assert Mandate.objects.get(programme__code="o2c").version == mandate.version

    def test_keeps_what_an_approval_rests_on_until_it_has_a_reason(
        self, wizard: Wizard
    ) -> None:
        approved(wizard.world)

        answer = wizard.leave("mandate", "mandate-one-limits", "§More")
        wizard.leave("mandate", "mandate-one-change_reason", "§The board asked")

        assert "saved with the reason" in answer
        assert Mandate.objects.get(programme__code="o2c").limits != "§More"
        page = wizard.page("mandate")
        assert "Gate 1 was approved on this" in page
        assert "§More" in page
        assert "§The board asked" in page
