"""Who may do what: one table. Browser, API and commands all pass here.

Every write asks `require` in its service's first line; pages ask `Grants.may` only to
show or hide a button. Reading is decided by `visible_to` on the querysets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.kit.composed import Composed
from programmes.kit.errors import NotAllowed
from programmes.models import (
    Account,
    Enterprise,
    EnterpriseRole,
    Membership,
    Person,
    Programme,
)

R = Membership.Role
E = EnterpriseRole.Role
LEAD, SPONSOR, OWNER = R.LEAD, R.SPONSOR, R.OWNER
CONTROLLER, MEMBER, CHAMPION = R.CONTROLLER, R.MEMBER, R.CHAMPION
EVERYBODY = frozenset(R)
TEAM = EVERYBODY - {R.VIEWER}


@dataclass(frozen=True)
class Rule:
    """Roles that may do the act; `own` roles may do it to what they own."""

    roles: frozenset[str]
    own: frozenset[str] = frozenset()
    enterprise: frozenset[str] = frozenset()


def rule(*roles: str, own: Iterable[str] = (), enterprise: Iterable[str] = ()) -> Rule:
    return Rule(frozenset(roles), frozenset(own), frozenset(enterprise))


POLICY: dict[str, Rule] = {
    # The enterprise
    "people.edit": rule(enterprise=[E.ADMINISTRATOR]),
    "token.edit": rule(enterprise=[E.ADMINISTRATOR]),
    "ledger.read": rule(enterprise=[E.ADMINISTRATOR, E.AUDITOR]),
    "programme.create": rule(enterprise=[E.CREATOR]),
    "pack.edit": rule(enterprise=[E.METHOD_OWNER]),
    # Every page of a programme
    "programme.read": rule(*EVERYBODY, enterprise=[E.AUDITOR]),
    "export": rule(*(EVERYBODY - {R.MEMBER, R.CHAMPION}), enterprise=[E.AUDITOR]),
    "programme.edit": rule(LEAD),
    "pack.move": rule(LEAD),
    # Phase 1
    "mandate.edit": rule(LEAD),
    "mandate.sign": rule(SPONSOR),
    "objective.edit": rule(LEAD),
    "need.edit": rule(LEAD),
    "scope.edit": rule(LEAD),
    "it.edit": rule(LEAD),
    "budget.edit": rule(LEAD),
    "budget.confirm": rule(CONTROLLER),
    "plan.edit": rule(LEAD),
    "team.edit": rule(LEAD),
    "risk.edit": rule(LEAD, own=[OWNER, MEMBER, CHAMPION]),
    # Phase 2
    "meeting.edit": rule(LEAD),
    "notice.edit": rule(LEAD, CHAMPION),
    "training.edit": rule(LEAD, CHAMPION),
    "question.edit": rule(LEAD, CHAMPION),
    "question.ask": rule(*EVERYBODY),
    "stakeholder.edit": rule(LEAD),
    "pulse.edit": rule(LEAD),
    # Phase 3
    "environment.edit": rule(LEAD),
    "survey.edit": rule(LEAD),
    "process.edit": rule(LEAD, own=[OWNER]),
    "process.confirm": rule(own=[OWNER]),
    "log.edit": rule(LEAD),
    "problem.create": rule(LEAD, OWNER, MEMBER, CHAMPION),
    "problem.edit": rule(LEAD, own=[OWNER, MEMBER, CHAMPION]),
    "finding.edit": rule(LEAD),
    "report.issue": rule(LEAD),
    # Phases 4 and 5
    "goal.edit": rule(LEAD),
    "option.edit": rule(LEAD),
    "case.edit": rule(LEAD, CONTROLLER),
    "scheme.edit": rule(LEAD),
    "support.edit": rule(LEAD),
    # Phase 6
    "work.edit": rule(LEAD),
    "work.finish": rule(LEAD, own=TEAM),
    # Phases 7 and 8
    "indicator.edit": rule(LEAD, own=[OWNER]),
    "measurement.record": rule(LEAD, own=[OWNER, CONTROLLER]),
    "evaluation.edit": rule(LEAD),
    "rating.give": rule(*TEAM),
    "economics.edit": rule(LEAD),
    "economics.confirm": rule(CONTROLLER),
    "lesson.edit": rule(LEAD, OWNER),
    "action.edit": rule(LEAD, own=[OWNER, MEMBER, CHAMPION]),
    "cycle.start": rule(LEAD),
    # Gates
    "exception.edit": rule(LEAD),
    "gate.submit": rule(LEAD),
    "gate.withdraw": rule(LEAD),
    "gate.confirm": rule(CONTROLLER),
    "gate.decide": rule(SPONSOR),
    "gate8.decide": rule(OWNER),
    "gate.record": rule(LEAD, SPONSOR, OWNER),
    "gate.delegate": rule(SPONSOR, OWNER, R.GATEKEEPER, CONTROLLER),
    "waiver.ask": rule(LEAD),
    "condition.close": rule(LEAD, SPONSOR),
}

# What goes on while a programme is on hold, stopped or closed: reading, the chair's
# acts at its gates, who works in it, and the next cycle. Measurements keep flowing.
WHILE_FROZEN = frozenset(
    {
        "programme.read",
        "export",
        "programme.edit",
        "team.edit",
        "gate.decide",
        "gate8.decide",
        "gate.delegate",
        "gate.record",
        "measurement.record",
        "cycle.start",
    }
)

ROLE_WORDS = {
    **dict(R.choices),
    **dict(E.choices),
}
NOBODY = gettext_lazy("nobody")


@dataclass(frozen=True)
class Grants:
    """What one account may do in one programme."""

    account_id: int | None
    roles: frozenset[str] = frozenset()
    enterprise_roles: frozenset[str] = frozenset()
    person_ids: frozenset[int] = field(default_factory=frozenset)
    is_frozen: bool = False

    def may(self, act: str, record: Any = None) -> bool:
        found = POLICY[act]
        if self.is_frozen and act not in WHILE_FROZEN:
            return False
        if self.roles & found.roles or self.enterprise_roles & found.enterprise:
            return True
        return bool(self.roles & found.own) and self.owns(record)

    def why_not(self, act: str) -> str:
        """The sentence for who may not do the act."""
        if self.is_frozen and act not in WHILE_FROZEN:
            return _("The programme is on hold or ended, so nothing is changed in it.")
        return _("This is done by: %(roles)s.") % {"roles": who_may(act)}

    def owns(self, record: Any) -> bool:
        """Owner of the record, or the one who created it."""
        if record is None:
            return False
        owners = {getattr(record, name, None) for name in ("owner_id", "person_id")}
        if owners & self.person_ids:
            return True
        created_by = getattr(record, "created_by_id", None)
        return created_by is not None and created_by == self.account_id


def people_in(user: int, programme: int, enterprise: int) -> Any:
    """Who an account is in an enterprise, with the roles there and in a programme."""
    offices = EnterpriseRole.objects.filter(person=OuterRef("pk"))
    roles = Membership.objects.filter(person=OuterRef("pk"), programme=programme)
    people = Person.objects.filter(account=user, enterprise=enterprise, is_active=True)
    return people.only("pk").annotate(
        offices=ArraySubquery(offices.values("role")),
        my_roles=ArraySubquery(roles.values("role")),
    )


# Asked before every change of a record.
PEOPLE_IN = Composed(people_in, user=-1_001, programme=-1_002, enterprise=-1_003)


def grants_for(user: Account | AnonymousUser, programme: Programme) -> Grants:
    """Load the roles of a user in a programme and its enterprise, in one query."""
    if not user.is_authenticated or not user.is_active:
        return Grants(None)
    people = PEOPLE_IN.rows(
        user=user.pk, programme=programme.pk, enterprise=programme.enterprise_id
    )
    return Grants(
        account_id=user.pk,
        roles=frozenset(role for one in people for role in one.my_roles),
        enterprise_roles=frozenset(role for one in people for role in one.offices),
        person_ids=frozenset(one.pk for one in people),
        is_frozen=programme.state != Programme.State.ACTIVE,
    )


def who_may(act: str) -> str:
    """The roles that may do the act, in words."""
    found = POLICY[act]
    names = sorted(
        str(ROLE_WORDS[one]).lower()
        for one in found.roles | found.own | found.enterprise
    )
    return _(" or ").join(names) if names else str(NOBODY)


def may(
    user: Account | AnonymousUser, act: str, programme: Programme, record: Any = None
) -> bool:
    return grants_for(user, programme).may(act, record)


def require(
    user: Account | AnonymousUser, act: str, programme: Programme, record: Any = None
) -> Grants:
    """Return the grants of the user.

    :raises NotAllowed: naming who could do it.
    """
    grants = grants_for(user, programme)
    if not grants.may(act, record):
        raise NotAllowed(grants.why_not(act))
    return grants


def may_in_enterprise(
    user: Account | AnonymousUser, act: str, enterprise: Enterprise
) -> bool:
    if not user.is_authenticated or not user.is_active:
        return False
    return EnterpriseRole.objects.filter(
        person__account=user,
        person__is_active=True,
        person__enterprise=enterprise,
        role__in=POLICY[act].enterprise,
    ).exists()


def require_in_enterprise(
    user: Account | AnonymousUser, act: str, enterprise: Enterprise
) -> None:
    """:raises NotAllowed: naming who could do it."""
    if not may_in_enterprise(user, act, enterprise):
        raise NotAllowed(_("This is done by: %(roles)s.") % {"roles": who_may(act)})
