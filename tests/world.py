"""The small enterprise with its cast, built by the same services as the demo.

Everything a person would have typed carries the sign § so that the translation test
can tell data from words of the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from programmes.models import (
    Account,
    Enterprise,
    EnterpriseRole,
    Membership,
    OrgUnit,
    Person,
    Programme,
    ScopeItem,
)
from programmes.services import people, programmes
from programmes.services.records import save_record

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "a long enough passphrase"
ROLES = Membership.Role
Enterprise_ = EnterpriseRole.Role


@dataclass
class World:
    """Accounts by role, one programme, and a second enterprise beside it."""

    enterprise: Enterprise
    unit: OrgUnit
    programme: Programme
    accounts: dict[str, Account]
    persons: dict[str, Person]
    elsewhere: Enterprise
    other_programme: Programme
    now: datetime = NOW

    def __getattr__(self, name: str) -> Account:
        try:
            return self.__dict__["accounts"][name]
        except KeyError:
            raise AttributeError(name) from None

    def person(self, name: str) -> Person:
        return self.persons[name]

    def save(self, model: type[Any], by: str = "lead", **values: Any) -> Any:
        """Create a record of the programme by the service."""
        record = model(programme=self.programme, **values)
        return save_record(by=self.accounts[by], record=record, now=self.now)


def add_person(
    enterprise: Enterprise, key: str, unit: OrgUnit | None = None, roles: Any = ()
) -> Person:
    details = people.Details(
        name=f"§{key.capitalize()} Person",
        email=f"{key}@{enterprise.pk}.example",
        job_title=f"§{key}",
        unit=unit,
    )
    person = people.save_person(
        by=None, enterprise=enterprise, details=details, now=NOW
    )
    account = people.open_account(by=None, person=person, now=NOW)
    account.set_password(PASSWORD)
    account.save()
    people.set_roles(by=None, person=person, roles=roles, now=NOW)
    return person


def build_world() -> World:
    """The world as it is written already, or written now."""
    return load_world() or write_world()


def write_world() -> World:
    """An enterprise with one person for each role, and a stranger's enterprise."""
    enterprise = Enterprise.objects.create(name="§Aldermoor", currency="EUR")
    unit = people.save_unit(
        by=None, enterprise=enterprise, name="§Order desk", headcount=40
    )
    persons = {
        "admin": add_person(enterprise, "admin", roles=[Enterprise_.ADMINISTRATOR]),
        "auditor": add_person(enterprise, "auditor", roles=[Enterprise_.AUDITOR]),
        "lead": add_person(enterprise, "lead", unit, roles=[Enterprise_.CREATOR]),
        "outsider": add_person(enterprise, "outsider", unit),
    }
    lead = persons["lead"].account
    programme = programmes.create_programme(
        by=lead,
        enterprise=enterprise,
        code="o2c",
        name="§Order to cash",
        summary="§From order to payment",
        unit=unit,
        starts_on=date(2026, 3, 2),
        now=NOW,
    )
    for role in ROLES:
        if role == ROLES.LEAD:
            continue
        persons[role.value] = add_person(enterprise, role.value, unit)
        programmes.grant_role(
            by=lead,
            programme=programme,
            person=persons[role.value],
            role=role.value,
            unit=unit if role == ROLES.CHAMPION else None,
            now=NOW,
        )
    people.set_roles(
        by=None,
        person=persons["viewer"],
        roles=[Enterprise_.METHOD_OWNER],
        now=NOW,
    )
    elsewhere = Enterprise.objects.create(name="§Elsewhere", currency="GBP")
    persons["stranger"] = add_person(elsewhere, "stranger", roles=[Enterprise_.CREATOR])
    other = programmes.create_programme(
        by=persons["stranger"].account,
        enterprise=elsewhere,
        code="other",
        name="§Other programme",
        now=NOW,
    )
    return World(
        enterprise=enterprise,
        unit=unit,
        programme=programme,
        accounts={key: one.account for key, one in persons.items()},
        persons=persons,
        elsewhere=elsewhere,
        other_programme=other,
    )


def load_world() -> World | None:
    """The world as it was written before, or None."""
    enterprise = Enterprise.objects.filter(name="§Aldermoor").first()
    if enterprise is None:
        return None
    people_ = Person.objects.select_related("account", "unit", "enterprise")
    persons = {one.job_title.removeprefix("§"): one for one in people_}
    programmes_ = Programme.objects.select_related("enterprise", "unit", "created_by")
    other = programmes_.get(code="other")
    return World(
        enterprise=enterprise,
        unit=OrgUnit.objects.get(name="§Order desk"),
        programme=programmes_.get(code="o2c"),
        accounts={key: one.account for key, one in persons.items()},
        persons=persons,
        elsewhere=other.enterprise,
        other_programme=other,
    )


def scope_process(world: World, name: str = "§Order release") -> ScopeItem:
    """A process in scope, owned by the process owner."""
    return world.save(
        ScopeItem,
        kind=ScopeItem.Kind.PROCESS,
        name=name,
        is_in=True,
        unit=world.unit,
        owner=world.person("owner"),
    )
