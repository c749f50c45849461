"""Naming many of the team at once, from lines that somebody pasted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from programmes.kit.errors import Refusal
from programmes.models import Account, Membership, Person, Programme
from programmes.permissions import require
from programmes.services.programmes import grant_role

MOST_LINES = 200
FULL = 100
PARTS = re.compile(r"[;\t]")


class BadLines(Refusal):
    """Some lines cannot be read; none is taken."""

    code = "bad-lines"
    status = 422


@dataclass(frozen=True)
class Line:
    """One line that was understood."""

    person: Person
    role: str
    percent: int
    seat: str


def grant_roles(
    *, by: Account, programme: Programme, text: str, now: datetime
) -> list[Membership]:
    """Give roles by lines "person; role; working time; function": all or none.

    The person is named by address or name, the role by its name or key.

    :raises NotAllowed: not the lead.
    :raises UnderReview: gate 1 is in review.
    :raises BadLines: naming each line that cannot be read.
    """
    require(by, "team.edit", programme)
    lines = read_lines(programme, text)
    with transaction.atomic():
        return [
            grant_role(
                by=by,
                programme=programme,
                person=one.person,
                role=one.role,
                seat=one.seat,
                capacity_percent=one.percent,
                now=now,
            )
            for one in lines
        ]


def read_lines(programme: Programme, text: str) -> list[Line]:
    """:raises BadLines: nothing is there, too much, or a line is not understood."""
    given = [one.strip() for one in text.splitlines()]
    filled = [(number, one) for number, one in enumerate(given, 1) if one]
    if not filled:
        raise BadLines(_("Give at least one line."))
    if len(filled) > MOST_LINES:
        raise BadLines(_("Give at most %(n)s lines.") % {"n": MOST_LINES})
    people = people_by_name(programme)
    lines, wrong = [], []
    for number, one in filled:
        found = read_line(one, people)
        if isinstance(found, Line):
            lines.append(found)
        else:
            said = {"number": number, "reason": found}
            wrong.append(_("Line %(number)s: %(reason)s") % said)
    if wrong:
        raise BadLines(" ".join(wrong))
    return lines


def people_by_name(programme: Programme) -> dict[str, Person | None]:
    """Active people by address and name in lower case; None where a name is twice."""
    found: dict[str, Person | None] = {}
    rows = Person.objects.filter(enterprise=programme.enterprise_id, is_active=True)
    for one in rows:
        for key in {one.name.lower(), one.email.lower()} - {""}:
            found[key] = None if key in found else one
    return found


def read_line(text: str, people: dict[str, Person | None]) -> Line | str:
    """The line as it is understood, or what is wrong with it."""
    parts = [one.strip() for one in PARTS.split(text)] + ["", "", ""]
    name, role, percent, seat = parts[:4]
    person = people.get(name.lower())
    if person is None:
        said = (
            _("more than one person is called %(name)s; give the address.")
            if name.lower() in people
            else _("nobody is called %(name)s.")
        )
        return said % {"name": name[:80]}
    roles = {str(label).lower(): key for key, label in Membership.Role.choices}
    key = roles.get(role.lower(), role.lower())
    if key not in Membership.Role.values:
        return _("there is no role %(role)s.") % {"role": role[:80]}
    share = percent.removesuffix("%").strip() or "0"
    if not (share.isdecimal() and len(share) <= 3 and int(share) <= FULL):
        return _("working time is a whole number from 0 to 100.")
    return Line(person, key, int(share), seat[:60])
