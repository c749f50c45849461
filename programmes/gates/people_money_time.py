"""Criteria of gate 1 about people, money and time; the others are in master_plan.py."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from programmes.charter import SEATS, overloaded
from programmes.gates.common import money_confirmed, page
from programmes.gates.master_plan import MasterPlan
from programmes.gating import (
    Assessment,
    Link,
    Result,
    counted,
    criterion,
    marks,
)
from programmes.kit.formats import money, number
from programmes.models import ScopeItem
from programmes.phases import Phase


@criterion(
    Phase.MASTER_PLAN,
    "G1.A6",
    _("Sponsor, lead, controller and an owner per process; nobody above 100%"),
)
def team_complete(found: MasterPlan, limits: dict[str, Any]) -> Assessment:
    """Working time counts over all programmes, its mark over this team alone."""
    there = {one.role for one in found.members}
    processes = [
        one for one in found.scope if one.is_in and one.kind == ScopeItem.Kind.PROCESS
    ]
    team = Link(_("Team"), page(found.programme, "team"))
    missing = [str(role.label) for role in SEATS if role not in there]
    links = [team] if missing else []
    ownerless = [one for one in processes if not one.owner_id]
    links += [
        Link(str(one), page(found.programme, "scope-edit", one.pk)) for one in ownerless
    ]
    over = overloaded(found.members)
    links += [Link(name, team.url) for name, _load in over]
    wrong = len(missing) + len(ownerless) + len(over)
    parts = [
        *missing,
        *(str(one) for one in ownerless),
        *(f"{name} {load}%" for name, load in over),
    ]
    detail = (
        _("To mend: %(parts)s.") % {"parts": ", ".join(parts)}
        if parts
        else _("Every seat is filled, and everybody has the time.")
    )
    result = Result.FAIL if wrong else Result.PASS
    return Assessment(result, 0, wrong, team_mark(found), detail, tuple(links))


def team_mark(found: MasterPlan) -> str:
    """Who holds which seat with how much time; other programmes do not move it."""
    seats = sorted(
        (one.role, one.person_id, one.unit_id or 0, one.capacity_percent)
        for one in found.members
    )
    owners = sorted((one.pk, one.version) for one in found.scope)
    text = json.dumps([seats, owners])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@criterion(
    Phase.MASTER_PLAN,
    "G1.A7",
    _("Budget lines have phase and category, tranches add up, contingency is stated"),
)
def budget_complete(found: MasterPlan, limits: dict[str, Any]) -> Assessment:
    budget = page(found.programme, "budget-list")
    estimate = page(found.programme, "benefit-range-edit", found.estimate.pk)
    loose = [one for one in found.budget if not one.phase or not one.category]
    links = [
        Link(str(one), page(found.programme, "budget-edit", one.pk)) for one in loose
    ]
    planned = sum((one.planned for one in found.budget), Decimal(0))
    released = sum((one.amount for one in found.tranches), Decimal(0))
    if not found.budget:
        links.append(Link(_("Add a budget line"), budget))
    if planned != released:
        links.append(Link(_("Tranches"), page(found.programme, "tranches-list")))
    if found.estimate.contingency is None:
        links.append(Link(_("State the contingency"), estimate))
    rows = [*found.budget, *found.tranches, found.estimate]
    detail = (
        _("Budget and tranches agree; contingency is stated.")
        if not links
        else _("Planned %(planned)s, in tranches %(released)s.")
        % {
            "planned": money(planned, found.programme.currency),
            "released": money(released, found.programme.currency),
        }
    )
    result = Result.FAIL if links else Result.PASS
    return Assessment(result, 0, 0, marks(rows), detail, tuple(links))


@criterion(
    Phase.MASTER_PLAN, "G1.A8", _("All eight phases and gates are dated, in order")
)
def plan_dated(found: MasterPlan, limits: dict[str, Any]) -> Assessment:
    good = []
    previous: date | None = None
    for row in found.plan:
        dates = [row.starts_on, row.ends_on, row.gate_on]
        starts = row.starts_on
        if starts and all(dates) and (previous is None or starts >= previous):
            good.append(row)
            previous = starts
    detail = _("%(good)s of 8 phases are dated, in order.") % {"good": len(good)}
    links = tuple(
        Link(str(one), page(found.programme, "phase-plan-edit", one.pk))
        for one in found.plan
        if one not in good
    )
    return counted(len(good), 8, detail, mark=marks(found.plan), links=links)


@criterion(
    Phase.MASTER_PLAN, "G1.F", _("The controller confirmed budget and benefit range")
)
def first_money_confirmed(found: MasterPlan, limits: dict[str, Any]) -> Assessment:
    rows = [*found.budget, *found.tranches, found.estimate]
    return money_confirmed(found.shared, Phase.MASTER_PLAN, marks(rows))


@criterion(
    Phase.MASTER_PLAN,
    "G1.A9",
    _("The benefit range has owner and basis, and its payback is computed"),
)
def benefit_computed(found: MasterPlan, limits: dict[str, Any]) -> Assessment:
    one = found.estimate
    planned = sum((line.planned for line in found.budget), Decimal(0))
    worth = one.worth(planned)
    checks = [
        (worth is None, _("the range")),
        (not planned, _("the budget")),
        (not one.owner_id, _("who answers for it")),
        (not one.basis.strip(), _("its basis")),
    ]
    missing = [str(label) for is_missing, label in checks if is_missing]
    mark = marks([one, *found.budget])
    if missing or worth is None:
        link = Link(
            _("Benefit range"), page(found.programme, "benefit-range-edit", one.pk)
        )
        detail = _("Missing: %(parts)s.") % {"parts": ", ".join(missing)}
        done = len(checks) - len(missing)
        return Assessment(Result.FAIL, done, len(checks), mark, detail, (link,))
    years = worth.likely.payback_years
    said = (
        _("The likely benefit pays back after %(years)s years.")
        % {"years": number(years, 1)}
        if years is not None
        else _("The likely benefit never pays the cost back.")
    )
    return Assessment(Result.PASS, 4, 4, mark, said)
