"""The diagnosis report: facts, preview, PDF, and criterion A9 of gate 3."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from diagnosis.models import Finding
from diagnosis.reports import build_diagnosis_report
from diagnosis.services.reports import issue_diagnosis_report
from programmes import gating
from programmes.kit.canonical import hash_of
from programmes.kit.errors import NotAllowed
from programmes.models import Document, Indicator, Job, Mandate, Objective
from programmes.phases import Phase
from programmes.reports import MOST_ROWS, laid_out, table
from programmes.services.documents import check
from programmes.services.measurements import record_measurements
from programmes.services.records import save_record
from tests.diagnosis.report_rows import finding
from tests.world import NOW, World, scope_process

HOSTILE = (
    '§"><script>alert(1)</script><img src="http://127.0.0.1:9/x">'
    "<style>@import 'http://127.0.0.1:9/y'</style>"
    '<link rel=attachment href="file:///etc/passwd">{{ 7|add:7 }}'
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def studied(world: World) -> World:
    """A programme with something in each section."""
    process = scope_process(world)
    world.save(Objective, title="§Halve the time", target=5, unit="§d")
    one = world.save(
        Indicator, code="cycle", name="§Cycle time", unit="§d", baseline=9, target=5
    )
    rows = [
        {
            "series": one.code,
            "at": (NOW - timedelta(weeks=9 - week)).isoformat(),
            "value": 9 - week / 2,
        }
        for week in range(8)
    ]
    record_measurements(
        by=world.lead, programme=world.programme, rows=rows, source="csv", now=NOW
    )
    finding(world, process=process)
    finding(world, title="§Small thing", priority="4low", cost_a_year=90_000, cause="")
    return world


def a9(world: World) -> gating.Assessment:
    verdict = gating.assess(world.programme, Phase.DIAGNOSIS, NOW)
    found = {one.criterion.code: one for one in verdict.items}
    return found["G3.A9"].assessment


def text_of(document: Document) -> str:
    document.pdf.seek(0)
    reader = PdfReader(BytesIO(document.pdf.read()))
    return "\n".join(page.extract_text() for page in reader.pages)


class TestBuild:
    def test_has_a_section_for_what_is_there(self, studied: World) -> None:
        report = build_diagnosis_report(studied.programme, NOW)

        keys = [one.key for one in report.sections]
        expected = ["summary", "mandate", "scope", "indicators", "conclusions"]
        assert [key for key in keys if key in expected] == expected
        assert report.message == (
            "2 findings cost €1.00m a year together. 1 of them is critical."
        )

    def test_says_so_when_nothing_is_there(self, world: World) -> None:
        report = build_diagnosis_report(world.programme, NOW)

        assert report.message == "The diagnosis has no conclusions yet."
        assert "conclusions" not in [one.key for one in report.sections]

    def test_numbers_its_notes_through(self, studied: World) -> None:
        chapters = laid_out(build_diagnosis_report(studied.programme, NOW))

        numbers = [number for one in chapters for number, _note in one.notes]
        assert numbers == list(range(1, len(numbers) + 1))

    def test_caps_its_tables(self) -> None:
        found = table(["§Head"], [["§Cell"]] * (MOST_ROWS + 3))

        assert len(found.rows) == MOST_ROWS
        assert found.left_out == 3

    def test_facts_are_json(self, studied: World) -> None:
        facts = build_diagnosis_report(studied.programme, NOW).facts()

        assert json.loads(json.dumps(facts)) == facts
        assert facts["programme"] == "§Order to cash"


class TestIssue:
    def test_can_be_read_back(self, studied: World) -> None:
        found = issue_diagnosis_report(
            by=studied.lead, programme=studied.programme, now=NOW
        )

        found.pdf.seek(0)
        reader = PdfReader(BytesIO(found.pdf.read()))
        words = text_of(found)
        assert found.pages == len(reader.pages) >= 6
        assert reader.metadata.title == "Diagnosis report, §Order to cash"
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert "§Cases wait two days" in words
        assert "Contents" in words
        facts = json.loads(reader.attachments["facts.json"][0])
        assert hash_of(facts) == found.facts_sha256
        assert check(Document.objects.get(pk=found.pk)).is_good

    def test_numbers_the_second_one(self, studied: World) -> None:
        for _time in range(2):
            found = issue_diagnosis_report(
                by=studied.lead, programme=studied.programme, now=NOW
            )

        assert found.number == 2
        assert found.facts["number"] == 2
        assert "Version 2" in text_of(found)

    def test_shows_hostile_text_as_text(self, world: World) -> None:
        process = scope_process(world, HOSTILE[:160])
        mandate = Mandate.objects.of(world.programme).first() or Mandate(
            programme=world.programme
        )
        mandate.purpose = mandate.direction = mandate.limits = HOSTILE
        save_record(by=world.lead, record=mandate, now=NOW)
        world.save(Objective, title=HOSTILE[:200], measure=HOSTILE[:200])
        world.save(Indicator, code="bad", name=HOSTILE[:160], baseline=1)
        finding(
            world,
            title=HOSTILE[:200],
            cause=HOSTILE,
            evidence=HOSTILE,
            advice=HOSTILE,
            process=process,
        )

        found = issue_diagnosis_report(
            by=world.lead, programme=world.programme, now=NOW
        )

        found.pdf.seek(0)
        reader = PdfReader(BytesIO(found.pdf.read()))
        assert list(reader.attachments) == ["facts.json"]
        assert "<script>alert(1)</script>" in text_of(found).replace("\n", "")
        assert "root:" not in text_of(found)

    def test_refuses_a_viewer(self, studied: World) -> None:
        with pytest.raises(NotAllowed):
            issue_diagnosis_report(
                by=studied.viewer, programme=studied.programme, now=NOW
            )


class TestPages:
    def test_preview_shows_the_facts_escaped(self, world: World, sign_in) -> None:  # type: ignore[no-untyped-def]
        finding(world, title=HOSTILE[:200], evidence=HOSTILE)

        client, url = sign_in(world.viewer), "/p/o2c/reports/diagnosis/?part="
        page = client.get(f"{url}all").content.decode()
        keys = re.findall(r'hx-get="\?part=([\w-]+)"', page)
        chapters = [
            client.get(f"{url}{one}", headers={"HX-Request": "true"}).content.decode()
            for one in keys
        ]
        whole = "".join([page, *chapters])

        assert len(keys) == len(set(keys)) > 5
        assert "<html" not in chapters[0]
        assert "<script>alert(1)" not in whole
        assert "&lt;script&gt;alert(1)" in whole
        assert "Issue report" not in page
        assert "Issued by: lead." in page

    def test_preview_shows_one_chapter_at_a_time(self, studied: World, sign_in) -> None:  # type: ignore[no-untyped-def]
        client = sign_in(studied.lead)

        first = client.get("/p/o2c/reports/diagnosis/").content.decode()
        last = client.get("/p/o2c/reports/diagnosis/?part=conclusions").content.decode()

        assert 'id="part-summary"' in first
        assert 'id="part-conclusions"' not in first
        assert 'id="part-conclusions"' in last

    def test_queries_do_not_grow_with_rows(
        self,
        studied: World,
        sign_in,  # type: ignore[no-untyped-def]
        django_assert_max_num_queries,  # type: ignore[no-untyped-def]
        django_assert_num_queries,  # type: ignore[no-untyped-def]
    ) -> None:
        client = sign_in(studied.lead)
        with django_assert_max_num_queries(12) as few:
            client.get("/p/o2c/reports/diagnosis/")
        for number in range(5):
            finding(studied, title=f"§Finding {number}")
            studied.save(Indicator, code=f"i{number}", name=f"§I{number}", baseline=1)

        with django_assert_num_queries(len(few.captured_queries)):
            client.get("/p/o2c/reports/diagnosis/")

    def test_button_issues_in_the_background(
        self,
        studied: World,
        sign_in,
        commit,  # type: ignore[no-untyped-def]
    ) -> None:
        client = sign_in(studied.lead)

        with commit():
            answer = client.post(reverse("report-diagnosis-issue", args=["o2c"]))

        job = Job.objects.get(kind="reports.issue_diagnosis")
        assert answer.url == reverse("job", args=["o2c", job.pk])
        assert job.state == Job.State.DONE, job.error
        issued = Document.objects.get()
        assert job.result["url"] == reverse("document", args=["o2c", issued.pk])
        assert issued.issued_by == studied.lead

    def test_viewer_cannot_issue(self, studied: World, sign_in) -> None:  # type: ignore[no-untyped-def]
        answer = sign_in(studied.viewer).post("/p/o2c/reports/diagnosis/issue/")

        assert answer.status_code == 403
        assert not Job.objects.filter(kind__startswith="reports.").exists()


class TestSections:
    """With a row of everything that the page tests fill in."""

    def test_tell_what_each_topic_holds(self, world: World, commit) -> None:  # type: ignore[no-untyped-def]
        from tests.diagnosis.fill import fill

        with commit():
            fill(world)

        report = build_diagnosis_report(world.programme, NOW)
        keys = {one.key for one in report.sections}
        text = json.dumps(report.facts(), ensure_ascii=False)
        assert keys >= {"environment", "processes", "logs", "problems", "conclusions"}
        assert "§Check credit" in text
        assert "<svg" in text

    def test_print_what_each_topic_holds(self, world: World, commit) -> None:  # type: ignore[no-untyped-def]
        from tests.diagnosis.fill import fill

        with commit():
            fill(world)

        found = issue_diagnosis_report(
            by=world.lead, programme=world.programme, now=NOW
        )
        assert "§Credit check" in text_of(found)


class TestCriterion:
    def test_fails_without_a_report(self, studied: World) -> None:
        found = a9(studied)

        assert found.result == gating.Result.FAIL
        assert found.links[0].url == "/p/o2c/reports/diagnosis/"

    def test_passes_after_issuing(self, studied: World) -> None:
        document = issue_diagnosis_report(
            by=studied.lead, programme=studied.programme, now=NOW
        )

        found = a9(studied)
        assert found.result == gating.Result.PASS
        assert found.mark == document.sha256

    def test_fails_after_a_later_change(self, studied: World) -> None:
        issue_diagnosis_report(by=studied.lead, programme=studied.programme, now=NOW)
        row = Finding.objects.of(studied.programme).first()
        save_record(by=studied.lead, record=row, now=NOW + timedelta(hours=1))

        assert a9(studied).result == gating.Result.FAIL
