"""The demo tells a whole story, and each gate on its way really passed."""

from __future__ import annotations

from typing import Any

import pytest

from config.demo import story
from diagnosis.models import EventLog
from evaluation.models import CorrectiveAction, Signal
from programmes.models import Condition, Document, Gate, GateReview, Programme


@pytest.fixture
def told(db: None, settings: Any, tmp_path: Any) -> dict[str, Programme]:
    settings.MEDIA_ROOT = tmp_path
    story.tell()
    codes = ["returns", "oc-26", "warranty", "p2p"]
    return {one.code: one for one in Programme.objects.filter(code__in=codes)}


class TestStory:
    def test_four_programmes_stand_where_they_should(self, told) -> None:
        assert {code: one.phase for code, one in told.items()} == {
            "returns": 1,
            "oc-26": 4,
            "warranty": 6,
            "p2p": 8,
        }
        self.one_waits_with_a_condition_behind_it(told["oc-26"])
        self.one_has_a_condition_open(told["warranty"])
        self.one_watches_a_signal(told["p2p"])
        self.each_has_its_papers(told)

    def one_waits_with_a_condition_behind_it(self, programme: Programme) -> None:
        states = dict(
            Gate.objects.filter(programme=programme).values_list("phase", "state")
        )
        assert states[4] == "in_review"
        review = GateReview.objects.get(gate__programme=programme, gate__phase=3)
        assert review.outcome == "approve_with_conditions"
        assert Condition.objects.get(review=review).closed_at

    def one_has_a_condition_open(self, programme: Programme) -> None:
        states = dict(
            Gate.objects.filter(programme=programme).values_list("phase", "state")
        )
        assert states[5] == "conditional"

    def one_watches_a_signal(self, programme: Programme) -> None:
        assert Gate.objects.filter(programme=programme, state="passed").count() == 7
        assert Signal.objects.filter(indicator__programme=programme).exists()
        assert CorrectiveAction.objects.of(programme).exists()

    def each_has_its_papers(self, told: dict[str, Programme]) -> None:
        kinds = Document.objects.values_list("programme__code", "kind")
        assert set(kinds) == {
            ("oc-26", "mandate"),
            ("warranty", "mandate"),
            ("p2p", "mandate"),
            ("oc-26", "diagnosis"),
            ("oc-26", "gate"),
            ("warranty", "diagnosis"),
            ("p2p", "diagnosis"),
            ("p2p", "evaluation"),
        }
        logs = EventLog.objects.filter(state="ready")
        assert logs.count() == 3
        assert {one.programme.code for one in logs} == set(told) - {"returns"}
