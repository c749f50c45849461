"""Saved choices of cases, and two sides beside each other."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from diagnosis.mining.spelling import spell
from diagnosis.models import SavedFilter
from diagnosis.services import saved_filters as services
from programmes.kit.errors import NotAllowed
from programmes.services.records import Invalid
from tests.diagnosis.fill import LOG, import_now, receive
from tests.diagnosis.test_log_versions import NEWER, add_version, given, run
from tests.world import NOW

REWORK = spell("follows", "§Check", "§Check", True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def log(world):
    return import_now(world, receive(world))


def save(world, log, name: str = "§Reworked", **more):
    values = {"by": world.lead, "filters": [REWORK, "§none"], "now": NOW, **more}
    return services.save_filter(log=log, name=name, **values)


class TestSavedFilters:
    def test_belong_to_all_versions(self, world, log) -> None:
        newer = run(add_version(**given(world, log)))

        saved = save(world, newer)

        assert services.filters_of(log) == [saved]
        assert (saved.filters, saved.line) == ([REWORK], log.uuid)

    def test_are_renamed_and_deleted(self, world, log) -> None:
        saved = save(world, log)

        services.rename_filter(
            by=world.lead, log=log, saved=saved, name=" §Other  name ", now=NOW
        )
        assert SavedFilter.objects.get().name == "§Other name"
        services.delete_filter(by=world.lead, log=log, saved=saved, now=NOW)

        assert not SavedFilter.objects.exists()

    def test_are_refused(self, world, log) -> None:
        saved = save(world, log)

        with pytest.raises(services.NameTaken):
            save(world, log)
        with pytest.raises(Invalid):
            save(world, log, name="  ")
        with pytest.raises(Invalid):
            save(world, log, name="§b", filters=["§"])
        with pytest.raises(NotAllowed):
            save(world, log, name="§b", by=world.viewer)
        for act in (services.rename_filter, services.delete_filter):
            more = {"name": "§x"} if act is services.rename_filter else {}
            with pytest.raises(NotAllowed):
                act(by=world.owner, log=log, saved=saved, now=NOW, **more)

    def test_are_so_many_at_most(self, world, log, monkeypatch) -> None:
        monkeypatch.setattr(services, "MOST_SAVED", 1)
        save(world, log)

        with pytest.raises(Invalid):
            save(world, log, name="§b")

    def test_pages(self, world, log, sign_in) -> None:
        client = sign_in(world.lead)
        url = f"/p/o2c/logs/{log.pk}/"

        client.post(f"{url}saved/", {"name": "§Reworked", "f": [REWORK]})
        client.post(f"{url}saved/", {"name": "§Reworked", "f": [REWORK]})
        saved = SavedFilter.objects.get()
        page = client.get(f"{url}?{urlencode({'f': REWORK})}").content.decode()
        shown = sign_in(world.viewer).get(url).content.decode()
        client.post(f"{url}saved/{saved.pk}/", {"name": "§New"})
        client.post(f"{url}saved/{saved.pk}/", {"name": ""})
        client.post(f"{url}saved/{saved.pk}/", {"delete": "1"})

        assert 'aria-current="true">§Reworked' in page
        assert "§Reworked" in shown
        assert "Rename" not in shown
        assert (
            client.post(f"{url}saved/{saved.pk}/", {"delete": "1"}).status_code == 404
        )


class TestComparison:
    def test_of_versions_tells_what_came(self, world, log, sign_in) -> None:
        newer = run(add_version(**given(world, log, NEWER)))

        url = f"/p/o2c/logs/{log.pk}/compare/"
        page = sign_in(world.viewer).get(url, {"other": newer.pk})

        figures = {one["label"]: one for one in page.context["figures"]}
        assert (figures["Cases"]["one"], figures["Cases"]["other"]) == ("3", "4")
        assert figures["Events"]["difference"] == "+2"
        assert page.context["came"] == ("§Scan",)
        assert page.context["edges"][0]["source"] == "§Receive"
        assert "Activities only on the right" in page.content.decode()

    def test_of_choices_beside_the_rest(self, world, log, sign_in) -> None:
        saved = save(world, log)
        client = sign_in(world.lead)
        url = f"/p/o2c/logs/{log.pk}/compare/"

        page = client.get(
            url, {"saved": saved.pk, "f": spell("activity", "§Ship", True)}
        )
        rows = client.get(
            f"/p/o2c/logs/{log.pk}/compare.csv", {"saved": saved.pk}
        ).content.decode()

        figures = {one["label"]: one for one in page.context["figures"]}
        assert (figures["Cases"]["one"], figures["Cases"]["other"]) == ("2", "1")
        assert figures["Cases"]["relative"] == "−50 %" or figures["Cases"]["relative"]
        assert "§Reworked" in page.content.decode()
        assert "§Check,§Check," in rows

    def test_of_nothing_says_what_to_choose(self, world, log, sign_in) -> None:
        client = sign_in(world.lead)
        url = f"/p/o2c/logs/{log.pk}/compare/"

        page = client.get(url)
        odd = client.get(url, {"other": "§", "f": spell("attribute", "§no", "x", True)})
        client.get(
            f"/p/o2c/logs/{log.pk}/compare.csv",
            {"f": spell("attribute", "§no", "x", True)},
        )

        assert "Both sides are the same" in page.content.decode()
        assert "has no attribute" in odd.content.decode()

    def test_of_an_empty_side_shows_dots(self, world, log, sign_in) -> None:
        page = sign_in(world.lead).get(
            f"/p/o2c/logs/{log.pk}/compare/", {"f": spell("duration", 9999, None)}
        )

        assert page.status_code == 200
        assert LOG
