"""Who plays in the demo: one enterprise with its units, people and sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache

from django.contrib.auth.hashers import make_password

from programmes.models import (
    Account,
    Enterprise,
    EnterpriseRole,
    Membership,
    OrgUnit,
    Person,
    Programme,
)
from programmes.services import people, programmes

PASSWORD = "meliora demo 2026"  # noqa: S105 - the demo's sign-ins are printed
UNITS = {
    "sales": ("Sales", 46),
    "desk": ("Order desk", 24),
    "logistics": ("Logistics", 62),
    "finance": ("Finance", 31),
    "procurement": ("Procurement", 22),
    "people": ("People", 14),
    "service": ("Customer service", 38),
}
# key: name, job title, unit, enterprise roles
PEOPLE: dict[str, tuple[str, str, str, list[str]]] = {
    "admin": ("Petra Vogel", "IT administrator", "people", ["administrator"]),
    "auditor": ("Henrik Dahl", "Internal auditor", "finance", ["auditor"]),
    "lead": (
        "Tomás Ferreira",
        "Lead consultant",
        "sales",
        ["creator", "method_owner"],
    ),
    "sponsor": ("Ingrid Solheim", "Chief operating officer", "sales", []),
    "controller": ("Jonas Weber", "Finance controller", "finance", []),
    "owner": ("Mei Lin", "Head of order management", "desk", []),
    "gatekeeper": ("Priya Nair", "Head of IT", "people", []),
    "member": ("Lukas Brandt", "Process analyst", "logistics", []),
    "champion": ("Amara Okafor", "Team lead service", "service", []),
    "viewer": ("David Achterberg", "Head of procurement", "procurement", []),
}
STAFF = [
    ("Clara Jensen", "desk"),
    ("Samir Haddad", "desk"),
    ("Lena Fischer", "desk"),
    ("Owen Clarke", "sales"),
    ("Yuki Tanaka", "sales"),
    ("Marta Rossi", "logistics"),
    ("Piotr Nowak", "logistics"),
    ("Elif Kaya", "finance"),
    ("Noah Martin", "finance"),
    ("Sofia Reyes", "service"),
]
# Working time that each programme asks of a role, in percent.
TIME = {"owner": 10, "member": 25, "champion": 5, "controller": 3}
ROLE_KEYS = ["sponsor", "controller", "owner", "gatekeeper", "member", "champion"]


@dataclass(frozen=True)
class Cast:
    """The enterprise with its units and people by key; staff have no sign-in."""

    enterprise: Enterprise
    units: dict[str, OrgUnit]
    persons: dict[str, Person]
    staff: list[Person]

    def account(self, key: str) -> Account:
        account = self.persons[key].account
        if account is None:
            raise LookupError(f"{key} has no sign-in")
        return account


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of a day, UTC."""
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def gather(now: datetime) -> Cast:
    """Create the enterprise, its units, people and sign-ins."""
    enterprise = Enterprise.objects.create(name="Aldermoor Group", currency="EUR")
    units = {
        key: people.save_unit(
            by=None, enterprise=enterprise, name=name, headcount=headcount
        )
        for key, (name, headcount) in UNITS.items()
    }
    persons = {key: engage(enterprise, units, key, now) for key in PEOPLE}
    staff = [
        people.save_person(
            by=None,
            enterprise=enterprise,
            details=people.Details(
                name=name,
                email=f"{name.lower().replace(' ', '.')}@aldermoor.example",
                job_title="",
                unit=units[unit],
            ),
            now=now,
        )
        for name, unit in STAFF
    ]
    return Cast(enterprise, units, persons, staff)


@cache
def hashed() -> str:
    """All sign-ins share the printed password: one slow hash serves them all."""
    return make_password(PASSWORD)


def engage(
    enterprise: Enterprise, units: dict[str, OrgUnit], key: str, now: datetime
) -> Person:
    name, title, unit, roles = PEOPLE[key]
    person = people.save_person(
        by=None,
        enterprise=enterprise,
        details=people.Details(
            name=name,
            email=f"{key}@aldermoor.example",
            job_title=title,
            unit=units[unit],
        ),
        now=now,
    )
    account = people.open_account(by=None, person=person, now=now)
    account.password = hashed()
    account.is_staff = EnterpriseRole.Role.ADMINISTRATOR in roles
    account.is_superuser = account.is_staff
    account.save()
    people.set_roles(by=None, person=person, roles=roles, now=now)
    return person


def open_programme(
    cast: Cast, code: str, name: str, summary: str, unit: str, begin: date
) -> Programme:
    """A programme led by the lead, with one person in each other role."""
    programme = programmes.create_programme(
        by=cast.account("lead"),
        enterprise=cast.enterprise,
        code=code,
        name=name,
        summary=summary,
        unit=cast.units[unit],
        starts_on=begin,
        now=at(begin),
    )
    for key in [*ROLE_KEYS, "viewer"]:
        programmes.grant_role(
            by=cast.account("lead"),
            programme=programme,
            person=cast.persons[key],
            role=Membership.Role(key),
            unit=cast.units[unit] if key == "champion" else None,
            seat="IT" if key == "gatekeeper" else "",
            capacity_percent=TIME.get(key, 0),
            now=at(begin),
        )
    return programme
