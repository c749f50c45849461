"""The evaluation report: its sections, its PDF, and who may issue it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from evaluation.models import (
    CostBenefit,
    EvaluationSetup,
    Lesson,
    QualitativeItem,
    Rating,
    ScoreRule,
)
from evaluation.reports import build_evaluation_report
from evaluation.services.reports import issue_evaluation_report
from programmes.kit.errors import NotAllowed
from programmes.models import Document, Indicator, Job
from programmes.services.measurements import record_measurements
from tests.world import NOW, World

HOSTILE = '§<script>alert(1)</script><img src="http://127.0.0.1:9/x">'


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def evaluated(world: World) -> World:
    """A programme with something in each section."""
    world.save(
        EvaluationSetup,
        baseline_until=date(2026, 1, 15),
        measured_from=date(2026, 1, 20),
    )
    one = world.save(
        Indicator, code="cycle", name="§Cycle time", unit="§d", baseline=9, target=5
    )
    rows = [
        {
            "series": one.code,
            "at": (NOW - timedelta(weeks=9 - week)).isoformat(),
            "value": 9 - week / 2,
        }
        for week in range(9)
    ]
    record_measurements(
        by=world.lead, programme=world.programme, rows=rows, source="csv", now=NOW
    )
    world.save(ScoreRule, indicator=one, weight=100)
    item = world.save(QualitativeItem, title="§Clear roles", weight=100)
    for group in ("management", "staff", "customer"):
        world.save(Rating, item=item, group=group, grade=4, comment=HOSTILE)
    for kind, amount in (("cost", 100), ("benefit", 300)):
        world.save(
            CostBenefit, title=f"§{kind}", kind=kind, year=2026, plan=Decimal(amount)
        )
    world.save(
        Lesson,
        title=HOSTILE,
        kind="success",
        phase=4,
        happened=HOSTILE,
        advice="§Ask first",
    )
    return world


class TestBuild:
    def test_has_every_section(self, evaluated: World) -> None:
        report = build_evaluation_report(evaluated.programme, NOW)

        assert [one.key for one in report.sections] == [
            "summary",
            "effects",
            "scorecard",
            "judged",
            "economics",
            "lessons",
            "advice",
        ]
        assert report.message == "1 of 1 goal is reached."

    def test_says_so_when_nothing_is_there(self, world: World) -> None:
        report = build_evaluation_report(world.programme, NOW)

        assert [one.key for one in report.sections] == ["summary"]
        assert "No goal" in report.message

    def test_names_no_rater(self, evaluated: World) -> None:
        facts = build_evaluation_report(evaluated.programme, NOW).facts()
        judged = next(one for one in facts["sections"] if one["key"] == "judged")

        heads = [cell["text"] for cell in judged["blocks"][-1]["head"]]
        assert heads == ["Judged", "Remark"]


class TestIssue:
    def test_shows_hostile_text_as_text(self, evaluated: World) -> None:
        found = issue_evaluation_report(
            by=evaluated.lead, programme=evaluated.programme, now=NOW
        )

        found.pdf.seek(0)
        reader = PdfReader(BytesIO(found.pdf.read()))
        words = "".join(page.extract_text() for page in reader.pages)
        assert "<script>alert(1)</script>" in words.replace("\n", "")
        assert found.kind == Document.Kind.EVALUATION
        assert found.pages == len(reader.pages)

    def test_refuses_a_viewer(self, evaluated: World) -> None:
        with pytest.raises(NotAllowed):
            issue_evaluation_report(
                by=evaluated.viewer, programme=evaluated.programme, now=NOW
            )


class TestPages:
    def test_preview_links_its_methods(self, evaluated: World, sign_in) -> None:  # type: ignore[no-untyped-def]
        url = "/p/o2c/reports/evaluation/?part=economics"
        page = sign_in(evaluated.viewer).get(url).content.decode()

        assert reverse("method", args=["finance.npv"]) in page
        assert "<script>alert(1)" not in page

    def test_button_issues_in_the_background(
        self,
        evaluated: World,
        sign_in,
        commit,  # type: ignore[no-untyped-def]
    ) -> None:
        with commit():
            sign_in(evaluated.lead).post("/p/o2c/reports/evaluation/issue/")

        job = Job.objects.get(kind="reports.issue_evaluation")
        assert job.state == Job.State.DONE, job.error
        assert Document.objects.get().kind == Document.Kind.EVALUATION
