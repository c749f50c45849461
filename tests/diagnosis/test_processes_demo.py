"""The demo's part of the processes: all criteria of its records are met."""

from __future__ import annotations

from datetime import date

from config.demo import phase_3_processes
from config.demo.cast import at, gather, open_programme
from diagnosis.models import EventLog, Process
from programmes import gating
from programmes.models import Indicator, ScopeItem
from programmes.services.records import save_record


class TestTell:
    def test_meets_the_criteria(self, db, settings, tmp_path) -> None:
        settings.MEDIA_ROOT = tmp_path
        begin = date(2025, 9, 1)
        cast = gather(at(begin))
        programme = open_programme(cast, "demo", "Demo", "Demo", "desk", begin)
        for name in ("Order release", "Order entry", "Invoicing", "Purchasing"):
            item = ScopeItem(
                programme=programme,
                kind=ScopeItem.Kind.PROCESS,
                name=name,
                owner=cast.persons["owner"],
            )
            save_record(by=cast.account("lead"), record=item, now=at(begin))

        phase_3_processes.tell(cast, programme, date(2025, 10, 6))

        verdict = gating.assess(programme, 3, at(date(2026, 1, 5)))
        found = {one.criterion.code: one.met for one in verdict.items}
        assert all(found[code] for code in ("G3.A3", "G3.A4", "G3.A5"))
        assert EventLog.objects.get().is_ready
        assert Process.objects.count() == 4
        points = [one.measurements.count() for one in Indicator.objects.all()]
        assert len(points) == 4
        assert min(points) >= 12

    def test_leaves_a_programme_without_processes_alone(self, db) -> None:
        begin = date(2025, 9, 1)
        cast = gather(at(begin))
        programme = open_programme(cast, "demo", "Demo", "Demo", "desk", begin)

        phase_3_processes.tell(cast, programme, begin)

        assert not EventLog.objects.exists()
