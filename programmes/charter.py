"""The charter read like code: what a sponsor would ask back before signing it.

`lint` is a pure function over loaded rows. A finding has a code, a weight, a sentence
and the page where it is mended; the codes are listed in docs/charter.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from programmes.kit.formats import money
from programmes.kit.together import together
from programmes.models import (
    BudgetLine,
    Estimate,
    ItAsset,
    Mandate,
    Membership,
    Need,
    Objective,
    PhasePlan,
    Programme,
    ScopeItem,
    SystemUse,
    Tranche,
)

ERROR, HINT = "error", "hint"
NOTHING = Decimal(0)
FULL = 100
ROLES = Membership.Role
SEATS = (ROLES.SPONSOR, ROLES.LEAD, ROLES.CONTROLLER, ROLES.OWNER)


@dataclass(frozen=True)
class Charter:
    """What the programme is entrusted with, as loaded."""

    programme: Programme
    mandate: Mandate
    objectives: Sequence[Objective]
    needs: Sequence[Need]
    systems: Sequence[ItAsset]
    scope: Sequence[ScopeItem]
    uses: Sequence[SystemUse]
    members: Sequence[Membership]
    budget: Sequence[BudgetLine]
    tranches: Sequence[Tranche]
    estimate: Estimate
    plan: Sequence[PhasePlan]

    @property
    def planned(self) -> Decimal:
        return sum((one.planned for one in self.budget), NOTHING)


@dataclass(frozen=True)
class Finding:
    """One thing that is missing or does not fit, and where it is mended."""

    code: str
    step: str
    text: str
    url: str
    weight: str = ERROR

    @property
    def is_error(self) -> bool:
        return self.weight == ERROR


def load_charter(programme: Programme) -> Charter:
    """All rows of the charter; one query."""
    rows: dict[str, Any] = together(
        programme,
        mandate=Mandate.objects.filter(programme=programme).select_related("signed_by"),
        objectives=Objective.objects.of(programme).order_by("pk"),
        needs=Need.objects.of(programme).order_by("pk"),
        systems=ItAsset.objects.of(programme).order_by("pk"),
        scope=ScopeItem.objects.of(programme).order_by("pk"),
        uses=SystemUse.objects.of(programme).order_by("pk"),
        members=team_of(programme),
        budget=BudgetLine.objects.of(programme).order_by("pk"),
        tranches=Tranche.objects.of(programme).order_by("gate"),
        estimate=Estimate.objects.filter(programme=programme),
        plan=PhasePlan.objects.of(programme).order_by("phase"),
    )
    [mandate], [estimate] = rows.pop("mandate"), rows.pop("estimate")
    return Charter(programme=programme, mandate=mandate, estimate=estimate, **rows)


def team_of(programme: Programme) -> Any:
    """The team with each person's working time over all running programmes."""
    everywhere = (
        Membership.objects.filter(
            person=OuterRef("person"),
            programme__enterprise=programme.enterprise_id,
            programme__state__in=(Programme.State.ACTIVE, Programme.State.HOLD),
        )
        .order_by()
        .values("person")
        .annotate(whole=Sum("capacity_percent"))
        .values("whole")
    )
    rows = Membership.objects.filter(programme=programme).select_related("person")
    load = Coalesce(Subquery(everywhere, output_field=IntegerField()), 0)
    return rows.annotate(load=load).order_by("role", F("person__name").asc(), "pk")


Check = Callable[[Charter], Iterator[Finding]]


def lint(charter: Charter) -> list[Finding]:
    """Every finding, in the order of the steps; errors before hints within a step."""
    found = [one for check in CHECKS for one in check(charter)]
    order = list(dict.fromkeys(one.step for one in found))
    return sorted(found, key=lambda one: (order.index(one.step), not one.is_error))


def to(charter: Charter, name: str, pk: int | None = None) -> str:
    arguments: dict[str, Any] = {"code": charter.programme.code}
    if pk is not None:
        arguments["pk"] = pk
    return reverse(name, kwargs=arguments)


def mandate_written(charter: Charter) -> Iterator[Finding]:
    said = {
        "purpose": _("The mandate does not say what the programme is for."),
        "direction": _("The mandate gives no direction."),
        "authority": _("The mandate does not say what the team may decide."),
        "limits": _("The mandate has no limits."),
    }
    for number, (name, text) in enumerate(said.items(), 1):
        if not getattr(charter.mandate, name).strip():
            weight = HINT if name == "direction" else ERROR
            url = to(charter, "mandate-edit")
            yield Finding(f"C1.{number}", "mandate", text, url, weight)


