"""Versions of a log: newer files, more events, what is left out, dropped activities."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from diagnosis.models import EventLog, LogFeed
from diagnosis.services import lenses
from diagnosis.services.log_feeds import Choice, NotReady, feed_indicator
from diagnosis.services.log_sweeps import KEPT, sweep_logs
from diagnosis.services.log_versions import (
    Derived,
    add_version,
    append_events,
    before,
    clean_log,
    drop_activities,
    versions_of,
)
from diagnosis.services.logs import BadLog
from programmes import jobs
from programmes.kit.errors import NotAllowed
from programmes.services.records import Invalid, delete_record
from tests.diagnosis.fill import LOG, MAPPING, import_now, receive
from tests.diagnosis.log_ready import folders, indicator
from tests.world import NOW

NEWER = LOG + "4;§Receive;2026-01-01 08:00\n4;§Scan;2026-01-02 08:00\n"
MORE = (
    "§Done;§Order;§Activity\n2026-01-01 08:00;4;§Receive\n2025-11-03 08:00;1;§Receive\n"
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def log(world) -> EventLog:
    return import_now(world, receive(world))


def run(log: EventLog) -> EventLog:
    jobs.run(log.job_id or 0)
    log.refresh_from_db()
    return log


def given(world, log, text: str = NEWER, **more):
    return {
        "by": world.lead,
        "log": log,
        "file_name": "§newer.csv",
        "chunks": [text.encode()],
        "now": NOW,
        **more,
    }


class TestAddVersion:
    def test_is_imported_with_the_columns_of_the_first(self, world, log) -> None:
        log.closing = ["§Ship"]
        log.save()

        newer = run(add_version(**given(world, log)))
        third = run(add_version(**given(world, newer, LOG)))

        assert (newer.state, newer.events, newer.cases) == ("ready", 11, 4)
        assert (newer.edition, newer.line, newer.closing) == (2, log.uuid, ["§Ship"])
        assert (third.edition, third.line) == (3, log.uuid)
        assert versions_of(newer) == [third, newer, log]
        assert (before(third), before(log)) == (newer, None)
        log.refresh_from_db()
        assert (log.events, log.is_ready) == (9, True)

    def test_waits_for_other_columns(self, world, log) -> None:
        newer = add_version(**given(world, log, "a,b,c\n1,x,2025-01-01\n"))

        assert (newer.state, newer.job) == ("uploaded", None)

    def test_of_a_wrong_file_leaves_nothing(self, world, log, media) -> None:
        with pytest.raises(BadLog, match=r"§newer\.csv"):
            add_version(**given(world, log, "one\n1\n"))

        assert (folders(media), EventLog.objects.count()) == ([str(log.uuid)], 1)

    def test_stays_when_another_is_deleted(self, world, log) -> None:
        newer = run(add_version(**given(world, log)))

        delete_record(by=world.lead, record=log, now=NOW)

        assert (versions_of(newer), before(newer)) == ([newer], None)
        assert add_version(**given(world, newer)).edition == 3

    def test_is_for_the_lead(self, world, log) -> None:
        for act in (add_version, append_events):
            with pytest.raises(NotAllowed):
                act(**given(world, log, by=world.member))
        with pytest.raises(NotAllowed):
            clean_log(by=world.owner, log=log, leave_out=["single"], now=NOW)
        with pytest.raises(NotAllowed):
            drop_activities(
                by=world.owner, log=log, activities=["§Ship"], keep=False, now=NOW
            )


class TestAppendEvents:
    def test_adds_what_is_new_and_counts_what_was_there(self, world, log) -> None:
        newer = run(append_events(**given(world, log, MORE)))

        assert (newer.state, newer.events, newer.parts) == ("ready", 10, 2)
        assert newer.quality["left_out"] == {"duplicates": 1}
        assert sorted(one.name for one in newer.folder.iterdir()) == [
            "source",
            "source-1",
            "store",
        ]
        again = run(append_events(**given(world, newer, MORE)))
        assert (again.events, again.parts) == (10, 3)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("§Order;§Activity\n1;x\n", "lacks “§Done”"),
            ("<log><trace/></log>", "another kind"),
            ("", "is empty"),
        ],
    )
    def test_refuses_other_columns_and_leaves_nothing(
        self, world, log, media, text, words
    ) -> None:
        with pytest.raises(BadLog, match=words) as refusal:
            append_events(**given(world, log, text))

        assert str(refusal.value).startswith("§newer.csv")
        assert (folders(media), EventLog.objects.count()) == ([str(log.uuid)], 1)

    def test_refuses_a_log_that_waits_and_too_many_files(self, world, log) -> None:
        with pytest.raises(NotReady):
            append_events(**given(world, receive(world), MORE))
        log.parts = 50
        with pytest.raises(Invalid):
            append_events(**given(world, log, MORE))


class TestCleanLog:
    def test_makes_a_version_of_the_same_file(self, world) -> None:
        log = import_now(world, receive(world, text=LOG + "9;§Ship;2025-12-01\n"))

        newer = run(clean_log(by=world.lead, log=log, leave_out=["single"], now=NOW))

        assert (log.cases, newer.cases, newer.edition) == (4, 3, 2)
        assert newer.quality["left_out"] == {"single": 1}
        assert newer.source.samefile(log.source)
        with pytest.raises(Invalid):
            clean_log(by=world.lead, log=newer, leave_out=["single"], now=NOW)
        back = run(clean_log(by=world.lead, log=newer, leave_out=[], now=NOW))
        assert (back.cases, back.recipe) == (4, {})


class TestDropActivities:
    def test_gives_a_log_of_the_rest(self, world, log) -> None:
        less = run(
            drop_activities(
                by=world.lead, log=log, activities=["§Check"], keep=False, now=NOW
            )
        )

        chart = lenses.everything(less)["map"]
        assert (less.state, less.events, less.derived_from) == ("ready", 5, log)
        assert [(one["source"], one["target"]) for one in chart["edges"]] == [
            ("§Receive", "§Ship")
        ]
        assert less.name == "§ERP orders without §Check"
        for act in (add_version, append_events):
            with pytest.raises(Derived):
                act(**given(world, less))

    def test_refuses_none_and_all(self, world, log) -> None:
        for names in ([], ["§No"], ["§Receive", "§Check", "§Ship"]):
            with pytest.raises(Invalid):
                drop_activities(
                    by=world.lead, log=log, activities=names, keep=False, now=NOW
                )

    def test_goes_with_the_log_it_was_made_from(self, world, log) -> None:
        less = run(
            drop_activities(
                by=world.lead, log=log, activities=["§Check"], keep=True, now=NOW
            )
        )
        delete_record(by=world.lead, record=log, now=NOW)

        swept = sweep_logs(NOW + KEPT + timedelta(days=1))

        less.refresh_from_db()
        assert (swept, less.folder.exists(), bool(less.deleted_at)) == (2, False, True)


class TestVersionPages:
    def test_take_a_newer_file_and_more_events(
        self, world, log, sign_in, commit
    ) -> None:
        client = sign_in(world.lead)
        url = f"/p/o2c/logs/{log.pk}/versions/"

        for way, text in (("newer", NEWER), ("more", MORE)):
            with commit():
                answer = client.post(
                    f"{url}add/",
                    {"file": SimpleUploadedFile("§n.csv", text.encode()), "way": way},
                )
            assert answer.status_code == 302
        page = client.get(url).content.decode()

        newest = EventLog.objects.get(edition=3)
        assert (newest.events, newest.is_ready) == (10, True)
        assert "Compare with version 2" in page
        assert "Delete version 3" in page

    def test_ask_for_columns_and_refuse_at_the_field(self, world, log, sign_in) -> None:
        client = sign_in(world.lead)
        url = f"/p/o2c/logs/{log.pk}/versions/add/"

        odd = SimpleUploadedFile("§n.csv", b"a,b,c\n1,x,2025-01-01\n")
        to_columns = client.post(url, {"file": odd, "way": "newer"})
        odd.seek(0)
        refused = client.post(url, {"file": odd, "way": "more"})
        empty = client.post(url, {"way": "more"})

        assert to_columns["Location"].endswith("/columns/")
        assert (refused.status_code, empty.status_code) == (422, 422)
        assert "has other columns than the log" in refused.content.decode()

    def test_leave_out_what_is_doubtful(self, world, sign_in, commit) -> None:
        log = import_now(
            world, receive(world, text=LOG + "9;§Ship;x\n8;§Ship;2025-12-01\n")
        )
        client = sign_in(world.lead)
        url = f"/p/o2c/logs/{log.pk}/"

        page = client.get(f"{url}quality/").content.decode()
        rows = client.get(f"{url}quality/rows.csv").content.decode()
        with commit():
            client.post(f"{url}clean/", {"leave_out": ["single", "duplicates"]})
        client.post(f"{url}clean/", {})
        client.post(f"{url}closing/", {"closing": ["§Ship"], "back": "quality"})

        assert "Rows that cannot be read" in page
        assert "row 11" in page
        assert "11,§Done,the time cannot be read,x" in rows
        newer = EventLog.objects.get(edition=2)
        assert newer.cases == 3
        left = client.get(f"/p/o2c/logs/{newer.pk}/quality/").content.decode()
        assert "cases of a single event (1)" in left

    def test_lead_from_a_doubt_to_its_cases(self, world, sign_in) -> None:
        log = import_now(world, receive(world, text=LOG + "9;§Ship;2025-12-01\n"))
        log.closing = ["§Ship"]
        log.save()
        client = sign_in(world.viewer)

        page = client.get(f"/p/o2c/logs/{log.pk}/quality/")
        links = [one["href"] for one in page.context["doubts"]]
        texts = [client.get(one).content.decode() for one in links]

        assert len(links) == 2
        assert "of a single event" in texts[0]
        assert "without an end" in texts[1]
        assert not any("is_empty" in text or "No case passes" in text for text in texts)

    def test_make_a_log_without_activities(self, world, log, sign_in, commit) -> None:
        client = sign_in(world.lead)
        url = f"/p/o2c/logs/{log.pk}/derive/"

        with commit():
            answer = client.post(url, {"activities": ["§Check"], "keep": "0"})
        client.post(url, {"activities": []})

        text = client.get(answer["Location"]).content.decode()
        assert "§ERP orders without §Check" in text
        assert "another log" in text
        versions = client.get(f"/p/o2c/logs/{log.pk}/versions/").content.decode()
        assert "Made from this version" in versions

    def test_ask_few_queries(
        self, world, log, sign_in, django_assert_max_num_queries
    ) -> None:
        run(add_version(**given(world, log)))
        client = sign_in(world.lead)

        for page in ("versions/", "quality/", f"compare/?other={log.pk}"):
            with django_assert_max_num_queries(16):
                client.get(f"/p/o2c/logs/{log.pk}/{page}")


class TestRemembered:
    def test_columns_are_those_of_the_version_before(self, world, log) -> None:
        assert log.mapping["case"] == MAPPING["case"]


class TestFeeds:
    def test_move_to_the_newest_version_and_not_to_a_derived_log(
        self, world, log
    ) -> None:
        feed_indicator(
            by=world.lead,
            log=log,
            indicator=indicator(world),
            choice=Choice("cases_completed"),
            now=NOW,
        )
        newer = run(add_version(**given(world, log)))

        run(
            drop_activities(
                by=world.lead, log=newer, activities=["§Check"], keep=False, now=NOW
            )
        )

        assert LogFeed.objects.get().log == newer
