"""Meetings: invitations, attendance, actions that become tasks, issued minutes."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from programmes.kit.errors import NotAllowed
from programmes.models import (
    AgendaItem,
    Attendance,
    Document,
    Meeting,
    MeetingAction,
    MeetingDecision,
    WorkItem,
)
from programmes.report_minutes import build_minutes, documents_of
from programmes.services.attendance import invite_team, take_attendance
from programmes.services.kickoff import (
    NobodyToInvite,
    NothingToIssue,
    cancel_meeting,
    event_of,
    invite,
    issue_minutes,
    issue_minutes_document,
    save_action,
    withdraw_minutes,
)
from programmes.services.records import Invalid, fill, save_record
from tests.world import NOW, World


def meeting_of(world: World, **more: Any) -> Meeting:
    values = {
        "title": "§Start-up",
        "held_on": NOW.date(),
        "starts_at": time(10, 30),
        "minutes": "§All well",
    }
    meeting: Meeting = world.save(Meeting, **(values | more))
    return meeting


def listed(world: World, meeting: Meeting, name: str = "member") -> Attendance:
    row: Attendance = world.save(Attendance, meeting=meeting, person=world.person(name))
    return row


def action_of(world: World, meeting: Meeting) -> MeetingAction:
    record = MeetingAction(
        programme=world.programme,
        meeting=meeting,
        text="§Name two people",
        owner=world.person("member"),
        due_on=NOW.date(),
    )
    return save_action(by=world.lead, record=record, now=NOW)


class TestInvite:
    def test_mails_a_calendar_file_to_each(self, world, commit) -> None:
        meeting = meeting_of(world)
        listed(world, meeting)
        listed(world, meeting, "owner")

        with commit():
            invite(by=world.lead, meeting=meeting, now=NOW)

        assert len(mail.outbox) == 2
        [file] = mail.outbox[0].attachments
        assert "DTSTART:20260302T093000Z" in file.content
        assert "method=REQUEST" in file.mimetype

    def test_an_update_keeps_the_identity_and_counts_up(self, world, commit) -> None:
        meeting = meeting_of(world)
        listed(world, meeting)
        with commit():
            invite(by=world.lead, meeting=meeting, now=NOW)
        before = event_of(meeting, world.lead, NOW)

        with commit():
            invite(by=world.lead, meeting=meeting, now=NOW)

        after = event_of(meeting, world.lead, NOW)
        assert after.uid == before.uid
        assert after.sequence == before.sequence + 1

    def test_a_cancellation_is_mailed_with_a_higher_number(self, world, commit) -> None:
        meeting = meeting_of(world)
        listed(world, meeting)
        with commit():
            invite(by=world.lead, meeting=meeting, now=NOW)

        with commit():
            cancel_meeting(by=world.lead, meeting=meeting, now=NOW)

        file = mail.outbox[-1].attachments[0].content
        assert "METHOD:CANCEL" in file
        assert "SEQUENCE:1" in file

    def test_needs_a_moment(self, world) -> None:
        meeting = meeting_of(world, starts_at=None)
        listed(world, meeting)

        with pytest.raises(NobodyToInvite):
            invite(by=world.lead, meeting=meeting, now=NOW)
        with pytest.raises(NobodyToInvite):
            event_of(meeting, world.lead, NOW)

    def test_needs_people(self, world) -> None:
        with pytest.raises(NobodyToInvite):
            invite(by=world.lead, meeting=meeting_of(world), now=NOW)

    def test_a_meeting_nobody_knows_of_is_not_cancelled(self, world) -> None:
        with pytest.raises(NobodyToInvite):
            cancel_meeting(by=world.lead, meeting=meeting_of(world), now=NOW)

    def test_is_the_leads(self, world) -> None:
        with pytest.raises(NotAllowed):
            invite(by=world.sponsor, meeting=meeting_of(world), now=NOW)


class TestAttendance:
    def test_the_team_is_added_once(self, world) -> None:
        meeting = meeting_of(world)
        listed(world, meeting)

        added = invite_team(by=world.lead, meeting=meeting, now=NOW)

        assert added == 7
        assert invite_team(by=world.lead, meeting=meeting, now=NOW) == 0

    def test_is_taken_for_all_at_once(self, world) -> None:
        meeting = meeting_of(world)
        row = listed(world, meeting)
        listed(world, meeting, "owner")

        changed = take_attendance(
            by=world.lead, meeting=meeting, states={str(row.pk): "attended"}, now=NOW
        )

        row.refresh_from_db()
        assert (changed, row.state) == (1, "attended")

    def test_an_unknown_answer_is_refused(self, world) -> None:
        meeting = meeting_of(world)
        row = listed(world, meeting)

        with pytest.raises(Invalid):
            take_attendance(
                by=world.lead, meeting=meeting, states={str(row.pk): "§"}, now=NOW
            )


class TestSaveAction:
    def test_puts_a_task_into_the_owners_list(self, world) -> None:
        meeting = meeting_of(world)

        action = action_of(world, meeting)

        task = WorkItem.objects.get()
        assert action.work_item == task
        assert task.owner == world.person("member")
        assert task.reason_label == "§Start-up"
        assert task.reason_url == f"/p/o2c/meetings/{meeting.pk}/"

    def test_a_change_moves_the_task_along(self, world) -> None:
        action = action_of(world, meeting_of(world))
        fill(action, text="§Name three people", owner=world.person("owner"))

        save_action(by=world.lead, record=action, now=NOW, version=action.version)

        task = WorkItem.objects.get()
        assert task.title == "§Name three people"
        assert task.owner == world.person("owner")


class TestIssueMinutes:
    def test_makes_a_document_with_all_that_was_agreed(self, world) -> None:
        meeting = meeting_of(world)
        listed(world, meeting)
        world.save(AgendaItem, meeting=meeting, title="§Why", box_minutes=15)
        world.save(MeetingDecision, meeting=meeting, text="§Two people a unit")
        action_of(world, meeting)
        meeting.issued_at = NOW
        save_record(by=world.lead, record=meeting, now=NOW)

        document = issue_minutes_document(by=world.lead, meeting=meeting, now=NOW)

        text = str(document.facts)
        assert document.kind == Document.Kind.MINUTES
        for told in ("§Why", "§All well", "§Two people a unit", "§Name two people"):
            assert told in text
        assert list(documents_of(meeting)) == [document]

    def test_leaves_empty_chapters_out(self, world) -> None:
        report = build_minutes(meeting_of(world), NOW)

        assert [one.key for one in report.sections][1:] == ["minutes"]

    def test_asks_for_the_minutes(self, world) -> None:
        with pytest.raises(NothingToIssue):
            issue_minutes(by=world.lead, meeting=meeting_of(world, minutes=""), now=NOW)

    def test_what_was_taken_back_makes_no_document(self, world) -> None:
        meeting = meeting_of(world)
        issue_minutes(by=world.lead, meeting=meeting, now=NOW)
        withdraw_minutes(by=world.lead, meeting=meeting, now=NOW)

        with pytest.raises(NothingToIssue):
            issue_minutes_document(by=world.lead, meeting=meeting, now=NOW)

    def test_the_button_leads_to_the_document(self, world, sign_in, commit) -> None:
        meeting = meeting_of(world)
        client = sign_in(world.lead)
        url = reverse("meetings-minutes", args=["o2c", meeting.pk])

        with commit():
            client.post(url)

        page = client.get(reverse("meetings-detail", args=["o2c", meeting.pk]))
        [document] = Document.objects.filter(kind="minutes")
        assert f"/p/o2c/documents/{document.pk}/" in page.text


class TestPages:
    def test_a_new_point_leads_back_to_its_meeting(self, world, sign_in) -> None:
        meeting = meeting_of(world)
        data = {"meeting": meeting.pk, "position": 1, "title": "§A", "box_minutes": 5}

        answer = sign_in(world.lead).post(reverse("agenda-new", args=["o2c"]), data)

        assert answer.url == reverse("meetings-detail", args=["o2c", meeting.pk])

    def test_the_calendar_file_is_there_once_it_is_dated(self, world, sign_in) -> None:
        client = sign_in(world.viewer)
        dated, undated = meeting_of(world), meeting_of(world, held_on=None)

        found = client.get(reverse("meetings-calendar", args=["o2c", dated.pk]))
        missing = client.get(reverse("meetings-calendar", args=["o2c", undated.pk]))

        assert found["Content-Type"] == "text/calendar"
        assert b"BEGIN:VEVENT" in found.content
        assert missing.status_code == 404

    @pytest.mark.parametrize("given", [{"cancel": "1"}, {}])
    def test_a_refusal_is_told(self, world, sign_in, given: Any) -> None:
        meeting = meeting_of(world)
        url = reverse("meetings-invitation", args=["o2c", meeting.pk])

        answer = sign_in(world.lead).post(url, given, follow=True)

        assert "toast" in answer.text

    def test_attendance_is_taken_on_the_page(self, world, sign_in) -> None:
        meeting = meeting_of(world)
        row = listed(world, meeting)
        client = sign_in(world.lead)
        url = reverse("meetings-attendance", args=["o2c", meeting.pk])

        client.post(url, {f"state-{row.pk}": "absent"})
        client.post(url, {"team": "1"})

        row.refresh_from_db()
        assert row.state == "absent"
        assert Attendance.objects.count() == 8
