"""The demo's phases 4 to 6 meet their gates, with and without an earlier diagnosis."""

from __future__ import annotations

from datetime import date, timedelta

from config.demo import phase_4, phase_5, phase_6
from config.demo.cast import at, gather, open_programme
from programmes import gating
from programmes.phases import Phase


def told() -> tuple:
    begin = date(2026, 1, 5)
    cast = gather(at(date(2025, 1, 6)))
    programme = open_programme(cast, "told", "Order to cash", "", "desk", begin)
    phase_4.tell(cast, programme, begin)
    phase_5.tell(cast, programme, begin + timedelta(weeks=8))
    return cast, programme, begin + timedelta(weeks=14)


class TestTell:
    def test_meets_all_criteria(self, db) -> None:
        cast, programme, start = told()

        phase_6.tell(cast, programme, start)

        now = at(start + timedelta(weeks=20, days=-4), 11)
        for phase in (Phase.DESIGN, Phase.SUPPORT, Phase.IMPLEMENTATION):
            rules = gating.rules_of(programme, phase)
            verdict = gating.assess(programme, phase, now, rules)
            assert [one.criterion.code for one in verdict.missing] == []

    def test_begun_leaves_the_critical_path_late(self, db) -> None:
        cast, programme, start = told()

        phase_6.begun(cast, programme, start, start + timedelta(weeks=11))

        now = at(start + timedelta(weeks=11), 11)
        rules = gating.rules_of(programme, Phase.IMPLEMENTATION)
        verdict = gating.assess(programme, Phase.IMPLEMENTATION, now, rules)
        missing = [one.criterion.code for one in verdict.missing]
        assert missing == ["G6.A1", "G6.A3"]
