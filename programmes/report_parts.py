"""A report put together from its parts, all of them or only the one that is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from programmes.kit import formats
from programmes.kit.errors import Text
from programmes.models import Document, Membership, Programme
from programmes.reports import (
    PHASES,
    TITLES,
    CoverLine,
    Report,
    Section,
)

Loader = Callable[[Programme, datetime], Section | None]


@dataclass(frozen=True)
class Part:
    """A section that can be loaded; its key and title are known before."""

    key: str
    title: Text
    load: Loader


def sections_of(
    parts: Sequence[Part], programme: Programme, as_of: datetime
) -> tuple[Section, ...]:
    """What the parts hold; a section with nothing in it is left out."""
    found = [one.load(programme, as_of) for one in parts]
    return tuple(one for one in found if one is not None)


def part_of(parts: Sequence[Part], key: str) -> Part:
    """The part of the key, or the first one."""
    return next((one for one in parts if one.key == key), parts[0])


def build_part(
    kind: Document.Kind, part: Part, programme: Programme, as_of: datetime
) -> Report:
    """A report of one part alone: only its own rows are loaded."""
    nothing = Section(part.key, str(part.title), _("Nothing is known of this yet."))
    found = part.load(programme, as_of) or nothing
    return build(kind, programme, as_of, (found,))


def build(
    kind: Document.Kind,
    programme: Programme,
    as_of: datetime,
    sections: tuple[Section, ...],
) -> Report:
    """The report with its cover; its message is what the first section says."""
    return Report(
        kind=kind.value,
        title=str(TITLES[kind]),
        programme=programme.name,
        code=programme.code,
        enterprise=programme.enterprise.name,
        phase=int(PHASES[kind]),
        message=sections[0].lead if sections else "",
        as_of=as_of.isoformat(),
        as_of_words=formats.moment(as_of),
        cover=cover_of(programme, as_of),
        sections=sections,
    )


def cover_of(programme: Programme, as_of: datetime) -> tuple[CoverLine, ...]:
    """State, sponsor, lead and owner; one query."""
    people: dict[str, list[Any]] = {}
    members = Membership.objects.filter(programme=programme).select_related(
        "person__unit"
    )
    for one in members.order_by("pk"):
        people.setdefault(one.role, []).append(one.person)
    roles = [
        (Membership.Role.SPONSOR, _("Sponsor")),
        (Membership.Role.LEAD, _("Prepared by")),
        (Membership.Role.OWNER, _("Process owner")),
    ]
    lines = [CoverLine(_("As of"), formats.day(as_of), f"{as_of:%H:%M} UTC")]
    for role, label in roles:
        first = people.get(role, [None])[0]
        name = first.name if first else formats.MISSING
        lines.append(CoverLine(label, name, first.job_title if first else ""))
    return tuple(lines)
