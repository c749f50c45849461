"""Pages as they were: moments, lists, rows, files, phases, and frozen packs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from programmes.lifecycle import GateState, Outcome, ReviewState
from programmes.models import Gate, GateReview, Need, Objective
from programmes.moments import NoMoment, read_moment
from programmes.services.records import delete_record, fill, save_record
from tests.world import NOW

BASE = "/p/o2c/objectives/"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)


def approve(world, number: int, at: datetime, **values) -> GateReview:
    return GateReview.objects.create(
        gate=Gate.objects.get(programme=world.programme, phase=number),
        round=1,
        state=ReviewState.DECIDED,
        ask="§May we go on?",
        evidence=[],
        submitted_by=world.lead,
        submitted_at=at - timedelta(hours=1),
        due_on=at.date(),
        outcome=Outcome.APPROVE,
        decided_by=world.sponsor,
        decided_at=at,
        **values,
    )


@pytest.fixture
def objective(world) -> Objective:
    """Written on 2 March, renamed on the 12th, deleted on the 22nd."""
    found = world.save(Objective, title="§Faster")
    fill(found, title="§Twice as fast", owner=world.person("owner"))
    save_record(by=world.sponsor, record=found, now=later(10), act="programme.read")
    delete_record(by=world.lead, record=found, now=later(20))
    return found


class TestReadMoment:
    def test_takes_a_day_to_its_end(self, world) -> None:
        found = read_moment(world.programme, "2026-03-31", timezone.now())

        assert timezone.localtime(found.at).isoformat()[:16] == "2026-03-31T23:59"
        assert str(found) == "31 Mar 2026"

    def test_takes_an_hour(self, world) -> None:
        found = read_moment(world.programme, "2026-03-31T14:05", timezone.now())

        assert str(found) == "31 Mar 2026, 14:05"
        assert found.hour == "14:05"

    def test_takes_the_last_approval_of_a_gate(self, world) -> None:
        approve(world, 3, NOON)

        found = read_moment(world.programme, "gate-3", timezone.now())

        assert found.at == NOON
        assert str(found).startswith("gate 3's approval, 10 Mar 2026")

    def test_takes_today(self, world) -> None:
        assert str(read_moment(world.programme, "today", NOON)) == "today"

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ("2026-13-45", "is no moment"),
            ("yesterday", "is no moment"),
            ("2026-03-31T99:00", "is no moment"),
            ("9999-12-31T23:59", "lies ahead"),
            ("2099-01-01", "lies ahead"),
            ("2025-12-31", "began on 2 Mar 2026"),
            ("0001-01-01", "began on 2 Mar 2026"),
            ("gate-3", "not been approved yet"),
        ],
    )
    def test_says_why_it_is_none(self, asked: str, said: str, world) -> None:
        with pytest.raises(NoMoment, match=said):
            read_moment(world.programme, asked, timezone.now())


class TestList:
    def test_shows_rows_as_they_were(self, world, objective, sign_in) -> None:
        page = sign_in(world.lead).get(f"{BASE}?as_of=2026-03-05").content.decode()

        assert "§Faster" in page
        assert "§Twice as fast" not in page
        assert "As of 5 Mar 2026" in page

    def test_shows_what_was_deleted_since(self, world, objective, sign_in) -> None:
        client = sign_in(world.lead)

        then = client.get(f"{BASE}?as_of=2026-03-15").content.decode()
        after = client.get(f"{BASE}?as_of=2026-03-25").content.decode()

        assert "§Twice as fast" in then
        assert "§Twice as fast" not in after

    def test_leaves_out_what_came_later(self, world, sign_in) -> None:
        late = Objective(programme=world.programme, title="§Late")
        save_record(by=world.lead, record=late, now=later(5))

        page = sign_in(world.lead).get(f"{BASE}?as_of=2026-03-03").content.decode()

        assert "§Late" not in page
        assert "nothing at that time" in page

    def test_offers_nothing_to_write(self, world, objective, sign_in) -> None:
        client = sign_in(world.lead)

        for path in (BASE, f"{BASE}{objective.pk}/"):
            page = client.get(f"{path}?as_of=2026-03-05").content.decode()
            main = page.partition("<main")[2].partition("</main>")[0]
            assert 'method="post"' not in main
            assert "/new/" not in main
            assert "/edit/" not in main

    def test_searches_filters_and_sorts(self, world, sign_in) -> None:
        for title, level in (("§B", "strategic"), ("§a", "programme"), ("§C", "")):
            world.save(Objective, title=title, level=level or "programme")
        client = sign_in(world.lead)

        def titles(query: str) -> list[str]:
            listing = client.get(f"{BASE}?as_of=2026-03-05&{query}").context["listing"]
            return [one.title for one in listing.page]

        assert titles("q=b") == ["§B"]
        assert titles("level=programme") == ["§a", "§C"]
        assert titles("sort=title") == ["§a", "§B", "§C"]
        assert titles("sort=-title") == ["§C", "§B", "§a"]
        assert titles("sort=owner") == ["§B", "§a", "§C"]

    def test_keeps_the_moment_in_its_links(self, world, objective, sign_in) -> None:
        page = sign_in(world.lead).get(f"{BASE}?as_of=2026-03-05").content.decode()

        assert f"{BASE}{objective.pk}/?as_of=2026-03-05" in page
        assert 'name="as_of" value="2026-03-05"' in page
        assert "export.csv?as_of=2026-03-05" in page

    def test_names_links_as_they_were(self, world, sign_in) -> None:
        wanted = world.save(Objective, title="§Faster")
        world.save(Need, title="§Less waiting", objective=wanted)
        fill(wanted, title="§Renamed")
        save_record(by=world.lead, record=wanted, now=later(10))

        page = sign_in(world.lead).get("/p/o2c/needs/?as_of=2026-03-05")

        assert "§Faster" in page.content.decode()

    def test_exports_the_moment(self, world, objective, sign_in) -> None:
        client = sign_in(world.lead)

        text = client.get(f"{BASE}export.csv?as_of=2026-03-05")
        book = client.get(f"{BASE}export.xlsx?as_of=2026-03-05")

        assert "§Faster" in text.content.decode()
        assert "o2c-objectives-2026-03-05.csv" in text["Content-Disposition"]
        assert "2026-03-05.xlsx" in book["Content-Disposition"]

    @pytest.mark.parametrize("asked", ["nonsense", "2099-01-01", "2025-01-01"])
    def test_says_what_is_wrong_with_the_moment(
        self, asked: str, world, sign_in
    ) -> None:
        response = sign_in(world.lead).get(f"{BASE}?as_of={asked}")

        assert response.status_code == 422
        assert 'type="date"' in response.content.decode()

    def test_takes_day_and_hour_of_the_form(self, world, objective, sign_in) -> None:
        path = f"{BASE}?as_of=2026-03-12&hour=08:00"

        page = sign_in(world.lead).get(path).content.decode()

        assert "§Faster" in page
        assert "As of 12 Mar 2026, 08:00" in page

    def test_is_closed_to_strangers(self, world, objective, sign_in) -> None:
        path = f"{BASE}?as_of=2026-03-05"

        assert sign_in(world.stranger).get(path).status_code == 404


class TestDetail:
    def test_shows_the_fields_and_who_wrote_them(
        self, world, objective, sign_in
    ) -> None:
        path = f"{BASE}{objective.pk}/?as_of=2026-03-15"

        page = sign_in(world.lead).get(path).content.decode()

        assert "§Twice as fast" in page
        assert "§Owner Person" in page
        assert "Version 2, written by §Sponsor Person" in page

    def test_says_that_it_was_not_there(self, world, objective, sign_in) -> None:
        path = f"{BASE}{objective.pk}/?as_of=2026-03-25"

        response = sign_in(world.lead).get(path)

        assert response.status_code == 404
        assert "It was not there at that time" in response.content.decode()

    def test_does_not_know_rows_of_others(self, world, sign_in) -> None:
        far = Objective(programme=world.other_programme, title="§Far")
        save_record(by=world.stranger, record=far, now=NOW)

        response = sign_in(world.lead).get(f"{BASE}{far.pk}/?as_of=2026-03-05")

        assert response.status_code == 404
        assert "It was not there" not in response.content.decode()


class TestPhasesAndProgramme:
    def test_counts_what_a_phase_had(self, world, objective, sign_in) -> None:
        client = sign_in(world.lead)

        def said(day: str) -> str:
            tiles = client.get(f"/p/o2c/phases/1/?as_of={day}").context["tiles"]
            return next(one["state"] for one in tiles if one["label"] == "Objectives")

        assert said("2026-03-05") == "1 entry"
        assert said("2026-03-25") == "nothing yet"

    def test_shows_the_gates_as_they_stood(self, world, sign_in) -> None:
        approve(world, 1, NOON)
        client = sign_in(world.lead)

        def looks(asked: str) -> list[str]:
            rows = client.get(f"/p/o2c/?as_of={asked}").context["rows"]
            return [one["look"] for one in rows[:2]]

        assert looks("2026-03-05") == ["todo", "todo"]
        assert looks("2026-03-10T11:30") == ["ready", "todo"]
        assert looks("2026-03-11") == ["approved", "todo"]
        assert looks("gate-1") == ["approved", "todo"]

    def test_takes_a_withdrawn_round_as_open_until_then(self, world, sign_in) -> None:
        review = approve(world, 1, NOON)
        review.state, review.decided_at = ReviewState.WITHDRAWN, None
        review._history_date = NOON
        review.save()
        client = sign_in(world.lead)

        rows = client.get("/p/o2c/?as_of=2026-03-11").context["rows"]

        assert rows[0]["look"] == "preparing"

    def test_knows_an_inherited_gate(self, world, sign_in) -> None:
        Gate.objects.filter(programme=world.programme, phase=1).update(
            state=GateState.PASSED
        )

        rows = sign_in(world.lead).get("/p/o2c/?as_of=2026-03-05").context["rows"]

        assert rows[0]["look"] == "approved"


class TestPagesWithoutHistory:
    def test_show_the_nearest_pack(self, world, sign_in) -> None:
        fields = {"title": "§Frozen words", "level": "programme"}
        row = {
            "type": "programmes.objective",
            "id": 1,
            "version": 3,
            "label": "§Frozen",
            "fields": fields,
        }
        criteria = [{"code": "G1.A1", "result": "pass"}]
        pack = {"phases": [1], "criteria": criteria, "evidence": [row]}
        approve(world, 1, NOON, pack=pack)

        page = sign_in(world.lead).get("/p/o2c/documents/?as_of=2026-03-20")

        text = page.content.decode()
        assert "keeps no history of its own" in text
        assert "§Frozen words" in text
        assert "Gate 1, round 1" in text

    def test_say_that_nothing_was_frozen(self, world, sign_in) -> None:
        page = sign_in(world.lead).get("/p/o2c/documents/?as_of=2026-03-20")

        assert "Nothing was frozen yet" in page.content.decode()


class TestPicker:
    def test_offers_days_and_approvals_for_the_page(self, world, sign_in) -> None:
        approve(world, 3, NOON)
        path = "/p/o2c/look-back/?page=/p/o2c/objectives/%3Fq%3Dfast%26as_of%3D2026"

        page = sign_in(world.lead).get(path).content.decode()

        assert f"{BASE}?" in page
        assert "as_of=gate-3" in page
        assert 'name="q" value="fast"' in page
        assert 'min="2026-03-02"' in page

    @pytest.mark.parametrize("page", ["", "https://evil.example/", "//evil.example"])
    def test_goes_nowhere_else(self, page: str, world, sign_in) -> None:
        response = sign_in(world.lead).get(f"/p/o2c/look-back/?page={page}")

        assert response.status_code == 302
        assert response["Location"] == "/p/o2c/look-back/?page=/p/o2c/"

    def test_is_reached_from_every_page(self, world, objective, sign_in) -> None:
        page = sign_in(world.lead).get(BASE).content.decode()

        assert "/p/o2c/look-back/?page=/p/o2c/objectives/" in page
