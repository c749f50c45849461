"""The job row is the truth: claim, lease, retry, cancel, sweep."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from programmes import jobs
from programmes.kit.errors import Refusal
from programmes.models import Job, OrgUnit


@pytest.fixture
def silent():
    """No bell: what is enqueued waits."""
    before = list(jobs._bell)
    jobs._bell.clear()
    yield
    jobs._bell[:] = before


@pytest.fixture
def kind():
    """A job that adds a unit and says so."""
    calls = []

    def work(job: Job) -> dict[str, object]:
        calls.append(job.pk)
        unit = OrgUnit.objects.get(pk=job.payload["unit"])
        unit.headcount += 1
        unit.save()
        if job.payload.get("fail") == "refusal":
            raise Refusal("no")
        if job.payload.get("fail") == "crash":
            raise RuntimeError
        if job.payload.get("fail") == "cancel":
            raise jobs.Cancelled
        return {"units": 1}

    jobs.job("test.count")(work)
    yield calls
    del jobs._handlers["test.count"]


def waiting(world, **payload) -> Job:
    return jobs.enqueue(
        "test.count", {"unit": world.unit.pk, **payload}, programme=world.programme
    )


class TestRun:
    def test_does_the_work_once(self, world, kind, silent) -> None:
        job = waiting(world)

        jobs.run(job.pk)
        jobs.run(job.pk)

        job.refresh_from_db()
        world.unit.refresh_from_db()
        assert (job.state, job.result, job.share) == ("done", {"units": 1}, 1)
        assert (world.unit.headcount, kind) == (41, [job.pk])

    def test_leaves_a_job_that_somebody_holds(self, world, kind, silent) -> None:
        job = waiting(world)
        jobs.claim(job.pk, timezone.now())

        jobs.run(job.pk)

        assert kind == []

    def test_takes_over_after_the_lease(self, world, kind, silent) -> None:
        job = waiting(world)
        jobs.claim(job.pk, timezone.now() - timedelta(minutes=5))

        jobs.run(job.pk)

        job.refresh_from_db()
        assert (job.state, job.attempts) == ("done", 2)

    def test_a_late_loser_changes_nothing(self, world, kind, silent) -> None:
        job = waiting(world)
        mine = jobs.claim(job.pk, timezone.now() - timedelta(minutes=5))
        jobs.claim(job.pk, timezone.now())

        jobs.perform(jobs._handlers["test.count"], mine)

        assert kind == []

    def test_a_refusal_fails_with_its_words(self, world, kind, silent) -> None:
        job = waiting(world, fail="refusal")

        jobs.run(job.pk)

        job.refresh_from_db()
        world.unit.refresh_from_db()
        assert (job.state, job.error, world.unit.headcount) == ("failed", "no", 40)

    def test_a_crash_is_tried_five_times(self, world, kind, silent) -> None:
        job = waiting(world, fail="crash")

        for _ in range(7):
            jobs.run(job.pk)

        job.refresh_from_db()
        world.unit.refresh_from_db()
        assert (job.state, len(kind), world.unit.headcount) == ("failed", 5, 40)
        assert "RuntimeError" in job.error

    def test_a_cancelled_job_stops(self, world, kind, silent) -> None:
        job = waiting(world, fail="cancel")

        jobs.run(job.pk)

        job.refresh_from_db()
        assert job.state == "cancelled"

    def test_unknown_kinds_are_left(self, world, silent) -> None:
        job = Job.objects.create(kind="test.unknown")

        jobs.run(job.pk)

        job.refresh_from_db()
        assert job.state == "queued"


class TestEnqueue:
    def test_refuses_a_kind_without_handler(self, world) -> None:
        with pytest.raises(KeyError):
            jobs.enqueue("test.none", {})

    def test_waiting_jobs_of_a_key_are_one(self, world, kind, silent) -> None:
        first = jobs.enqueue("test.count", {"unit": 1}, key="k")
        second = jobs.enqueue("test.count", {"unit": 1}, key="k")

        assert first == second

    def test_a_silent_broker_does_no_harm(self, world, kind, silent, commit) -> None:
        def broken(job_id: int) -> None:
            raise ConnectionError

        jobs.on_ring(broken)
        with commit():
            job = waiting(world)

        assert job.state == "queued"


class TestProgressAndCancel:
    def test_renews_the_lease(self, world, kind, silent) -> None:
        job = jobs.claim(waiting(world).pk, timezone.now() - timedelta(minutes=5))

        jobs.progress(job, "half", 0.5)

        job.refresh_from_db()
        assert (job.step, job.share) == ("half", 0.5)
        assert job.lease_until > timezone.now()

    def test_ends_at_the_next_progress(self, world, kind, silent) -> None:
        job = jobs.claim(waiting(world).pk, timezone.now())
        jobs.cancel(job)

        with pytest.raises(jobs.Cancelled):
            jobs.progress(job, "half", 0.5)

    def test_runs_again_on_demand(self, world, kind, silent) -> None:
        job = waiting(world, fail="refusal")
        jobs.run(job.pk)

        jobs.run_again(job)

        job.refresh_from_db()
        assert job.state == "queued"


class TestSweep:
    def test_rings_for_what_waits_or_was_lost(self, world, kind, silent) -> None:
        rung: list[int] = []
        jobs.on_ring(rung.append)
        first, second, third = (waiting(world) for _ in range(3))
        jobs.claim(second.pk, timezone.now() - timedelta(minutes=5))
        jobs.claim(third.pk, timezone.now())

        assert jobs.sweep(timezone.now()) == 2
        assert rung == [first.pk, second.pk]


class TestPages:
    def test_show_and_cancel(self, world, kind, silent, sign_in) -> None:
        job = waiting(world)
        client = sign_in(world.lead)

        assert b"data-poll" in client.get(f"/p/o2c/jobs/{job.pk}/?part=1").content
        client.post(f"/p/o2c/jobs/{job.pk}/cancel/")

        job.refresh_from_db()
        assert job.state == "cancelled"
        Job.objects.update(state="failed", error="§why")
        assert "§why" in client.get(f"/p/o2c/jobs/{job.pk}/").content.decode()
        client.post(f"/p/o2c/jobs/{job.pk}/again/")
        job.refresh_from_db()
        assert job.state == "queued"

    def test_load_the_page_of_the_result_when_it_waits_for_it(
        self, world, kind, silent, sign_in
    ) -> None:
        job = waiting(world)
        Job.objects.update(state="done", result={"url": "/p/o2c/logs/1/"})
        client, part = sign_in(world.lead), f"/p/o2c/jobs/{job.pk}/?part=1"

        def told(page: str) -> str | None:
            answer = client.get(part, headers={"Referer": f"http://testserver{page}"})
            return answer.headers.get("HX-Redirect")

        assert told("/p/o2c/logs/1/") == "/p/o2c/logs/1/"
        assert told(f"/p/o2c/jobs/{job.pk}/") is None
        Job.objects.update(state="running")
        assert told("/p/o2c/logs/1/") is None
