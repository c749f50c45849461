"""The pages of event logs, and real logs."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from diagnosis.models import EventLog
from diagnosis.services.logs import (
    start_import,
)
from programmes import jobs
from programmes.models import Job
from tests.diagnosis.fill import LOG, MAPPING, describe, import_now, receive
from tests.world import NOW

XES = """<?xml version="1.0"?><log><trace><string key="concept:name" value="1"/>
<event><string key="concept:name" value="§Receive"/>
<date key="time:timestamp" value="2025-11-03T08:00:00+00:00"/></event>
<event><string key="concept:name" value="§Ship"/>
<date key="time:timestamp" value="2025-11-04T08:00:00+00:00"/></event>
</trace></log>"""


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


class TestLogPages:
    def upload(self, client, content: bytes, name: str = "§orders.csv"):
        file = SimpleUploadedFile(name, content)
        return client.post("/p/o2c/logs/upload/", {"file": file, "name": "§Log"})

    def test_lead_from_the_file_to_the_map(self, world, sign_in, commit) -> None:
        client = sign_in(world.lead)

        answer = self.upload(client, LOG.encode())
        log = EventLog.objects.get()
        assert answer["Location"] == f"/p/o2c/logs/{log.pk}/columns/"
        page = client.get(answer["Location"])
        assert page.context["form"]["case"].value() == "§Order"
        with commit():
            given = {**MAPPING, "timezone": "UTC"}
            answer = client.post(answer["Location"], given)
        text = client.get(answer["Location"]).content.decode()
        for words in ("Ready", "§Check", "How work really flows", "<svg", "Map as"):
            assert words in text

    def test_remember_the_columns_of_an_earlier_log(self, world, sign_in) -> None:
        swapped = {"case": "§Activity", "activity": "§Order"}
        given = {**MAPPING, **swapped, "timezone": "Europe/Berlin"}
        earlier = import_now(world, receive(world), given)
        other = receive(world, text="a,b,c\n1,x,2025-01-01\n1,y,2025-01-02\n")
        client = sign_in(world.lead)

        page = client.get(f"/p/o2c/logs/{receive(world).pk}/columns/")
        strange = client.get(f"/p/o2c/logs/{other.pk}/columns/")

        assert page.context["form"]["case"].value() == "§Activity"
        assert page.context["form"]["timezone"].value() == "Europe/Berlin"
        assert f"Chosen as in “{earlier.name}”" in page.content.decode()
        assert strange.context["earlier"] is None

    def test_take_xes_without_asking(self, world, sign_in, commit) -> None:
        with commit():
            answer = self.upload(sign_in(world.lead), XES.encode(), "§o.xes")

        log = EventLog.objects.get()
        assert answer["Location"] == f"/p/o2c/logs/{log.pk}/"
        assert log.is_ready

    @pytest.mark.parametrize(
        ("content", "words"),
        [(b"", "is empty"), (b"%PDF-1.7", "neither CSV nor XES")],
    )
    def test_refuse_at_the_field(self, world, sign_in, content, words) -> None:
        answer = self.upload(sign_in(world.lead), content)

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not EventLog.objects.exists()

    def test_refuse_what_is_too_large(self, world, sign_in, settings) -> None:
        settings.LARGEST_UPLOAD = 10

        answer = self.upload(sign_in(world.lead), LOG.encode())

        assert "at most" in answer.content.decode()

    def test_check_the_columns(self, world, sign_in) -> None:
        log = receive(world)
        client = sign_in(world.lead)
        url = f"/p/o2c/logs/{log.pk}/columns/"
        same = {**MAPPING, "case": "§Activity", "timezone": "UTC"}

        for given in (same, {**MAPPING, "timezone": "§Mars"}, {"timezone": "UTC"}):
            assert client.post(url, given).status_code == 422
        look = client.post(url, {"look": "1", "timestamp_format": "yyyy-MM-dd HH:mm"})
        assert look.status_code == 422 or look.status_code == 200
        assert not Job.objects.exists()

    def test_say_how_many_dates_do_not_parse(self, world, sign_in) -> None:
        log = receive(world, text=LOG + "9;§Ship;someday\n")

        text = sign_in(world.lead).get(f"/p/o2c/logs/{log.pk}/columns/")

        assert "row 11: “someday”" in text.content.decode()

    def test_go_from_the_columns_of_a_ready_log_to_the_log(
        self, world, sign_in
    ) -> None:
        log = import_now(world, receive(world))

        answer = sign_in(world.lead).get(f"/p/o2c/logs/{log.pk}/columns/")

        assert answer["Location"] == f"/p/o2c/logs/{log.pk}/"

    def test_tell_when_the_file_is_gone(self, world, sign_in) -> None:
        log = receive(world)
        log.source.unlink()

        answer = sign_in(world.lead).get(f"/p/o2c/logs/{log.pk}/columns/")

        assert answer["Location"] == f"/p/o2c/logs/{log.pk}/"

    def test_show_progress_failure_and_a_second_try(
        self, world, sign_in, commit
    ) -> None:
        log = receive(world)
        client = sign_in(world.lead)
        url = f"/p/o2c/logs/{log.pk}/"
        start_import(
            by=world.lead, log=log, mapping={**MAPPING, "case": "§No"}, now=NOW
        )

        assert 'role="progressbar"' in client.get(url).content.decode()
        jobs.run(log.job_id or 0)
        text = client.get(url).content.decode()
        assert "There is no column “§No”" in text
        EventLog.objects.filter(pk=log.pk).update(mapping=MAPPING)
        with commit():
            client.post(f"{url}import/")
        assert "How work really flows" in client.get(url).content.decode()
        client.post(f"{url}import/")
        assert EventLog.objects.get().is_ready

    @pytest.mark.parametrize("level", ["main", "80", "all", "§"])
    @pytest.mark.parametrize("measure", ["time", "frequency", "§"])
    def test_switch_the_map(self, world, sign_in, level, measure) -> None:
        log = import_now(world, receive(world))

        answer = sign_in(world.viewer).get(
            f"/p/o2c/logs/{log.pk}/", {"level": level, "measure": measure}
        )

        assert answer.status_code == 200
        assert answer.content.decode().count('aria-current="true"') == 2

    def test_escape_what_stands_in_the_log(self, world, sign_in) -> None:
        text = LOG.replace("§Check", "<script>alert(1)</script><b onload=x>&amp;")
        log = import_now(world, receive(world, text=text))

        answer = sign_in(world.lead).get(f"/p/o2c/logs/{log.pk}/?level=all")

        assert answer.status_code == 200
        text = answer.content.decode()
        assert "<script>alert" not in text
        assert "<b onload" not in text

    def test_save_what_ends_a_case(self, world, sign_in) -> None:
        log, waiting = import_now(world, receive(world)), receive(world)
        client = sign_in(world.lead)

        client.post(f"/p/o2c/logs/{log.pk}/closing/", {"closing": ["§Ship"]})
        client.post(f"/p/o2c/logs/{waiting.pk}/closing/", {"closing": ["§Ship"]})

        log.refresh_from_db()
        assert log.closing == ["§Ship"]
        assert "1 still open" in client.get(f"/p/o2c/logs/{log.pk}/").content.decode()

    def test_delete_and_undo(self, world, sign_in) -> None:
        log = import_now(world, receive(world))
        client = sign_in(world.lead)

        client.post(f"/p/o2c/logs/{log.pk}/delete/")
        assert client.get(f"/p/o2c/logs/{log.pk}/").status_code == 404
        client.post(f"/p/o2c/logs/{log.pk}/restore/")

        assert client.get(f"/p/o2c/logs/{log.pk}/").status_code == 200

    def test_stand_on_the_page_of_the_phase(self, world, sign_in) -> None:
        client = sign_in(world.lead)

        before = client.get("/p/o2c/phases/3/").content.decode()
        import_now(world, receive(world, process=describe(world)))
        after = client.get("/p/o2c/phases/3/").content.decode()

        assert before.count("nothing yet") > after.count("nothing yet")
        assert "1 imported" in after
        assert "0 of 1 confirmed" in after

    def test_refuse_to_import_a_second_time(self, world, sign_in) -> None:
        log = receive(world)
        start_import(by=world.lead, log=log, mapping=MAPPING, now=NOW)

        answer = sign_in(world.lead).post(
            f"/p/o2c/logs/{log.pk}/columns/", {**MAPPING, "timezone": "UTC"}
        )

        assert answer.status_code == 422

    def test_ask_few_queries(
        self, world, sign_in, django_assert_max_num_queries
    ) -> None:
        log = import_now(world, receive(world, process=describe(world)))
        client = sign_in(world.lead)

        with django_assert_max_num_queries(12):
            client.get(f"/p/o2c/logs/{log.pk}/")
        with django_assert_max_num_queries(12):
            client.get("/p/o2c/logs/")

    def test_are_closed_to_others(self, world, sign_in) -> None:
        log = receive(world)

        assert sign_in(world.member).get("/p/o2c/logs/upload/").status_code == 403
        stranger = sign_in(world.stranger)
        assert stranger.get(f"/p/o2c/logs/{log.pk}/").status_code == 404


class TestRealLogs:
    def bring(self, world, shared, name: str, mapping):
        from diagnosis.services.logs import receive_log

        path = shared / "data" / "logs" / name
        if not path.is_file():
            pytest.skip("the log is not given")
        with path.open("rb") as file:
            log = receive_log(
                by=world.lead,
                programme=world.programme,
                name="§Real",
                file_name=name,
                chunks=iter(lambda: file.read(65536), b""),
                now=NOW,
            )
        return import_now(world, log, mapping)

    def test_a_call_centre_is_read_as_guessed(self, world, shared) -> None:
        log = self.bring(world, shared, "callcenter_example.csv", {})

        assert (log.state, log.cases, log.events) == ("ready", 3885, 7548)

    @pytest.mark.release
    def test_half_a_million_fines_are_read(self, world, shared, sign_in) -> None:
        log = self.bring(world, shared, "road_traffic_fines.xes.gz", {})

        assert (log.state, log.cases, log.events) == ("ready", 150_370, 561_470)
        page = sign_in(world.lead).get(f"/p/o2c/logs/{log.pk}/")
        assert page.status_code == 200
