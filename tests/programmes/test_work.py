"""Tasks: finishing, waiting, circles."""

from __future__ import annotations

import pytest

from programmes.kit.errors import NotAllowed
from programmes.models import Dependency, WorkItem
from programmes.services.records import Invalid
from programmes.services.work import (
    StillWaiting,
    finish_work,
    reopen_work,
    save_dependency,
)
from tests.world import NOW


@pytest.fixture
def tasks(world) -> dict[str, WorkItem]:
    return {
        key: world.save(WorkItem, title=f"§{key}", owner=world.person("member"))
        for key in "abc"
    }


def wait(world, first: WorkItem, then: WorkItem) -> Dependency:
    record = Dependency(programme=world.programme, before=first, after=then)
    return save_dependency(by=world.lead, record=record, now=NOW)


class TestFinishWork:
    def test_is_the_owners_too(self, world, tasks) -> None:
        item = finish_work(by=world.member, item=tasks["a"], now=NOW)
        finish_work(by=world.member, item=item, now=NOW)

        assert (item.state, item.done_share, item.done_at) == ("done", 100, NOW)

        reopen_work(by=world.member, item=item, now=NOW)

        assert (item.state, item.done_at) == ("open", None)

    def test_is_not_anybody_elses(self, world, tasks) -> None:
        for name in ("viewer", "champion", "sponsor"):
            with pytest.raises(NotAllowed):
                finish_work(by=world.accounts[name], item=tasks["a"], now=NOW)

    def test_waits_for_what_comes_first(self, world, tasks) -> None:
        wait(world, tasks["a"], tasks["b"])

        with pytest.raises(StillWaiting, match="§a"):
            finish_work(by=world.lead, item=tasks["b"], now=NOW)

        finish_work(by=world.lead, item=tasks["a"], now=NOW)
        assert finish_work(by=world.lead, item=tasks["b"], now=NOW).state == "done"


class TestSaveDependency:
    def test_refuses_a_circle_and_names_it(self, world, tasks) -> None:
        wait(world, tasks["a"], tasks["b"])
        wait(world, tasks["b"], tasks["c"])

        with pytest.raises(Invalid, match="§a → §b → §c"):
            wait(world, tasks["c"], tasks["a"])

    def test_refuses_itself_and_doubles(self, world, tasks) -> None:
        wait(world, tasks["a"], tasks["b"])

        with pytest.raises(Invalid):
            wait(world, tasks["a"], tasks["a"])
        with pytest.raises(Invalid):
            wait(world, tasks["a"], tasks["b"])


class TestTaskPages:
    def test_finish_with_undo(self, world, tasks, sign_in) -> None:
        client = sign_in(world.member)
        url = f"/p/o2c/tasks/{tasks['a'].pk}/finish/"

        page = client.post(url, {"next": "/work/"}, follow=True)

        assert f"{url}?reopen=1" in page.content.decode()
        client.post(f"{url}?reopen=1")
        tasks["a"].refresh_from_db()
        assert tasks["a"].state == "open"

    def test_never_leads_to_another_site(self, world, tasks, sign_in) -> None:
        url = f"/p/o2c/tasks/{tasks['a'].pk}/finish/"

        response = sign_in(world.member).post(url, {"next": "//evil.example/"})

        assert response.headers["Location"].startswith("/p/o2c/tasks/")
