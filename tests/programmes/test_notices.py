"""Announcements: told by mail, read by link, in the app, or confirmed by a champion."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from programmes.kit.errors import NotAllowed
from programmes.models import (
    Enterprise,
    Notice,
    OrgUnit,
    Person,
    PersonalLink,
    Programme,
    Receipt,
    StaffQuestion,
)
from programmes.services.notices import (
    NobodyToTell,
    acknowledge_own,
    confirm_reading,
    mail_notice,
    reach_of,
    remind,
    save_notice,
    send_notice,
)
from programmes.services.personal_links import find_link, new_link
from programmes.services.records import Invalid
from tests.world import NOW, World


@pytest.fixture(autouse=True)
def no_counts() -> None:
    cache.clear()


def notice_of(world: World) -> Notice:
    notice: Notice = world.save(Notice, title="§We begin", text="§Soon")
    return notice


def unit_of(enterprise: Enterprise) -> OrgUnit:
    found: OrgUnit = OrgUnit.objects.create(
        enterprise=enterprise, name="§Far", external_id="§far"
    )
    return found


def token_of(world: World, notice: Notice, name: str = "member") -> str:
    link = new_link(
        programme=world.programme, person=world.person(name), notice=notice, now=NOW
    )
    PersonalLink.objects.update(expires_on=date(2099, 1, 1))
    return link.rstrip("/").rpartition("/")[2]


def receipt(notice: Notice, world: World, name: str = "member") -> Receipt:
    return Receipt.objects.get(notice=notice, person=world.person(name))


class TestSaveNotice:
    def test_takes_a_set_of_units_from_the_form(self, world, client) -> None:
        notice, far = notice_of(world), unit_of(world.elsewhere)
        path = reverse("announcements-edit", args=[world.programme.code, notice.pk])
        given = {"title": "§We begin", "text": "§Soon", "audience": 0, "reached": 0}
        client.force_login(world.lead)

        wrong = client.post(path, {**given, "units": [far.pk]})
        client.post(path, {**given, "units": [world.unit.pk]})

        assert wrong.status_code == 422
        assert list(notice.units.all()) == [world.unit]
        assert client.get(path).context["form"].initial["units"] == [world.unit.pk]

    def test_leaves_the_units_alone_when_none_are_given(self, world) -> None:
        notice = notice_of(world)
        notice.units.add(world.unit)

        save_notice(by=world.lead, record=notice, now=NOW)

        assert notice.units.count() == 1

    def test_refuses_a_unit_of_another_enterprise(self, world) -> None:
        with pytest.raises(Invalid):
            save_notice(
                by=world.lead,
                record=notice_of(world),
                now=NOW,
                units=[unit_of(world.elsewhere)],
            )


class TestSendNotice:
    def test_tells_the_chosen_units_alone(self, world) -> None:
        quiet = OrgUnit.objects.create(
            enterprise=world.enterprise, name="§Quiet", external_id="§q"
        )
        night = OrgUnit.objects.create(
            enterprise=world.enterprise, name="§Night", external_id="§n"
        )
        Person.objects.filter(pk=world.person("member").pk).update(unit=night)
        Person.objects.filter(pk=world.person("viewer").pk).update(unit=quiet)
        notice = notice_of(world)
        save_notice(by=world.lead, record=notice, now=NOW, units=[night, quiet])

        send_notice(by=world.lead, notice=notice, now=NOW)

        told = {one.person for one in notice.receipts.select_related("person")}
        assert told == {world.person("member"), world.person("viewer")}

    def test_mails_a_link_of_their_own_to_everybody_in_scope(
        self, world, commit
    ) -> None:
        notice = notice_of(world)

        with commit():
            told = send_notice(by=world.champion, notice=notice, now=NOW)

        links = [re.search(r"/a/(\S+)/", one.body) for one in mail.outbox]
        assert told == len(mail.outbox) == notice.receipts.count() > 5
        assert len({one[1] for one in links if one}) == told
        assert not notice.receipts.filter(told_at=None).exists()
        notice.refresh_from_db()
        assert notice.sent_on == NOW.date()

    def test_no_token_stands_in_the_database(self, world, commit) -> None:
        with commit():
            send_notice(by=world.lead, notice=notice_of(world), now=NOW)

        found = re.search(r"/a/(\S+)/", mail.outbox[0].body)
        assert found is not None
        assert not PersonalLink.objects.filter(token_hash=found[1]).exists()

    def test_tells_nobody_twice(self, world) -> None:
        notice = notice_of(world)
        send_notice(by=world.lead, notice=notice, now=NOW)

        with pytest.raises(NobodyToTell):
            send_notice(by=world.lead, notice=notice, now=NOW)

    def test_a_second_run_of_the_job_mails_nothing(self, world) -> None:
        notice = notice_of(world)
        send_notice(by=world.lead, notice=notice, now=NOW)
        mail_notice(notice=notice, reminders=[], now=NOW)

        assert mail_notice(notice=notice, reminders=[], now=NOW) == 0

    def test_is_of_lead_and_champion(self, world) -> None:
        with pytest.raises(NotAllowed):
            send_notice(by=world.member, notice=notice_of(world), now=NOW)


class TestRemind:
    def test_mails_only_those_who_have_not_read_it(self, world, commit) -> None:
        notice = notice_of(world)
        with commit():
            send_notice(by=world.lead, notice=notice, now=NOW)
        acknowledge_own(by=world.member, notice=notice, now=NOW)
        before = len(mail.outbox)

        with commit():
            n = remind(by=world.lead, notice=notice, now=NOW)

        later = mail.outbox[before:]
        assert n == len(later) == notice.receipts.count() - 1
        assert world.person("member").email not in [one.to[0] for one in later]

    def test_asks_everybody_once_a_day(self, world, commit) -> None:
        notice = notice_of(world)
        with commit():
            send_notice(by=world.lead, notice=notice, now=NOW)
        notice.receipts.update(reminded_at=NOW)

        with pytest.raises(NobodyToTell):
            remind(by=world.lead, notice=notice, now=NOW)


class TestReading:
    def test_counts_told_and_read_by_unit(self, world) -> None:
        notice = notice_of(world)
        send_notice(by=world.lead, notice=notice, now=NOW)
        mail_notice(notice=notice, reminders=[], now=NOW)
        acknowledge_own(by=world.member, notice=notice, now=NOW)

        [reach] = reach_of(notice.receipts.select_related("unit"))

        assert reach.unit == world.unit
        assert (reach.of, reach.told, reach.done) == (9, 9, 1)
        assert reach.share == 1 / 9

    def test_what_one_was_not_told_cannot_be_confirmed(self, world) -> None:
        with pytest.raises(NobodyToTell):
            acknowledge_own(by=world.auditor, notice=notice_of(world), now=NOW)

    def test_a_champion_confirms_for_people_told_in_person(self, world) -> None:
        notice = notice_of(world)
        send_notice(by=world.lead, notice=notice, now=NOW)
        row = receipt(notice, world)

        n = confirm_reading(by=world.champion, notice=notice, people=[row.pk], now=NOW)

        row.refresh_from_db()
        assert (n, row.way, row.read_at) == (1, "hand", NOW)


class TestPersonalLink:
    def test_shows_by_get_and_acts_by_post_only(self, world) -> None:
        notice = notice_of(world)
        send_notice(by=world.lead, notice=notice, now=NOW)
        url = f"/a/{token_of(world, notice)}/"

        shown = Client().get(url)
        unread = receipt(notice, world).read_at
        answer = Client().post(url)

        assert shown.status_code == 200
        assert "§Soon" in shown.text
        assert unread is None
        assert answer.status_code == 302
        assert receipt(notice, world).way == "link"
        assert "button primary" not in Client().get(url).text

    def test_sets_no_cookie_but_that_of_the_form(self, world) -> None:
        notice = notice_of(world)

        answer = Client().get(f"/a/{token_of(world, notice)}/")

        assert set(answer.cookies) <= {"csrftoken", "__Host-csrftoken"}
        assert "no-store" in answer["Cache-Control"]

    def test_wrong_old_and_deleted_ones_look_alike(self, world) -> None:
        notice, gone = notice_of(world), notice_of(world)
        wrong = Client().get("/a/wrong/")
        deleted_token = token_of(world, gone)
        Notice.objects.filter(pk=gone.pk).update(deleted_at=NOW)
        old_token = token_of(world, notice)
        PersonalLink.objects.filter(notice=notice).update(
            expires_on=NOW.date() - timedelta(days=1)
        )

        answers = [
            wrong,
            *(Client().get(f"/a/{t}/") for t in (deleted_token, old_token)),
        ]

        assert {one.status_code for one in answers} == {404}
        assert len({one.content for one in answers}) == 1

    def test_is_closed_with_its_programme(self, world) -> None:
        token = token_of(world, notice_of(world))
        Programme.objects.update(state="stopped")

        assert find_link(token, NOW.date()) is None

    def test_takes_a_question(self, world) -> None:
        url = f"/a/{token_of(world, notice_of(world))}/"

        answer = Client().post(url, {"text": "§When?\nSoon?"})

        question = StaffQuestion.objects.get()
        assert answer.url.endswith("?asked=1")
        assert question.text == "§When? Soon?"
        assert question.person == world.person("member")
        assert question.unit == world.unit
        assert 'role="status"' in Client().get(answer.url).text

    def test_keeps_what_was_typed_when_it_says_no(self, world) -> None:
        url = f"/a/{token_of(world, notice_of(world))}/"

        answer = Client().post(url, {"text": "  "})

        assert answer.status_code == 422
        assert 'role="alert"' in answer.text

    def test_lets_nobody_ask_without_end(self, world) -> None:
        url = f"/a/{token_of(world, notice_of(world))}/"
        for number in range(10):
            Client().post(url, {"text": f"§{number}"})

        assert Client().post(url, {"text": "§one more"}).status_code == 422

    def test_shows_hostile_text_as_text(self, world) -> None:
        notice = world.save(Notice, title="§<script>1</script>", text="§<b>&")

        page = Client().get(f"/a/{token_of(world, notice)}/").text

        assert "<script>1" not in page
        assert "&lt;b&gt;&amp;" in page

    def test_stops_callers_that_come_too_often(self, world, within_a_minute) -> None:
        codes = [Client().get("/a/wrong/").status_code for _one in range(31)]

        assert codes[-1] == 429


class TestPages:
    def sent(self, world: World) -> Notice:
        notice = notice_of(world)
        send_notice(by=world.lead, notice=notice, now=NOW)
        return notice

    def test_buttons_tell_remind_and_confirm(self, world, sign_in, commit) -> None:
        notice = notice_of(world)
        client = sign_in(world.champion)

        def press(name: str, data: Any = None) -> str:
            url = reverse(f"announcements-{name}", args=["o2c", notice.pk])
            with commit():
                answer = client.post(url, data or {}, follow=True)
            return str(answer.text)

        assert "9 people are told" in press("send")
        assert "9 people are reminded" in press("remind")
        row = receipt(notice, world)
        press("confirm", {"person": [row.pk, "x"]})
        assert receipt(notice, world).way == "hand"
        press("acknowledge")
        assert receipt(notice, world, "champion").way == "app"
        assert "Nobody is to be reminded" in press("remind")

    def test_people_without_a_role_read_what_they_were_told(
        self, world, sign_in
    ) -> None:
        notice = self.sent(world)
        client = sign_in(world.outsider)

        shown = client.get(reverse("told"))
        client.post(reverse("told-read", args=[notice.pk]))

        assert "§We begin" in shown.text
        assert receipt(notice, world, "outsider").way == "app"

    def test_nobody_confirms_what_others_were_told(self, world, sign_in) -> None:
        notice = self.sent(world)

        answer = sign_in(world.auditor).post(reverse("told-read", args=[notice.pk]))

        assert answer.status_code == 404
