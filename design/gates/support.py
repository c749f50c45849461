"""Criteria of gate 5: is what the new process leans on in place on paper?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from design.gates.links import link_to
from design.models import (
    AuxiliaryInfo,
    CaseLine,
    CaseRate,
    Dimension,
    Responsibility,
    Scheme,
    SchemeStep,
    StepDimension,
    SupportScheme,
)
from design.models.options import case_of
from programmes.gates import Common, common, conditions_closed, each
from programmes.gating import (
    Assessment,
    Kind,
    Link,
    Result,
    counted,
    criterion,
    evidence,
    marks,
)
from programmes.kit.formats import money
from programmes.kit.together import together
from programmes.models import Programme, Tranche
from programmes.phases import Phase


@dataclass(frozen=True)
class Support:
    shared: Common
    steps: list[SchemeStep]
    cells: list[StepDimension]
    items: list[SupportScheme]
    duties: list[Responsibility]

    @property
    def programme(self) -> Programme:
        return self.shared.programme


@evidence(Phase.SUPPORT)
def support(programme: Programme, now: datetime) -> Support:
    """Two queries."""
    steps = SchemeStep.objects.of(programme).filter(scheme__deleted_at=None)
    alive = {"step__deleted_at": None, "step__scheme__deleted_at": None}
    cells = StepDimension.objects.of(programme).filter(**alive)
    duties = Responsibility.objects.of(programme).filter(**alive)
    items = SupportScheme.objects.of(programme).select_related("step")
    rows: dict[str, Any] = together(
        programme,
        steps=steps.order_by("position", "pk"),
        cells=cells.select_related("step").order_by("pk"),
        items=items.order_by("pk"),
        duties=duties.select_related("person").order_by("pk"),
    )
    return Support(shared=common(programme, Phase.SUPPORT, now), **rows)


@criterion(Phase.SUPPORT, "G5.A0", _("Conditions of earlier gates are closed"))
def support_conditions(found: Support, limits: dict[str, Any]) -> Assessment:
    return conditions_closed(found.shared)


@criterion(Phase.SUPPORT, "G5.A1", _("Each changed step is checked on each dimension"))
def steps_checked(found: Support, limits: dict[str, Any]) -> Assessment:
    checked = {(one.step_id, one.dimension) for one in found.cells}
    changed = [one for one in found.steps if one.is_changed]
    wanted = [(one.pk, dimension) for one in changed for dimension in Dimension.values]
    done = [one for one in wanted if one in checked]
    detail = _("%(done)s of %(all)s checks are made.") % {
        "done": len(done),
        "all": len(wanted),
    }
    rows, links = [*changed, *found.cells], (to_check(found),)
    return counted(len(done), len(wanted), detail, mark=marks(rows), links=links)


def to_check(found: Support) -> Link:
    """To the check of the changed steps, or to the first of them."""
    if any(one.is_changed for one in found.steps):
        return link_to(_("Check the steps"), found.programme, "step-matrix")
    return link_to(_("Add a changed step"), found.programme, "scheme-steps-new")


@criterion(
    Phase.SUPPORT,
    "G5.A2",
    _("Each affected dimension has a scheme with owner, date and cost"),
)
def affected_supported(found: Support, limits: dict[str, Any]) -> Assessment:
    complete = {(one.step_id, one.dimension) for one in found.items if one.is_complete}
    affected = [one for one in found.cells if one.is_affected]
    good = [one for one in affected if (one.step_id, one.dimension) in complete]
    mark = marks([*found.cells, *found.items])
    if found.cells and not affected:
        nothing = _("No dimension is affected.")
        return Assessment(Result.NOT_APPLICABLE, 0, 0, mark, nothing)
    detail = _("%(good)s of %(all)s affected dimensions have a complete scheme.") % {
        "good": len(good),
        "all": len(affected),
    }
    begun = {
        (one.step_id, one.dimension): one.pk
        for one in found.items
        if not one.is_complete
    }
    links = tuple(
        mend_cell(found.programme, one, begun.get((one.step_id, one.dimension)))
        for one in affected
        if one not in good
    ) or (to_check(found),)
    return counted(len(good), len(affected), detail, mark=mark, links=links)


def mend_cell(programme: Programme, cell: StepDimension, item: int | None) -> Link:
    """Complete the scheme that is begun, or begin one with its step filled in."""
    if item is not None:
        return link_to(str(cell), programme, "support-edit", item)
    query = f"?step={cell.step_id}&dimension={cell.dimension}"
    return link_to(str(cell), programme, "support-new", query=query)


@criterion(Phase.SUPPORT, "G5.A3", _("No supporting scheme is without a step"))
def schemes_bound(found: Support, limits: dict[str, Any]) -> Assessment:
    steps = {one.pk for one in found.steps}
    loose = [one for one in found.items if one.step_id not in steps]
    links = tuple(
        link_to(str(one), found.programme, "support-edit", one.pk) for one in loose
    )
    detail = (
        _("%(count)s supporting schemes serve no step.") % {"count": len(loose)}
        if loose
        else _("Each supporting scheme serves a step.")
    )
    result = Result.FAIL if loose else Result.PASS
    total = len(found.items)
    return Assessment(
        result, total - len(loose), total, marks(found.items), detail, links
    )


@criterion(
    Phase.SUPPORT, "G5.A4", _("Each step has one accountable, and the post is filled")
)
def steps_accounted(found: Support, limits: dict[str, Any]) -> Assessment:
    answering = {
        one.step_id
        for one in found.duties
        if one.letter == Responsibility.Letter.ACCOUNTABLE
        and one.person is not None
        and one.person.is_active
    }
    bad = [one for one in found.steps if one.pk not in answering]
    held = {
        one.step_id: one.pk
        for one in found.duties
        if one.letter == Responsibility.Letter.ACCOUNTABLE
    }
    links = tuple(
        link_to(str(one), found.programme, "responsibilities-edit", held[one.pk])
        if one.pk in held
        else link_to(
            str(one),
            found.programme,
            "responsibilities-new",
            query=f"?step={one.pk}&letter=A",
        )
        for one in bad
    ) or (link_to(_("Add a step"), found.programme, "scheme-steps-new"),)
    total = len(found.steps)
    detail = _("%(good)s of %(all)s steps have their accountable.") % {
        "good": total - len(bad),
        "all": total,
    }
    rows = [*found.steps, *found.duties]
    return counted(total - len(bad), total, detail, mark=marks(rows), links=links)


@criterion(Phase.SUPPORT, "G5.A6", _("New rules and documents are drafted"))
def rules_drafted(found: Support, limits: dict[str, Any]) -> Assessment:
    rules = [one for one in found.items if one.dimension == Dimension.RULES]
    if not rules:
        nothing = _("No rule or document is to change.")
        return Assessment(Result.NOT_APPLICABLE, 0, 0, "none", nothing)
    good = [one for one in rules if one.state != SupportScheme.State.PLANNED]
    detail = _("%(good)s of %(all)s are drafted.") % {
        "good": len(good),
        "all": len(rules),
    }
    return each(rules, good, found.programme, "support", detail)


@criterion(
    Phase.SUPPORT, "G5.A10", _("The supporting schemes cost no more than is released")
)
def cost_covered(found: Support, limits: dict[str, Any]) -> Assessment:
    """The tranches of this gate and the later ones pay for them; one query."""
    rows = list(Tranche.objects.of(found.programme).filter(gate__gte=Phase.SUPPORT))
    cover = sum((one.amount for one in rows), Decimal(0))
    cost = sum((one.cost or Decimal(0) for one in found.items), Decimal(0))
    currency = found.programme.currency
    detail = _("They cost %(cost)s; %(cover)s is released from this gate on.") % {
        "cost": money(cost, currency),
        "cover": money(cover, currency),
    }
    link = link_to(_("Tranches"), found.programme, "tranches-list")
    mark = marks(found.items)
    return counted(int(cost <= cover), 1, detail, mark=mark, links=(link,))


@criterion(
    Phase.SUPPORT,
    "G5.A9",
    _("The case still pays with the costs of the supporting schemes"),
    Kind.SHOULD,
    limits={"least": 0},
)
def case_still_pays(found: Support, limits: dict[str, Any]) -> Assessment:
    lines = list(
        CaseLine.objects.of(found.programme)
        .filter(option__schemes__in=Scheme.objects.of(found.programme))
        .order_by("pk")
    )
    extra = sum((one.cost or Decimal(0) for one in found.items), Decimal(0))
    rate = CaseRate.of(found.programme)
    case = case_of(lines, rate.percent)
    mark = marks([*lines, *found.items])
    links = (link_to(_("Business case"), found.programme, "case-list"),)
    if case is None:
        return Assessment(Result.FAIL, 0, 1, mark, _("There is no case."), links)
    worth = Decimal(str(case.npv)) - extra
    detail = _(
        "Worth %(worth)s at %(rate)s after %(extra)s for supporting schemes."
    ) % {
        "worth": f"{worth:,.0f}",
        "rate": str(rate),
        "extra": f"{extra:,.0f}",
    }
    pays = worth >= Decimal(str(limits["G5.A9"]["least"]))
    return counted(int(pays), 1, detail, mark=mark, links=links)


@criterion(
    Phase.SUPPORT,
    "G5.a1",
    _("Schemes for people say what they do to incentives and appraisal"),
    Kind.SHOULD,
)
def incentives_considered(found: Support, limits: dict[str, Any]) -> Assessment:
    people = [one for one in found.items if one.dimension == Dimension.PEOPLE]
    cells = [one for one in found.cells if one.dimension == Dimension.PEOPLE]
    if cells and not people and not any(one.is_affected for one in cells):
        nothing = _("No step affects people and incentives.")
        return Assessment(Result.NOT_APPLICABLE, 0, 0, marks(cells), nothing)
    good = [one for one in people if one.incentive.strip()]
    detail = _("%(good)s of %(all)s schemes for people say it.") % {
        "good": len(good),
        "all": len(people),
    }
    return each(people, good, found.programme, "support", detail)


@criterion(
    Phase.SUPPORT,
    "G5.a2",
    _("What law and works agreements ask is looked up and written down"),
    Kind.SHOULD,
)
def rules_looked_up(found: Support, limits: dict[str, Any]) -> Assessment:
    """One query: the information of this kind."""
    rules = list(
        AuxiliaryInfo.objects.of(found.programme)
        .filter(kind=AuxiliaryInfo.Kind.RULE)
        .order_by("pk")
    )
    good = [one for one in rules if one.collected_on and one.finding.strip()]
    detail = _("%(good)s of %(all)s laws and rules say when and what was found.") % {
        "good": len(good),
        "all": len(rules),
    }
    return each(rules, good, found.programme, "information", detail)
