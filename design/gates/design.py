"""Criteria of gate 4: is this the right scheme, and worth it?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from design.gates.links import link_to
from design.maths.sensitivity import MOST, sensitivity
from design.models import (
    AuxiliaryInfo,
    CaseLine,
    CaseRate,
    Goal,
    Option,
    Scheme,
    Score,
    Yardstick,
)
from programmes.gates import (
    Common,
    common,
    conditions_closed,
    each,
    money_confirmed,
)
from programmes.gating import (
    Assessment,
    Kind,
    Result,
    counted,
    criterion,
    evidence,
    marks,
)
from programmes.kit.errors import Text
from programmes.kit.together import together
from programmes.models import Programme, Risk
from programmes.phases import Phase

WHOLE = Decimal(100)


@dataclass(frozen=True)
class Design:
    shared: Common
    goals: list[Goal]
    options: list[Option]
    yardsticks: list[Yardstick]
    scores: list[Score]
    scheme: Scheme | None
    lines: list[CaseLine]
    rates: list[CaseRate]
    information: list[AuxiliaryInfo]

    @property
    def programme(self) -> Programme:
        return self.shared.programme

    @property
    def rate(self) -> CaseRate:
        return self.rates[0] if self.rates else CaseRate(programme=self.programme)

    @property
    def money(self) -> list[Any]:
        """What the controller confirms: the chosen option's lines, and the rate."""
        return [*self.lines, self.rate] if self.rate.pk else [*self.lines]


@evidence(Phase.DESIGN)
def design(programme: Programme, now: datetime) -> Design:
    """Four queries."""
    scheme = Scheme.objects.of(programme).select_related("option").first()
    lines = CaseLine.objects.of(programme).filter(option=scheme and scheme.option)
    rows: dict[str, Any] = together(
        programme,
        goals=Goal.objects.of(programme).select_related("problem").order_by("pk"),
        options=Option.objects.of(programme).order_by("pk"),
        yardsticks=Yardstick.objects.of(programme).order_by("pk"),
        scores=Score.objects.of(programme).order_by("pk"),
        lines=lines.order_by("pk") if scheme else lines.none(),
        rates=CaseRate.objects.of(programme).order_by("pk")[:1],
        information=AuxiliaryInfo.objects.of(programme).order_by("pk")[:1],
    )
    return Design(shared=common(programme, Phase.DESIGN, now), scheme=scheme, **rows)


@criterion(Phase.DESIGN, "G4.A0", _("Conditions of earlier gates are closed"))
def design_conditions(found: Design, limits: dict[str, Any]) -> Assessment:
    return conditions_closed(found.shared)


@criterion(
    Phase.DESIGN, "G4.A1", _("Each goal has an indicator, baseline, target and date")
)
def goals_measurable(found: Design, limits: dict[str, Any]) -> Assessment:
    good = [one for one in found.goals if one.is_measurable]
    detail = _("%(good)s of %(all)s goals can be measured.") % {
        "good": len(good),
        "all": len(found.goals),
    }
    return each(found.goals, good, found.programme, "goals", detail)


@criterion(Phase.DESIGN, "G4.A2", _("Each goal traces to a problem and an objective"))
def goals_traced(found: Design, limits: dict[str, Any]) -> Assessment:
    good = [one for one in found.goals if one.is_traced]
    detail = _("%(good)s of %(all)s goals trace to both.") % {
        "good": len(good),
        "all": len(found.goals),
    }
    return each(found.goals, good, found.programme, "goals", detail)


@criterion(
    Phase.DESIGN,
    "G4.A3",
    _("Enough options with do nothing, fully scored; weights are 100%"),
    limits={"least": 3},
)
def options_compared(found: Design, limits: dict[str, Any]) -> Assessment:
    options = {one.pk for one in found.options}
    yardsticks = {one.pk for one in found.yardsticks}
    scored = {
        (one.option_id, one.yardstick_id)
        for one in found.scores
        if one.option_id in options and one.yardstick_id in yardsticks
    }
    weights = sum((one.weight for one in found.yardsticks), Decimal(0))
    least = limits["G4.A3"]["least"]
    enough: Text = _("%(least)s options") % {"least": f"{least:g}"}
    parts: list[tuple[bool, Text, str]] = [
        (len(options) >= least, enough, "options-new"),
        (any(one.is_nothing for one in found.options), _("do nothing"), "options-new"),
        (weights == WHOLE, _("weights of 100%"), "criteria-list"),
        (
            bool(scored) and len(scored) == len(options) * len(yardsticks),
            _("a score of each option on each criterion"),
            "scores",
        ),
    ]
    missing = [(label, name) for there, label, name in parts if not there]
    detail = (
        _("Missing: %(parts)s.") % {"parts": ", ".join(str(one) for one, _n in missing)}
        if missing
        else _("The options are compared on all criteria.")
    )
    rows = [*found.options, *found.yardsticks, *found.scores]
    links = tuple(link_to(label, found.programme, name) for label, name in missing)
    done = len(parts) - len(missing)
    return counted(done, len(parts), detail, mark=marks(rows), links=links)


