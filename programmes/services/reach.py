"""Whom a programme concerns, and how many of them a message or training reached."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from programmes.models import OrgUnit, Person, Programme, ScopeItem


@dataclass
class Reach:
    """People of a unit: how many there are, and how many of them were reached."""

    unit: OrgUnit | None
    of: int = 0
    told: int = 0
    done: int = 0
    scores: tuple[int, ...] = ()

    @property
    def share(self) -> float | None:
        return self.done / self.of if self.of else None

    @property
    def mean_score(self) -> float | None:
        return sum(self.scores) / len(self.scores) if self.scores else None


def units_in_scope(programme: Programme) -> Any:
    """The units of the scope list; without any, the business area itself."""
    rows = ScopeItem.objects.of(programme).filter(
        kind=ScopeItem.Kind.UNIT, is_in=True, unit__isnull=False
    )
    found = OrgUnit.objects.filter(pk__in=rows.values("unit"))
    if programme.unit_id and not rows.exists():
        found = OrgUnit.objects.filter(pk=programme.unit_id)
    return found.order_by("name", "pk")


def staff_in_scope(programme: Programme, units: Collection[OrgUnit] = ()) -> Any:
    """Active people of the units in scope, or of the given ones."""
    found = [one.pk for one in units] or units_in_scope(programme).values("pk")
    return Person.objects.active().filter(unit__in=found).order_by("name", "pk")


def by_unit(rows: Iterable[tuple[OrgUnit | None, bool, bool]]) -> list[Reach]:
    """Rows of (unit, told, done) counted per unit, in the order of their names."""
    found: dict[int | None, Reach] = {}
    for unit, told, done in rows:
        one = found.setdefault(unit.pk if unit else None, Reach(unit))
        one.of += 1
        one.told += told
        one.done += done
    return in_order(found.values())


def in_order(rows: Iterable[Reach]) -> list[Reach]:
    """By the names of the units; people without a unit come last."""
    return sorted(rows, key=lambda one: (one.unit is None, str(one.unit)))
