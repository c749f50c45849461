"""Criteria of gate 2: do people know, understand and take part?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Avg, Count, Q
from django.utils.translation import gettext_lazy as _

from programmes.gates.common import Common, common, conditions_closed, page
from programmes.gating import (
    Assessment,
    Kind,
    Link,
    Result,
    criterion,
    evidence,
    marks,
)
from programmes.kit.errors import Text
from programmes.kit.together import together
from programmes.models import (
    Attendance,
    Meeting,
    Membership,
    Notice,
    OrgUnit,
    Participation,
    Programme,
    Pulse,
    ScopeItem,
    StaffQuestion,
    Stakeholder,
)
from programmes.models.pulses import FEWEST
from programmes.phases import Phase

THERE = (Attendance.State.ATTENDED, Attendance.State.BRIEFED)


@dataclass(frozen=True)
class KickOff:
    shared: Common
    today: date
    meetings: list[Any]
    attendances: list[Attendance]
    members: list[Membership]
    scope: list[ScopeItem]
    notices: list[Any]
    participations: list[Participation]
    questions: list[StaffQuestion]
    pulses: list[Any]
    stakeholders: list[Stakeholder]

    @property
    def programme(self) -> Programme:
        return self.shared.programme

    @property
    def units(self) -> list[OrgUnit]:
        """The units of the scope; without any, the business area."""
        found = [
            one.unit
            for one in self.scope
            if one.kind == ScopeItem.Kind.UNIT and one.unit is not None
        ]
        area = self.programme.unit
        return found or ([area] if area else [])

    @property
    def at_meetings(self) -> list[Attendance]:
        """The lists of the meetings that were held, cancelled ones left out."""
        held = {one.pk for one in self.meetings if one.held_on and not one.cancelled_at}
        return [one for one in self.attendances if one.meeting_id in held]


@evidence(Phase.KICK_OFF)
def kick_off(programme: Programme, now: datetime) -> KickOff:
    """Two queries, and one for the business area."""
    alive = Q(attendances__deleted_at=None, attendances__state="attended")
    read = Q(receipts__read_at__isnull=False)
    pulses = Pulse.objects.of(programme).filter(closed_at__isnull=False)
    rows: dict[str, Any] = together(
        programme,
        meetings=Meeting.objects.of(programme)
        .annotate(present=Count("attendances", filter=alive))
        .order_by("pk"),
        attendances=Attendance.objects.of(programme)
        .filter(meeting__deleted_at=None)
        .select_related("person")
        .order_by("pk"),
        members=Membership.objects.filter(
            programme=programme, role__in=["sponsor", "champion"]
        )
        .select_related("person")
        .order_by("pk"),
        scope=ScopeItem.objects.of(programme)
        .filter(is_in=True)
        .select_related("unit", "owner")
        .order_by("pk"),
        notices=Notice.objects.of(programme)
        .filter(sent_on__isnull=False)
        .annotate(told=Count("receipts"), read=Count("receipts", filter=read))
        .order_by("pk"),
        participations=Participation.objects.of(programme)
        .filter(course__deleted_at=None)
        .order_by("pk"),
        questions=StaffQuestion.objects.of(programme).order_by("pk"),
        pulses=pulses.annotate(
            n=Count("answers"), why=Avg("answers__awareness")
        ).order_by("closed_at"),
        stakeholders=Stakeholder.objects.of(programme).order_by("pk"),
    )
    shared = common(programme, Phase.KICK_OFF, now)
    return KickOff(shared=shared, today=now.date(), **rows)


def limit(limits: dict[str, Any], code: str, name: str, default: float) -> float:
    """A threshold of the method pack, or what it is without one."""
    return float(limits.get(code, {}).get(name, default))


def judged(
    passed: bool,
    done: int,
    of: int,
    mark: str,
    detail: Text,
    links: tuple[Link, ...],
) -> Assessment:
    result = Result.PASS if passed else Result.FAIL
    return Assessment(result, done, of, mark, detail, () if passed else links)


def add(found: KickOff, slug: str, label: Text) -> tuple[Link, ...]:
    return (Link(label, page(found.programme, f"{slug}-new")),)


@criterion(Phase.KICK_OFF, "G2.A0", _("Conditions of earlier gates are closed"))
def kick_off_conditions(found: KickOff, limits: dict[str, Any]) -> Assessment:
    return conditions_closed(found.shared)


@criterion(
    Phase.KICK_OFF, "G2.A1", _("The start-up meeting was held and its minutes issued")
)
def meeting_held(found: KickOff, limits: dict[str, Any]) -> Assessment:
    good = [
        one
        for one in found.meetings
        if one.held_on and one.issued_at and one.present and not one.cancelled_at
    ]
    links = tuple(
        Link(str(one), page(found.programme, "meetings-detail", one.pk))
        for one in found.meetings
    ) or add(found, "meetings", _("Plan the meeting"))
    detail = (
        _("Held, and minutes are issued.")
        if good
        else _("No meeting has a date, people who attended, and issued minutes.")
    )
    return judged(bool(good), bool(good), 1, marks(found.meetings), detail, links)


@criterion(
    Phase.KICK_OFF, "G2.A2", _("The sponsor and all process owners attended or know")
)
def leaders_there(found: KickOff, limits: dict[str, Any]) -> Assessment:
    people: dict[int | None, Any] = {
        one.person_id: one.person
        for one in found.members
        if one.role == Membership.Role.SPONSOR
    }
    people |= {
        one.owner_id: one.owner
        for one in found.scope
        if one.kind == ScopeItem.Kind.PROCESS and one.owner is not None
    }
    there = {one.person_id for one in found.at_meetings if one.state in THERE}
    away = [one for pk, one in people.items() if pk not in there]
    meetings = page(found.programme, "meetings-list")
    links = tuple(Link(str(one), meetings) for one in away)
    detail = _("%(there)s of %(all)s were there or were briefed.") % {
        "there": len(people) - len(away),
        "all": len(people),
    }
    mark = marks([*found.at_meetings, *found.scope])
    return judged(
        bool(people) and not away,
        len(people) - len(away),
        len(people),
        mark,
        detail,
        links or (Link(_("Team and roles"), page(found.programme, "team")),),
    )


@criterion(Phase.KICK_OFF, "G2.A3", _("Each unit in scope has a champion"))
def units_championed(found: KickOff, limits: dict[str, Any]) -> Assessment:
    champions = [one for one in found.members if one.role == Membership.Role.CHAMPION]
    covered = {one.unit_id for one in champions}
    units = {one.pk: one for one in found.units}
    bare = [one for pk, one in units.items() if pk not in covered]
    detail = _("%(good)s of %(all)s units have a champion.") % {
        "good": len(units) - len(bare),
        "all": len(units),
    }
    team = page(found.programme, "team")
    links = tuple(Link(one.name, team) for one in bare) or (
        Link(_("Scope"), page(found.programme, "scope-list")),
    )
    names = sorted(f"{one.person_id}:{one.unit_id}" for one in champions)
    return judged(
        bool(units) and not bare,
        len(units) - len(bare),
        len(units),
        ",".join(names)[:200],
        detail,
        links,
    )


@criterion(
    Phase.KICK_OFF,
    "G2.A4",
    _("At least 85% of the target group did the training"),
    limits={"share": 0.85},
)
def people_trained(found: KickOff, limits: dict[str, Any]) -> Assessment:
    rows = found.participations
    done = [one for one in rows if one.done_on]
    needed = limit(limits, "G2.A4", "share", 0.85)
    links = (
        (Link(_("Participants"), page(found.programme, "participants-list")),)
        if rows
        else add(found, "training", _("Add a training"))
    )
    detail = _("%(done)s of %(all)s people of the target group are trained.") % {
        "done": len(done),
        "all": len(rows),
    }
    passed = bool(rows) and len(done) >= needed * len(rows)
    return judged(passed, len(done), len(rows), marks(rows), detail, links)


@criterion(
    Phase.KICK_OFF,
    "G2.A5",
    _("The announcements reached at least 90% of those they are for"),
    limits={"share": 0.90},
)
def staff_reached(found: KickOff, limits: dict[str, Any]) -> Assessment:
    told = sum(one.told + one.audience for one in found.notices)
    read = sum(one.read + one.reached for one in found.notices)
    needed = limit(limits, "G2.A5", "share", 0.90)
    behind = [
        one
        for one in found.notices
        if one.read + one.reached < needed * (one.told + one.audience)
    ]
    links = tuple(
        Link(str(one), page(found.programme, "announcements-detail", one.pk))
        for one in behind
    ) or add(found, "announcements", _("Write an announcement"))
    detail = _("%(read)s of %(told)s have read what they were told.") % {
        "read": read,
        "told": told,
    }
    passed = told > 0 and read >= needed * told
    return judged(passed, read, told, marks(found.notices), detail, links)


@criterion(
    Phase.KICK_OFF,
    "G2.A6",
    _("No question of staff waits longer than 10 days"),
    limits={"days": 10},
)
def questions_answered(found: KickOff, limits: dict[str, Any]) -> Assessment:
    days = limit(limits, "G2.A6", "days", 10)
    late = [
        one
        for one in found.questions
        if one.answered_on is None and (found.today - one.asked_on).days > days
    ]
    links = tuple(
        Link(str(one), page(found.programme, "questions-edit", one.pk)) for one in late
    )
    all_ = len(found.questions)
    detail = _("%(late)s of %(all)s questions wait too long.") % {
        "late": len(late),
        "all": all_,
    }
    return judged(
        not late, all_ - len(late), all_, marks(found.questions), detail, links
    )


@criterion(
    Phase.KICK_OFF,
    "G2.a1",
    _("At least 80% of those invited came to the meetings"),
    Kind.SHOULD,
    limits={"share": 0.80},
)
def invited_came(found: KickOff, limits: dict[str, Any]) -> Assessment:
    rows = found.at_meetings
    came = [one for one in rows if one.state == Attendance.State.ATTENDED]
    needed = limit(limits, "G2.a1", "share", 0.80)
    detail = _("%(came)s of %(all)s invited people came.") % {
        "came": len(came),
        "all": len(rows),
    }
    links = (Link(_("Meetings"), page(found.programme, "meetings-list")),)
    passed = bool(rows) and len(came) >= needed * len(rows)
    return judged(passed, len(came), len(rows), marks(rows), detail, links)


@criterion(
    Phase.KICK_OFF,
    "G2.a2",
    _("The quiz was understood: 70% right on average"),
    Kind.SHOULD,
    limits={"mean": 70},
)
def quiz_understood(found: KickOff, limits: dict[str, Any]) -> Assessment:
    rows = [one for one in found.participations if one.score is not None]
    scores = [one.score for one in rows if one.score is not None]
    mean = sum(scores) / len(scores) if scores else 0
    detail = _("%(mean)s%% right on average, from %(n)s people.") % {
        "mean": round(mean),
        "n": len(scores),
    }
    links = (Link(_("Training"), page(found.programme, "training-list")),)
    passed = bool(scores) and mean >= limit(limits, "G2.a2", "mean", 70)
    return judged(passed, round(mean), 100, marks(rows), detail, links)


@criterion(
    Phase.KICK_OFF,
    "G2.a3",
    _("Half of the staff answered the pulse, and they know why"),
    Kind.SHOULD,
    limits={"share": 0.50, "mean": 3.5},
)
def pulse_taken(found: KickOff, limits: dict[str, Any]) -> Assessment:
    if not found.pulses:
        links = add(found, "pulses", _("Take the pulse"))
        return judged(False, 0, 1, "", _("No pulse is closed yet."), links)
    newest = found.pulses[-1]
    links = (Link(str(newest), page(found.programme, "pulses-detail", newest.pk)),)
    mark = marks([newest])
    if newest.n < FEWEST:
        detail = _("Fewer than five people answered, so nothing is shown.")
        return judged(False, 0, newest.population, mark, detail, links)
    why = float(newest.why)
    told = _("%(n)s of %(all)s answered; “I know why” is at %(why)s of 5.") % {
        "n": newest.n,
        "all": newest.population,
        "why": f"{why:.1f}",
    }
    passed = newest.n >= newest.population * limit(
        limits, "G2.a3", "share", 0.50
    ) and why >= limit(limits, "G2.a3", "mean", 3.5)
    return judged(passed, newest.n, newest.population, mark, told, links)


@criterion(
    Phase.KICK_OFF,
    "G2.a4",
    _("Something is done about each strong stakeholder who is against it"),
    Kind.SHOULD,
)
def resistance_met(found: KickOff, limits: dict[str, Any]) -> Assessment:
    mark = marks(found.stakeholders)
    if not found.stakeholders:
        links = add(found, "stakeholders", _("Map the stakeholders"))
        return judged(False, 0, 1, mark, _("Nobody is on the map yet."), links)
    hot = [one for one in found.stakeholders if one.is_hot]
    bare = [one for one in hot if not one.has_plan]
    links = tuple(
        Link(str(one), page(found.programme, "stakeholders-edit", one.pk))
        for one in bare
    )
    detail = _("%(good)s of %(all)s hot spots have an action with an owner.") % {
        "good": len(hot) - len(bare),
        "all": len(hot),
    }
    return judged(not bare, len(hot) - len(bare), len(hot), mark, detail, links)
