"""Criteria of gates 7 and 8."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, StdDev
from django.utils.translation import gettext_lazy as _

from evaluation.gates.kept import gains
from evaluation.maths.watch import RUN_CHART_BELOW
from evaluation.models import (
    CorrectiveAction,
    CostBenefit,
    EvaluationSetup,
    Lesson,
    QualitativeItem,
    Signal,
)
from evaluation.scoring import is_goal, leaf_of, scored_indicators, setup_of
from programmes.gates import Common, common, conditions_closed, money_confirmed, page
from programmes.gating import (
    Assessment,
    Link,
    Result,
    counted,
    criterion,
    evidence,
    marks,
)
from programmes.kit.together import together
from programmes.models import Document, Indicator, Programme
from programmes.phases import Phase


@dataclass(frozen=True)
class Evaluation:
    """What gate 7 looks at: eight queries. Deleted rows count for A9 only."""

    shared: Common
    setup: EvaluationSetup
    indicators: list[Any]
    items: list[Any]
    lessons: list[Lesson]
    lines: list[CostBenefit]
    report: Document | None

    @property
    def programme(self) -> Programme:
        return self.shared.programme

    @property
    def goals(self) -> list[Any]:
        return [one for one in self.indicators if is_goal(one)]

    @property
    def weighted(self) -> list[Any]:
        return [one for one in self.indicators if one.weight]


def alive(rows: list[Any]) -> list[Any]:
    return [one for one in rows if one.deleted_at is None]


@evidence(Phase.EVALUATION)
def evaluation(programme: Programme, now: datetime) -> Evaluation:
    setup = setup_of(programme)
    until, since = setup.baseline_until, setup.measured_from
    rated = Q(ratings__deleted_at=None)
    reports = Document.objects.filter(programme=programme, kind="evaluation")
    beside: dict[str, Any] = together(
        programme,
        lessons=Lesson.objects.filter(programme=programme).order_by("pk"),
        lines=CostBenefit.objects.filter(programme=programme).order_by("pk"),
    )
    return Evaluation(
        shared=common(programme, Phase.EVALUATION, now),
        setup=setup,
        indicators=list(
            scored_indicators(programme)
            .annotate(
                before_n=Count(
                    "measurements", filter=Q(measurements__at__date__lte=until)
                )
                if until
                else Count("pk", filter=Q(pk=None)),
                after_n=Count(
                    "measurements", filter=Q(measurements__at__date__gte=since)
                )
                if since
                else Count("pk", filter=Q(pk=None)),
            )
            .order_by("pk")
        ),
        items=list(
            QualitativeItem.objects.filter(programme=programme)
            .annotate(
                raters=Count("ratings", filter=rated),
                spread=StdDev("ratings__grade", filter=rated),
                rated_at=Max("ratings__updated_at"),
            )
            .order_by("pk")
        ),
        **beside,
        report=reports.order_by("-number").first(),
    )


@criterion(Phase.EVALUATION, "G7.A0", _("Conditions of earlier gates are closed"))
def evaluation_conditions(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    return conditions_closed(found.shared)


def setup_mark(setup: EvaluationSetup) -> str:
    return f"setup-v{setup.version}" if setup.pk else "setup-default"


@criterion(
    Phase.EVALUATION,
    "G7.A3",
    _("The effect at each goal indicator is computed"),
    limits={"least": 3},
)
def effects_computed(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    goals = found.goals
    least = limits["G7.A3"]["least"]
    good = [one for one in goals if min(one.before_n, one.after_n) >= least]
    links = [
        Link(one.name, page(found.programme, "indicators-detail", one.pk))
        for one in goals
        if one not in good
    ]
    if not (found.setup.baseline_until and found.setup.measured_from):
        setup = page(found.programme, "evaluation-setup")
        links = [Link(_("Say what is before and what is after"), setup)]
    elif not goals:
        new = page(found.programme, "indicators-list")
        links = [Link(_("Give indicators a baseline and a target"), new)]
    detail = _(
        "%(good)s of %(all)s goal indicators have %(least)s values before and after."
    ) % {"good": len(good), "all": len(goals), "least": f"{least:g}"}
    mark = f"{setup_mark(found.setup)}-{marks(goals)}"
    return counted(len(good), len(goals), detail, mark=mark, links=tuple(links))


def branch_sums(found: Evaluation) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for one in found.weighted:
        sums[one.branch] = sums.get(one.branch, Decimal(0)) + one.weight
    for item in alive(found.items):
        key = Indicator.Branch.QUALITATIVE
        sums[key] = sums.get(key, Decimal(0)) + item.weight
    return sums


def uneven_branches(found: Evaluation) -> list[str]:
    """Branches with a weight whose lines do not add up to 100%."""
    sums = branch_sums(found)
    weights = {
        Indicator.Branch.ECONOMIC: found.setup.economic,
        Indicator.Branch.MANAGEMENT: found.setup.management,
        Indicator.Branch.QUALITATIVE: found.setup.qualitative,
    }
    return [
        str(key.label)
        for key, weight in weights.items()
        if weight and sums.get(key, Decimal(0)) != 100
    ]


@criterion(
    Phase.EVALUATION,
    "G7.A4",
    _("Index weights are 100%; each indicator is computed or scored by raters"),
    limits={"least": 3},
)
def index_complete(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    items = alive(found.items)
    loose = [one for one in found.weighted if not leaf_of(one).has_index]
    unrated = [one for one in items if one.raters < limits["G7.A4"]["least"]]
    uneven = uneven_branches(found)
    links = [
        Link(
            _("Weights of: %(branch)s") % {"branch": name},
            page(found.programme, "scorecard") + "#weights",
        )
        for name in uneven
    ]
    links += [
        Link(one.name, page(found.programme, "indicators-detail", one.pk))
        for one in loose
    ]
    links += [
        Link(str(one), page(found.programme, "qualitative-detail", one.pk))
        for one in unrated
    ]
    lines = len(found.weighted) + len(items)
    good = lines - len(loose) - len(unrated)
    detail = _("%(good)s of %(all)s lines are scored; weights are missing in %(n)s.")
    if not uneven:
        detail = _("%(good)s of %(all)s lines are scored; the weights are whole.")
    said = detail % {"good": good, "all": lines, "n": ", ".join(uneven)}
    rules = sorted((one.rule_id, one.rule_version) for one in found.weighted)
    mark = f"{setup_mark(found.setup)}-{marks([*found.weighted, *items])}-{rules}"
    result = Result.FAIL if links or not lines else Result.PASS
    return Assessment(result, good, lines, mark[:200], said, tuple(links))


def phases_worked_in(programme: Programme) -> list[Phase]:
    """The phases up to the present one; phase 8 asks for its lessons later."""
    return [one for one in Phase if one <= min(programme.phase, Phase.EVALUATION)]


@criterion(
    Phase.EVALUATION,
    "G7.A8",
    _("Each phase has a success and a failure to learn from"),
)
def lessons_drawn(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    lessons = alive(found.lessons)
    drawn = {(one.phase, one.kind) for one in lessons}
    wanted = [
        (phase, kind)
        for phase in phases_worked_in(found.programme)
        for kind in Lesson.Kind
    ]
    new = page(found.programme, "lessons-new")
    links = tuple(
        Link(
            _("Phase %(number)s: %(kind)s")
            % {"number": phase.value, "kind": kind.label},
            f"{new}?phase={phase.value}&kind={kind.value}",
        )
        for phase, kind in wanted
        if (phase.value, kind.value) not in drawn
    )
    good = len(wanted) - len(links)
    detail = _("%(good)s of %(all)s lessons are there.") % {
        "good": good,
        "all": len(wanted),
    }
    return counted(good, len(wanted), detail, mark=marks(lessons), links=links)


def last_change(found: Evaluation) -> datetime | None:
    """When anything that the report tells was changed last."""
    moments = [one.updated_at for one in [*found.lessons, *found.lines, *found.items]]
    moments += [one.rated_at for one in found.items if one.rated_at]
    moments += [one.rule_at for one in found.weighted]
    moments += [one.updated_at for one in found.goals]
    if found.setup.pk:
        moments.append(found.setup.updated_at)
    return max(moments, default=None)


@criterion(
    Phase.EVALUATION,
    "G7.A9",
    _("The evaluation report was issued after the last change"),
)
def evaluation_report_current(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    link = Link(_("Reports"), page(found.programme, "documents"))
    if found.report is None:
        detail = _("No evaluation report was issued yet.")
        return Assessment(Result.FAIL, 0, 1, "", detail, (link,))
    changed = last_change(found)
    current = changed is None or found.report.issued_at >= changed
    detail = (
        _("The report tells what stands now.")
        if current
        else _("Something changed since the report was issued; issue it again.")
    )
    return counted(int(current), 1, detail, mark=found.report.sha256, links=(link,))


@criterion(
    Phase.EVALUATION, "G7.F", _("The controller confirmed the costs and benefits")
)
def economics_confirmed(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    lines = alive(found.lines)
    if not lines:
        link = Link(
            _("Add costs and benefits"), page(found.programme, "economics-list")
        )
        detail = _("There are no costs and benefits to confirm.")
        return Assessment(Result.FAIL, 0, 1, "", detail, (link,))
    return money_confirmed(found.shared, Phase.EVALUATION, marks(lines))


# --- gate 8 -----------------------------------------------------------------------


@dataclass(frozen=True)
class Improvement:
    """What gate 8 looks at: four queries."""

    shared: Common
    now: datetime
    goals: list[Any]
    signals: list[Any]

    @property
    def programme(self) -> Programme:
        return self.shared.programme


@evidence(Phase.IMPROVEMENT)
def improvement(programme: Programme, now: datetime) -> Improvement:
    rows = Indicator.objects.of(programme).annotate(
        points=Count("measurements"),
        newest_at=Max("measurements__at"),
        **gains(programme),
    )
    actions = CorrectiveAction.objects.filter(signal=OuterRef("pk"), deleted_at=None)
    signals = Signal.objects.of(programme).annotate(has_action=Exists(actions))
    return Improvement(
        shared=common(programme, Phase.IMPROVEMENT, now),
        now=now,
        goals=[one for one in rows.order_by("pk") if is_goal(one)],
        signals=list(signals.select_related("indicator").order_by("pk")),
    )


@criterion(Phase.IMPROVEMENT, "G8.A0", _("Conditions of earlier gates are closed"))
def improvement_conditions(found: Improvement, limits: dict[str, Any]) -> Assessment:
    return conditions_closed(found.shared)


@criterion(
    Phase.IMPROVEMENT,
    "G8.A1",
    _("Each goal indicator has an owner, limits and a reaction plan"),
    limits={"least": RUN_CHART_BELOW},
)
def goals_watched(found: Improvement, limits: dict[str, Any]) -> Assessment:
    least = limits["G8.A1"]["least"]
    good = [
        one
        for one in found.goals
        if one.owner_id and one.reaction.strip() and one.points >= least
    ]
    links = tuple(
        Link(one.name, cure(found.programme, one))
        for one in found.goals
        if one not in good
    )
    if not found.goals:
        where = page(found.programme, "indicators-list")
        links = (Link(_("Give indicators a baseline and a target"), where),)
    detail = _("%(good)s of %(all)s goal indicators are watched.") % {
        "good": len(good),
        "all": len(found.goals),
    }
    return counted(
        len(good), len(found.goals), detail, mark=marks(found.goals), links=links
    )


def cure(programme: Programme, indicator: Any) -> str:
    """Where the gap is closed: the form for words, the values for limits."""
    told = indicator.owner_id and indicator.reaction.strip()
    name = "indicators-detail" if told else "indicators-edit"
    return page(programme, name, indicator.pk)


@criterion(
    Phase.IMPROVEMENT,
    "G8.A3",
    _("Each signal is closed or has a corrective action"),
)
def signals_settled(found: Improvement, limits: dict[str, Any]) -> Assessment:
    loose = [one for one in found.signals if one.is_open and not one.has_action]
    links = tuple(
        Link(one.indicator.name, page(found.programme, "monitor-one", one.indicator_id))
        for one in loose
    )
    if loose:
        done, of = len(found.signals) - len(loose), len(found.signals)
        detail = _("%(done)s of %(all)s signals are settled.")
        return Assessment(
            Result.FAIL, done, of, "open", detail % {"done": done, "all": of}, links
        )
    return Assessment(Result.PASS, 0, 0, "settled", _("No signal waits for an action."))
