"""A moment of a programme that somebody looks back to: a day, an hour, or a gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from re import fullmatch

from django.utils import timezone
from django.utils.translation import gettext as _

from programmes.kit import formats
from programmes.kit.errors import Refusal
from programmes.lifecycle import OPENING, GateKind, ReviewState
from programmes.models import GateReview, Programme

NOW = "today"
APPROVED = (ReviewState.DECIDED, ReviewState.REOPENED)


class NoMoment(Refusal):
    """What was asked for names no moment of the programme."""

    code = "no-moment"
    status = 422


@dataclass(frozen=True)
class Moment:
    """When, and how it was asked for in the address."""

    at: datetime
    asked: str
    gate: int = 0

    def __str__(self) -> str:
        """As a page says it: 31 Mar 2026; gate 3's approval, 31 Mar 2026, 14:05."""
        if self.asked == NOW:
            return _("today")
        here = timezone.localtime(self.at)
        if self.gate:
            return _("gate %(number)s's approval, %(moment)s") % {
                "number": self.gate,
                "moment": formats.moment(here),
            }
        return formats.moment(here) if "T" in self.asked else formats.day(here)

    @property
    def day(self) -> date:
        return timezone.localtime(self.at).date()

    @property
    def hour(self) -> str:
        """For the time of a form; empty where a whole day was asked for."""
        is_whole = "T" not in self.asked and not self.gate
        return "" if is_whole else f"{timezone.localtime(self.at):%H:%M}"


def read_moment(programme: Programme, asked: str, now: datetime) -> Moment:
    """What an address asks for: 2026-03-31, 2026-03-31T14:00, gate-3, or today.

    A day stands for its end. At most one query.

    :raises NoMoment: it cannot be read, lies ahead, or before the programme began.
    """
    asked = asked.strip()[:40]
    if asked == NOW:
        return Moment(now, NOW)
    gate = fullmatch(r"gate-([1-8])", asked)
    if gate:
        return approval_of(programme, int(gate[1]), asked)
    found = Moment(read_time(asked), asked)
    today = timezone.localtime(now).date()
    if found.day > today or ("T" in asked and found.at > now):
        raise NoMoment(_("%(moment)s lies ahead.") % {"moment": found})
    if found.at < programme.created_at:
        begun = formats.day(timezone.localtime(programme.created_at))
        raise NoMoment(
            _("The programme began on %(begun)s; before that there is nothing.")
            % {"begun": begun}
        )
    return found


def read_time(asked: str) -> datetime:
    """:raises NoMoment: it is neither a day nor a day with an hour."""
    try:
        if "T" in asked:
            found = datetime.fromisoformat(asked)
        else:
            found = datetime.combine(date.fromisoformat(asked), time.max)
        return found if found.tzinfo else timezone.make_aware(found)
    except (ValueError, OverflowError):
        raise NoMoment(
            _(
                "“%(asked)s” is no moment. Write a day as 2026-03-31, an hour as "
                "2026-03-31T14:00, or a gate as gate-3."
            )
            % {"asked": asked}
        ) from None


def approval_of(programme: Programme, number: int, asked: str) -> Moment:
    """The last approval of the gate.

    :raises NoMoment: it was not approved yet.
    """
    reviews = GateReview.objects.filter(
        gate__programme=programme,
        gate__kind=GateKind.PHASE,
        gate__phase=number,
        state__in=APPROVED,
        outcome__in=OPENING,
        decided_at__isnull=False,
    )
    at = reviews.order_by("-round").values_list("decided_at", flat=True).first()
    if at is None:
        raise NoMoment(
            _("Gate %(number)s has not been approved yet.") % {"number": number}
        )
    return Moment(at, asked, number)
