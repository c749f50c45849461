"""Calendar files that every calendar reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from programmes.kit.ics import Event, calendar, escaped, folded

BEGINS = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def event(**more: object) -> Event:
    given_ = {
        "uid": "meeting-1@meliora.example",
        "sequence": 0,
        "stamped_at": BEGINS - timedelta(days=9),
        "begins_at": BEGINS,
        "ends_at": BEGINS + timedelta(minutes=90),
        "summary": "Start-up",
    }
    return Event(**(given_ | more))  # type: ignore[arg-type]


def lines(file: bytes) -> list[str]:
    return file.decode().replace("\r\n ", "").split("\r\n")


class TestCalendar:
    def test_tells_when_and_what(self) -> None:
        found = lines(calendar(event(location="Hall 2")))

        assert "UID:meeting-1@meliora.example" in found
        assert "DTSTART:20260302T090000Z" in found
        assert "DTEND:20260302T103000Z" in found
        assert "SUMMARY:Start-up" in found
        assert "LOCATION:Hall 2" in found
        assert "METHOD:REQUEST" in found
        assert "STATUS:CONFIRMED" in found

    def test_a_cancelled_event_leaves_the_calendar(self) -> None:
        found = lines(calendar(event(sequence=2, is_cancelled=True)))

        assert "METHOD:CANCEL" in found
        assert "STATUS:CANCELLED" in found
        assert "SEQUENCE:2" in found

    def test_text_cannot_add_a_line_of_its_own(self) -> None:
        hostile = "a;b,c\\d\r\nATTENDEE:mailto:eve@evil.example\x00\x0b"

        found = lines(calendar(event(summary=hostile)))

        assert not [one for one in found if one.startswith("ATTENDEE")]
        assert "SUMMARY:a\\;b\\,c\\\\d\\nATTENDEE:mailto:eve@evil.example" in found

    def test_names_and_addresses_cannot_either(self) -> None:
        eve = ('Eve"\r\nX-EVIL:1', "eve@evil.example\r\nX-EVIL:1")

        found = lines(calendar(event(organizer=eve, attendees=(eve,))))

        assert not [one for one in found if one.startswith("X-EVIL")]
        assert sum("RSVP=TRUE" in one for one in found) == 1


class TestFolded:
    @given(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=300)
    )
    def test_keeps_the_text_in_lines_of_75_octets(self, text: str) -> None:
        found = folded(text)

        assert all(len(one.encode()) <= 75 for one in found.split("\r\n"))
        assert found.replace("\r\n ", "") == text


class TestEscaped:
    @given(st.text(st.characters(codec="utf-8"), max_size=200))
    def test_leaves_no_line_end(self, text: str) -> None:
        assert "\n" not in escaped(text)
        assert "\r" not in escaped(text)
