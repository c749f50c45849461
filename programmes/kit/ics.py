"""Calendar files by RFC 5545: one event, escaped and folded, with a stable identity."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

LONGEST_LINE = 75
PRODUCT = "-//Meliora//Meetings//EN"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Event:
    """An event of a calendar; a higher `sequence` of the same `uid` replaces it."""

    uid: str
    sequence: int
    stamped_at: datetime
    begins_at: datetime
    ends_at: datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    organizer: tuple[str, str] | None = None
    attendees: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    is_cancelled: bool = False

    @property
    def method(self) -> str:
        return "CANCEL" if self.is_cancelled else "REQUEST"


def escaped(text: str) -> str:
    """A TEXT value: backslash, semicolon, comma and line ends are escaped."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = CONTROLS.sub("", plain)
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def quoted(text: str) -> str:
    """A parameter value; quotes and controls cannot be written in one."""
    plain = re.sub(r'[\x00-\x1f\x7f"]', " ", text)
    return f'"{plain}"'


def address(email: str) -> str:
    return "mailto:" + re.sub(r"[\s\x00-\x1f\x7f]", "", email)


def moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def folded(line: str) -> str:
    """Lines of at most 75 octets; no character is cut in its middle."""
    parts, part, size, most = [], "", 0, LONGEST_LINE
    for sign in line:
        width = len(sign.encode())
        if size + width > most:
            parts.append(part)
            # The space that marks the next line counts.
            part, size, most = "", 0, LONGEST_LINE - 1
        part, size = part + sign, size + width
    return "\r\n ".join([*parts, part])


def calendar(event: Event) -> bytes:
    """The file as it is mailed and downloaded."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"METHOD:{event.method}",
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{moment(event.stamped_at)}",
        f"DTSTART:{moment(event.begins_at)}",
        f"DTEND:{moment(event.ends_at)}",
        f"SUMMARY:{escaped(event.summary)}",
        *optional("LOCATION", escaped(event.location)),
        *optional("DESCRIPTION", escaped(event.description)),
        *optional("URL", re.sub(r"\s", "", event.url)),
        *people(event),
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def optional(name: str, value: str) -> list[str]:
    return [f"{name}:{value}"] if value else []


def people(event: Event) -> list[str]:
    lines = []
    if event.organizer:
        name, email = event.organizer
        lines.append(f"ORGANIZER;CN={quoted(name)}:{address(email)}")
    for name, email in event.attendees:
        lines.append(
            f"ATTENDEE;CN={quoted(name)};ROLE=REQ-PARTICIPANT;"
            f"PARTSTAT=NEEDS-ACTION;RSVP=TRUE:{address(email)}"
        )
    return lines
