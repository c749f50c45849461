"""Times of an event log into the table of steps."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from diagnosis.foreseen import foreseen
from diagnosis.mining.spelling import spell
from diagnosis.models import EventLog, Step
from diagnosis.services.processes import StepRow, describe_process, save_steps, steps_of
from diagnosis.services.step_times import offers, take_times
from programmes.kit.errors import Conflict, NotAllowed
from programmes.services.records import Invalid
from tests.diagnosis.fill import import_now, receive
from tests.world import World, scope_process

LOG = """§Order;§Activity;§Begun;§Done
1;§Receive;2025-11-03 08:00;2025-11-03 08:10
1;§Check;2025-11-03 10:10;2025-11-03 10:40
1;§Look;2025-11-03 11:40;2025-11-03 11:45
1;§Ship;2025-11-03 12:00;2025-11-03 12:01
2;§Receive;2025-11-04 08:00;2025-11-04 08:20
2;§Check;2025-11-04 08:50;2025-11-04 09:00
"""
MAPPING = {
    "case": "§Order",
    "activity": "§Activity",
    "start": "§Begun",
    "timestamp": "§Done",
}
ROWS = [
    StepRow("§Begun", "1", "start", "§Desk"),
    StepRow("§Receive", "2", role="§Desk", work_minutes=Decimal(15), volume=7),
    StepRow("§Check", "3", role="§Desk", work_minutes=Decimal(99)),
    StepRow("§Ship", "4", role="§Desk"),
    StepRow("§Done", "5", "end", "§Desk"),
]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def log(world: World) -> EventLog:
    given = {"by": world.lead, "now": world.now}
    item = scope_process(world, "§Orders")
    process = describe_process(scope_item=item, **given)
    save_steps(process=process, rows=ROWS, **given)
    return import_now(world, receive(world, text=LOG, process=process), MAPPING)


def told(log: EventLog, *filters: str):
    found = foreseen(log, steps_of(log.process))
    return {one.step.key: one for one in offers(log, found, filters)}


class TestOffers:
    def test_have_the_median_work_and_wait_of_each_step(self, log) -> None:
        rows = told(log)

        assert {key: (one.work, one.wait) for key, one in rows.items()} == {
            "2": (15, None),
            "3": (20, 75),
            "4": (1, 15),
        }
        assert [key for key, one in rows.items() if one.is_new] == ["3", "4"]

    def test_know_the_filters(self, log) -> None:
        assert told(log, spell("activity", "§Ship", False))["3"].wait == 30

    def test_count_no_wait_inside_a_step(self, log) -> None:
        log.step_mapping = {"process": log.process_id, "activities": {"§Look": "3"}}

        assert told(log)["3"].wait == 75

    def test_are_none_without_starts(self, world, log) -> None:
        mapping = {name: one for name, one in MAPPING.items() if name != "start"}
        other = import_now(
            world, receive(world, text=LOG, process=log.process), mapping
        )

        assert told(other) == {}


class TestTakeTimes:
    def take(self, world, log, keys, by=None, **more):
        return take_times(
            by=by or world.lead,
            process=log.process,
            told=list(told(log).values()),
            keys=keys,
            now=world.now,
            **more,
        )

    def test_writes_the_chosen_ones_and_leaves_the_rest(self, world, log) -> None:
        self.take(world, log, ["3"])

        check = Step.objects.get(process=log.process, key="3")
        assert (check.work_minutes, check.wait_minutes) == (20, 75)
        assert Step.objects.get(process=log.process, key="4").work_minutes is None
        assert Step.objects.get(process=log.process, key="2").volume == 7

    def test_refuses_who_may_not_and_what_is_old(self, world, log) -> None:
        with pytest.raises(NotAllowed):
            self.take(world, log, ["3"], by=world.member)
        with pytest.raises(Conflict):
            self.take(world, log, ["3"], version=99)
        with pytest.raises(Invalid, match="at least one"):
            self.take(world, log, ["1"])


class TestTimesPage:
    def test_shows_old_and_new_and_takes_over(self, world, sign_in, log) -> None:
        client = sign_in(world.lead)
        url = f"/p/o2c/logs/{log.pk}/step-times/"

        page = client.get(url)
        text = page.content.decode()
        version = page.context["record"].process.version
        empty = client.post(url, {"record_version": version})
        answer = client.post(url, {"step": ["3"], "record_version": version})

        assert "→ 20" in text
        assert "99" in text
        assert empty.status_code == 422
        assert "at least one step" in empty.content.decode()
        assert answer["Location"] == f"/p/o2c/processes/{log.process_id}/"
        assert Step.objects.get(process=log.process, key="3").work_minutes == 20

    def take(self, client, log):
        url = f"/p/o2c/logs/{log.pk}/step-times/"
        version = client.get(url).context["record"].process.version
        return client.post(url, {"step": ["3", "4"], "record_version": version})

    def test_offers_to_undo(self, world, sign_in, log) -> None:
        client = sign_in(world.lead)
        undo = f"/p/o2c/logs/{log.pk}/step-times/undo/"

        assert client.post(undo).status_code == 404
        there = client.get(self.take(client, log)["Location"]).content.decode()
        assert f'action="{undo}"' in there
        client.post(undo)

        steps = {one.key: one for one in Step.objects.filter(process=log.process)}
        assert (steps["3"].work_minutes, steps["3"].wait_minutes) == (99, None)
        assert (steps["4"].work_minutes, steps["4"].wait_minutes) == (None, None)
        assert client.post(undo).status_code == 404

    def test_undoes_nothing_that_was_changed_since(self, world, sign_in, log) -> None:
        client = sign_in(world.lead)
        self.take(client, log)
        rows = [replace(one, work_minutes=Decimal(1)) for one in ROWS]
        save_steps(by=world.lead, process=log.process, rows=rows, now=world.now)

        answer = client.post(f"/p/o2c/logs/{log.pk}/step-times/undo/")

        assert "changed after this" in client.get(answer["Location"]).content.decode()
        assert Step.objects.get(process=log.process, key="3").work_minutes == 1

    def test_says_when_there_is_nothing(self, world, sign_in) -> None:
        log = import_now(world, receive(world))

        text = (
            sign_in(world.lead)
            .get(f"/p/o2c/logs/{log.pk}/step-times/")
            .content.decode()
        )

        assert "no times of the steps" in text