@criterion(
    Phase.DESIGN,
    "G4.a1",
    _("The best option stays first in most random weightings"),
    Kind.SHOULD,
    limits={"share": 0.7},
)
def winner_robust(found: Design, limits: dict[str, Any]) -> Assessment:
    points = {(one.option_id, one.yardstick_id): one.points for one in found.scores}
    matrix = [
        [points.get((option.pk, one.pk)) for one in found.yardsticks]
        for option in found.options
    ]
    scored = [[one for one in row if one is not None] for row in matrix]
    weights = [one.weight for one in found.yardsticks]
    rows = [*found.options, *found.yardsticks, *found.scores]
    mark = marks(rows)
    links = (link_to(_("Comparison"), found.programme, "comparison"),)
    is_full = 1 < len(matrix) <= MOST and scored == matrix
    if not (is_full and any(weights) and len(weights) <= MOST):
        detail = _("The options are not scored yet.")
        return Assessment(Result.FAIL, 0, 1, mark, detail, links)
    share = max(sensitivity(scored, weights).first_shares)
    least = limits["G4.a1"]["share"]
    said = _("First in %(share)s%% of the weightings; %(least)s%% are asked for.") % {
        "share": round(share * 100),
        "least": round(least * 100),
    }
    holds = share >= least
    return counted(int(holds), 1, said, mark=mark, links=links)


@criterion(
    Phase.DESIGN,
    "G4.A5",
    _("Each option says its effect on time, cost and quality, low to high"),
    Kind.SHOULD,
)
def effects_estimated(found: Design, limits: dict[str, Any]) -> Assessment:
    names = [
        f"{part}_{size}"
        for part in ("time", "cost", "quality")
        for size in ("low", "likely", "high")
    ]
    good = [
        one
        for one in found.options
        if one.is_nothing or all(getattr(one, name) is not None for name in names)
    ]
    detail = _("%(good)s of %(all)s options say their effects.") % {
        "good": len(good),
        "all": len(found.options),
    }
    return each(found.options, good, found.programme, "options", detail)


@criterion(
    Phase.DESIGN, "G4.A6", _("Cost, NPV and payback of the chosen option are computed")
)
def case_computed(found: Design, limits: dict[str, Any]) -> Assessment:
    kinds = {one.kind for one in found.lines}
    mark = marks(found.money)
    if kinds == set(CaseLine.Kind.values):
        said = _("Costs and benefits are given, and valued at %(rate)s.") % {
            "rate": str(found.rate)
        }
        return Assessment(Result.PASS, 1, 1, mark, said)
    if found.scheme is None:
        to_mend = link_to(_("Choose a scheme"), found.programme, "scheme-new")
        detail = _("No option is chosen.")
    else:
        to_mend = link_to(
            _("Add a case line"),
            found.programme,
            "case-new",
            query=f"?option={found.scheme.option_id}",
        )
        detail = _("The chosen option needs costs and benefits.")
    return Assessment(Result.FAIL, 0, 1, mark, detail, (to_mend,))


@criterion(Phase.DESIGN, "G4.S", _("A scheme is chosen from the options, with reason"))
def scheme_chosen(found: Design, limits: dict[str, Any]) -> Assessment:
    rows = [found.scheme] if found.scheme else []
    standing = [one for one in rows if one.option.deleted_at is None]
    detail = _("Chosen.") if standing else _("No scheme is chosen.")
    if rows and not standing:
        detail = _("The chosen option was deleted.")
    return each(rows, standing, found.programme, "scheme", detail)


@criterion(
    Phase.DESIGN,
    "G4.F",
    _("The controller confirmed costs and benefits of the chosen option"),
)
def case_confirmed(found: Design, limits: dict[str, Any]) -> Assessment:
    return money_confirmed(found.shared, Phase.DESIGN, marks(found.money))


@criterion(
    Phase.DESIGN, "G4.a4", _("Auxiliary information is being collected"), Kind.SHOULD
)
def information_begun(found: Design, limits: dict[str, Any]) -> Assessment:
    begun = bool(found.information)
    detail = _("Begun.") if begun else _("Nothing is collected yet.")
    links = (link_to(_("Add the first"), found.programme, "information-new"),)
    mark = "begun" if begun else ""
    return counted(int(begun), 1, detail, mark=mark, links=links)


@criterion(
    Phase.DESIGN, "G4.A8", _("Each high risk to the running business has a control")
)
def risks_controlled(found: Design, limits: dict[str, Any]) -> Assessment:
    """Without a mark: risks live on while a gate is in review."""
    high = [
        one
        for one in found.shared.risks
        if one.category == Risk.Category.PROCESS and one.level == Risk.Level.HIGH
    ]
    if not high:
        nothing = _("No high risk to the running business is open.")
        return Assessment(Result.NOT_APPLICABLE, detail=nothing)
    bad = [one for one in high if not one.control.strip()]
    links = tuple(
        link_to(str(one), found.programme, "risks-edit", one.pk) for one in bad
    )
    detail = _("%(good)s of %(all)s high risks have a control.") % {
        "good": len(high) - len(bad),
        "all": len(high),
    }
    return counted(len(high) - len(bad), len(high), detail, links=links)


@criterion(
    Phase.DESIGN, "G4.A10", _("No benefit of the chosen option is counted twice")
)
def benefits_once(found: Design, limits: dict[str, Any]) -> Assessment:
    """The same indicator and unit in the same year carry one benefit; where no
    indicator is named, the same words."""
    lines = [one for one in found.lines if one.kind == CaseLine.Kind.BENEFIT]
    claims = Counter(one.claim for one in lines)
    twice = [one for one in lines if claims[one.claim] > 1]
    links = tuple(
        link_to(str(one), found.programme, "case-edit", one.pk) for one in twice
    )
    detail = (
        _("These benefits come from the same source in the same year.")
        if twice
        else _("Each benefit has a source of its own.")
    )
    result = Result.FAIL if twice else Result.PASS
    return Assessment(result, 0, len(twice), marks(lines), detail, links)