def objectives_measurable(charter: Charter) -> Iterator[Finding]:
    rows = [one for one in charter.objectives if one.level == Objective.Level.PROGRAMME]
    if not rows:
        text = _("The programme has no objective.")
        yield Finding("C2.1", "objectives", text, to(charter, "objectives-new"))
    for one in rows:
        checks = [
            ("C2.2", not one.owner_id, _("“%(name)s” has no owner."), ERROR),
            ("C2.3", not one.measure, _("“%(name)s” has no measure."), ERROR),
            ("C2.4", one.target is None, _("“%(name)s” has no target."), ERROR),
            (
                "C2.5",
                one.target is not None and not one.unit,
                _("The target of “%(name)s” has no unit."),
                ERROR,
            ),
            (
                "C2.6",
                one.target is not None and one.baseline is None,
                _("“%(name)s” has a target but no baseline."),
                ERROR,
            ),
            (
                "C2.7",
                one.target is not None and one.target == one.baseline,
                _("“%(name)s” aims at what it is today."),
                ERROR,
            ),
            ("C2.8", one.due_on is None, _("“%(name)s” has no date."), HINT),
        ]
        yield from rows_found(charter, "objectives", one, checks)


def needs_placed(charter: Charter) -> Iterator[Finding]:
    if not charter.needs:
        text = _("No need is written down: whom does the programme serve?")
        yield Finding("C3.1", "needs", text, to(charter, "needs-new"))
    for one in charter.needs:
        checks = [
            ("C3.2", not one.source, _("The need “%(name)s” has no source."), ERROR),
            ("C3.3", not one.priority, _("The need “%(name)s” is not ranked."), ERROR),
            (
                "C3.4",
                not one.objective_id and not one.is_out,
                _("The need “%(name)s” serves no objective and is not declared out."),
                ERROR,
            ),
        ]
        yield from rows_found(charter, "needs", one, checks)


def scope_bounded(charter: Charter) -> Iterator[Finding]:
    url = to(charter, "scope-new")
    inside = [one for one in charter.scope if one.is_in]
    kinds = {one.kind for one in inside}
    if ScopeItem.Kind.PROCESS not in kinds:
        text = _("No process is in scope.")
        yield Finding("C4.1", "scope", text, url)
    if ScopeItem.Kind.UNIT not in kinds:
        yield Finding("C4.2", "scope", _("No unit is in scope."), url)
    if len(inside) == len(charter.scope):
        text = _("The scope has no out-list: say what is left alone.")
        yield Finding("C4.3", "scope", text, url)
    for one in inside:
        is_process = one.kind == ScopeItem.Kind.PROCESS
        checks = [
            (
                "C4.4",
                is_process and not one.owner_id,
                _("The process “%(name)s” has no owner."),
                ERROR,
            )
        ]
        yield from rows_found(charter, "scope", one, checks)


def systems_rated(charter: Charter) -> Iterator[Finding]:
    if not charter.systems:
        text = _("No IT system is named.")
        yield Finding("C5.1", "it", text, to(charter, "it-new"))
    for one in charter.systems:
        is_bare = not (one.owner_id and one.state and one.interface)
        is_unrated = None in (one.data_quality, one.fit, one.ease)
        checks = [
            (
                "C5.2",
                is_bare,
                _("“%(name)s” lacks its owner, state or interface."),
                ERROR,
            ),
            ("C5.3", is_unrated, _("“%(name)s” is not rated in full."), ERROR),
        ]
        yield from rows_found(charter, "it", one, checks)
    yield from processes_served(charter)


def processes_served(charter: Charter) -> Iterator[Finding]:
    """A process without a system is odd, where systems are named; a hint only."""
    there = {one.pk for one in charter.systems}
    served = {one.process_id for one in charter.uses if one.system_id in there}
    for one in charter.scope:
        is_process = one.is_in and one.kind == ScopeItem.Kind.PROCESS
        if there and is_process and one.pk not in served:
            text = _("No system is named for the process “%(name)s”.")
            yield Finding(
                "C5.4", "it", text % {"name": one.name}, to(charter, "it-matrix"), HINT
            )


