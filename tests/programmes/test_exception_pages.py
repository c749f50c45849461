"""Exception reviews on pages: told to the lead, opened by one click, decided."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programmes.events import records_changed
from programmes.models import (
    BudgetLine,
    ExceptionCase,
    GateReview,
    Notification,
    Risk,
)
from programmes.phases import Phase
from programmes.services.notifications import sentence
from tests.programmes.exceptional import (
    LATER,
    TEXTS,
    asked,
    breach,
    opened,
)
from tests.programmes.ready import decide
from tests.world import PASSWORD, World


@pytest.fixture
def breached(world: World) -> World:
    breach(world)
    return world


class TestTellLead:
    def hear(self, world: World) -> list[Notification]:
        records_changed.send(
            sender=None, programme_id=world.programme.pk, phases=(Phase.KICK_OFF,)
        )
        rows = Notification.objects.filter(kind="exception", account=world.lead)
        return list(rows)

    def test_tells_once(self, breached) -> None:
        assert len(self.hear(breached)) == 1

        (row,) = self.hear(breached)
        assert "left its tolerance" in sentence(row)
        assert row.url == "/p/o2c/reviews/"

    def test_says_nothing_within_the_tolerance(self, breached) -> None:
        BudgetLine.objects.update(actual=60, committed=40)

        assert self.hear(breached) == []

    def test_says_nothing_while_one_is_open(self, breached) -> None:
        opened(breached)

        assert self.hear(breached) == []

    def test_shows_it_to_the_lead(self, breached, sign_in) -> None:
        self.hear(breached)
        client = sign_in(breached.lead)

        assert b'href="/p/o2c/reviews/"' in client.get("/work/").content
        assert b"/p/o2c/reviews/open/" in client.get("/p/o2c/").content

        client.post("/p/o2c/reviews/open/")

        assert b'href="/p/o2c/reviews/"' not in client.get("/work/").content
        assert b"/p/o2c/reviews/open/" not in client.get("/p/o2c/").content

    def test_decisions_are_told_by_its_name(self, breached, sign_in) -> None:
        asked(breached)

        row = Notification.objects.get(
            kind="decide", account=breached.sponsor, facts__kind="exception"
        )

        assert sentence(row).startswith("Exception review 1 waits for your decision")
        assert row.url == "/p/o2c/reviews/1/"
        work = sign_in(breached.sponsor).get("/work/").content.decode()
        assert "Continue under the exception plan?" in work
        assert "/p/o2c/reviews/1/" in work


class TestPages:
    def test_from_one_click_to_the_signed_decision(self, breached, sign_in) -> None:
        lead = sign_in(breached.lead)
        answer = lead.post("/p/o2c/reviews/open/")
        assert answer.url == "/p/o2c/reviews/1/"
        page = "/p/o2c/reviews/1/"
        assert lead.get(page).status_code == 200
        case = ExceptionCase.objects.get()
        lead.post(f"/p/o2c/reviews/cases/{case.pk}/", {**TEXTS, "record_version": 1})
        # The risks were looked at before; opened today, they are looked at again.
        Risk.objects.update(reviewed_on="2100-01-01")

        lead.post(f"{page}submit/", {"ask": "§Continue?", "due_on": "2100-01-01"})

        review = GateReview.objects.get(gate__kind="exception")
        chair = sign_in(breached.sponsor)
        brief = chair.get(page).content.decode()
        assert "Continue under the exception plan?" in brief
        given = {"outcome": "approve", "fingerprint": review.fingerprint}
        assert chair.post(f"{page}decide/", given).status_code == 200
        chair.post(f"{page}decide/", {**given, "step": "sign", "password": PASSWORD})
        review.refresh_from_db()
        assert review.outcome == "approve"
        assert chair.get(page).status_code == 200

    def test_refuses_what_the_service_refuses(self, breached, sign_in) -> None:
        gate = opened(breached)
        client = sign_in(breached.lead)

        assert client.post("/p/o2c/reviews/open/").url == "/p/o2c/reviews/"
        stale = client.post(
            f"/p/o2c/reviews/cases/{gate.case.pk}/", {**TEXTS, "record_version": 9}
        )
        assert stale.status_code == 422
        assert "§Two suppliers" in stale.content.decode()

    def test_other_numbers_are_not_there(self, breached, sign_in) -> None:
        opened(breached)
        client = sign_in(breached.lead)

        assert client.get("/p/o2c/reviews/2/").status_code == 404
        assert client.post("/p/o2c/reviews/cases/0/", TEXTS).status_code == 404
        assert client.get("/p/o2c/gates/9/").status_code == 404

    @pytest.mark.parametrize("name", ["lead", "sponsor", "controller", "viewer"])
    def test_asks_at_most_twenty_times(self, breached, sign_in, name: str) -> None:
        asked(breached)
        client = sign_in(breached.accounts[name])
        client.get("/p/o2c/reviews/1/")

        with CaptureQueriesContext(connection) as found:
            answer = client.get("/p/o2c/reviews/1/")

        assert answer.status_code == 200
        assert len(found) <= 20, "\n".join(one["sql"][:150] for one in found)

    def test_lists_what_there_was(self, breached, sign_in) -> None:
        decide(breached, asked(breached), now=LATER)

        page = sign_in(breached.viewer).get("/p/o2c/reviews/").content.decode()

        assert "Exception review 1" in page
        assert "The forecast is within its tolerance" in page

    def test_says_who_opens_one(self, breached, sign_in) -> None:
        page = sign_in(breached.viewer).get("/p/o2c/reviews/").content.decode()

        assert "An exception review is opened by: lead" in page