def team_complete(charter: Charter) -> Iterator[Finding]:
    url = to(charter, "team")
    there = {one.role for one in charter.members}
    for number, role in enumerate(SEATS, 1):
        if role not in there:
            text = _("The team has no %(role)s.") % {"role": str(role.label).lower()}
            yield Finding(f"C6.{number}", "team", text, url)
    for name, load in overloaded(charter.members):
        text = _("%(name)s is planned for %(load)s%% over all programmes.")
        said = text % {"name": name, "load": load}
        yield Finding("C6.5", "team", said, url)


def overloaded(members: Sequence[Any]) -> list[tuple[str, int]]:
    """People whose working time over all programmes is more than there is."""
    over = {one.person_id: (one.person.name, one.load) for one in members}
    return [one for one in over.values() if one[1] > FULL]


def budget_whole(charter: Charter) -> Iterator[Finding]:
    if not charter.budget:
        text = _("The budget is empty.")
        yield Finding("C7.1", "budget", text, to(charter, "budget-new"))
    for one in charter.budget:
        checks = [
            ("C7.2", not one.phase, _("“%(name)s” belongs to no phase."), ERROR),
            ("C7.3", not one.category, _("“%(name)s” has no category."), ERROR),
        ]
        yield from rows_found(charter, "budget", one, checks)
    if charter.estimate.contingency is None:
        text = _("The budget has no contingency.")
        url = to(charter, "benefit-range-edit", charter.estimate.pk)
        yield Finding("C7.4", "budget", text, url)
    released = sum((one.amount for one in charter.tranches), NOTHING)
    if charter.budget and released != charter.planned:
        currency = charter.programme.currency
        text = _("Tranches of %(released)s do not add up to the budget of %(planned)s.")
        said = text % {
            "released": money(released, currency),
            "planned": money(charter.planned, currency),
        }
        yield Finding("C7.5", "budget", said, to(charter, "tranches-list"))


def benefit_grounded(charter: Charter) -> Iterator[Finding]:
    one = charter.estimate
    url = to(charter, "benefit-range-edit", one.pk)
    found = one.worth(charter.planned)
    checks = [
        ("C8.1", found is None, _("The benefit range is not given."), ERROR),
        ("C8.2", not one.owner_id, _("Nobody answers for the benefit."), ERROR),
        ("C8.3", not one.basis.strip(), _("The benefit has no basis."), ERROR),
        (
            "C8.4",
            found is not None and found.likely.payback_years is None,
            _("The likely benefit never pays the cost back."),
            ERROR,
        ),
    ]
    for code, is_wrong, text, weight in checks:
        if is_wrong:
            yield Finding(code, "benefits", text, url, weight)


def plan_in_order(charter: Charter) -> Iterator[Finding]:
    url = to(charter, "plan-dates")
    bare = [one for one in charter.plan if not (one.starts_on and one.ends_on)]
    if bare:
        text = _("%(n)s of 8 phases have no dates.") % {"n": len(bare)}
        yield Finding("C9.1", "plan", text, url)
    before = None
    for one in charter.plan:
        said = {"name": str(one)}
        if one.ends_on and one.gate_on is None:
            text = _("The gate of “%(name)s” has no date.") % said
            yield Finding("C9.2", "plan", text, url)
        if one.ends_on and one.gate_on and one.gate_on < one.ends_on:
            text = _("The gate of “%(name)s” lies before the end of its phase.") % said
            yield Finding("C9.3", "plan", text, url)
        if before and one.starts_on and one.starts_on < before:
            text = _("“%(name)s” starts before the phase in front of it.") % said
            yield Finding("C9.4", "plan", text, url)
        before = one.starts_on or before


def rows_found(
    charter: Charter,
    slug: str,
    row: Any,
    checks: Sequence[tuple[str, bool, str, str]],
) -> Iterator[Finding]:
    """The findings about one record, with the link to its form."""
    url = to(charter, f"{slug}-edit", row.pk)
    for code, is_wrong, text, weight in checks:
        if is_wrong:
            yield Finding(code, slug, text % {"name": row}, url, weight)


CHECKS: tuple[Check, ...] = (
    mandate_written,
    objectives_measurable,
    needs_placed,
    scope_bounded,
    systems_rated,
    team_complete,
    budget_whole,
    benefit_grounded,
    plan_in_order,
)
